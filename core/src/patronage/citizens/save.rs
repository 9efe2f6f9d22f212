//! Making and changing cards (PT-063…PT-081).

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::{
    Activity, CitizenCard, CitizenForm,
    activity::today,
    card::seen,
    form::Draft,
    store::{self, References},
};
use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        errors::{Complaints, Failure, Say, StorageError},
        ids::{DistrictId, GroupId, PersonId, SubmissionId},
    },
    patronage::{activation, curators, districts, groups, reminders},
    people::{
        access::{Action, Actor, Sight},
        name::search_key,
    },
};

/// A card that was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registered {
    /// The citizen.
    pub person: PersonId,
    /// `false` when the same submission had made the card before.
    pub is_new: bool,
}

/// A new card, with its activation code (PT-082). A similar one is refused with `citizens-similar` until it is `confirmed`
/// (PT-080).
pub async fn register(
    work: &mut Work,
    form: &CitizenForm,
    submission: SubmissionId,
    confirmed: bool,
) -> Result<Registered, Failure> {
    let sight = work.must(Action::ChangeCitizens)?;
    if let Some(person) = store::of_submission(&mut work.tx, submission).await? {
        seen(work, sight, person).await?;
        return Ok(Registered { person, is_new: false });
    }
    let checked = check(work, form, None).await?;
    if !confirmed {
        refuse_similar(work, sight, &checked.draft, None).await?;
    }
    let person = PersonId::draw(work.now, &*work.app.chance);
    let author = work.actor.author();
    let new = store::New { person, draft: &checked.draft, references: &checked.references, author, submission };
    if !store::insert(&mut work.tx, &new, work.now).await? {
        // The same form was saved at the same moment by another request.
        let person = store::of_submission(&mut work.tx, submission).await?.ok_or(Failure::Stale)?;
        return Ok(Registered { person, is_new: false });
    }
    activation::issue_first(work, person).await?;
    note(work, "citizen.created", person, audit::difference(&json!({}), &checked.facts())).await?;
    Ok(Registered { person, is_new: true })
}

/// Changes a card; an outdated `version` answers [`Failure::Stale`] (PT-081).
pub async fn change(
    work: &mut Work,
    id: PersonId,
    version: i64,
    form: &CitizenForm,
    confirmed: bool,
) -> Result<(), Failure> {
    let sight = work.must(Action::ChangeCitizens)?;
    let old = seen(work, sight, id).await?;
    if old.version != version {
        return Err(Failure::Stale);
    }
    let checked = check(work, form, Some(&old)).await?;
    if !confirmed && identity(&old) != checked.draft.identity() {
        refuse_similar(work, sight, &checked.draft, Some(id)).await?;
    }
    if !store::update(&mut work.tx, id, version, &checked.draft, &checked.references).await? {
        return Err(Failure::Stale);
    }
    if old.activity.is_inactive() && !checked.references.activity.is_inactive() {
        store::set_active_since(&mut work.tx, id, today(work.now, old.zone)).await?;
    }
    note(work, "citizen.changed", id, audit::difference(&facts_of(&old), &checked.facts())).await?;
    let has_other_zone = store::zone(&mut work.tx, id).await?.unwrap_or(work.app.config.time_zone) != old.zone;
    // The curator's own reminders are read on the clocks of the curator's district.
    let has_other_curator = checked.references.curator != old.curator.as_ref().map(|(curator, _)| *curator);
    if has_other_zone || has_other_curator {
        reminders::replan_person(work, id).await?;
    }
    Ok(())
}

/// Looks whether a form would be taken, without saving it; tells whose card it would repeat: the one with the same INN, else the
/// one with the same telephone, surname and name (PT-080).
pub(in crate::patronage) async fn examine(work: &mut Work, form: &CitizenForm) -> Result<Option<PersonId>, Failure> {
    let checked = check(work, form, None).await?;
    Ok(alike(work, &checked.draft, None).await?.map(|other| other.person))
}

/// A form without faults.
struct Checked {
    draft: Draft,
    references: References,
}

