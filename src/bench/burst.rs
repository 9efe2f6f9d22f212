//! Many reminders due at the same moment: from due to recorded.

use std::time::Duration;

use anyhow::Result;
use chrono::TimeDelta;
use opora_core::{
    foundation::clock::SharedClock,
    messaging::{
        messenger::Messenger,
        outbox::{self, Channel},
    },
    patronage::seed::{self, SeedPlan},
};

use super::{fake_api::FakeApi, figures, place::Site};
use crate::{
    cli::{Part, Place},
    console,
};

/// Seeding must be over before the moment comes.
const SEEDS_A_SECOND: u32 = 5_000;
/// How often the ledger is asked whether all is written.
const LOOK_EVERY: Duration = Duration::from_millis(2);

pub async fn run(messages: u32, place: &Place, clock: SharedClock) -> Result<()> {
    let (api, address) = FakeApi::start(clock.clone()).await?;
    let site = Site::open(place, Some(address), clock.clone()).await?;
    let at_work = site.work(&[Part::Bot, Part::Worker]).await?;
    let due_at = clock.now() + TimeDelta::seconds(i64::from(3 + messages / SEEDS_A_SECOND));
    let plan = SeedPlan { citizens: messages, series: messages, due_at, spread: TimeDelta::zero() };
    seed::fill(&site.app, plan).await?;
    if clock.now() > due_at {
        anyhow::bail!("seeding took longer than expected on this machine: measure with fewer --messages");
    }
    console::line(format_args!("{messages} reminders are due at {due_at}; waiting for the moment"));
    let count = usize::try_from(messages)?;
    let first = api.arrived(1).await.first().map_or(due_at, |(_, at)| *at);
    let arrived = api.arrived(count).await;
    while outbox::unfinished(&site.app, Channel::Messenger(Messenger::Telegram)).await? > 0 {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let recorded = clock.now() - due_at;
    let last = arrived.iter().map(|(_, at)| *at).max().unwrap_or(due_at) - due_at;
    let rate = f64::from(messages) / recorded.as_seconds_f64();
    figures::line("messages", messages);
    figures::line("arrived", arrived.len());
    figures::line("first message after due, ms", (first - due_at).num_milliseconds());
    figures::line("last message after due, ms", last.num_milliseconds());
    figures::line("all recorded after due, ms", recorded.num_milliseconds());
    figures::line("messages a second, due to recorded", format_args!("{rate:.0}"));
    if let Some(peak) = figures::peak_memory() {
        figures::line("peak memory with the stand-in, MB", format_args!("{peak:.0}"));
    }
    at_work.end().await
}
