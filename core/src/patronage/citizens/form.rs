//! The citizen's form, parsed.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Deserialize;

use super::{Activity, CitizenCard};
use crate::{
    Work,
    foundation::{
        errors::{Complaints, Failure, Say},
        ids::GroupId,
    },
    patronage::curators,
    people::{
        access::{Action, Actor},
        birth_date,
        contact::{self, Email, Phone, optional},
        inn::Inn,
        name::{FullName, missing, optional_lines},
    },
    words::format,
};

const SITUATION_LIMIT: usize = 10_000;
const DIARY_LIMIT: usize = 50_000;

/// The form of the card, as typed; empty ids mean "none".
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are called as on the form")]
pub struct CitizenForm {
    pub surname: String,
    pub name: String,
    pub patronymic: String,
    pub birth_date: String,
    pub inn: String,
    pub phone: String,
    pub email: String,
    pub curator: String,
    pub district: String,
    pub situation: String,
    pub diary: String,
    pub time_zone: String,
    pub inactive: bool,
    pub inactive_until: String,
    pub groups: Vec<GroupId>,
}

/// What the card keeps of the form, but the references to other things.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub name: FullName,
    pub birth_date: Option<NaiveDate>,
    pub inn: Option<Inn>,
    pub phone: Phone,
    pub email: Option<Email>,
    pub situation: Option<String>,
    pub diary: Option<String>,
    pub time_zone: Option<Tz>,
}

impl CitizenForm {
    /// Reads the fields that stand for themselves; `today` is the installation's day.
    pub(super) fn parse(&self, today: NaiveDate, complaints: &mut Complaints) -> Option<Draft> {
        let name = FullName::parse(complaints, &self.surname, &self.name, &self.patronymic);
        if self.name.trim().is_empty() {
            complaints.add("name", missing());
        }
        let birth_date =
            complaints.check("birth_date", optional(&self.birth_date, |text| birth_date::parse(text, today)));
        let inn = complaints.check("inn", optional(&self.inn, Inn::parse));
        let phone = optional(&self.phone, Phone::parse).and_then(|phone| phone.ok_or_else(missing));
        let phone = complaints.check("phone", phone);
        let email = complaints.check("email", optional(&self.email, Email::parse));
        let situation = complaints.check("situation", optional_lines(&self.situation, SITUATION_LIMIT));
        let diary = complaints.check("diary", optional_lines(&self.diary, DIARY_LIMIT));
        let time_zone = complaints.check("time_zone", optional(&self.time_zone, zone));
        Some(Draft {
            name: name?,
            birth_date: birth_date?,
            inn: inn?,
            phone: phone?,
            email: email?,
            situation: situation?,
            diary: diary?,
            time_zone: time_zone?,
        })
    }

    /// Reads the mark «Неактивный» and its end, which must not be before `today`. Taking the mark away leaves the old date in
    /// its field: that says "active", while a date typed anew says "inactive until then".
    pub(super) fn activity(&self, today: NaiveDate, old: Activity, complaints: &mut Complaints) -> Option<Activity> {
        let until = optional(&self.inactive_until, birth_date::typed);
        let until = complaints.check("inactive_until", until)?;
        match until {
            None if self.inactive => Some(Activity::Inactive),
            None => Some(Activity::Active),
            Some(until) if !self.inactive && old.until() == Some(until) => Some(Activity::Active),
            Some(until) if until < today => {
                complaints.add("inactive_until", Say::key("citizens-date-is-past"));
                None
            }
            Some(until) => Some(Activity::InactiveUntil(until)),
        }
    }
}

fn zone(text: &str) -> Result<Tz, Say> {
    text.trim().parse().map_err(|_| Say::key("citizens-wrong-zone"))
}

/// The empty form of a new card: the curator who opens it and his district are filled in (PT-070, PT-079).
pub async fn blank_form(work: &mut Work) -> Result<CitizenForm, Failure> {
    work.must(Action::ChangeCitizens)?;
    let mut form = CitizenForm::default();
    if let Actor::Curator { curator, .. } = work.actor {
        form.curator = curator.to_string();
        if let Some(district) = curators::district_of(work, curator).await? {
            form.district = district.to_string();
        }
    }
    Ok(form)
}

/// The form filled from a card.
pub fn form_of(card: &CitizenCard) -> CitizenForm {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    CitizenForm {
        surname: card.name.surname.clone(),
        name: text(&card.name.name),
        patronymic: text(&card.name.patronymic),
        birth_date: card.birth_date.map(format::date).unwrap_or_default(),
        inn: text(&card.inn),
        phone: contact::shown(&card.phone),
        email: text(&card.email),
        curator: card.curator.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default(),
        district: card.district.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default(),
        situation: text(&card.situation),
        diary: text(&card.diary),
        time_zone: card.time_zone.map(|zone| zone.name().to_owned()).unwrap_or_default(),
        inactive: card.activity.is_inactive(),
        inactive_until: card.activity.until().map(format::date).unwrap_or_default(),
        groups: card.groups.iter().map(|group| group.id).collect(),
    }
}
