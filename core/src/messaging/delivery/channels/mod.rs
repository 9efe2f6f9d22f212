//! Each way out: its queue by age, the last day, who sends, pauses and the bot.

mod store;

use chrono::TimeDelta;

use super::standstill::{self, Standstill};
use crate::{
    Work,
    foundation::{clock::Timestamp, errors::Failure},
    messaging::{
        bots::{self, Bot},
        outbox::Channel,
    },
    people::access::Action,
    schedule::lease,
};

/// Ends of messages of the last day are counted up to so many, of all channels together.
pub const COUNTED_AT_MOST: i64 = 20_000;

/// Where the ages of what waits are cut: one minute, five, an hour.
const AGES: [TimeDelta; 3] = [TimeDelta::minutes(1), TimeDelta::minutes(5), TimeDelta::hours(1)];

/// How a way out stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelState {
    /// Which.
    pub channel: Channel,
    /// Whether the installation uses it.
    pub is_on: bool,
    /// What waits.
    pub queue: Queue,
    /// What was said when something that waits was put off.
    pub said: Option<String>,
    /// The last 24 hours.
    pub day: Day,
    /// Whether somebody holds the lease of the sender.
    pub has_sender: bool,
    /// Until when the messenger asked for silence (PT-D41), if that is still to come.
    pub paused_until: Option<Timestamp>,
    /// The messenger's bot, if it has one and was ever reached.
    pub bot: Option<Bot>,
    /// When something came from there last, as far as the latest updates tell.
    pub heard_at: Option<Timestamp>,
    /// Since when it stands still, if it does.
    pub standstill: Option<Standstill>,
}

/// What waits in a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// Due, by age: less than a minute, five minutes, an hour, and older.
    pub due: [i64; 4],
    /// Of these, put off after a failure that may pass.
    pub put_off: i64,
    /// Not due yet.
    pub later: i64,
    /// Being handed over now.
    pub under_way: i64,
    /// Since when the oldest of those that are due waits.
    pub oldest: Option<Timestamp>,
}

impl Queue {
    /// How many are due.
    pub fn all_due(&self) -> i64 {
        self.due.iter().sum()
    }
}

/// What ended in the last 24 hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Day {
    /// Taken by the messenger or mail server.
    pub delivered: i64,
    /// Ended without arriving.
    pub failed: i64,
    /// So much happened that it was not counted to the end.
    pub is_at_least: bool,
}

/// The whole page.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// Every way out.
    pub channels: Vec<ChannelState>,
    /// When the watch looked last; it looks every minute.
    pub watched_at: Option<Timestamp>,
    /// The moment all this is true of.
    pub at: Timestamp,
}

/// How messages and letters leave.
pub async fn overview(work: &mut Work) -> Result<Overview, Failure> {
    work.must(Action::HandleDelivery)?;
    let ended = store::ended_since(&mut work.tx, work.now - TimeDelta::days(1), COUNTED_AT_MOST).await?;
    let standing = standstill::standing(&mut work.tx).await?;
    let mut channels = Vec::new();
    for channel in Channel::ALL {
        let mut state = state_of(work, channel).await?;
        state.day = day(&ended, channel);
        state.standstill = standing.iter().find(|it| it.channel == channel).cloned();
        channels.push(state);
    }
    let watched_at = standstill::watched_at(&mut work.tx).await?;
    Ok(Overview { channels, watched_at, at: work.now })
}

async fn state_of(work: &mut Work, channel: Channel) -> Result<ChannelState, Failure> {
    let now = work.now;
    let cuts = AGES.map(|age| now - age);
    let is_on = super::is_on(work, channel).await?;
    let lease = lease::seen(&mut work.tx, super::lease_of(channel)).await?;
    let (bot, heard_at) = match channel {
        Channel::Messenger(messenger) => {
            (bots::find(&mut work.tx, messenger).await?, store::heard_at(&mut work.tx, messenger).await?)
        }
        Channel::Email => (None, None),
    };
    Ok(ChannelState {
        channel,
        is_on,
        queue: store::queue(&mut work.tx, channel, now, cuts).await?,
        said: standstill::said(&mut work.tx, channel).await?,
        day: Day::default(),
        has_sender: lease.is_some_and(|lease| lease.until > now),
        paused_until: lease.and_then(|lease| lease.paused_until).filter(|until| *until > now),
        bot,
        heard_at,
        standstill: None,
    })
}

fn day(ended: &[store::Ended], channel: Channel) -> Day {
    let of = |is_it: fn(&str) -> bool| {
        let rows = ended.iter().filter(|row| row.channel == channel.name() && is_it(&row.state));
        rows.map(|row| row.number).sum()
    };
    Day {
        delivered: of(|state| state == "delivered"),
        failed: of(|state| matches!(state, "failed" | "expired")),
        is_at_least: ended.iter().map(|row| row.number).sum::<i64>() >= COUNTED_AT_MOST,
    }
}
