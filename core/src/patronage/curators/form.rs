//! The curator's form, parsed.

use serde::Deserialize;

use crate::{
    foundation::errors::{Complaints, Failure, Say},
    people::{
        contact::{Email, Phone, optional},
        login::{Login, NewPassword},
        name::{FullName, missing},
        telegram_name::TelegramName,
    },
};

/// The form of the card, ten fields in the order of PT-050, as typed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are called as on the form")]
pub struct CuratorForm {
    pub surname: String,
    pub name: String,
    pub patronymic: String,
    pub email: String,
    pub phone: String,
    pub telegram_name: String,
    pub district: String,
    pub login: String,
    pub password: String,
    pub password_repeat: String,
}

impl std::fmt::Debug for CuratorForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CuratorForm").field("surname", &self.surname).finish_non_exhaustive()
    }
}

/// What the card keeps of the form.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub name: FullName,
    pub email: Option<Email>,
    pub phone: Option<Phone>,
    pub telegram_name: Option<TelegramName>,
}

/// Login and password, which go together or are both empty (PT-D04).
#[derive(Debug)]
pub(super) struct Access {
    pub login: Option<Login>,
    pub password: Option<NewPassword>,
}

impl CuratorForm {
    /// Reads the card's fields and the access; `has_login` says that there is an account already.
    pub(super) fn parse(&self, has_login: bool, mut complaints: Complaints) -> Result<(Draft, Access), Failure> {
        let name = FullName::parse(&mut complaints, &self.surname, &self.name, &self.patronymic);
        let email = complaints.check("email", optional(&self.email, Email::parse));
        let phone = complaints.check("phone", optional(&self.phone, Phone::parse));
        let telegram_name = complaints.check("telegram_name", optional(&self.telegram_name, TelegramName::parse));
        let access = self.access(has_login, &mut complaints);
        let whole = name.zip(email).zip(phone).zip(telegram_name).zip(access);
        match whole {
            Some(((((name, email), phone), telegram_name), access)) if complaints.is_empty() => {
                Ok((Draft { name, email, phone, telegram_name }, access))
            }
            _ => Err(Failure::Invalid(complaints)),
        }
    }

    fn access(&self, has_login: bool, complaints: &mut Complaints) -> Option<Access> {
        let wants_password = !(self.password.is_empty() && self.password_repeat.is_empty());
        if self.login.trim().is_empty() && (has_login || wants_password) {
            complaints.add("login", missing());
        }
        if !self.login.trim().is_empty() && !wants_password && !has_login {
            complaints.add("password", missing());
        }
        let login = complaints.check("login", optional(&self.login, Login::parse));
        let password = if wants_password {
            let parsed = NewPassword::parse(&self.password, &self.password_repeat);
            complaints.check(field_of(&parsed), parsed).map(Some)
        } else {
            Some(None)
        };
        Some(Access { login: login?, password: password? })
    }
}

/// Entries that differ are complained about beside the second one.
fn field_of<T>(parsed: &Result<T, Say>) -> &'static str {
    match parsed {
        Err(say) if say.key == "people-passwords-differ" => "password_repeat",
        _ => "password",
    }
}
