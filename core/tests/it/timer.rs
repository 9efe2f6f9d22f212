//! The timer of due things and the periodic jobs.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{TimeDelta, Timelike};
use opora_core::{
    App,
    foundation::{clock::Timestamp, errors::Failure},
    schedule::{
        periodic::{self, Job},
        worker::{self, Due},
    },
};
use opora_testkit::{FakeClock, World, on_both_databases};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Moments that come due, claimed one at a time.
struct Moments {
    left: Mutex<Vec<Timestamp>>,
    done: watch::Sender<Vec<String>>,
}

impl Moments {
    fn note(&self, what: String) {
        self.done.send_modify(|done| done.push(what));
    }

    async fn has_done(&self, count: usize) -> Vec<String> {
        let mut done = self.done.subscribe();
        let waiting = done.wait_for(|done| done.len() >= count);
        tokio::time::timeout(opora_testkit::PATIENCE, waiting).await.expect("it was not done").unwrap().clone()
    }
}

#[async_trait]
impl Due for Moments {
    async fn claim(&self, app: &App, _: u32) -> Result<bool, Failure> {
        let now = app.clock.now();
        let mut left = self.left.lock().unwrap();
        if left.first().is_some_and(|moment| *moment <= now) {
            let moment = left.remove(0);
            self.note(format!("{}", moment.format("%H:%M:%S")));
        }
        Ok(left.first().is_some_and(|moment| *moment <= now))
    }

    async fn next_moment(&self, _: &App) -> Result<Option<Timestamp>, Failure> {
        Ok(self.left.lock().unwrap().first().copied())
    }

    async fn summarise(&self, _: &App) -> Result<(), Failure> {
        self.note("summary".to_owned());
        Ok(())
    }
}

/// The same, and while one is claimed a second passes.
struct Slow {
    moments: Moments,
    clock: Arc<FakeClock>,
}

#[async_trait]
impl Due for Slow {
    async fn claim(&self, app: &App, limit: u32) -> Result<bool, Failure> {
        let more = self.moments.claim(app, limit).await;
        self.clock.advance(TimeDelta::seconds(1));
        more
    }

    async fn next_moment(&self, app: &App) -> Result<Option<Timestamp>, Failure> {
        self.moments.next_moment(app).await
    }

    async fn summarise(&self, app: &App) -> Result<(), Failure> {
        self.moments.summarise(app).await
    }
}

/// Something due that somebody else holds; counts how often it was asked for.
struct Held(watch::Sender<usize>);

#[async_trait]
impl Due for Held {
    async fn claim(&self, _: &App, _: u32) -> Result<bool, Failure> {
        self.0.send_modify(|asked| *asked += 1);
        Ok(false)
    }

    async fn next_moment(&self, app: &App) -> Result<Option<Timestamp>, Failure> {
        Ok(app.clock.now().with_minute(0))
    }

    async fn summarise(&self, _: &App) -> Result<(), Failure> {
        Ok(())
    }
}

struct Nightly(Mutex<Vec<Timestamp>>);

#[async_trait]
impl Job for Nightly {
    fn name(&self) -> &'static str {
        "nightly"
    }

    fn cron(&self) -> &'static str {
        "0 30 3 * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        self.0.lock().unwrap().push(app.clock.now());
        if self.0.lock().unwrap().len() == 2 { Err(Failure::NotFound) } else { Ok(()) }
    }
}

