//! «Проверить соединение» (PT-041…PT-044): tests what is saved and sends nothing.

use axum::response::Response;
use opora_core::{messaging::letters, settings};

use super::page::{SettingsPage, Typed};
use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm, NoFields},
    page::render,
};

/// What the last press found; a reload forgets it.
#[derive(Debug, Default)]
pub enum Outcome {
    /// Not pressed.
    #[default]
    Untested,
    /// «Успешно».
    Good,
    /// «Соединение отсутствует», with the key of what to do about it and the technical reason.
    Bad(&'static str, String),
}

impl Outcome {
    /// Key of the button's label.
    pub fn button(&self) -> &'static str {
        match self {
            Self::Untested => "settings-check",
            Self::Good => "settings-check-good",
            Self::Bad(..) => "settings-check-bad",
        }
    }

    /// Key of the sentence, and the technical reason.
    pub fn trouble(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Bad(key, reason) => Some((key, reason)),
            Self::Untested | Self::Good => None,
        }
    }

    /// Whether the connection stands.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Good)
    }
}

/// Connects with the saved settings; without any there is nothing to test.
pub async fn check(staff: Administrator, _: CsrfForm<NoFields>) -> Result<Response, PanelError> {
    let app = &staff.visit.panel.app;
    let mut work = staff.look().await?;
    settings::get(&mut work).await?;
    let sender = settings::mail_sender(&mut work.tx, &app.sealer).await?;
    // No transaction stays open while a server far away takes its time.
    drop(work);
    let outcome = match sender {
        None => Outcome::Bad("settings-save-first", String::new()),
        Some(sender) => match letters::check_connection(&app.config.mail, &sender).await {
            Ok(()) => Outcome::Good,
            Err(trouble) => Outcome::Bad(trouble.cause.key(), trouble.reason),
        },
    };
    render(&SettingsPage::of(&staff, Typed { outcome, ..Typed::default() }).await?)
}
