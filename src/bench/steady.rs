//! A steady stream: how late each message is, and whether any is early.

use std::time::Duration;

use anyhow::Result;
use chrono::TimeDelta;
use opora_core::{
    foundation::clock::SharedClock,
    patronage::seed::{self, SeedPlan},
};

use super::{
    fake_api::{FakeApi, Limits},
    figures::{self, Figures},
    place::Site,
    visits::Visits,
};
use crate::{
    cli::{Part, Place},
    console,
};

/// Seeding must be over before the first moment comes.
const BEFORE: TimeDelta = TimeDelta::seconds(4);

/// What the stream is like.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    /// Reminders a second.
    pub rate: u32,
    /// For how long.
    pub seconds: u32,
    /// Requests a second to the panel meanwhile.
    pub visits: u32,
}

pub async fn run(stream: Stream, place: &Place, clock: SharedClock) -> Result<()> {
    let Stream { rate, seconds, visits } = stream;
    let (api, address) = FakeApi::start(clock.clone(), Limits::default())?;
    let site = Site::open(place, Some((address, Limits::default())), clock.clone()).await?;
    let at_work = site.work(&[Part::Bot, Part::Worker, Part::Panel]).await?;
    let count = rate * seconds;
    let spread = TimeDelta::seconds(i64::from(seconds));
    let due_at = clock.now() + BEFORE;
    let plan = SeedPlan { citizens: count, series: count, due_at, spread };
    let filled = seed::fill(&site.app, plan).await?;
    let beside = if visits > 0 { Some(Visits::begin(&site, &at_work, visits).await?) } else { None };
    console::line(format_args!("{count} reminders over {seconds} s; waiting for the last one"));
    let arrived = api.arrived(usize::try_from(count)?).await;
    let due_of = |chat: u64| plan.due_of(chat - filled.first_chat);
    let lateness: Vec<TimeDelta> = arrived.iter().map(|(chat, at)| *at - due_of(*chat)).collect();
    let early = lateness.iter().filter(|late| **late < TimeDelta::zero()).count();
    let late: Vec<Duration> = lateness.iter().filter_map(|late| late.to_std().ok()).collect();
    figures::line("reminders a second", rate);
    figures::line("arrived", arrived.len());
    figures::line("too early", early);
    figures::line("lateness", Figures::of(late).text());
    if let Some(beside) = beside {
        beside.end();
    }
    at_work.end().await
}
