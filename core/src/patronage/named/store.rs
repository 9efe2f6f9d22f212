//! The tables `districts`, `special_groups` and `file_types`: of each the columns that they have in common.

use uuid::Uuid;

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    on_backend,
};

/// What is said to the database about one of the tables.
#[derive(Debug, Clone, Copy)]
pub struct Statements {
    active: &'static str,
    insert: &'static str,
    find: &'static str,
    named: &'static str,
    rename: &'static str,
    retire: &'static str,
    restore: &'static str,
}

/// The statements about `$table`, whose entries are out of use when `$gone` is set, in the order `$order`.
macro_rules! statements {
    ($table:literal, $gone:literal, $order:literal) => {
        Statements {
            active: concat!("SELECT id, name FROM ", $table, " WHERE ", $gone, " IS NULL ORDER BY ", $order),
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (id, name, name_key, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
            ),
            find: concat!("SELECT name FROM ", $table, " WHERE id = $1 AND ", $gone, " IS NULL"),
            named: concat!("SELECT id FROM ", $table, " WHERE name_key = $1 AND ", $gone, " IS NULL"),
            rename: concat!("UPDATE ", $table, " SET name = $2, name_key = $3 WHERE id = $1 AND ", $gone, " IS NULL"),
            retire: concat!("UPDATE ", $table, " SET ", $gone, " = $2 WHERE id = $1 AND ", $gone, " IS NULL"),
            restore: concat!(
                "UPDATE ",
                $table,
                " SET ",
                $gone,
                " = NULL, name = $2 WHERE name_key = $1 AND ",
                $gone,
                " IS NOT NULL RETURNING id"
            ),
        }
    };
}

/// In the order of creation (PT-D07).
pub const DISTRICTS: Statements = statements!("districts", "retired_at", "created_at, id");
/// In the alphabet's order: both databases compare the keys byte by byte, and «ё» stands there as «е» (PT-D07).
pub const GROUPS: Statements = statements!("special_groups", "retired_at", "name_key, id");
/// In the alphabet's order too.
pub const FILE_TYPES: Statements = statements!("file_types", "deleted_at", "name_key, id");

/// Id and name of what is in use.
pub async fn active(tx: &mut Tx, sql: Statements) -> Result<Vec<(Uuid, String)>, StorageError> {
    Ok(on_backend!(tx, |c| sqlx::query_as(sql.active).fetch_all(c).await?))
}

/// Adds an entry; `false` when its id or its name is taken.
pub async fn insert(
    tx: &mut Tx,
    sql: Statements,
    id: Uuid,
    name: &str,
    key: &str,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let rows = on_backend!(tx, |c| {
        sqlx::query(sql.insert).bind(id).bind(name).bind(key).bind(now).execute(c).await?.rows_affected()
    });
    Ok(rows == 1)
}

/// The name of an entry in use.
pub async fn find(tx: &mut Tx, sql: Statements, id: Uuid) -> Result<Option<String>, StorageError> {
    Ok(on_backend!(tx, |c| sqlx::query_scalar(sql.find).bind(id).fetch_optional(c).await?))
}

/// The entry in use that has this name.
pub async fn named(tx: &mut Tx, sql: Statements, key: &str) -> Result<Option<Uuid>, StorageError> {
    Ok(on_backend!(tx, |c| sqlx::query_scalar(sql.named).bind(key).fetch_optional(c).await?))
}

/// Gives an entry in use another name; `false` when there is none.
pub async fn rename(tx: &mut Tx, sql: Statements, id: Uuid, name: &str, key: &str) -> Result<bool, StorageError> {
    let rows = on_backend!(tx, |c| {
        sqlx::query(sql.rename).bind(id).bind(name).bind(key).execute(c).await?.rows_affected()
    });
    Ok(rows == 1)
}

/// Takes an entry out of use; `false` when it was not in use.
pub async fn retire(tx: &mut Tx, sql: Statements, id: Uuid, now: Timestamp) -> Result<bool, StorageError> {
    let rows = on_backend!(tx, |c| sqlx::query(sql.retire).bind(id).bind(now).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Takes the entry of this name into use again, if it was taken out.
pub async fn restore(tx: &mut Tx, sql: Statements, key: &str, name: &str) -> Result<Option<Uuid>, StorageError> {
    Ok(on_backend!(tx, |c| sqlx::query_scalar(sql.restore).bind(key).bind(name).fetch_optional(c).await?))
}
