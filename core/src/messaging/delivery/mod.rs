//! «Доставка»: what leaves, what waits and why, for the administrator; and the watch over it.
//!
//! * [`channels`] tells of each way out how long its queue is and whether it moves.
//! * [`faults`] lists what did not arrive, by [`Fault`](super::outbox::Fault).
//! * [`resend`] puts failed messages into the queue again, unless their reason is gone.
//! * [`standstill`] notices that sending stands still, and that it goes on.

pub mod channels;
pub mod faults;
pub mod resend;
pub mod standstill;

use super::{letters, messenger::Messenger, outbox::Channel, sender};
use crate::{Work, foundation::errors::StorageError, settings};

/// Whether the installation uses this way out.
async fn is_on(work: &mut Work, channel: Channel) -> Result<bool, StorageError> {
    let config = &work.app.config;
    match channel {
        Channel::Messenger(Messenger::Telegram) => Ok(config.telegram_is_on()),
        Channel::Messenger(Messenger::Web) => Ok(config.web_chat_is_on()),
        Channel::Email => {
            let sealer = work.app.sealer.clone();
            Ok(settings::mail_sender(&mut work.tx, &sealer).await?.is_some())
        }
    }
}

/// The lease of who sends there.
fn lease_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Messenger(messenger) => sender::lease_of(messenger),
        Channel::Email => letters::LEASE,
    }
}
