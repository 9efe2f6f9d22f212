//! The one row of `settings`.

use super::{Demand, Security, Settings};
use crate::{
    foundation::{db::Tx, errors::StorageError},
    on_backend,
};

#[derive(sqlx::FromRow)]
struct Row {
    admin_email: Option<String>,
    smtp_host: Option<String>,
    smtp_port: Option<i64>,
    smtp_sender: Option<String>,
    smtp_password: Option<Vec<u8>>,
    smtp_sender_name: Option<String>,
    version: i64,
}

/// The settings and the sealed mail password.
pub async fn get(tx: &mut Tx) -> Result<(Settings, Option<Vec<u8>>), StorageError> {
    const SQL: &str = "SELECT admin_email, smtp_host, smtp_port, smtp_sender, smtp_password, smtp_sender_name, version \
                       FROM settings WHERE id = 1";
    let row: Row = on_backend!(tx, |c| sqlx::query_as(SQL).fetch_one(c).await?);
    let settings = Settings {
        admin_email: row.admin_email,
        smtp_host: row.smtp_host,
        smtp_port: row.smtp_port.and_then(|port| port.try_into().ok()),
        smtp_sender: row.smtp_sender,
        has_smtp_password: row.smtp_password.is_some(),
        smtp_sender_name: row.smtp_sender_name,
        version: row.version,
    };
    Ok((settings, row.smtp_password))
}

/// Saves over the version that `settings` names; `false` when there is a newer one.
pub async fn save(tx: &mut Tx, settings: &Settings, password: Option<&[u8]>) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE settings SET admin_email = $1, smtp_host = $2, smtp_port = $3, smtp_sender = $4, \
                       smtp_password = $5, smtp_sender_name = $6, version = version + 1 WHERE id = 1 AND version = $7";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(&settings.admin_email)
        .bind(&settings.smtp_host)
        .bind(settings.smtp_port.map(i64::from))
        .bind(&settings.smtp_sender)
        .bind(password)
        .bind(&settings.smtp_sender_name)
        .bind(settings.version)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

/// Writes the row as it is.
pub async fn rewrite(tx: &mut Tx) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE settings SET version = version WHERE id = 1";
    on_backend!(tx, |c| sqlx::query(SQL).execute(c).await.map(drop)?);
    Ok(())
}

pub async fn security(tx: &mut Tx) -> Result<Security, StorageError> {
    const SQL: &str = "SELECT second_factor, sign_in_letters FROM settings WHERE id = 1";
    let (demand, sign_in_letters): (Demand, bool) = on_backend!(tx, |c| sqlx::query_as(SQL).fetch_one(c).await?);
    Ok(Security { demand, sign_in_letters })
}

pub async fn save_security(tx: &mut Tx, new: Security) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE settings SET second_factor = $1, sign_in_letters = $2 WHERE id = 1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(new.demand).bind(new.sign_in_letters).execute(c).await.map(drop)?);
    Ok(())
}