on_both_databases! {
    async fn what_is_due_is_claimed_in_time_and_never_early(world: World) {
        let now = world.app.clock.now();
        let at = |millis| now + TimeDelta::milliseconds(millis);
        let left = vec![at(-7_200_000), at(-1000), at(500)];
        let moments = Arc::new(Moments { left: Mutex::new(left), done: watch::Sender::new(Vec::new()) });
        let cancel = CancellationToken::new();
        let running = tokio::spawn(worker::run(world.app.clone(), moments.clone(), cancel.clone()));
        assert_eq!(moments.has_done(3).await, ["04:00:00", "05:59:59", "summary"]);
        world.clock.someone_sleeps_until(at(500)).await;
        world.clock.advance(TimeDelta::milliseconds(499));
        tokio::task::yield_now().await;
        assert_eq!(moments.done.borrow().len(), 3);
        world.clock.advance(TimeDelta::milliseconds(1));
        assert_eq!(moments.has_done(5).await[3..], ["06:00:00".to_owned(), "summary".to_owned()]);
        cancel.cancel();
        running.await.unwrap();
    }

    async fn what_comes_due_while_others_are_claimed_does_not_wait_for_the_next_look(world: World) {
        let now = world.app.clock.now();
        let left = vec![now, now + TimeDelta::milliseconds(700), now + TimeDelta::milliseconds(1500)];
        let moments = Moments { left: Mutex::new(left), done: watch::Sender::new(Vec::new()) };
        let slow = Arc::new(Slow { moments, clock: Arc::clone(&world.clock) });
        let cancel = CancellationToken::new();
        let running = tokio::spawn(worker::run(world.app.clone(), slow.clone(), cancel.clone()));
        assert_eq!(slow.moments.has_done(4).await, ["06:00:00", "06:00:00", "06:00:01", "summary"]);
        cancel.cancel();
        running.await.unwrap();
    }

    async fn what_is_due_and_cannot_be_claimed_is_tried_again_a_little_later(world: World) {
        let held = Arc::new(Held(watch::Sender::new(0)));
        let mut asked = held.0.subscribe();
        let cancel = CancellationToken::new();
        let running = tokio::spawn(worker::run(world.app.clone(), held.clone(), cancel.clone()));
        for times in 1..=3 {
            assert_eq!(*asked.wait_for(|asked| *asked >= times).await.unwrap(), times, "once each time");
            world.clock.someone_sleeps_at_most_until(world.app.clock.now() + TimeDelta::milliseconds(1200)).await;
            world.clock.advance_seconds(2);
        }
        cancel.cancel();
        running.await.unwrap();
    }

    async fn a_new_moment_that_is_nearer_wakes_the_timer(world: World) {
        let moments = Arc::new(Moments { left: Mutex::default(), done: watch::Sender::new(Vec::new()) });
        let cancel = CancellationToken::new();
        let running = tokio::spawn(worker::run(world.app.clone(), moments.clone(), cancel.clone()));
        moments.has_done(1).await;
        moments.left.lock().unwrap().push(world.app.clock.now());
        world.app.wake.schedule.ring();
        assert_eq!(moments.has_done(3).await, ["summary", "06:00:00", "summary"]);
        cancel.cancel();
        running.await.unwrap();
    }

    async fn a_periodic_job_runs_at_its_time_and_missed_times_are_made_up_once(world: World) {
        let job = Arc::new(Nightly(Mutex::default()));
        let jobs: Vec<Arc<dyn Job>> = vec![job.clone()];
        let runs = || job.0.lock().unwrap().len();
        let next = periodic::run_due(&world.app, &jobs).await.unwrap().unwrap();
        assert_eq!((runs(), next.to_rfc3339()), (0, "2026-03-11T03:30:00+00:00".to_owned()));
        world.clock.turn_to("2026-03-11T03:29:59Z");
        periodic::run_due(&world.app, &jobs).await.unwrap();
        assert_eq!(runs(), 0);
        world.clock.turn_to("2026-03-11T03:30:00Z");
        periodic::run_due(&world.app, &jobs).await.unwrap();
        periodic::run_due(&world.app, &jobs).await.unwrap();
        assert_eq!(runs(), 1);
        world.clock.turn_to("2026-03-20T12:00:00Z");
        let next = periodic::run_due(&world.app, &jobs).await.unwrap().unwrap();
        assert_eq!((runs(), next.to_rfc3339()), (2, "2026-03-21T03:30:00+00:00".to_owned()));
        assert_eq!(world.count("periodic_jobs WHERE name = 'nightly' AND outcome = 'not found'").await, 1);
    }
}
