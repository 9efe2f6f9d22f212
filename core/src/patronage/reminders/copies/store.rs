//! SQL that reads the reminders' rows of the table `outbox`.

use serde_json::Value;
use sqlx::types::Json;

use super::Copy;
use crate::{
    foundation::{
        db::Tx,
        errors::StorageError,
        ids::{OccurrenceId, OutboxId},
    },
    messaging::{
        message::Outgoing,
        outbox::{Channel, Payload},
    },
    on_backend,
};

/// The messages that carry this reminder.
pub async fn of_occurrence(tx: &mut Tx, occurrence: OccurrenceId) -> Result<Vec<Copy>, StorageError> {
    const SQL: &str =
        "SELECT id, channel, recipient, external_id, payload FROM outbox WHERE occurrence_id = $1 ORDER BY id";
    type Row = (OutboxId, String, String, Option<String>, Json<Value>);
    let rows: Vec<Row> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(occurrence).fetch_all(c).await?);
    Ok(rows
        .into_iter()
        .filter_map(|(id, channel, chat, message, payload)| {
            let Ok(Channel::Messenger(messenger)) = channel.parse() else { return None };
            // What is kept of an old message may be its shell only; the text is then written anew.
            let text = match serde_json::from_value(payload.0) {
                Ok(Payload::Message(Outgoing::Say { text, .. })) => Some(text),
                _ => None,
            };
            Some(Copy { id, messenger, chat, message, text })
        })
        .collect())
}
