//! Letters to the administrator about a standstill: one when it begins, one for every day it lasts, one when it is over.

use chrono::TimeDelta;

use super::Known;
use crate::{
    Work,
    foundation::{clock::Timestamp, errors::StorageError},
    messaging::{
        letters::{self, Recipient},
        outbox::{Channel, Letter},
    },
    words::format,
};

/// Sending stands still, or still does.
pub(super) async fn tell_standing(work: &mut Work, channel: Channel, known: &Known) -> Result<(), StorageError> {
    if channel == Channel::Email {
        return Ok(());
    }
    let words = work.app.house_words();
    let (name, since) = (name_of(work, channel), format::moment(known.since, work.app.config.time_zone));
    let mut lines =
        vec![words.t(known.cause.label_key()).s("channel", name.as_str()).s("since", since.as_str()).to_string()];
    if let Some(detail) = &known.detail {
        lines.push(words.t("delivery-letter-said").s("detail", detail.as_str()).to_string());
    }
    lines.extend([String::new(), words.t("delivery-letter-text").s("address", address(work)).to_string()]);
    let subject = words.t("delivery-letter-standing").s("channel", name.as_str()).to_string();
    // Each day has one of its own.
    let cause = format!("standstill:{}:{}", known.channel, work.now.timestamp_micros());
    letters::notify(work, Recipient::Administrator, Letter { subject, text: lines.join("\n") }, &cause).await
}

/// Sending goes on.
pub(super) async fn tell_moving(
    work: &mut Work,
    channel: Channel,
    known: &Known,
    begun_at: Timestamp,
) -> Result<(), StorageError> {
    if channel == Channel::Email {
        return Ok(());
    }
    let words = work.app.house_words();
    let (name, zone) = (name_of(work, channel), work.app.config.time_zone);
    let (since, until) = (format::moment(known.since, zone), format::moment(work.now, zone));
    let minutes = (work.now - known.since).max(TimeDelta::minutes(1)).num_minutes();
    let lines = [
        words.t("delivery-letter-moved").s("since", since).s("until", until).n("minutes", minutes).to_string(),
        String::new(),
        words.t("delivery-letter-after").s("address", address(work)).to_string(),
    ];
    let subject = words.t("delivery-letter-moving").s("channel", name).to_string();
    let cause = format!("standstill-over:{}:{}", known.channel, begun_at.timestamp_micros());
    letters::notify(work, Recipient::Administrator, Letter { subject, text: lines.join("\n") }, &cause).await
}

fn name_of(work: &Work, channel: Channel) -> String {
    work.app.house_words().t(channel.label_key()).to_string()
}

fn address(work: &Work) -> String {
    format!("{}/delivery", work.app.config.public_url())
}
