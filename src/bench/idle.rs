//! Many series of which nothing is due: what it costs to find that out, and what an installation at rest costs.

use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::TimeDelta;
use opora_core::{
    foundation::clock::SharedClock,
    patronage::{
        reminders::due,
        seed::{self, SeedPlan},
    },
};

use super::{
    fake_api::{self, FakeApi, Limits},
    figures::{self, Figures},
    place::Site,
};
use crate::cli::{Part, Place};

/// Ticks that are timed, one after the other.
const TICKS: u32 = 1000;
/// After so long a start has settled.
const SETTLING: Duration = Duration::from_secs(3);

pub async fn run(series: u32, seconds: u32, place: &Place, clock: SharedClock) -> Result<()> {
    let none = Limits::default();
    let (_, address) = FakeApi::start(clock.clone(), none)?;
    let site = Site::open(place, Some((address, none)), clock.clone()).await?;
    let due_at = clock.now() + TimeDelta::days(1);
    let plan = SeedPlan { citizens: series.div_ceil(10), series, due_at, spread: TimeDelta::hours(12) };
    seed::fill(&site.app, plan).await?;
    let folder = site.closed().await?;
    let site = Site::open_in(folder, place, Some((address, none)), clock.clone()).await?;
    let at_work = site.work(&[Part::Bot, Part::Worker]).await?;
    tokio::time::sleep(SETTLING).await;
    let worked = figures::work_without(fake_api::THREAD);
    tokio::time::sleep(Duration::from_secs(u64::from(seconds))).await;
    let worked = figures::work_without(fake_api::THREAD).zip(worked).map(|(now, then)| now.saturating_sub(then));
    let mut ticks = Vec::new();
    for _ in 0..TICKS {
        let began = Instant::now();
        due::next_moment(&site.app).await?;
        ticks.push(began.elapsed());
    }
    figures::line("series", series);
    figures::line("a tick", Figures::of(ticks).text());
    if let Some(worked) = worked {
        let share = worked.as_secs_f64() / f64::from(seconds.max(1)) * 100.0;
        figures::line("at rest, % of a core", format_args!("{share:.2}"));
    }
    at_work.end().await
}
