//! Sending stands still, and goes on again: noticed by a look every minute.
//!
//! A channel stands still when nobody is its sender, when its bot is not let in, or when something has been due for a while and
//! nothing came to an end meanwhile. A pause that the messenger asked for (PT-D41) is no standstill, nor is a chat that waits for its
//! own pace: something else ends meanwhile. One look may be wrong — a sender that begins at this very moment, an outage of
//! seconds — so only looks in a row count.
//!
//! Then the administrator gets one letter, one more for every day it lasts, and one when it is over; staff read it on the first
//! page. Of mail that stands still no letter can tell.

mod letters;
mod store;

pub(super) use store::said;

use async_trait::async_trait;
use chrono::TimeDelta;

use crate::{
    App, Work,
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::{Failure, StorageError},
    },
    messaging::{bots, outbox::Channel},
    people::access::Actor,
    schedule::{
        lease,
        periodic::{self, Job},
    },
};

/// Something that has been due for so long should be gone.
const OVERDUE: TimeDelta = TimeDelta::minutes(5);
/// Mail servers put off the letters of strangers for a quarter of an hour: that is no standstill yet.
const LETTER_OVERDUE: TimeDelta = TimeDelta::minutes(30);
/// A lease that ran out a moment ago is about to be taken: the process was asleep, or another one takes over.
const NOBODY: TimeDelta = TimeDelta::minutes(2);
/// Looks are a minute apart, give or take a moment; so long it takes until two of them have seen the same.
const TWO_LOOKS: TimeDelta = TimeDelta::seconds(50);
/// A bot's trouble passes often: it counts when it was there at every look of this time.
const BOT_PATIENCE: TimeDelta = TimeDelta::seconds(290);
/// Looks that are further apart are not in a row: nothing looked in between.
const GAP: TimeDelta = TimeDelta::minutes(3);
/// While it lasts, the administrator is written to so often.
const TELL_EVERY: TimeDelta = TimeDelta::hours(24);

/// What keeps a channel from moving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Cause {
    /// Nobody is its sender.
    NoSender,
    /// The bot does not work: it is not let in, or its messenger cannot be reached.
    Bot,
    /// What is due does not go.
    Stuck,
}

impl Cause {
    /// Key of the sentence, with the arguments `channel` and `since`.
    pub fn label_key(self) -> &'static str {
        match self {
            Self::NoSender => "delivery-standing-no-sender",
            Self::Bot => "delivery-standing-bot",
            Self::Stuck => "delivery-standing-stuck",
        }
    }

    fn patience(self) -> TimeDelta {
        match self {
            Self::Bot => BOT_PATIENCE,
            Self::NoSender | Self::Stuck => TWO_LOOKS,
        }
    }
}

/// A channel that stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standstill {
    /// Which.
    pub channel: Channel,
    /// Why.
    pub cause: Cause,
    /// Since when.
    pub since: Timestamp,
    /// What the messenger or mail server said.
    pub detail: Option<String>,
}

/// What one look at a channel has found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sign {
    cause: Cause,
    since: Timestamp,
    detail: Option<String>,
}

/// What is known of a channel from earlier looks.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct Known {
    channel: String,
    cause: Cause,
    detail: Option<String>,
    since: Timestamp,
    suspected_at: Timestamp,
    looked_at: Timestamp,
    begun_at: Option<Timestamp>,
    told_at: Option<Timestamp>,
}

impl Known {
    fn first(channel: Channel, sign: Sign, now: Timestamp) -> Self {
        let channel = channel.name().to_owned();
        let Sign { cause, since, detail } = sign;
        Self { channel, cause, detail, since, suspected_at: now, looked_at: now, begun_at: None, told_at: None }
    }

    /// The same after one more look that has found `sign`. Looks in a row, and what stands still already, keep their beginning.
    fn seen_again(self, sign: Sign, now: Timestamp) -> Self {
        let Sign { cause, since, detail } = sign;
        let is_the_same = self.begun_at.is_some() || now - self.looked_at <= GAP;
        Self {
            cause,
            detail,
            since: if is_the_same { self.since.min(since) } else { since },
            suspected_at: if is_the_same { self.suspected_at } else { now },
            looked_at: now,
            ..self
        }
    }

