//! A dead man's switch: every minute, and only while all is well, an address outside is asked for. When the signs stop, the service
//! there calls for help; also when nothing of ours can any more.

use std::time::Duration;

use chrono::TimeDelta;
use opora_core::{
    App,
    foundation::errors::Failure,
    messaging::delivery::standstill::{standing, watched_at},
    patronage::reminders::due,
};
use reqwest::Client;
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// How often.
const EVERY: TimeDelta = TimeDelta::minutes(1);
/// The first one waits until the others are at work.
const FIRST: TimeDelta = TimeDelta::seconds(5);
/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the database may take to say that all is well.
const LOOK: Duration = Duration::from_secs(10);
/// The jobs of every minute may be late by so much, and so may what comes due.
const LATE: TimeDelta = TimeDelta::minutes(3);

/// Gives signs of life until `cancel`; without an address it only waits.
pub async fn run(app: App, cancel: CancellationToken) {
    let url = app.config.heartbeat_url.clone();
    let client = Client::builder().timeout(PATIENCE).build();
    let (false, Ok(client)) = (url.reveal().is_empty(), client) else { return cancel.cancelled().await };
    let mut was_well = true;
    cancel.run_until_cancelled(app.clock.sleep_until(app.clock.now() + FIRST)).await;
    while !cancel.is_cancelled() {
        let next = app.clock.now() + EVERY;
        let beat = async {
            let trouble = trouble(&app).await;
            match &trouble {
                None => give(&client, url.reveal()).await,
                Some(trouble) if was_well => warn!(trouble, "no signs of life are given until it is over"),
                Some(_) => {}
            }
            was_well = trouble.is_none();
        };
        if cancel.run_until_cancelled(beat).await.is_none() {
            return;
        }
        cancel.run_until_cancelled(app.clock.sleep_until(next)).await;
    }
}

/// Asks for the address. It holds a secret, so it never stands in the log.
async fn give(client: &Client, url: &str) {
    let result = match client.get(url).send().await {
        Ok(answer) if answer.status().is_success() => "given",
        Ok(answer) => {
            warn!(status = answer.status().as_u16(), "the sign of life was not taken");
            "refused"
        }
        Err(error) => {
            warn!(error = %error.without_url(), "the sign of life could not be given");
            "failed"
        }
    };
    metrics::counter!("opora_heartbeats_total", "result" => result).increment(1);
}

/// Why all is not well, if so.
async fn trouble(app: &App) -> Option<String> {
    match tokio::time::timeout(LOOK, look(app)).await {
        Ok(Ok(trouble)) => trouble,
        Ok(Err(failure)) => Some(failure.to_string()),
        Err(_) => Some(format!("the database gave no answer within {} s", LOOK.as_secs())),
    }
}

async fn look(app: &App) -> Result<Option<String>, Failure> {
    let now = app.clock.now();
    let mut tx = app.db.glance().await?;
    let (watched_at, standing) = (watched_at(&mut tx).await?, standing(&mut tx).await?);
    drop(tx);
    if watched_at.is_none_or(|at| now - at > LATE) {
        return Ok(Some("the jobs of every minute do not run".to_owned()));
    }
    if let Some(standstill) = standing.first() {
        return Ok(Some(format!("sending stands still: {}", standstill.channel)));
    }
    let due = due::next_moment(app).await?;
    Ok(due.is_some_and(|at| now - at > LATE).then(|| "reminders come due and are not claimed".to_owned()))
}
