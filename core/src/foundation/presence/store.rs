//! SQL of the locks that processes hold on the server.

use sqlx::{Row, postgres::PgListener};

use super::super::{db::Tx, errors::StorageError};

/// Tells our locks from those of other programs.
const CLASS: i32 = 0x0b0e_a700;

/// Holds the lock of this number as long as the connection lives; `false` when somebody else does.
pub async fn try_lock(line: &mut PgListener, number: i32) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT pg_try_advisory_lock($1, $2)";
    Ok(sqlx::query(SQL).bind(CLASS).bind(number).fetch_one(line).await?.try_get(0)?)
}

/// Whether somebody holds the lock of this number.
pub async fn is_locked(tx: &mut Tx, number: i64) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
        AND CAST(classid AS bigint) = $1 AND CAST(objid AS bigint) = $2)";
    let Tx::Postgres(inner) = tx else { return Ok(true) };
    let row = sqlx::query(SQL).bind(i64::from(CLASS)).bind(number).fetch_one(&mut **inner).await?;
    Ok(row.try_get(0)?)
}
