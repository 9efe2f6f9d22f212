//! What patronage does for the engines: claims what comes due, settles what was sent, and looks through everything at start and
//! every hour.

use async_trait::async_trait;

use super::{activation, activity, citizens, marks, reminders, summary};
use crate::{
    App, Work,
    foundation::{clock::Timestamp, config::BotMode, errors::Failure},
    messaging::{
        messenger::Messenger,
        sender::{Finished, OnOutcome},
    },
    schedule::{periodic::Job, worker::Due},
};

/// Patronage, as the engines know it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Patronage;

#[async_trait]
impl Due for Patronage {
    async fn claim(&self, app: &App, limit: u32) -> Result<bool, Failure> {
        reminders::due::claim(app, limit).await.map(|claimed| claimed.more)
    }

    async fn next_moment(&self, app: &App) -> Result<Option<Timestamp>, Failure> {
        reminders::due::next_moment(app).await
    }

    async fn summarise(&self, app: &App) -> Result<(), Failure> {
        reminders::due::summarise_missed(app).await.map(drop)
    }
}

#[async_trait]
impl OnOutcome for Patronage {
    async fn finished(&self, work: &mut Work, finished: &[Finished]) -> Result<(), Failure> {
        Ok(reminders::outcome::finished(work, finished).await?)
    }

    async fn blocked(&self, work: &mut Work, messenger: Messenger, chat: &str) -> Result<(), Failure> {
        activation::mark_blocked(work, messenger, chat).await?;
        Ok(())
    }
}

/// Ends the inactivity of those whose «неактивен до» has passed, at the beginning of the day of each time zone (PT-074).
#[derive(Debug, Clone, Copy, Default)]
pub struct WakeUpInactive;

#[async_trait]
impl Job for WakeUpInactive {
    fn name(&self) -> &'static str {
        "end of inactivity"
    }

    fn cron(&self) -> &'static str {
        // Time zones begin their days at quarters of an hour.
        "5 0/15 * * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        citizens::wake_up_inactive(app).await?;
        Ok(())
    }
}

/// Writes the automatic records of «Активность» at 00:10 of each time zone (PT-212 … PT-215), and makes up for days on which
/// nothing ran.
#[derive(Debug, Clone, Copy, Default)]
pub struct WriteActivity;

#[async_trait]
impl Job for WriteActivity {
    fn name(&self) -> &'static str {
        "automatic activity records"
    }

    fn cron(&self) -> &'static str {
        // Ten minutes after days begin somewhere; after the end of inactivity.
        "5 10/15 * * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        activity::run_automatic(app).await?;
        Ok(())
    }
}

/// Writes each curator a letter about the records that wait, if the installation wants it (PT-D51).
#[derive(Debug, Clone, Copy, Default)]
pub struct SendDigest;

#[async_trait]
impl Job for SendDigest {
    fn name(&self) -> &'static str {
        "daily letters about activity"
    }

    fn cron(&self) -> &'static str {
        // Eight o'clock of every zone; the letters of a day are written once.
        "15 0/15 * * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        activity::send_digest(app).await?;
        Ok(())
    }
}

/// Whether the bot was on when activation codes were looked through last.
const BOT: &str = "bot";

/// At start: what may have changed while nothing ran. Time zone data came with the program, the bot may have been switched on. Where
/// nothing has changed, nothing is looked through.
pub async fn look_through(app: &App) -> Result<(), Failure> {
    let issued = issue_missing_codes(app).await?;
    let moved = reminders::follow_time_zones(app).await?;
    summary::catch_up(app).await?;
    if issued > 0 || moved > 0 {
        tracing::info!(issued, moved, "activation codes issued and reminders moved at start");
    }
    Ok(())
}

/// Cards that were made while the bot was off have no code yet.
async fn issue_missing_codes(app: &App) -> Result<u64, Failure> {
    let mode = if app.config.bot_mode == BotMode::On { "on" } else { "off" };
    let mut tx = app.db.read().await?;
    let was = marks::all(&mut tx).await?.remove(BOT);
    drop(tx);
    if was.as_deref() == Some(mode) {
        return Ok(0);
    }
    let issued = activation::issue_missing(app).await?;
    let mut tx = app.db.begin().await?;
    marks::set(&mut tx, BOT, Some(mode)).await?;
    tx.commit().await?;
    Ok(issued)
}
