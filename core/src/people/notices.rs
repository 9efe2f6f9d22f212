//! What holders of accounts hear of: sign-ins from new places, and changes of what they sign in with.
//!
//! Letters belong to a floor above; [`Herald`] is fulfilled there and handed over with the [`App`](crate::App).

use async_trait::async_trait;

use super::accounts;
use crate::{
    Work,
    foundation::{
        errors::StorageError,
        ids::{AccountId, PersonId},
    },
    settings,
};

/// Something a holder should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Somebody signed in from a device or an address not seen before.
    NewPlace {
        /// The network address.
        address: String,
        /// What the browser said about itself.
        device: String,
    },
    /// The password is another one.
    PasswordChanged,
    /// The second factor is asked for from now on.
    SecondFactorOn,
    /// It is not asked for any more.
    SecondFactorOff,
    /// There are new recovery codes.
    RecoveryCodesRenewed,
}

/// Whose account it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The curator; `None` for the administrator.
    pub curator: Option<PersonId>,
    /// The login.
    pub login: String,
}

/// Tells holders.
#[async_trait]
pub trait Herald: Send + Sync + 'static {
    /// Sends the news on its way, as part of this work.
    async fn announce(&self, work: &mut Work, holder: &Holder, news: &News) -> Result<(), StorageError>;
}

/// Tells the holder of an account, unless the administrator switched such letters off.
pub(super) async fn tell(work: &mut Work, account: AccountId, news: &News) -> Result<(), StorageError> {
    if !settings::sends_sign_in_letters(&mut work.tx).await? {
        return Ok(());
    }
    let Some(credential) = accounts::credential_of(work, account).await? else { return Ok(()) };
    let Some(login) = accounts::login_of(work, account).await? else { return Ok(()) };
    let herald = std::sync::Arc::clone(&work.app.herald);
    herald.announce(work, &Holder { curator: credential.curator, login }, news).await
}
