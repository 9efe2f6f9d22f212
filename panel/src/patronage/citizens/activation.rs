//! The activation of the bot on the card: code, links, prolongation, renewal (PT-082…PT-091).

use askama::Template;
use axum::response::Response;
use opora_core::{
    Work,
    foundation::{
        errors::{Failure, Say},
        ids::PersonId,
    },
    messaging::{bots, messenger::Messenger},
    patronage::activation::{self, Activation, LinkRow, LinkState},
    words::format,
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::{CsrfForm, Id, Staff},
    page::{Shell, render},
    paths,
    patronage::card::{Card, Tab},
    qr,
    visit::Lang,
};

/// What the card shows of the activation.
pub enum ActivationBlock {
    /// The installation works without bots.
    Absent,
    /// A code waits.
    Waiting {
        /// «12345 67890».
        code: String,
        /// End of validity, in the citizen's zone.
        valid_until: String,
        /// Links that open a messenger with the code.
        ways: Vec<Way>,
    },
    /// The code's time is over.
    Expired {
        /// When it ended.
        valid_until: String,
    },
    /// Neither code nor link.
    Missing,
    /// «Бот активирован».
    Connected {
        /// «Telegram, с 10.03.2026, 09:00».
        links: Vec<String>,
        /// Whether the citizen blocked every one of them.
        blocked: bool,
    },
}

/// A link with the code in it.
pub struct Way {
    /// «Ссылка в Telegram».
    pub label: String,
    /// The address.
    pub address: String,
    /// The same as an SVG picture.
    pub picture: String,
}

impl ActivationBlock {
    /// What the card shows.
    pub async fn of(work: &mut Work, l: &Lang, card: &Card) -> Result<Self, Failure> {
        Ok(match &card.activation {
            Activation::NotNeeded => Self::Absent,
            Activation::Waiting { code, valid_until } => Self::Waiting {
                code: spaced(code),
                valid_until: format::moment(*valid_until, card.zone),
                ways: ways(work, l, code).await?,
            },
            Activation::Expired { valid_until } => {
                Self::Expired { valid_until: format::moment(*valid_until, card.zone) }
            }
            Activation::Missing => Self::Missing,
            Activation::Connected { links, blocked } => {
                Self::Connected { links: links.iter().map(|link| shown(link, l, card)).collect(), blocked: *blocked }
            }
        })
    }
}

/// «12345 67890»: easier to dictate.
fn spaced(code: &str) -> String {
    match code.split_at_checked(5) {
        Some((left, right)) => format!("{left} {right}"),
        None => code.to_owned(),
    }
}

fn shown(link: &LinkRow, l: &Lang, card: &Card) -> String {
    let key = match link.state {
        LinkState::Blocked => "citizens-link-blocked",
        LinkState::Linked | LinkState::Unlinked => "citizens-link",
    };
    l.t(key)
        .s("messenger", l.t(messenger_key(link.messenger)).to_string())
        .s("moment", format::moment(link.linked_at, card.zone))
        .to_string()
}

/// Key of a messenger's name.
pub(in crate::patronage) fn messenger_key(messenger: Messenger) -> &'static str {
    match messenger {
        Messenger::Telegram => "citizens-messenger-telegram",
        Messenger::Web => "citizens-messenger-web",
    }
}

async fn ways(work: &mut Work, l: &Lang, code: &str) -> Result<Vec<Way>, Failure> {
    let mut ways = Vec::new();
    let telegram = if work.app.config.telegram_is_on() {
        bots::deep_link(&mut work.tx, Messenger::Telegram, code).await?
    } else {
        None
    };
    if let Some(address) = telegram {
        ways.push(way(l.t("citizens-way-telegram").to_string(), address));
    }
    if work.app.config.web_chat_is_on() {
        let address = format!("{}{}?code={code}", work.app.config.public_url(), paths::CHAT);
        ways.push(way(l.t("citizens-way-web").to_string(), address));
    }
    Ok(ways)
}

fn way(label: String, address: String) -> Way {
    let picture = qr::picture(&address);
    Way { label, address, picture }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Nothing {}

/// «Продлить срок действия кода» (PT-086, PT-087).
pub async fn extend(staff: Staff, Id(id): Id<PersonId>, _: CsrfForm<Nothing>) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    activation::extend(&mut work, id).await?;
    work.commit().await?;
    staff.done(&paths::citizen(id), Say::key("citizens-code-extended")).await
}

#[derive(Template)]
#[template(path = "patronage/citizens/renewal.html")]
struct RenewalPage {
    shell: Shell,
    card: Card,
    is_connected: bool,
}

/// The question before «Отключить бот» and «Выдать новый код» (PT-091).
pub async fn question(staff: Staff, Id(id): Id<PersonId>) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let card = Card::of(&mut work, staff.lang(), id, Tab::Data).await?;
    drop(work);
    let is_connected = matches!(card.activation, Activation::Connected { .. });
    render(&RenewalPage { shell: staff.shell(&card.short_name).await?, card, is_connected })
}

/// Ends the links and issues a new code.
pub async fn renew(staff: Staff, Id(id): Id<PersonId>, _: CsrfForm<Nothing>) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    activation::renew(&mut work, id).await?;
    work.commit().await?;
    staff.done(&paths::citizen(id), Say::key("citizens-code-renewed")).await
}
