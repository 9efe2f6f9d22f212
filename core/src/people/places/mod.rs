//! Devices and network addresses an account was signed in from.

mod store;

use chrono::TimeDelta;

use super::{
    device,
    notices::{self, News},
};
use crate::{
    App, Work,
    foundation::{errors::StorageError, ids::AccountId},
};

/// A place not seen for so long is forgotten, and new again.
const MEMORY: TimeDelta = TimeDelta::days(365);

/// Remembers from where somebody signed in; a place not seen before is told to the holder. The very first place of an account
/// is no news.
pub(super) async fn greet(
    work: &mut Work,
    account: AccountId,
    address: &str,
    device: &str,
) -> Result<(), StorageError> {
    let is_first = !store::any(&mut work.tx, account).await?;
    // A browser that was brought up to date is still the same device.
    let name = device::name(device).unwrap_or_else(|| device.to_owned());
    let mut is_new = false;
    for (kind, name) in [("device", name.as_str()), ("address", address)] {
        is_new |= store::remember(&mut work.tx, account, kind, name, work.now).await?;
    }
    if is_new && !is_first {
        let news = News::NewPlace { address: address.to_owned(), device: device.to_owned() };
        notices::tell(work, account, &news).await?;
    }
    Ok(())
}

/// Periodic: forgets places not seen for a year; tells how many.
pub async fn clean(app: &App) -> Result<u64, StorageError> {
    let mut tx = app.db.begin().await?;
    let dropped = store::delete_older(&mut tx, app.clock.now() - MEMORY).await?;
    tx.commit().await?;
    Ok(dropped)
}
