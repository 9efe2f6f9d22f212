//! Making and filling cards, row by row, by the use cases of the form.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    check::{self, Names, Read, faults_of},
    note,
    store::{self, Outcome},
    types::{Existing, Fault, Import, ImportState, RowState},
};
use crate::{
    Signal, Work,
    foundation::{
        errors::Failure,
        ids::{ImportId, PersonId, SubmissionId},
    },
    patronage::citizens::{self, CitizenForm},
    people::access::Action,
};

/// The decision after the preview: makes cards of the new rows, skips or fills those already there. Faulty rows stay out.
pub async fn start(work: &mut Work, id: ImportId, existing: Existing) -> Result<(), Failure> {
    work.must(Action::ImportCitizens)?;
    store::set_existing(&mut work.tx, id, existing).await?;
    if !store::change_state(&mut work.tx, id, ImportState::Ready, ImportState::Running, work.now).await? {
        return Err(Failure::Stale);
    }
    let fills = existing == Existing::Fill;
    note(work, "import.started", id, json!({ "fills": fills })).await?;
    work.signal(Signal::Imports);
    Ok(())
}

/// Deals with one row; what fails is taken back and told, and the next row follows.
pub(super) async fn run_row(
    work: &mut Work,
    import: &Import,
    names: &Names,
    row: store::Waiting,
) -> Result<(), Failure> {
    work.tx.savepoint().await?;
    match carry_out(work, import, names, &row).await {
        Ok(outcome) => {
            work.tx.release_savepoint().await?;
            store::settle(&mut work.tx, import.id, row.number, &outcome).await?;
        }
        Err(failure) => {
            let faults = faults_of(failure)?;
            work.tx.back_to_savepoint().await?;
            store::refuse(&mut work.tx, import.id, row.number, RowState::Refused, &faults).await?;
        }
    }
    Ok(())
}

async fn carry_out(work: &mut Work, import: &Import, names: &Names, row: &store::Waiting) -> Result<Outcome, Failure> {
    let fields = row.fields.as_ref().map(|fields| fields.0.clone()).unwrap_or_default();
    let Read { form, faults } = check::read(&fields, names);
    if let Some(Fault { say, .. }) = faults.into_iter().next() {
        return Err(Failure::Refused(say));
    }
    match citizens::examine(work, &form).await? {
        // Also when the card was made since the preview, perhaps by an earlier row.
        Some(person) if import.existing == Existing::Fill => fill(work, person, &form).await,
        Some(person) => Ok(Outcome { state: RowState::Skipped, person, filled: Vec::new(), version: None }),
        None => {
            let submission = SubmissionId::draw(work.now, &*work.app.chance);
            let made = citizens::register(work, &form, submission, true).await?;
            let version = Some(citizens::card(work, made.person).await?.version);
            Ok(Outcome { state: RowState::Created, person: made.person, filled: Vec::new(), version })
        }
    }
}

/// Fills the fields of the card that are empty.
async fn fill(work: &mut Work, person: PersonId, new: &CitizenForm) -> Result<Outcome, Failure> {
    let card = citizens::card(work, person).await?;
    let mut form = citizens::form_of(&card);
    let mut filled = Vec::new();
    let mut given = new.clone();
    for ((name, field), value) in fillable(&mut form).into_iter().zip(fillable(&mut given).into_values()) {
        if field.is_empty() && !value.trim().is_empty() {
            field.clone_from(value);
            filled.push(name.to_owned());
        }
    }
    if form.groups.is_empty() && !new.groups.is_empty() {
        form.groups.clone_from(&new.groups);
        filled.push(GROUPS.to_owned());
    }
    if filled.is_empty() {
        return Ok(Outcome { state: RowState::Skipped, person, filled, version: None });
    }
    citizens::change(work, person, card.version, &form, true).await?;
    let version = Some(citizens::card(work, person).await?.version);
    Ok(Outcome { state: RowState::Filled, person, filled, version })
}

/// The field that is a list.
pub(super) const GROUPS: &str = "groups";

/// The fields of a form that may be filled, by name.
pub(super) fn fillable(form: &mut CitizenForm) -> BTreeMap<&'static str, &mut String> {
    BTreeMap::from([
        ("patronymic", &mut form.patronymic),
        ("birth_date", &mut form.birth_date),
        ("inn", &mut form.inn),
        ("email", &mut form.email),
        ("curator", &mut form.curator),
        ("district", &mut form.district),
        ("situation", &mut form.situation),
        ("diary", &mut form.diary),
    ])
}
