//! The two records that are held against each other: the messenger's and the database's.

use std::collections::{BTreeMap, HashMap};

use opora_core::{
    foundation::{clock::Timestamp, db::Db, ids::OccurrenceId},
    messaging::press::Press,
};
use opora_testkit::FakeTelegram;

use super::database::rows;

/// A reminder as the database knows it.
#[derive(Debug, sqlx::FromRow)]
pub struct Reminder {
    pub id: OccurrenceId,
    pub state: String,
    pub due_at: Timestamp,
    /// Whether its message is marked as a repetition.
    pub is_repeat: bool,
    pub message_state: String,
}

pub async fn reminders(db: &Db) -> Vec<Reminder> {
    let sql = "SELECT o.id, o.state, o.due_at, m.is_repeat, m.state AS message_state
        FROM occurrences o JOIN outbox m ON m.occurrence_id = o.id AND m.priority = 1";
    rows(db, sql).await
}

/// What the messenger took, in its order.
#[derive(Default)]
pub struct Arrivals {
    /// The texts of each reminder.
    pub by_reminder: HashMap<OccurrenceId, Vec<String>>,
    /// The reminders of each chat: each once, where it came first.
    pub by_chat: BTreeMap<i64, Vec<OccurrenceId>>,
}

pub fn arrivals(telegram: &FakeTelegram) -> Arrivals {
    let mut arrivals = Arrivals::default();
    for call in telegram.calls_of("sendMessage") {
        let data = &call.params["reply_markup"]["inline_keyboard"][0][0]["callback_data"];
        let Some(reminder) = data.as_str().and_then(reminder_of) else { continue };
        if !call.was_taken {
            continue;
        }
        let text = call.params["text"].as_str().unwrap_or_default().to_owned();
        arrivals.by_reminder.entry(reminder).or_default().push(text);
        let order = arrivals.by_chat.entry(call.chat.unwrap()).or_default();
        if !order.contains(&reminder) {
            order.push(reminder);
        }
    }
    arrivals
}

/// The reminder a button belongs to.
pub fn reminder_of(data: &str) -> Option<OccurrenceId> {
    match data.parse() {
        Ok(Press::React { occurrence, .. }) => Some(occurrence),
        _ => None,
    }
}
