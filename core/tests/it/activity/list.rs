//! The list and its filters.

use opora_core::{
    foundation::errors::Failure,
    patronage::activity::{self, About, ActivityFilter, Counted, Kind, Record, Seen},
    people::access::Actor,
};
use opora_testkit::{Citizen, World, on_both_databases};

use super::kit::{Worklist, day, midnight};

fn names(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| record.name.surname.as_str()).collect()
}

async fn found(world: &World, reader: &Actor, filter: ActivityFilter) -> Vec<String> {
    let listed = world.listed(reader, &filter).await;
    assert_eq!(listed.total, Counted::Exactly(listed.page.items.len().try_into().unwrap()));
    names(&listed.page.items).into_iter().map(str::to_owned).collect()
}

/// A record of each kind, of this citizen.
async fn one_of_each(world: &World, citizen: &Citizen) {
    use opora_core::patronage::reminders::OccurrenceState::{Awaiting, Missed};
    world.asks(citizen).await;
    world.all_happened(citizen.person, 0..5, Missed).await;
    world.all_happened(citizen.person, 5..15, Awaiting).await;
    world.run_on(5).await;
    world.run_on(15).await;
    const FILE: &str =
        "INSERT INTO files (id, person_id, messenger, chat, name, media_type, received_at, state, attempts)
        VALUES ($1, $2, 'telegram', '1001', 'справка.pdf', 'application/pdf', $3, 'stored', 0)";
    const RECORD: &str = "INSERT INTO activity (id, kind, person_id, cause, file_id, occurrence_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let now = world.app.clock.now();
    let file = opora_core::foundation::ids::FileId::draw(now, &*world.app.chance);
    let own = world.happened(citizen.person, 15, Awaiting, None).await;
    let mut tx = world.tx().await;
    opora_core::on_backend!(&mut tx, |c| {
        sqlx::query(FILE).bind(file).bind(citizen.person).bind(now).execute(&mut *c).await.unwrap();
        for (kind, file, own) in [("file", Some(file), None), ("curator_reminder", None, Some(own))] {
            let id = opora_core::foundation::ids::ActivityId::draw(now, &*world.app.chance);
            let query = sqlx::query(RECORD).bind(id).bind(kind).bind(citizen.person).bind(format!("{kind}:1"));
            query.bind(file).bind(own).bind(now).execute(&mut *c).await.unwrap();
        }
    });
    tx.commit().await.unwrap();
}

