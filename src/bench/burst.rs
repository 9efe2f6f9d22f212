//! Many reminders due at the same moment: from due to recorded. And as many that came due before the program started.

use std::time::Duration;

use anyhow::Result;
use chrono::TimeDelta;
use opora_core::{
    App,
    foundation::clock::{SharedClock, Timestamp},
    messaging::{
        message::{Keyboard, Outgoing},
        messenger::Messenger,
        outbox::{self, Channel},
    },
    patronage::seed::{self, SeedPlan},
    people::access::Actor,
};

use super::{
    fake_api::{self, FakeApi, Limits},
    figures,
    place::Site,
};
use crate::{
    cli::{Part, Place},
    console,
};

/// Seeding must be over before the moment comes.
const SEEDS_A_SECOND: u32 = 3_000;
/// How often the ledger is asked whether all is written.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// Nobody has this chat: who asks in the middle of a burst.
const WHO_ASKS: u64 = 7;

/// What one burst is like.
#[derive(Debug, Clone, Copy)]
pub struct Burst {
    /// How many reminders.
    pub messages: u32,
    /// The messenger's limits, which the program is told, too.
    pub limits: Limits,
}

pub async fn run(burst: Burst, place: &Place, clock: SharedClock) -> Result<()> {
    let Burst { messages, limits } = burst;
    let (api, address) = FakeApi::start(clock.clone(), limits)?;
    let site = Site::open(place, Some((address, limits)), clock.clone()).await?;
    let at_work = site.work(&[Part::Bot, Part::Worker]).await?;
    let due_at = clock.now() + TimeDelta::seconds(i64::from(3 + messages / SEEDS_A_SECOND));
    let plan = SeedPlan { citizens: messages, series: messages, due_at, spread: TimeDelta::zero() };
    seed::fill(&site.app, plan).await?;
    if clock.now() > due_at {
        anyhow::bail!("seeding took longer than expected on this machine: measure with fewer --messages");
    }
    console::line(format_args!("{messages} reminders are due at {due_at}; waiting for the moment"));
    figures::forget_peak();
    let worked = figures::work_without(fake_api::THREAD);
    let answered = if limits.all > 0 { Some(ask_in_the_middle(&api, &site.app, messages).await?) } else { None };
    report(&api, &site.app, messages, due_at, worked).await?;
    if limits.all > 0 {
        figures::line("refused with 429", api.refused());
    }
    if let Some(answered) = answered {
        figures::line("a reply in the middle of it took, ms", answered.num_milliseconds());
    }
    at_work.end().await
}

/// The same when all of them came due while nothing ran: how soon after the start the first one goes.
pub async fn backlog(messages: u32, place: &Place, clock: SharedClock) -> Result<()> {
    let none = Limits::default();
    let (api, address) = FakeApi::start(clock.clone(), none)?;
    let site = Site::open(place, Some((address, none)), clock.clone()).await?;
    let due_at = clock.now() - TimeDelta::minutes(1);
    let plan = SeedPlan { citizens: messages, series: messages, due_at, spread: TimeDelta::zero() };
    seed::fill(&site.app, plan).await?;
    let folder = site.closed().await?;
    figures::forget_peak();
    let started_at = clock.now();
    let worked = figures::work_without(fake_api::THREAD);
    let site = Site::open_in(folder, place, Some((address, none)), clock.clone()).await?;
    let at_work = site.work(&[Part::Bot, Part::Worker]).await?;
    report(&api, &site.app, messages, started_at, worked).await?;
    at_work.end().await
}

/// Waits until half of the messages are out, then answers somebody; tells how long the answer took.
async fn ask_in_the_middle(api: &FakeApi, app: &App, messages: u32) -> Result<TimeDelta> {
    api.arrived(usize::try_from(messages / 2)?).await;
    let mut work = app.begin(Actor::System).await?;
    let asked_at = work.now;
    let answer = Outgoing::Say { text: "!".to_owned(), keyboard: Keyboard::None };
    outbox::say(&mut work, Messenger::Telegram, &WHO_ASKS.to_string(), None, answer).await?;
    work.commit().await?;
    let mut count = usize::try_from(messages / 2)?;
    loop {
        let arrived = api.arrived(count).await;
        if let Some((_, at)) = arrived.iter().find(|(chat, _)| *chat == WHO_ASKS) {
            return Ok(*at - asked_at);
        }
        count = arrived.len() + 1;
    }
}

/// Waits until all is recorded and prints the table.
async fn report(api: &FakeApi, app: &App, messages: u32, from: Timestamp, worked: Option<Duration>) -> Result<()> {
    let first = api.arrived(1).await.first().map_or(from, |(_, at)| *at);
    let arrived = api.arrived(usize::try_from(messages)?).await;
    while outbox::unfinished(app, Channel::Messenger(Messenger::Telegram)).await? > 0 {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let recorded = app.clock.now() - from;
    let worked = figures::work_without(fake_api::THREAD).zip(worked).map(|(now, then)| now.saturating_sub(then));
    let last = arrived.iter().map(|(_, at)| *at).max().unwrap_or(from) - from;
    let rate = f64::from(messages) / recorded.as_seconds_f64();
    figures::line("messages", messages);
    figures::line("arrived", arrived.len());
    figures::line("first message after, ms", (first - from).num_milliseconds());
    figures::line("last message after, ms", last.num_milliseconds());
    figures::line("all recorded after, ms", recorded.num_milliseconds());
    figures::line("messages a second, until recorded", format_args!("{rate:.0}"));
    if let Some(worked) = worked {
        figures::line("work of the processor a message, µs", (worked / messages.max(1)).as_micros());
    }
    if let Some(peak) = figures::peak_memory() {
        figures::line("peak memory with the stand-in, MB", format_args!("{peak:.0}"));
    }
    Ok(())
}
