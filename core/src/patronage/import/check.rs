//! What would become of a row: the same rules as for the form, curator, district and groups by their names.

use std::collections::{BTreeMap, HashMap};

use super::types::{Fault, RowState};
use crate::{
    Work,
    foundation::{
        errors::{Failure, Say},
        ids::{DistrictId, GroupId, PersonId},
        page::Choice,
    },
    patronage::{
        citizens::{self, CitizenForm},
        curators, districts, groups,
    },
    people::name::search_key,
};

/// Names by which rows may call curators, districts and groups. `None` for a name that several have.
pub(super) struct Names {
    curators: HashMap<String, Option<PersonId>>,
    districts: Option<HashMap<String, Option<DistrictId>>>,
    groups: Option<HashMap<String, Option<GroupId>>>,
}

impl Names {
    /// The names that may be chosen now; sections that are off have none.
    pub(super) async fn load(work: &mut Work) -> Result<Self, Failure> {
        let sections = work.app.config.sections;
        let curators = by_name(curators::choices(work).await?.to_vec());
        let districts = if sections.districts { Some(by_name(districts::choices(work).await?)) } else { None };
        let groups = if sections.special_groups { Some(by_name(groups::choices(work).await?)) } else { None };
        Ok(Self { curators, districts, groups })
    }
}

fn by_name<T>(choices: Vec<Choice<T>>) -> HashMap<String, Option<T>> {
    let mut names = HashMap::new();
    for choice in choices {
        names.entry(search_key(&choice.label)).and_modify(|other| *other = None).or_insert(Some(choice.id));
    }
    names
}

/// A row as the form of a card.
pub(super) struct Read {
    /// The form; names that lead nowhere are left out of it.
    pub form: CitizenForm,
    /// What is wrong with names.
    pub faults: Vec<Fault>,
}

/// Fills in the form. What a switched-off section holds is left out.
pub(super) fn read(fields: &BTreeMap<String, String>, names: &Names) -> Read {
    let text = |field: &str| fields.get(field).cloned().unwrap_or_default();
    let mut faults = Vec::new();
    let mut find = |field: &str, found: Result<String, Say>| {
        found.unwrap_or_else(|say| {
            faults.push(Fault { field: field.to_owned(), say });
            String::new()
        })
    };
    let curator = find("curator", by(Some(&names.curators), &text("curator")));
    let district = find("district", by(names.districts.as_ref(), &text("district")));
    let mut chosen = Vec::new();
    for name in text("groups").split([',', ';', '\n']).filter(|name| !name.trim().is_empty()) {
        let id = find("groups", by(names.groups.as_ref(), name));
        chosen.extend(id.parse::<GroupId>());
    }
    let form = CitizenForm {
        surname: text("surname"),
        name: text("name"),
        patronymic: text("patronymic"),
        birth_date: text("birth_date"),
        inn: text("inn"),
        phone: text("phone"),
        email: text("email"),
        situation: text("situation"),
        diary: text("diary"),
        curator,
        district,
        groups: chosen,
        ..CitizenForm::default()
    };
    Read { form, faults }
}

/// The id behind a name; empty when there is no name, or the section is off.
fn by<T: ToString>(names: Option<&HashMap<String, Option<T>>>, name: &str) -> Result<String, Say> {
    let Some(names) = names.filter(|_| !name.trim().is_empty()) else { return Ok(String::new()) };
    match names.get(&search_key(name)) {
        Some(Some(id)) => Ok(id.to_string()),
        Some(None) => Err(Say::key("import-fault-name-of-several").text("name", name.trim())),
        None => Err(Say::key("import-fault-no-such-name").text("name", name.trim())),
    }
}

/// What would become of the row.
pub(super) struct Verdict {
    /// New, known or faulty.
    pub state: RowState,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// The citizen it is about, when known.
    pub person: Option<PersonId>,
}

/// Judges a row; nothing is written. A citizen is known by the INN, else by telephone, surname and name: families share
/// telephones (PT-068, PT-080).
pub(super) async fn judge(work: &mut Work, read: Read, mut faults: Vec<Fault>) -> Result<Verdict, Failure> {
    faults.extend(read.faults);
    match citizens::examine(work, &read.form).await {
        Ok(_) if !faults.is_empty() => {}
        Ok(Some(person)) => return Ok(Verdict { state: RowState::Known, faults, person: Some(person) }),
        Ok(None) => return Ok(Verdict { state: RowState::New, faults, person: None }),
        Err(failure) => faults.extend(faults_of(failure)?),
    }
    Ok(Verdict { state: RowState::Faulty, faults, person: None })
}

/// The complaints of a use case as faults of the row; storage troubles stay failures.
pub(super) fn faults_of(failure: Failure) -> Result<Vec<Fault>, Failure> {
    match failure {
        Failure::Invalid(complaints) => {
            Ok(complaints.iter().map(|(field, say)| Fault { field: field.to_owned(), say: say.clone() }).collect())
        }
        Failure::Refused(say) => Ok(vec![Fault { field: String::new(), say }]),
        Failure::Stale | Failure::NotFound => {
            Ok(vec![Fault { field: String::new(), say: Say::key("import-fault-changed") }])
        }
        other => Err(other),
    }
}