    fn into_standstill(self) -> Option<Standstill> {
        let channel = self.channel.parse().ok()?;
        Some(Standstill { channel, cause: self.cause, since: self.since, detail: self.detail })
    }
}

/// The look of every minute.
#[derive(Debug, Clone, Copy, Default)]
pub struct Watch;

/// Its name in the table of runs.
const NAME: &str = "delivery watch";

#[async_trait]
impl Job for Watch {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cron(&self) -> &'static str {
        // A moment after the full minute, when most reminders come due.
        "20 * * * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        let mut work = app.begin(Actor::System).await?;
        for channel in Channel::ALL {
            look(&mut work, channel).await?;
        }
        work.commit().await?;
        Ok(())
    }
}

/// Channels that stand still.
pub async fn standing(tx: &mut Tx) -> Result<Vec<Standstill>, StorageError> {
    Ok(store::begun(tx).await?.into_iter().filter_map(Known::into_standstill).collect())
}

/// When the watch looked last, if it ever did.
pub async fn watched_at(tx: &mut Tx) -> Result<Option<Timestamp>, StorageError> {
    periodic::ran_at(tx, NAME).await
}

/// Looks at one channel and remembers what follows from it.
async fn look(work: &mut Work, channel: Channel) -> Result<(), StorageError> {
    let now = work.now;
    let known = store::find(&mut work.tx, channel).await?;
    let sign = if super::is_on(work, channel).await? { sign_of(&mut work.tx, channel, now).await? } else { None };
    let Some(sign) = sign else { return at_ease(work, channel, known).await };
    let mut known = match known {
        None => Known::first(channel, sign, now),
        Some(known) => known.seen_again(sign, now),
    };
    if known.begun_at.is_none() && now - known.suspected_at >= known.cause.patience() {
        tracing::warn!(%channel, cause = ?known.cause, since = %known.since, "sending stands still");
        known.begun_at = Some(now);
    }
    if known.begun_at.is_some() && known.told_at.is_none_or(|at| now - at >= TELL_EVERY) {
        letters::tell_standing(work, channel, &known).await?;
        known.told_at = Some(now);
    }
    store::save(&mut work.tx, &known).await
}

/// The channel moves.
async fn at_ease(work: &mut Work, channel: Channel, known: Option<Known>) -> Result<(), StorageError> {
    let Some(known) = known else { return Ok(()) };
    store::forget(&mut work.tx, channel).await?;
    if let Some(begun_at) = known.begun_at {
        tracing::info!(%channel, "sending goes on");
        letters::tell_moving(work, channel, &known, begun_at).await?;
    }
    Ok(())
}

/// What keeps the channel from moving, as far as this moment tells.
async fn sign_of(tx: &mut Tx, channel: Channel, now: Timestamp) -> Result<Option<Sign>, StorageError> {
    let lease = lease::seen(tx, super::lease_of(channel)).await?;
    let Some(lease) = lease.filter(|lease| now - lease.until < NOBODY) else {
        let since = lease.map_or(now, |lease| lease.until);
        return Ok(Some(Sign { cause: Cause::NoSender, since, detail: None }));
    };
    if let Channel::Messenger(messenger) = channel
        && let Some(trouble) = bots::find(tx, messenger).await?.and_then(|bot| bot.trouble)
    {
        return Ok(Some(Sign { cause: Cause::Bot, since: now, detail: Some(trouble) }));
    }
    if lease.paused_until.is_some_and(|until| until > now) {
        return Ok(None);
    }
    let overdue = if channel == Channel::Email { LETTER_OVERDUE } else { OVERDUE };
    let Some(since) = store::oldest_due(tx, channel, now).await?.filter(|since| now - *since >= overdue) else {
        return Ok(None);
    };
    if store::has_moved(tx, channel, now - overdue).await? {
        return Ok(None);
    }
    let detail = said(tx, channel).await?;
    Ok(Some(Sign { cause: Cause::Stuck, since, detail }))
}
