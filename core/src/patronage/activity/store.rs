//! Rows of «Активность».

use super::Cause;
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{ActivityId, ContactId, FileId, OccurrenceId, PersonId},
    },
    on_backend,
    people::access::Author,
};

/// What a record is about.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    /// The citizen.
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    /// The curator responsible now.
    #[sqlx(rename = "curator_id")]
    pub curator: Option<PersonId>,
    /// The contact request.
    #[sqlx(rename = "contact_id")]
    pub contact: Option<ContactId>,
    /// The curator's own reminder.
    #[sqlx(rename = "occurrence_id")]
    pub occurrence: Option<OccurrenceId>,
}

/// Writes a record unless its cause has one; tells whether it is new.
pub(super) async fn insert(
    tx: &mut Tx,
    id: ActivityId,
    person: PersonId,
    cause: Cause,
    now: Timestamp,
) -> Result<bool, StorageError> {
    const SQL: &str = "INSERT INTO activity (id, kind, person_id, curator_id, district_id, cause, file_id, contact_id,
            occurrence_id, created_at)
        SELECT $1, $2, person_id, curator_id, district_id, $4, $5, $6, $7, $8 FROM citizens WHERE person_id = $3
        ON CONFLICT (cause) DO NOTHING";
    let (mut file, mut contact, mut occurrence): (Option<FileId>, Option<ContactId>, Option<OccurrenceId>) =
        (None, None, None);
    match cause {
        Cause::File(id) => file = Some(id),
        Cause::ContactRequest(id) => contact = Some(id),
        Cause::CuratorReminder(id) => occurrence = Some(id),
    }
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(cause.kind())
        .bind(person)
        .bind(cause.key())
        .bind(file)
        .bind(contact)
        .bind(occurrence)
        .bind(now)
        .execute(c)
        .await?
        .rows_affected());
    Ok(rows == 1)
}

/// The record with its citizen's present curator.
pub(super) async fn find(tx: &mut Tx, id: ActivityId) -> Result<Option<Row>, StorageError> {
    const SQL: &str = "SELECT a.person_id, c.curator_id, a.contact_id, a.occurrence_id
        FROM activity a JOIN citizens c ON c.person_id = a.person_id
        WHERE a.id = $1 AND c.deleted_at IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// Ticks an unticked record; tells whether it changed.
pub(super) async fn tick(tx: &mut Tx, id: ActivityId, now: Timestamp, by: Author) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE activity SET processed_at = $2, processed_by = $3 WHERE id = $1 AND processed_at IS NULL";
    let by = by.to_string();
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(now).bind(by).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Unticks a ticked record; tells whether it changed.
pub(super) async fn untick(tx: &mut Tx, id: ActivityId) -> Result<bool, StorageError> {
    const SQL: &str =
        "UPDATE activity SET processed_at = NULL, processed_by = NULL WHERE id = $1 AND processed_at IS NOT NULL";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await?.rows_affected()) == 1)
}

/// Ticks the record of a contact request, if there is one and it is not ticked.
pub(super) async fn tick_contact(
    tx: &mut Tx,
    contact: ContactId,
    now: Timestamp,
    by: Author,
) -> Result<(), StorageError> {
    const SQL: &str =
        "UPDATE activity SET processed_at = $2, processed_by = $3 WHERE contact_id = $1 AND processed_at IS NULL";
    let by = by.to_string();
    on_backend!(tx, |c| sqlx::query(SQL).bind(contact).bind(now).bind(by).execute(c).await.map(drop)?);
    Ok(())
}

/// Whether the record of a contact request is ticked.
pub(super) async fn contact_is_ticked(tx: &mut Tx, contact: ContactId) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT COUNT(*) FROM activity WHERE contact_id = $1 AND processed_at IS NOT NULL";
    let found: i64 = on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(contact).fetch_one(c).await?);
    Ok(found > 0)
}