async fn check(work: &mut Work, form: &CitizenForm, old: Option<&CitizenCard>) -> Result<Checked, Failure> {
    let house = work.app.config.time_zone;
    let mut complaints = Complaints::default();
    let draft = form.parse(today(work.now, house), &mut complaints);
    let curator = curator(work, form, old, &mut complaints).await?;
    let district = district(work, form, old, &mut complaints).await?;
    let groups = groups(work, form, old, &mut complaints).await?;
    let own = draft.as_ref().and_then(|draft| draft.time_zone);
    let zone = zone_in_force(work, own, district, house).await?;
    let was = old.map_or(Activity::Active, |card| card.activity);
    let activity = form.activity(today(work.now, zone), was, &mut complaints);
    match (draft, activity) {
        (Some(draft), Some(activity)) if complaints.is_empty() => {
            Ok(Checked { draft, references: References { curator, district, groups, activity } })
        }
        _ => Err(Failure::Invalid(complaints)),
    }
}

async fn zone_in_force(
    work: &mut Work,
    own: Option<Tz>,
    district: Option<DistrictId>,
    house: Tz,
) -> Result<Tz, StorageError> {
    match (own, district) {
        (Some(zone), _) => Ok(zone),
        (None, Some(district)) => Ok(store::zone_of_district(&mut work.tx, district).await?.unwrap_or(house)),
        (None, None) => Ok(house),
    }
}

/// The curator of the form. Only who may assign curators chooses one; others keep what is there, on new cards themselves
/// (PT-070). The chosen one is held, so that he cannot be deleted at the same moment (PT-D10).
async fn curator(
    work: &mut Work,
    form: &CitizenForm,
    old: Option<&CitizenCard>,
    complaints: &mut Complaints,
) -> Result<Option<PersonId>, Failure> {
    let kept = old.and_then(|card| card.curator.as_ref()).map(|(id, _)| *id);
    let chosen = match form.curator.as_str() {
        "" => None,
        text => Some(text.parse::<PersonId>().map_err(|_| Failure::NotFound)?),
    };
    if work.must(Action::AssignCurator).is_err() {
        let Actor::Curator { curator: me, .. } = work.actor else { return Err(Failure::Forbidden) };
        let fixed = if old.is_some() { kept } else { Some(me) };
        if chosen.is_some() && chosen != fixed {
            return Err(Failure::Forbidden);
        }
        // He may have been deleted since his request was let in.
        if old.is_none() && !curators::hold(work, me).await? {
            return Err(Failure::Forbidden);
        }
        return Ok(fixed);
    }
    if let Some(chosen) = chosen
        && !curators::hold(work, chosen).await?
    {
        complaints.add("curator", Say::key("people-no-such-choice"));
        return Ok(None);
    }
    Ok(chosen)
}

/// The district of the form, unless the section is off: then the card keeps what it has.
async fn district(
    work: &mut Work,
    form: &CitizenForm,
    old: Option<&CitizenCard>,
    complaints: &mut Complaints,
) -> Result<Option<DistrictId>, StorageError> {
    let kept = old.and_then(|card| card.district.as_ref()).map(|(id, _)| *id);
    if !work.app.config.sections.districts {
        return Ok(kept);
    }
    if form.district.is_empty() {
        return Ok(None);
    }
    if let Ok(chosen) = form.district.parse()
        && (Some(chosen) == kept || districts::is_choice(work, chosen).await?)
    {
        return Ok(Some(chosen));
    }
    complaints.add("district", Say::key("people-no-such-choice"));
    Ok(None)
}

/// The groups of the form; retired ones only if the card has them (PT-D08).
async fn groups(
    work: &mut Work,
    form: &CitizenForm,
    old: Option<&CitizenCard>,
    complaints: &mut Complaints,
) -> Result<Vec<GroupId>, StorageError> {
    let kept: Vec<GroupId> = old.iter().flat_map(|card| &card.groups).map(|group| group.id).collect();
    if !work.app.config.sections.special_groups {
        return Ok(kept);
    }
    let mut chosen = form.groups.clone();
    chosen.sort_unstable();
    chosen.dedup();
    for group in &chosen {
        if !kept.contains(group) && !groups::is_choice(work, *group).await? {
            complaints.add("groups", Say::key("people-no-such-choice"));
            break;
        }
    }
    Ok(chosen)
}

