//! The daily run: how long the automatic records of a large installation take.

use std::time::Instant;

use anyhow::Result;
use chrono::TimeDelta;
use opora_core::{
    foundation::clock::SharedClock,
    patronage::{
        activity,
        seed::{self, SeedPlan},
    },
};

use super::{figures, place::Site};
use crate::cli::Place;

/// Days of reminders before today: as many as the daily run looks at.
const DAYS: u32 = 10;

pub async fn run(citizens: u32, series: u32, place: &Place, clock: SharedClock) -> Result<()> {
    let site = Site::open(place, None, clock.clone()).await?;
    let due_at = clock.now() + TimeDelta::days(1);
    seed::fill(&site.app, SeedPlan { citizens, series, due_at, spread: TimeDelta::hours(12) }).await?;
    let reminders = seed::fill_past(&site.app, DAYS).await?;
    figures::line("reminders of ten days", reminders);
    let began = Instant::now();
    let written = activity::run_automatic(&site.app).await?;
    figures::line("the whole first run", format_args!("{:.2} s", began.elapsed().as_secs_f64()));
    figures::line("records: missed, inactive", format_args!("{}, {}", written.missed, written.inactive));
    Ok(())
}
