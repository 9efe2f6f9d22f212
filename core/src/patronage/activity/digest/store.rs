//! SQL of the daily letters.

use chrono::NaiveDate;

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::PersonId},
    on_backend,
    patronage::activity::Kind,
    people::name::FullName,
};

/// A record that waits.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Waiting {
    pub kind: Kind,
    pub created_at: Timestamp,
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
}

impl Waiting {
    /// Whom it is about.
    pub fn name(&self) -> FullName {
        FullName { surname: self.surname.clone(), name: self.name.clone(), patronymic: self.patronymic.clone() }
    }
}

/// Notes that the letters of this day are written; `false` when they were.
pub(super) async fn begin_day(tx: &mut Tx, day: NaiveDate) -> Result<bool, StorageError> {
    const SQL: &str = "INSERT INTO daily_runs (name, day) VALUES ('digest', $1)
        ON CONFLICT (name) DO UPDATE SET day = $1 WHERE daily_runs.day < $1";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(day).execute(c).await?.rows_affected()) == 1)
}

/// The curators of now whose records wait, and how many.
pub(super) async fn waiting(tx: &mut Tx) -> Result<Vec<(PersonId, i64)>, StorageError> {
    const SQL: &str = "SELECT c.curator_id, COUNT(*) FROM activity a JOIN citizens c ON c.person_id = a.person_id
        WHERE a.processed_at IS NULL AND c.deleted_at IS NULL AND c.curator_id IS NOT NULL
        GROUP BY c.curator_id ORDER BY c.curator_id";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await?))
}

/// What waits for a curator, the oldest first.
pub(super) async fn of_curator(tx: &mut Tx, curator: PersonId, limit: i64) -> Result<Vec<Waiting>, StorageError> {
    const SQL: &str = "SELECT a.kind, a.created_at, p.surname, p.name, p.patronymic
        FROM citizens c JOIN activity a ON a.person_id = c.person_id JOIN persons p ON p.id = c.person_id
        WHERE c.curator_id = $1 AND c.deleted_at IS NULL AND a.processed_at IS NULL ORDER BY a.id LIMIT $2";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(curator).bind(limit).fetch_all(c).await?))
}
