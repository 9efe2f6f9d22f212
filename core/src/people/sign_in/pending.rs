//! Between the password and the code: a short-lived state in the database, not a session. The cookie holds an id and a secret,
//! the database only the secret's hash.

use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::store;
use crate::{
    App, Work,
    foundation::{
        chance::secret_text,
        errors::StorageError,
        ids::{self, AccountId},
        secrets::Secret,
    },
};

/// So long the code may be typed in.
pub const LIFE: TimeDelta = TimeDelta::minutes(5);

/// Begins; returns the cookie's value.
pub async fn begin(work: &mut Work, account: AccountId) -> Result<Secret, StorageError> {
    let chance = std::sync::Arc::clone(&work.app.chance);
    let id = ids::draw(work.now, &*chance);
    let secret = secret_text(&*chance);
    store::insert(&mut work.tx, id, account, &hash(&secret), work.now).await?;
    Ok(Secret::new(format!("{}.{secret}", ids::short(id))))
}

/// Whose it is, unless it is unknown or too old.
pub async fn find(work: &mut Work, cookie: &str) -> Result<Option<(Uuid, AccountId)>, StorageError> {
    let Some((id, secret)) = cookie.split_once('.') else { return Ok(None) };
    let Some(id) = ids::parse(id) else { return Ok(None) };
    let Some(pending) = store::find(&mut work.tx, id).await? else { return Ok(None) };
    let is_right: bool = hash(secret).ct_eq(&pending.secret_hash).into();
    let is_fresh = work.now < pending.created_at + LIFE;
    Ok((is_right && is_fresh).then_some((id, pending.account_id)))
}

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Periodic: drops those that are over; tells how many.
pub async fn clean(app: &App) -> Result<u64, StorageError> {
    let mut tx = app.db.begin().await?;
    let dropped = store::delete_older(&mut tx, app.clock.now() - LIFE).await?;
    tx.commit().await?;
    Ok(dropped)
}