on_both_databases! {
    /// PT-196, PT-197, PT-221: newest first, 50 a page, with the number of all.
    async fn the_list_is_paged_newest_first(world: World) {
        let administrator = world.administrator().await;
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        for _ in 0..120 {
            world.asks(&maria).await;
        }
        let mut work = world.look(administrator).await;
        let filter = ActivityFilter::default();
        let first = activity::list(&mut work, &filter, None).await.unwrap();
        assert_eq!((first.page.items.len(), first.total, first.page.before), (50, Counted::Exactly(120), None));
        assert!(first.page.items.is_sorted_by(|one, next| one.created_at > next.created_at));
        let second = activity::list(&mut work, &filter, first.page.after.clone()).await.unwrap();
        let third = activity::list(&mut work, &filter, second.page.after.clone()).await.unwrap();
        assert_eq!((second.page.items.len(), third.page.items.len(), third.page.after), (50, 20, None));
        let back = activity::list(&mut work, &filter, second.page.before).await.unwrap();
        assert_eq!(back.page.items, first.page.items);
        assert_eq!(third.total, Counted::Exactly(120), "the number is that of the list, not of the page");
    }

    /// PT-198: part of the name; case and «ё/е» do not matter.
    async fn a_part_of_the_name_finds(world: World) {
        let administrator = world.administrator().await;
        for name in ["Семёнов Пётр", "Петрова Мария"] {
            let citizen = world.citizen(name).await;
            world.asks(&citizen).await;
        }
        let by_name = |name: &str| ActivityFilter { name: name.to_owned(), ..ActivityFilter::default() };
        assert_eq!(found(&world, &administrator, by_name("семен")).await, ["Семёнов"]);
        assert_eq!(found(&world, &administrator, by_name("СЁМЁНОВ пётр")).await, ["Семёнов"]);
        assert_eq!(found(&world, &administrator, by_name("петр")).await, ["Петрова", "Семёнов"]);
        assert_eq!(found(&world, &administrator, by_name("ма")).await, ["Петрова"]);
    }

    /// PT-199, PT-200, PT-208: curator, district, and both together; the citizen's present ones count (PT-D11).
    async fn curator_and_district_narrow_the_list(world: World) {
        let administrator = world.administrator().await;
        let (north, south) = (world.district("Северный", None).await, world.district("Южный", None).await);
        let (anna, olga) = (world.curator("Иванова Анна").await, world.curator("Смирнова Ольга").await);
        for (name, curator, district) in [("Первая А", &anna, north), ("Вторая Б", &anna, south), ("Третья В", &olga, south)] {
            let citizen = world.citizen(name).of(curator).living_in(district).await;
            world.asks(&citizen).await;
        }
        let of_anna = ActivityFilter { curator: Some(anna.person), ..ActivityFilter::default() };
        assert_eq!(found(&world, &administrator, of_anna.clone()).await, ["Вторая", "Первая"]);
        let in_the_south = ActivityFilter { district: Some(south), ..ActivityFilter::default() };
        assert_eq!(found(&world, &administrator, in_the_south.clone()).await, ["Третья", "Вторая"]);
        let both = ActivityFilter { district: Some(south), ..of_anna };
        assert_eq!(found(&world, &administrator, both).await, ["Вторая"]);
        let mut tx = world.tx().await;
        opora_core::on_backend!(&mut tx, |c| {
            sqlx::query("UPDATE citizens SET curator_id = $1").bind(olga.person).execute(c).await.unwrap();
        });
        tx.commit().await.unwrap();
        let records = world.records(&administrator).await;
        let shown = |name: &Option<opora_core::people::name::FullName>| name.as_ref().map(|name| name.surname.clone());
        assert_eq!(shown(&records[2].curator).as_deref(), Some("Смирнова"));
        assert_eq!(shown(&records[2].curator_then).as_deref(), Some("Иванова"), "the record keeps the curator of then");
        assert_eq!(records[0].curator_then, None);
        assert_eq!(found(&world, &olga.actor(), ActivityFilter::default()).await, ["Третья", "Вторая", "Первая"]);
    }

    /// PT-199, PT-218, PT-281, PT-282: own citizens only, or everybody's; the administrator sees all.
    async fn curators_see_what_the_installation_lets_them_see(mut world: World) {
        let administrator = world.administrator().await;
        let (anna, olga) = (world.curator("Иванова Анна").await, world.curator("Смирнова Ольга").await);
        for (name, curator) in [("Первая А", &anna), ("Вторая Б", &olga)] {
            let citizen = world.citizen(name).of(curator).await;
            world.asks(&citizen).await;
        }
        assert_eq!(found(&world, &anna.actor(), ActivityFilter::default()).await, ["Первая"]);
        let of_olga = ActivityFilter { curator: Some(olga.person), ..ActivityFilter::default() };
        assert!(found(&world, &anna.actor(), of_olga).await.is_empty());
        assert_eq!(found(&world, &administrator, ActivityFilter::default()).await, ["Вторая", "Первая"]);
        let mut work = world.look(anna.actor()).await;
        assert_eq!(activity::waiting(&mut work).await.unwrap(), Counted::Exactly(1));
        drop(work);
        world.configure(|config| config.patronage.curator_visibility = opora_core::foundation::config::CuratorVisibility::All);
        assert_eq!(found(&world, &anna.actor(), ActivityFilter::default()).await, ["Вторая", "Первая"]);
        let mut work = world.look(world.citizen("Кто-то Ещё").await.actor()).await;
        let refused = activity::list(&mut work, &ActivityFilter::default(), None).await;
        assert!(matches!(refused, Err(Failure::Forbidden)), "{refused:?}");
    }

    /// PT-201: a tick moves a record from one answer to the other.
    async fn ticked_and_unticked_records_are_told_apart(world: World) {
        let administrator = world.administrator().await;
        let maria = world.citizen("Петрова Мария").await;
        world.asks(&maria).await;
        world.asks(&world.citizen("Сидоров Пётр").await).await;
        let id = world.records(&administrator).await[1].id;
        world.tick(&administrator, id).await;
        let by = |seen| ActivityFilter { seen, ..ActivityFilter::default() };
        assert_eq!(found(&world, &administrator, by(Seen::Seen)).await, ["Петрова"]);
        assert_eq!(found(&world, &administrator, by(Seen::Unseen)).await, ["Сидоров"]);
        assert_eq!(found(&world, &administrator, by(Seen::All)).await.len(), 2);
        let mut work = world.look(administrator).await;
        assert_eq!(activity::waiting(&mut work).await.unwrap(), Counted::Exactly(1));
    }

    /// PT-202, PT-208, PT-209: each type isolates its records; together with other filters too.
    async fn each_type_isolates_its_records(world: World) {
        let administrator = world.administrator().await;
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        one_of_each(&world, &maria).await;
        assert_eq!(world.records(&administrator).await.len(), 6);
        for kind in Kind::ALL {
            let filter = ActivityFilter { kind: Some(kind), name: "петрова".to_owned(), ..ActivityFilter::default() };
            let records = world.listed(&administrator, &filter).await.page.items;
            assert_eq!(records.iter().map(|record| record.kind).collect::<Vec<_>>(), [kind]);
            let fits = match &records[0].about {
                About::File { name, .. } => kind == Kind::File && name == "справка.pdf",
                About::Request { comment, .. } => kind == Kind::ContactRequest && comment.as_deref() == Some("Позвоните"),
                About::OwnReminder { date, .. } => kind == Kind::CuratorReminder && *date == day(15),
                About::Dates { first, last, .. } => match kind {
                    Kind::Missed => (*first, *last) == (day(0), day(4)),
                    Kind::Inactive => (*first, *last) == (day(5), day(14)),
                    _ => kind == Kind::NoAssignments && *last == day(14),
                },
            };
            assert!(fits, "{:?}", records[0]);
        }
    }

    /// PT-203, PT-204, PT-205, PT-206: dates are whole days by the clocks of the installation.
    async fn dates_include_their_first_and_last_moment(world: World) {
        let administrator = world.administrator().await;
        let bit = chrono::TimeDelta::milliseconds(1);
        let (begins, ends) = (midnight("2026-03-12"), midnight("2026-03-13"));
        for at in [begins - bit, begins, ends - bit, ends] {
            let citizen = world.citizen("Петрова Мария").await;
            world.clock.set(at);
            world.asks(&citizen).await;
        }
        let between = |first: Option<u64>, last: Option<u64>| {
            ActivityFilter { first: first.map(day), last: last.map(day), ..ActivityFilter::default() }
        };
        assert_eq!(found(&world, &administrator, between(Some(2), Some(2))).await.len(), 2);
        assert_eq!(found(&world, &administrator, between(Some(2), None)).await.len(), 3);
        assert_eq!(found(&world, &administrator, between(None, Some(2))).await.len(), 3);
        assert_eq!(found(&world, &administrator, between(Some(4), None)).await.len(), 0);
        let mut work = world.look(administrator).await;
        let swapped = activity::list(&mut work, &between(Some(3), Some(2)), None).await;
        let Err(Failure::Invalid(complaints)) = swapped else { panic!("{swapped:?}") };
        assert_eq!(complaints.about("first").map(|say| say.key.as_ref()), Some("activity-dates-swapped"));
    }

    /// PT-211: a request without its call is overdue after the end of the next day; a tick ends that.
    async fn late_calls_are_marked(world: World) {
        let administrator = world.administrator().await;
        let maria = world.citizen("Петрова Мария").await;
        world.asks(&maria).await;
        world.clock.set(midnight("2026-03-12") - chrono::TimeDelta::seconds(1));
        assert!(!world.records(&administrator).await[0].is_overdue);
        world.clock.set(midnight("2026-03-12"));
        let record = world.records(&administrator).await.remove(0);
        assert!(record.is_overdue);
        world.tick(&administrator, record.id).await;
        assert!(!world.records(&administrator).await[0].is_overdue);
    }

    /// PT-D12: what is said of a deleted citizen is hidden.
    async fn records_of_deleted_citizens_are_hidden(world: World) {
        let administrator = world.administrator().await;
        world.asks(&world.citizen("Петрова Мария").await).await;
        let mut tx = world.tx().await;
        opora_core::on_backend!(&mut tx, |c| {
            sqlx::query("UPDATE citizens SET deleted_at = $1").bind(world.app.clock.now()).execute(c).await.unwrap();
        });
        tx.commit().await.unwrap();
        assert!(found(&world, &administrator, ActivityFilter::default()).await.is_empty());
        let mut work = world.look(administrator).await;
        assert_eq!(activity::waiting(&mut work).await.unwrap(), Counted::Exactly(0));
    }
}
