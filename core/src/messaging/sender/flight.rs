//! One message on its way: hands it to the adapter and comes back with what happened, whatever happens.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;

use super::{Adapter, Delivery, Outcome, settle::Flown};
use crate::{
    App,
    messaging::{
        message::Outgoing,
        messenger::Messenger,
        outbox::{Channel, Payload, flights::Claimed, store},
    },
};

/// An adapter has its own time-outs; this only guards against one that forgot.
const LONGEST_FLIGHT: Duration = Duration::from_mins(2);

/// Hands one message over and comes back with what happened, whatever happens.
pub async fn fly(app: App, adapter: Arc<dyn Adapter>, row: Claimed) -> Flown {
    let outcome = match delivery(&app, &*adapter, &row) {
        None => Outcome::Refused("not a message".to_owned()),
        Some(delivery) => {
            let guarded = AssertUnwindSafe(adapter.deliver(&delivery)).catch_unwind();
            match tokio::time::timeout(LONGEST_FLIGHT, guarded).await {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(_)) => Outcome::Unknown("the adapter broke down".to_owned()),
                Err(_) => Outcome::Unknown("no answer in time".to_owned()),
            }
        }
    };
    Flown { row, outcome, at: app.clock.now() }
}

fn delivery(app: &App, adapter: &dyn Adapter, row: &Claimed) -> Option<Delivery> {
    let Payload::Message(outgoing) = &row.payload.0 else { return None };
    let marked = row.is_repeat && !adapter.abilities().recognises_repetition;
    let outgoing = if marked {
        let mark = app.house_words().t("outbox-repeat").to_string();
        outgoing.clone().with_first_line(&mark, adapter.abilities().text_limit)
    } else {
        outgoing.clone()
    };
    Some(Delivery { id: row.id, chat: row.recipient.clone(), outgoing, is_repeat: row.is_repeat })
}

/// Tells the metrics how long the queue is.
pub async fn measure(app: App, messenger: Messenger) {
    let now = app.clock.now();
    let measured = async { store::backlog(&mut app.db.glance().await?, Channel::Messenger(messenger), now).await };
    match measured.await {
        Ok((waiting, oldest)) => {
            let age = oldest.map_or(0.0, |oldest| (now - oldest).as_seconds_f64());
            #[expect(clippy::cast_precision_loss, reason = "a queue is shorter than 2^52")]
            metrics::gauge!("opora_outbox_waiting", "channel" => messenger.name()).set(waiting as f64);
            metrics::gauge!("opora_outbox_oldest_seconds", "channel" => messenger.name()).set(age);
        }
        Err(error) => tracing::debug!(%error, "the queue could not be measured"),
    }
}

impl Outgoing {
    /// The same with a line before it; what does not fit any more is cut at the end.
    fn with_first_line(self, line: &str, limit: usize) -> Self {
        match self {
            Self::Say { text, keyboard } => Self::Say { text: fit(&format!("{line}\n{text}"), limit), keyboard },
            other => other,
        }
    }
}

/// Cuts a text to a messenger's limit, counted in UTF-16 units as messengers do.
fn fit(text: &str, limit: usize) -> String {
    if text.encode_utf16().count() <= limit {
        return text.to_owned();
    }
    let mut left = limit.saturating_sub(1);
    let kept: String = text
        .chars()
        .take_while(|sign| {
            let fits = sign.len_utf16() <= left;
            left = left.saturating_sub(sign.len_utf16());
            fits
        })
        .collect();
    kept + "…"
}
