//! The blows that rain on the installation, at moments that differ with the seed.

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use opora_core::{foundation::db::Db, messaging::sender::MOST_IN_FLIGHT};
use opora_testkit::{Opora, Stop};
use sqlx::types::{Json, Uuid};

use super::{
    Chaos, STRIDE,
    database::{Failing, Place, rows},
    secs,
};

/// By so much the clock goes wrong, and comes right again.
const ASTRAY: TimeDelta = TimeDelta::hours(1);
/// How long after a start everything may take to be right on a machine that is busy with other things; the report tells how long it took.
const RIGHT_AFTER: Duration = Duration::from_secs(30);

/// Whoever strikes.
pub struct Blows<'a> {
    place: &'a Place,
    db: &'a Db,
    chaos: Chaos,
    drawn: u64,
    pub seen: Seen,
}

/// What was seen on the way.
#[derive(Debug, Default)]
pub struct Seen {
    /// Messages under way at each kill.
    under_way: Vec<usize>,
    /// How long after the start of a killed sender what was under way at the kill was settled or queued again.
    right_after: Vec<Duration>,
    /// Messages under way when something else may have ended their sender's turn.
    besides: Vec<usize>,
    /// How often what happened.
    blows: BTreeMap<&'static str, usize>,
}

impl<'a> Blows<'a> {
    pub fn new(place: &'a Place, db: &'a Db, chaos: Chaos) -> Self {
        Self { place, db, chaos, drawn: chaos.seed, seen: Seen::default() }
    }

    /// One blow after the other, each with a kill.
    pub async fn rain_on(&mut self, processes: &mut [Opora]) {
        self.place.prepare(self.db).await;
        for blow in 0..self.chaos.kills {
            self.time_goes_on(processes, STRIDE / 2).await;
            self.moment(200, 900).await;
            match (blow % 4, self.place) {
                (1, _) => self.the_clock_goes_astray(processes).await,
                (2, Place::Server(_)) => {
                    let how = if blow % 8 == 2 { Stop::Immediate } else { Stop::Fast };
                    let name = if how == Stop::Fast { "server stopped" } else { "server crashed" };
                    self.the_database_fails(processes, Failing::Stopped(how), name).await;
                }
                (2, Place::File) | (3, Place::Server(_)) => {
                    self.the_database_fails(processes, Failing::Full, "disk full").await;
                }
                _ => {}
            }
            self.time_goes_on(processes, STRIDE / 2).await;
            self.until_something_is_under_way().await;
            let victim = usize::try_from(self.draw(self.chaos.processes as u64)).unwrap();
            self.kills(&mut processes[victim]).await;
        }
    }

    /// The clock jumps, and the reminders of this time come due at once. With several processes a jump may look as if
    /// the sender had not been heard of for long, and another one takes over.
    async fn time_goes_on(&mut self, processes: &[Opora], by: TimeDelta) {
        self.note_what_is_under_way_if_several().await;
        processes[0].advance(by);
        self.seen.happened("jump of half a minute");
    }

    /// Back by an hour, and after a while where it was.
    async fn the_clock_goes_astray(&mut self, processes: &[Opora]) {
        processes[0].advance(-ASTRAY);
        self.seen.happened("jump of an hour back and forth");
        self.moment(500, 1500).await;
        self.note_what_is_under_way_if_several().await;
        processes[0].advance(ASTRAY);
    }

    async fn the_database_fails(&mut self, processes: &[Opora], how: Failing, name: &'static str) {
        let pause = Duration::from_millis(300 + self.draw(900));
        let before = Instant::now();
        self.place.fails(processes, self.db, how, pause).await;
        // Who could not renew its turn for long may have lost it with all that was under way.
        if self.chaos.processes > 1 || before.elapsed() > Duration::from_secs(5) {
            self.seen.besides.push(MOST_IN_FLIGHT);
        }
        self.seen.happened(name);
    }

    async fn kills(&mut self, victim: &mut Opora) {
        let turn = self.turn().await;
        victim.kill().await;
        let under_way = self.under_way().await;
        self.seen.under_way.push(under_way.len());
        victim.start().await;
        let started = Instant::now();
        while self.under_way().await.iter().any(|row| under_way.contains(row)) {
            assert!(started.elapsed() < RIGHT_AFTER, "what was under way at a kill is still so:\n{}", victim.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // Of several processes another one may have been the sender, which goes on meanwhile.
        if self.turn().await != turn {
            self.seen.right_after.push(started.elapsed());
        }
        self.seen.happened("SIGKILL");
    }

    /// A kill that meets nothing proves little.
    async fn until_something_is_under_way(&self) {
        let began = Instant::now();
        while self.under_way().await.is_empty() && began.elapsed() < Duration::from_secs(1) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    async fn note_what_is_under_way_if_several(&mut self) {
        if self.chaos.processes > 1 {
            let under_way = self.under_way().await.len();
            self.seen.besides.push(under_way);
        }
    }

    /// Messages under way, and in whose turn.
    async fn under_way(&self) -> Vec<(Uuid, i64)> {
        let listed: Vec<(i64, Json<Vec<Uuid>>)> =
            rows(self.db, "SELECT epoch, under_way FROM flights WHERE channel = 'telegram'").await;
        listed.into_iter().flat_map(|(epoch, ids)| ids.0.into_iter().map(move |id| (id, epoch))).collect()
    }

    /// Which turn of a sender it is.
    async fn turn(&self) -> Option<i64> {
        rows(self.db, "SELECT epoch FROM flights WHERE channel = 'telegram'").await.pop().map(|(epoch,)| epoch)
    }

    async fn moment(&mut self, at_least: u64, more: u64) {
        let wait = at_least + self.draw(more);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }

    fn draw(&mut self, bound: u64) -> u64 {
        self.drawn = self.drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.drawn >> 33) % bound
    }
}

impl Seen {
    fn happened(&mut self, what: &'static str) {
        *self.blows.entry(what).or_default() += 1;
    }

    /// Messages of which a sender that ended may have left the fate unknown.
    pub fn in_doubt(&self) -> usize {
        self.under_way.iter().chain(&self.besides).sum()
    }

    /// That it was trouble indeed, and each of it no worse than it may be.
    pub fn check(&self, chaos: Chaos) {
        assert_eq!(self.under_way.len(), chaos.kills);
        assert!(self.under_way.iter().all(|count| *count <= MOST_IN_FLIGHT), "{:?}", self.under_way);
        assert!(self.blows.len() >= 4, "{:?}", self.blows);
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  blows: {:?}", self.blows)?;
        writeln!(f, "  messages under way at the kills: {:?}", self.under_way)?;
        let mut right_after = self.right_after.clone();
        right_after.sort();
        let Some(longest) = right_after.last().map(|it| secs(*it)) else {
            return writeln!(f, "  nobody who was killed was sending");
        };
        let (times, half) = (right_after.len(), secs(right_after[right_after.len() / 2]));
        writeln!(
            f,
            "  right again after the start of a sender: {times} times, half of them within {half:.2} s, at the longest {longest:.2} s"
        )
    }
}
