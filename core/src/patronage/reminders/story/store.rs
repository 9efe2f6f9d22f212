//! Reading what is known of one reminder.

use serde_json::Value;
use sqlx::types::Json;

use super::{Step, What};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{OccurrenceId, PersonId, SeriesId},
    },
    messaging::messenger::Messenger,
    on_backend,
    patronage::reminders::state::OccurrenceState,
    people::access::Author,
};

/// Marks of one reminder that are read: nobody changes his mind more often.
const MARKS: i64 = 50;

/// Who planned a series.
#[derive(sqlx::FromRow)]
pub(super) struct Origin {
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    author: String,
    pub created_at: Timestamp,
}

impl Origin {
    pub(super) fn author(&self, series: SeriesId) -> Result<Author, StorageError> {
        let wrong = |_| StorageError::Inconsistent { table: "series", column: "author", id: series.to_string() };
        self.author.parse().map_err(wrong)
    }
}

/// A message of a reminder.
#[derive(sqlx::FromRow)]
pub(super) struct MessageRow {
    channel: Messenger,
    state: String,
    external_id: Option<String>,
    is_repeat: bool,
    pub created_at: Timestamp,
    finished_at: Option<Timestamp>,
}

impl MessageRow {
    /// That the messenger has it, if it has.
    pub(super) fn shown(self) -> Option<Step> {
        if self.state != "delivered" {
            return None;
        }
        let what = What::Shown { messenger: Some(self.channel), number: self.external_id, is_repeat: self.is_repeat };
        Some(Step { at: self.finished_at, what })
    }
}

/// An entry of the audit about a mark.
#[derive(sqlx::FromRow)]
pub(super) struct MarkRow {
    pub at: Timestamp,
    author: String,
    changes: Json<Value>,
}

impl MarkRow {
    /// Who marked it, what it was and what it became.
    pub(super) fn read(
        &self,
        id: OccurrenceId,
    ) -> Result<(Author, Option<OccurrenceState>, OccurrenceState), StorageError> {
        let wrong = |column| StorageError::Inconsistent { table: "audit", column, id: id.to_string() };
        let author = self.author.parse().map_err(|_| wrong("author"))?;
        let state = |which: &str| {
            let value = self.changes.get("state")?.get(which)?.clone();
            serde_json::from_value::<OccurrenceState>(value).ok()
        };
        Ok((author, state("old"), state("new").ok_or_else(|| wrong("changes"))?))
    }
}

pub(super) async fn origin(tx: &mut Tx, series: SeriesId) -> Result<Option<Origin>, StorageError> {
    const SQL: &str = "SELECT person_id, author, created_at FROM series WHERE id = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(series).fetch_optional(c).await?))
}

/// The messages of a reminder, without those that only took buttons away.
pub(super) async fn messages(tx: &mut Tx, id: OccurrenceId) -> Result<Vec<MessageRow>, StorageError> {
    const SQL: &str = "SELECT channel, state, external_id, is_repeat, created_at, finished_at FROM outbox
        WHERE occurrence_id = $1 AND priority = 1 ORDER BY id";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_all(c).await?))
}

/// Every mark made by hand, in order.
pub(super) async fn marks(tx: &mut Tx, id: OccurrenceId) -> Result<Vec<MarkRow>, StorageError> {
    const SQL: &str = "SELECT at, author, changes FROM audit
        WHERE subject_id = $1 AND action = 'reminder.marked' ORDER BY id LIMIT $2";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(id.0).bind(MARKS).fetch_all(c).await?))
}
