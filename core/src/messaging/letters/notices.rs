//! Letters to holders of accounts about sign-ins and what they sign in with. They carry no secret.

use async_trait::async_trait;

use super::{Recipient, notify};
use crate::{
    Work,
    foundation::errors::StorageError,
    messaging::outbox::Letter,
    people::{
        accounts, device,
        notices::{Herald, Holder, News},
    },
    words::{Dictionary, format},
};

/// Tells holders by mail: the curator at his address, the administrator at the one of the settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByMail;

#[async_trait]
impl Herald for ByMail {
    async fn announce(&self, work: &mut Work, holder: &Holder, news: &News) -> Result<(), StorageError> {
        let to = holder.curator.map_or(Recipient::Administrator, Recipient::Curator);
        let who = accounts::name_of(work, &work.actor.clone()).await?.said(work.app.house_words());
        let letter = letter(work, holder, news, &who);
        // The same person may do the same again; each time is a letter of its own.
        let cause = format!("account:{}:{}:{}", holder.login, key(news), work.now.timestamp_micros());
        notify(work, to, letter, &cause).await
    }
}

fn key(news: &News) -> &'static str {
    match news {
        News::NewPlace { .. } => "notice-new-place",
        News::PasswordChanged => "notice-password",
        News::SecondFactorOn => "notice-second-factor-on",
        News::SecondFactorOff => "notice-second-factor-off",
        News::RecoveryCodesRenewed => "notice-recovery-codes",
    }
}

fn letter(work: &Work, holder: &Holder, news: &News, who: &str) -> Letter {
    let app = &work.app;
    let words = app.house_words();
    let what = words.t(key(news)).to_string();
    let subject = words.t("notice-subject").s("what", what.as_str()).to_string();
    let at = format::moment(work.now, app.config.time_zone);
    let mut lines = vec![
        words.t("notice-lead").s("what", what.as_str()).s("login", holder.login.as_str()).to_string(),
        String::new(),
        words.t("notice-when").s("moment", at.as_str()).to_string(),
    ];
    match news {
        News::NewPlace { address, device } => {
            lines.push(words.t("notice-device").s("device", device_name(words, device).as_str()).to_string());
            lines.push(words.t("notice-address").s("address", address.as_str()).to_string());
        }
        _ => lines.push(words.t("notice-who").s("name", who).to_string()),
    }
    let account = format!("{}/account", app.config.public_url());
    lines.extend([String::new(), words.t("notice-what-to-do").s("address", account.as_str()).to_string()]);
    Letter { subject, text: lines.join("\n") }
}

fn device_name(words: &Dictionary, device: &str) -> String {
    device::name(device).unwrap_or_else(|| words.t("account-unknown-device").to_string())
}
