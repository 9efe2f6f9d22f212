//! Rows of «Файлы пользователя».

use super::{Attachment, StoredFile, TypeFilter, name};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Tx, exactly_one},
        errors::StorageError,
        ids::{FileId, FileTypeId, PersonId},
        page::{Cursor, Direction, PAGE_ROWS, Page},
    },
    messaging::{message::IncomingFile, messenger::Messenger},
    on_backend,
};

/// Where a file stands (section 3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    /// Announced, not fetched yet.
    Receiving,
    /// In the store.
    Stored,
    /// Too large.
    Rejected,
    /// Could not be fetched.
    Failed,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FileRow {
    /// Which.
    pub id: FileId,
    /// Original name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Bytes; unknown while receiving, if the messenger did not tell.
    pub size: Option<i64>,
    /// The text sent with it.
    pub caption: Option<String>,
    /// Its type; `None` is «Без типа».
    pub type_id: Option<FileTypeId>,
    /// The type's name, also of a type deleted meanwhile.
    pub type_name: Option<String>,
    /// Whether the type was deleted meanwhile (PT-239).
    pub type_is_deleted: bool,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Receiving or stored; others are not listed.
    pub state: State,
}

impl FileRow {
    /// Whether a browser may show it.
    pub fn may_be_shown(&self) -> bool {
        super::may_be_shown(&self.media_type)
    }
}

/// Writes an announced file.
#[expect(clippy::too_many_arguments, reason = "a row has so many columns")]
pub(super) async fn insert_announced(
    tx: &mut Tx,
    id: FileId,
    person: PersonId,
    messenger: Messenger,
    chat: &str,
    file: &IncomingFile,
    name: &str,
    media_type: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    const SQL: &str =
        "INSERT INTO files (id, person_id, messenger, chat, source, album, name, size, media_type, caption,
            received_at, state, attempts, next_attempt_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'receiving', 0, $11)";
    let size = file.size.and_then(|size| i64::try_from(size).ok());
    let caption = file.caption.as_deref().map(str::trim).filter(|caption| !caption.is_empty());
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(person)
        .bind(messenger)
        .bind(chat)
        .bind(&file.source)
        .bind(&file.album)
        .bind(name)
        .bind(size)
        .bind(media_type)
        .bind(caption)
        .bind(now)
        .execute(c)
        .await
        .map(drop)?);
    Ok(())
}

/// Writes a file that the curator attached.
pub(super) async fn insert_attached(
    tx: &mut Tx,
    id: FileId,
    person: PersonId,
    file: &Attachment,
    now: Timestamp,
) -> Result<(), StorageError> {
    const SQL: &str =
        "INSERT INTO files (id, person_id, messenger, chat, name, size, media_type, received_at, storage_key,
            sha256, state, attempts)
        VALUES ($1, $2, 'panel', '', $3, $4, $5, $6, $7, $8, 'stored', 0)";
    let size = i64::try_from(file.size).unwrap_or(i64::MAX);
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(person)
        .bind(name::cleaned(&file.name))
        .bind(size)
        .bind(name::media_type(file.media_type.as_deref(), Some(&file.name)))
        .bind(now)
        .bind(&file.storage_key)
        .bind(file.sha256.as_slice())
        .execute(c)
        .await
        .map(drop)?);
    Ok(())
}

