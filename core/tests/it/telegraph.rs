//! Several processes on one server: they wake each other, and the death of one is seen at once.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use opora_core::{
    App, Wake,
    foundation::db::Db,
    schedule::{lease::Lease, telegraph::Telegraph},
};
use opora_testkit::{Backend, World};
use tokio_util::sync::CancellationToken;

use crate::messenger::{message, put};

/// Another process on the same database.
async fn another(world: &World) -> App {
    let db = Db::connect(world.database.url()).await.unwrap();
    App { db, wake: Arc::new(Wake::default()), ..world.app.clone() }
}

/// Lays the line of a process and keeps it until the token is cancelled.
async fn on_the_line(app: &App) -> (CancellationToken, tokio::task::JoinHandle<()>) {
    let cancel = CancellationToken::new();
    let telegraph = Telegraph::lay(app).await;
    (cancel.clone(), tokio::spawn(telegraph.run(app.clone(), cancel)))
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(opora_testkit::PATIENCE, what).await.expect("it did not happen")
}

/// The clock stands still, so no slow poll can have helped.
#[test]
fn what_one_process_commits_wakes_the_other() {
    opora_testkit::run(Backend::Postgres, async |world| {
        let other = another(&world).await;
        let (here, there) = (on_the_line(&world.app).await, on_the_line(&other).await);
        let mut ear = other.wake.outbox.listen();
        put(&world, &[message(&world, "1", "a")]).await;
        soon(ear.heard()).await;
        for (cancel, running) in [here, there] {
            cancel.cancel();
            running.await.unwrap();
        }
    });
}

#[test]
fn after_a_cut_the_line_is_laid_anew_and_every_bell_rings() {
    opora_testkit::run(Backend::Postgres, async |world| {
        let (cancel, running) = on_the_line(&world.app).await;
        let mut ear = world.app.wake.inbox.listen();
        world.database.goes_down().await;
        world.database.comes_back().await;
        let ticking = async {
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                world.clock.advance(TimeDelta::milliseconds(100));
            }
        };
        tokio::select! {
            () = soon(ear.heard()) => {}
            () = ticking => unreachable!(),
        }
        cancel.cancel();
        running.await.unwrap();
    });
}

#[test]
fn the_lease_of_a_living_process_is_respected_and_that_of_a_dead_one_is_free_at_once() {
    opora_testkit::run(Backend::Postgres, async |world| {
        let other = another(&world).await;
        let (here, there) = (on_the_line(&world.app).await, on_the_line(&other).await);
        let held = Lease::take(&world.app, "send telegram").await.unwrap().unwrap();
        assert_eq!(Lease::take(&other, "send telegram").await.unwrap(), None);
        // Its connections end, as when the process is killed.
        here.1.abort();
        here.1.await.unwrap_err();
        let taken = async {
            loop {
                if let Some(lease) = Lease::take(&other, "send telegram").await.unwrap() {
                    return lease;
                }
            }
        };
        assert!(soon(taken).await.epoch > held.epoch);
        assert!(!held.renew(&world.app).await.unwrap());
        there.0.cancel();
        there.1.await.unwrap();
    });
}

/// A clock that is an hour ahead makes every lease look as if it had run out.
#[test]
fn whoever_can_be_seen_loses_nothing_to_a_clock_that_jumps() {
    opora_testkit::run(Backend::Postgres, async |world| {
        let other = another(&world).await;
        let (here, there) = (on_the_line(&world.app).await, on_the_line(&other).await);
        let held = Lease::take(&world.app, "send telegram").await.unwrap().unwrap();
        world.clock.advance(TimeDelta::hours(1));
        assert_eq!(Lease::take(&other, "send telegram").await.unwrap(), None);
        assert!(held.renew(&world.app).await.unwrap());
        held.release(&world.app).await.unwrap();
        assert!(Lease::take(&other, "send telegram").await.unwrap().is_some(), "given up is free");
        for (cancel, running) in [here, there] {
            cancel.cancel();
            running.await.unwrap();
        }
    });
}

/// The server went away and is back; the process writes again, but dies before its line is laid anew.
#[test]
fn who_dies_before_it_is_seen_again_does_not_hold_its_lease_to_the_end() {
    opora_testkit::run(Backend::Postgres, async |world| {
        let (cancel, running) = on_the_line(&world.app).await;
        let held = Lease::take(&world.app, "send telegram").await.unwrap().unwrap();
        running.abort();
        running.await.unwrap_err();
        world.app.wake.presence.hide();
        assert!(held.renew(&world.app).await.unwrap());
        let other = another(&world).await;
        let there = on_the_line(&other).await;
        let taken = async {
            loop {
                if let Some(lease) = Lease::take(&other, "send telegram").await.unwrap() {
                    return lease;
                }
            }
        };
        assert!(soon(taken).await.epoch > held.epoch);
        cancel.cancel();
        there.0.cancel();
        there.1.await.unwrap();
    });
}

#[test]
fn the_embedded_database_needs_no_line() {
    opora_testkit::run(Backend::Sqlite, async |world| {
        let (cancel, running) = on_the_line(&world.app).await;
        assert_eq!(world.app.wake.presence.number(), None);
        cancel.cancel();
        running.await.unwrap();
    });
}
