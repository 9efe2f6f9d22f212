//! One letter a day to each curator whose records wait for a tick (PT-D51), if the installation wants it: also of the three
//! kinds that are not mailed at once.

mod store;

use chrono::NaiveTime;

use crate::{
    App, Work,
    foundation::{
        errors::{Failure, StorageError},
        ids::PersonId,
    },
    messaging::{
        letters::{self, Recipient},
        outbox::Letter,
    },
    people::access::Actor,
    schedule::local_time::local_now,
    words::{Dictionary, format},
};

/// When the letters are written, by the clocks of the installation.
const WRITTEN_AT: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).expect("a time of day");
/// Records named in one letter, the oldest first; the rest is only counted.
const NAMED: i64 = 50;

/// Writes today's letters, unless that was done; tells how many.
pub async fn send(app: &App) -> Result<usize, Failure> {
    let wall = local_now(app.clock.now(), app.config.time_zone);
    if !app.config.mail.daily_digest || wall.time() < WRITTEN_AT {
        return Ok(0);
    }
    let mut work = app.begin(Actor::System).await?;
    if !store::begin_day(&mut work.tx, wall.date()).await? {
        return Ok(0);
    }
    let waiting = store::waiting(&mut work.tx).await?;
    for (curator, count) in &waiting {
        let letter = letter(&mut work, *curator, *count).await?;
        letters::notify(&mut work, Recipient::Curator(*curator), letter, &format!("digest:{}", wall.date())).await?;
    }
    work.commit().await?;
    Ok(waiting.len())
}

async fn letter(work: &mut Work, curator: PersonId, count: i64) -> Result<Letter, StorageError> {
    let app = work.app.clone();
    let words = app.house_words();
    let mut lines = vec![words.t("activity-digest-intro").n("count", count).to_string(), String::new()];
    let named = store::of_curator(&mut work.tx, curator, NAMED).await?;
    lines.extend(named.iter().map(|it| line(words, &app, it)));
    let more = count - i64::try_from(named.len()).unwrap_or(i64::MAX);
    if more > 0 {
        lines.push(words.t("activity-digest-more").n("count", more).to_string());
    }
    lines.extend([String::new(), format!("{}/activity?seen=no", app.config.public_url())]);
    Ok(Letter { subject: words.t("activity-digest-subject").n("count", count).to_string(), text: lines.join("\n") })
}

fn line(words: &Dictionary, app: &App, it: &store::Waiting) -> String {
    let when = format::moment(it.created_at, app.config.time_zone);
    format!("{when} — {}: {}", it.name().full(), words.t(it.kind.label_key()))
}