/// A page of a citizen's files, newest first.
pub(super) async fn list(
    tx: &mut Tx,
    person: PersonId,
    filter: TypeFilter,
    at: Option<Cursor>,
) -> Result<Page<FileRow>, StorageError> {
    const FIRST: &str = "SELECT f.id, f.name, f.media_type, f.size, f.caption, f.type_id, t.name AS type_name,
            t.deleted_at IS NOT NULL AS type_is_deleted, f.received_at,
            f.state
        FROM files f LEFT JOIN file_types t ON t.id = f.type_id
        WHERE f.person_id = $1 AND f.state IN ('receiving', 'stored')
            AND ($3 = 'all' OR ($3 = 'untyped' AND f.type_id IS NULL) OR ($3 = 'typed' AND f.type_id = $4))
        ORDER BY f.id DESC LIMIT $2";
    const OLDER: &str = "SELECT f.id, f.name, f.media_type, f.size, f.caption, f.type_id, t.name AS type_name,
            t.deleted_at IS NOT NULL AS type_is_deleted, f.received_at,
            f.state
        FROM files f LEFT JOIN file_types t ON t.id = f.type_id
        WHERE f.person_id = $1 AND f.state IN ('receiving', 'stored')
            AND ($3 = 'all' OR ($3 = 'untyped' AND f.type_id IS NULL) OR ($3 = 'typed' AND f.type_id = $4))
            AND f.id < $5
        ORDER BY f.id DESC LIMIT $2";
    const NEWER: &str = "SELECT f.id, f.name, f.media_type, f.size, f.caption, f.type_id, t.name AS type_name,
            t.deleted_at IS NOT NULL AS type_is_deleted, f.received_at,
            f.state
        FROM files f LEFT JOIN file_types t ON t.id = f.type_id
        WHERE f.person_id = $1 AND f.state IN ('receiving', 'stored')
            AND ($3 = 'all' OR ($3 = 'untyped' AND f.type_id IS NULL) OR ($3 = 'typed' AND f.type_id = $4))
            AND f.id > $5
        ORDER BY f.id LIMIT $2";
    let limit = i64::try_from(PAGE_ROWS + 1).unwrap_or(i64::MAX);
    let (which, file_type) = match filter {
        TypeFilter::All => ("all", None),
        TypeFilter::Untyped => ("untyped", None),
        TypeFilter::Of(id) => ("typed", Some(id)),
    };
    let key = at.as_ref().and_then(Cursor::key::<FileId>);
    let rows: Vec<FileRow> = match (key, at.as_ref().map(Cursor::direction)) {
        (Some(key), Some(side)) => {
            let sql = if side == Direction::Before { NEWER } else { OLDER };
            on_backend!(tx, |c| {
                sqlx::query_as(sql).bind(person).bind(limit).bind(which).bind(file_type).bind(key).fetch_all(c).await?
            })
        }
        _ => on_backend!(tx, |c| {
            sqlx::query_as(FIRST).bind(person).bind(limit).bind(which).bind(file_type).fetch_all(c).await?
        }),
    };
    Ok(Page::of(rows, PAGE_ROWS, at.as_ref().filter(|_| key.is_some()), |row| row.id))
}

/// A file that is in the store.
pub(super) async fn find_stored(tx: &mut Tx, id: FileId) -> Result<Option<StoredFile>, StorageError> {
    const SQL: &str =
        "SELECT person_id, name, media_type, size, storage_key FROM files WHERE id = $1 AND state = 'stored'";
    let row: Option<(PersonId, String, String, Option<i64>, Option<String>)> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?);
    let Some((person, name, media_type, size, storage_key)) = row else { return Ok(None) };
    let storage_key = storage_key.ok_or_else(|| inconsistent(id, "storage_key"))?;
    let size = size.and_then(|size| u64::try_from(size).ok()).ok_or_else(|| inconsistent(id, "size"))?;
    Ok(Some(StoredFile { id, person, name, media_type, size, storage_key }))
}

/// Whether a type can be chosen.
pub(super) async fn type_exists(tx: &mut Tx, id: FileTypeId) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT COUNT(*) FROM file_types WHERE id = $1 AND deleted_at IS NULL";
    let found: i64 = on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(id).fetch_one(c).await?);
    Ok(found == 1)
}

/// Gives a file its type.
pub(super) async fn set_type(tx: &mut Tx, id: FileId, file_type: Option<FileTypeId>) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE files SET type_id = $2, version = version + 1 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(file_type).execute(c).await?.rows_affected());
    exactly_one("files", id, rows)
}

/// Names of the files of one album, in order of arrival.
pub(super) async fn album_names(tx: &mut Tx, person: PersonId, album: &str) -> Result<Vec<String>, StorageError> {
    const SQL: &str = "SELECT name FROM files WHERE person_id = $1 AND album = $2 ORDER BY id LIMIT 20";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(person).bind(album).fetch_all(c).await?))
}

fn inconsistent(id: FileId, column: &'static str) -> StorageError {
    StorageError::Inconsistent { table: "files", column, id: id.to_string() }
}
