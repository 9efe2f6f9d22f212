//! The journal as the operator takes it along.

use opora_core::{audit, foundation::errors::Failure, people::access::Actor};
use opora_testkit::{World, on_both_databases};

use super::kit::maria;

on_both_databases! {
    /// PT-285: the operator's export contains what was just done, and no codes.
    async fn the_operators_csv_holds_what_was_just_done(world: World) {
        maria(&world).await;
        let mut work = world.look(Actor::Operator).await;
        let mut csv = Vec::new();
        let written = audit::write_csv(&mut work, &audit::Filter::default(), &mut csv).await.unwrap();
        let text = String::from_utf8(csv).unwrap();
        assert_eq!(text.lines().next(), Some("at,author,address,action,subject,subject_id,changes"));
        assert_eq!(written, u64::try_from(world.count("audit").await).unwrap());
        for done in ["citizen.changed", "reminder.planned", "contact.save"] {
            assert!(text.contains(done), "{done} is missing");
        }
        let later = audit::Filter { since: Some(work.now + chrono::TimeDelta::seconds(1)), ..audit::Filter::default() };
        assert_eq!(audit::write_csv(&mut work, &later, &mut Vec::new()).await.unwrap(), 0);
    }

    /// PT-279
    async fn curators_read_no_journal(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut work = world.look(anna.actor()).await;
        let refused = audit::list(&mut work, &audit::Filter::default(), None).await;
        assert!(matches!(refused, Err(Failure::Forbidden)), "{refused:?}");
    }
}
