//! `opora seed`: bulk data for load tests.

use std::time::Instant;

use anyhow::Result;
use chrono::TimeDelta;
use opora_core::{
    App,
    patronage::seed::{self, SeedPlan},
};

use crate::{app, cli::Seed, console};

/// Citizens of one report of progress; the series go with them.
const REPORT_EVERY: u32 = 5000;

/// Fills the database and says how fast it went.
pub async fn run(app: &App, options: &Seed) -> Result<()> {
    let began = Instant::now();
    let mut made = Made::default();
    let steps = options.citizens.div_ceil(REPORT_EVERY).max(1);
    for step in 0..steps {
        let plan = part(options, step, steps);
        let filled = seed::fill(app, plan).await.map_err(|error| app::explain(&error))?;
        made.citizens += filled.citizens;
        made.series += filled.series;
        made.first_chat.get_or_insert(filled.first_chat);
        let rate = f64::from(made.citizens + made.series) / began.elapsed().as_secs_f64();
        console::line(format_args!("{:>9} citizens  {:>9} series  {rate:>8.0} rows/s", made.citizens, made.series));
    }
    if let Some(first) = made.first_chat {
        let last = first + u64::from(made.citizens.max(1)) - 1;
        console::line(format_args!("Chats {first} … {last}; due from {} on.", options.due_at.to_rfc3339()));
    }
    app.db.close().await;
    Ok(())
}

#[derive(Default)]
struct Made {
    citizens: u32,
    series: u32,
    first_chat: Option<u64>,
}

/// One step's share of the whole, so that progress can be told.
fn part(options: &Seed, step: u32, steps: u32) -> SeedPlan {
    let share = |whole: u32| {
        let upto = |steps_done: u32| u64::from(whole) * u64::from(steps_done) / u64::from(steps);
        u32::try_from(upto(step + 1) - upto(step)).unwrap_or(whole)
    };
    SeedPlan {
        citizens: share(options.citizens),
        series: share(options.series),
        due_at: options.due_at,
        spread: TimeDelta::seconds(i64::from(options.spread)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_make_the_whole() {
        let options = Seed { citizens: 12_001, series: 100_007, due_at: chrono::DateTime::UNIX_EPOCH, spread: 0 };
        let parts: Vec<SeedPlan> = (0..3).map(|step| part(&options, step, 3)).collect();
        assert_eq!(parts.iter().map(|part| part.citizens).sum::<u32>(), 12_001);
        assert_eq!(parts.iter().map(|part| part.series).sum::<u32>(), 100_007);
    }
}