/// Refuses when there is a card with the same INN, or the same telephone, surname and name. The name of a card out of sight
/// is not told (PT-080).
async fn refuse_similar(work: &mut Work, sight: Sight, draft: &Draft, but: Option<PersonId>) -> Result<(), Failure> {
    match alike(work, draft, but).await? {
        None => Ok(()),
        Some(other) if sight.covers(other.person, other.curator) => {
            Err(Failure::Refused(Say::key("citizens-similar").text("whose", "shown").text("name", other.name.full())))
        }
        Some(_) => Err(Failure::Refused(Say::key("citizens-similar").text("whose", "hidden").text("name", ""))),
    }
}

/// A card other than `but` that may be of the same human being.
async fn alike(work: &mut Work, draft: &Draft, but: Option<PersonId>) -> Result<Option<store::Similar>, StorageError> {
    let names = draft.names_key();
    let inn = draft.inn.as_ref().map(crate::people::inn::Inn::as_str);
    let similar = store::similar(&mut work.tx, inn, draft.phone.as_str()).await?;
    let is_same = |other: &store::Similar| {
        other.has_same_inn || names_key(&other.name.surname, other.name.name.as_deref()) == names
    };
    Ok(similar.into_iter().filter(|other| Some(other.person) != but).find(is_same))
}

fn names_key(surname: &str, name: Option<&str>) -> String {
    search_key(&format!("{surname} {}", name.unwrap_or_default()))
}

impl Draft {
    fn names_key(&self) -> String {
        names_key(&self.name.surname, self.name.name.as_deref())
    }

    /// By what duplicates are recognised.
    fn identity(&self) -> (Option<&str>, &str, String) {
        (self.inn.as_ref().map(crate::people::inn::Inn::as_str), self.phone.as_str(), self.names_key())
    }
}

fn identity(card: &CitizenCard) -> (Option<&str>, &str, String) {
    (card.inn.as_deref(), &card.phone, names_key(&card.name.surname, card.name.name.as_deref()))
}

async fn note(work: &mut Work, action: &'static str, id: PersonId, changes: Value) -> Result<(), StorageError> {
    audit::note(work, Entry { action, subject: "citizen", subject_id: Some(id.0), changes }).await
}

impl Checked {
    fn facts(&self) -> Value {
        let (draft, references) = (&self.draft, &self.references);
        json!({
            "name": draft.name.full(),
            "birth_date": draft.birth_date,
            "inn": draft.inn.as_ref().map(crate::people::inn::Inn::as_str),
            "phone": draft.phone.as_str(),
            "email": draft.email.as_ref().map(crate::people::contact::Email::as_str),
            "curator": references.curator,
            "district": references.district,
            "situation": draft.situation,
            "diary": draft.diary,
            "time_zone": draft.time_zone.map(chrono_tz::Tz::name),
            "inactive": references.activity.is_inactive(),
            "inactive_until": references.activity.until(),
            "groups": references.groups,
        })
    }
}

fn facts_of(card: &CitizenCard) -> Value {
    let mut groups: Vec<GroupId> = card.groups.iter().map(|group| group.id).collect();
    groups.sort_unstable();
    json!({
        "name": card.name.full(),
        "birth_date": card.birth_date,
        "inn": card.inn,
        "phone": card.phone,
        "email": card.email,
        "curator": card.curator.as_ref().map(|(id, _)| *id),
        "district": card.district.as_ref().map(|(id, _)| *id),
        "situation": card.situation,
        "diary": card.diary,
        "time_zone": card.time_zone.map(chrono_tz::Tz::name),
        "inactive": card.activity.is_inactive(),
        "inactive_until": card.activity.until(),
        "groups": groups,
    })
}
