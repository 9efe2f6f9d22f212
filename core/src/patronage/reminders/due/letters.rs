//! A curator's own reminder fires: a record in «Активность» and letters (PT-151, PT-D50, PT-D54).

use crate::{
    foundation::{errors::Failure, ids::PersonId},
    messaging::{letters, outbox::Letter},
    patronage::{
        activity::{self, Cause},
        citizens,
        reminders::{message, occurrence::Occurrence},
    },
    people::contact,
    work::{App, Work},
};

/// Writes the record and the letters of a reminder that fired.
pub(super) async fn fire(work: &mut Work, fired: &Occurrence) -> Result<(), Failure> {
    let house = work.app.config.time_zone;
    let Some(citizen) = citizens::of_person(&mut work.tx, house, fired.person).await? else { return Ok(()) };
    activity::record(work, fired.person, Cause::CuratorReminder(fired.id)).await?;
    let app = work.app.clone();
    let words = app.house_words();
    let name = citizen.name.full();
    let subject = words.t("reminders-letter-subject").s("name", name.as_str()).to_string();
    let lines = [name, contact::shown(&citizen.phone), message::line(words, &fired.line()), card(&app, fired.person)];
    let letter = Letter { subject, text: lines.join("\n") };
    let cause = format!("curator-reminder:{}", fired.id);
    Ok(letters::to_curator_and_administrator(work, fired.person, letter, &cause).await?)
}

/// Address of a citizen's card.
pub(super) fn card(app: &App, person: PersonId) -> String {
    format!("{}/citizens/{person}", app.config.public_url())
}
