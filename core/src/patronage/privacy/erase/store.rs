//! SQL of the final erasure.

use uuid::Uuid;

use crate::{
    foundation::{
        clock::Timestamp,
        db::{Sql, Tx},
        errors::StorageError,
        ids::{ExportId, PersonId},
    },
    on_backend,
};

/// Statements that clear what patronage keeps of the citizen `$1`, children before their parents. Rows that figures count stay,
/// without a word in them.
const SWEEPS: [&str; 14] = [
    "DELETE FROM outbox WHERE occurrence_id IN (SELECT id FROM occurrences WHERE person_id = $1)",
    "DELETE FROM activation_codes WHERE person_id = $1",
    "DELETE FROM links WHERE person_id = $1",
    "DELETE FROM citizen_groups WHERE person_id = $1",
    "DELETE FROM consents WHERE person_id = $1",
    "DELETE FROM exclusions WHERE series_id IN (SELECT id FROM series WHERE person_id = $1)",
    "UPDATE series SET text = '', submission = NULL, next_ordinal = NULL, next_date = NULL, next_due_at = NULL
        WHERE person_id = $1",
    "UPDATE occurrences SET text = '' WHERE person_id = $1",
    "UPDATE files SET chat = '', source = NULL, album = NULL, name = '', size = NULL, media_type = '', caption = NULL,
        storage_key = NULL, sha256 = NULL, state = 'failed', next_attempt_at = NULL WHERE person_id = $1",
    "UPDATE contacts SET comment = NULL, result = '' WHERE person_id = $1",
    "UPDATE import_rows SET fields = NULL, faults = NULL, filled = NULL WHERE person_id = $1",
    "UPDATE persons SET surname = '', name = NULL, patronymic = NULL, email = NULL, phone = NULL, name_key = '',
        time_zone = NULL WHERE id = $1",
    "UPDATE citizens SET birth_date = NULL, inn = NULL, situation = NULL, situation_key = NULL, diary = NULL,
        inactive_until = NULL, submission = NULL, name_key = '', version = version + 1 WHERE person_id = $1",
    // An open request or record of nobody would wait for ever.
    "UPDATE activity SET processed_at = COALESCE(processed_at, created_at) WHERE person_id = $1",
];

/// Whom to erase.
#[derive(sqlx::FromRow)]
pub(super) struct Found {
    pub surname: String,
    pub name: Option<String>,
    pub patronymic: Option<String>,
    pub phone: Option<String>,
    pub deleted_at: Option<Timestamp>,
    pub erased_at: Option<Timestamp>,
}

/// The citizen, deleted or not. Held, so that nobody takes the deletion back meanwhile.
pub(super) async fn find(tx: &mut Tx, person: PersonId) -> Result<Option<Found>, StorageError> {
    const HOLD: &str = "UPDATE citizens SET version = version WHERE person_id = $1";
    const SQL: &str = "SELECT p.surname, p.name, p.patronymic, p.phone, c.deleted_at, c.erased_at
        FROM citizens c JOIN persons p ON p.id = c.person_id WHERE c.person_id = $1";
    on_backend!(tx, |c| sqlx::query(HOLD).bind(person).execute(c).await.map(drop)?);
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_optional(c).await?))
}

/// Citizens deleted before `before` and not erased, the first deleted first.
pub(super) async fn overdue(
    tx: &mut Tx,
    before: Timestamp,
    after: Option<(Timestamp, PersonId)>,
    limit: i64,
) -> Result<Vec<(Timestamp, PersonId)>, StorageError> {
    const SQL: &str = "SELECT deleted_at, person_id FROM citizens
        WHERE deleted_at IS NOT NULL AND erased_at IS NULL AND deleted_at <= $1 AND (deleted_at, person_id) > ($2, $3)
        ORDER BY deleted_at, person_id LIMIT $4";
    let (at, person) = after.unwrap_or((Timestamp::UNIX_EPOCH, PersonId(Uuid::nil())));
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(before).bind(at).bind(person).bind(limit).fetch_all(c).await?))
}

/// Exports in which the person stands.
pub(super) async fn exports(tx: &mut Tx, person: PersonId) -> Result<Vec<ExportId>, StorageError> {
    const SQL: &str = "SELECT DISTINCT export_id FROM export_rows
        WHERE seq = (SELECT seq FROM citizens WHERE person_id = $1)";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(person).fetch_all(c).await?))
}

/// Deletes an export with its rows.
pub(super) async fn delete_export(tx: &mut Tx, id: ExportId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM exports WHERE id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(drop)?);
    Ok(())
}

/// Clears all rows and marks the citizen as erased.
pub(super) async fn sweep(tx: &mut Tx, person: PersonId, now: Timestamp) -> Result<(), StorageError> {
    const SEARCH: Sql = Sql {
        sqlite: "DELETE FROM citizen_search WHERE rowid = (SELECT seq FROM citizens WHERE person_id = $1)",
        postgres: "DELETE FROM citizen_search WHERE seq = (SELECT seq FROM citizens WHERE person_id = $1)",
    };
    const HANDLED: &str = "UPDATE contacts SET handled_at = COALESCE(handled_at, $2) WHERE person_id = $1";
    const ERASED: &str = "UPDATE citizens SET erased_at = $2, inactive = $3 WHERE person_id = $1";
    let search = SEARCH.of(tx);
    on_backend!(tx, |c| sqlx::query(search).bind(person).execute(c).await.map(drop)?);
    for sql in SWEEPS {
        on_backend!(tx, |c| sqlx::query(sql).bind(person).execute(c).await.map(drop)?);
    }
    on_backend!(tx, |c| sqlx::query(HANDLED).bind(person).bind(now).execute(c).await.map(drop)?);
    on_backend!(tx, |c| sqlx::query(ERASED).bind(person).bind(now).bind(false).execute(c).await.map(drop)?);
    Ok(())
}
