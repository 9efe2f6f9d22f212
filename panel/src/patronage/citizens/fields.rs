//! The fields of the card: as typed, as stored, and what there is to choose from.

use opora_core::{
    Work,
    foundation::{
        errors::Failure,
        ids::{DistrictId, GroupId, PersonId},
        page::Choice,
    },
    patronage::{
        citizens::{CitizenCard, CitizenForm},
        curators, districts, groups,
    },
    people::access::{Action, Actor, Scope, scope},
};
use serde::Deserialize;

use crate::{extract::Staff, patronage::zones};

/// The form as it came; what does not read as an id is dropped by [`Typed::form`], for only a forged form holds such.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// A new card's form, so that a double click saves it once.
    pub submission: String,
    /// The version of the card that was changed.
    pub version: String,
    /// «Всё равно сохранить»: similar cards are known (PT-080).
    pub confirmed: String,
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
    pub inactive: String,
    pub inactive_until: String,
    pub groups: Vec<String>,
}

impl Typed {
    /// The card's fields.
    pub fn form(&self) -> CitizenForm {
        let typed = self.clone();
        CitizenForm {
            surname: typed.surname,
            name: typed.name,
            patronymic: typed.patronymic,
            birth_date: typed.birth_date,
            inn: typed.inn,
            phone: typed.phone,
            email: typed.email,
            curator: typed.curator,
            district: typed.district,
            situation: typed.situation,
            diary: typed.diary,
            time_zone: typed.time_zone,
            inactive: !typed.inactive.is_empty(),
            inactive_until: typed.inactive_until,
            groups: self.groups.iter().filter_map(|id| id.parse().ok()).collect(),
        }
    }

    /// The form filled with these fields.
    pub fn filled(form: CitizenForm) -> Self {
        Self {
            surname: form.surname,
            name: form.name,
            patronymic: form.patronymic,
            birth_date: form.birth_date,
            inn: form.inn,
            phone: form.phone,
            email: form.email,
            curator: form.curator,
            district: form.district,
            situation: form.situation,
            diary: form.diary,
            time_zone: form.time_zone,
            inactive: if form.inactive { "true".to_owned() } else { String::new() },
            inactive_until: form.inactive_until,
            groups: form.groups.iter().map(ToString::to_string).collect(),
            ..Self::default()
        }
    }

    /// Whether «Неактивный пользователь» is set.
    pub fn is_inactive(&self) -> bool {
        !self.inactive.is_empty()
    }

    /// Whether the group is chosen.
    pub fn has_group(&self, id: &GroupId) -> bool {
        self.groups.contains(&id.to_string())
    }
}

/// What there is to choose from, and what this reader may choose.
pub struct Choices {
    /// «ФИО соц. куратора»: active curators for the administrator, himself for a curator (PT-070).
    pub curators: Vec<Choice<PersonId>>,
    /// Whether the curator is fixed.
    pub is_curator_fixed: bool,
    /// Label of "no curator", which only the administrator may choose.
    pub no_curator: String,
    /// «Район»; `None` when the section is off (PT-010).
    pub districts: Option<Vec<Choice<DistrictId>>>,
    /// «Особые группы»; `None` when the section is off.
    pub groups: Option<Vec<Choice<GroupId>>>,
    /// Time zones.
    pub zones: Vec<Choice<String>>,
    /// Label of "no time zone of one's own", which names the districts only where there are some.
    pub no_zone: String,
}

impl Choices {
    /// What stands in the card that is closed: nothing can be chosen, so the rest need not be known. Groups show which ones there are.
    pub async fn closed(work: &mut Work, staff: &Staff, typed: &Typed, card: &CitizenCard) -> Result<Self, Failure> {
        let sections = work.app.config.sections;
        let curators = with(Vec::new(), card.curator.as_ref().map(|(id, name)| (*id, name.full())));
        let districts = sections.districts.then(|| with(Vec::new(), card.district.clone()));
        let zones = zones::present(staff.lang(), &typed.time_zone);
        Ok(Self {
            curators,
            districts,
            groups: groups_for(work, Some(card)).await?,
            zones,
            ..Self::labels(work, staff)
        })
    }

    /// The choices for this reader. What the card (if any) has already, though retired or another's, stays choosable.
    pub async fn of(
        work: &mut Work,
        staff: &Staff,
        typed: &Typed,
        card: Option<&CitizenCard>,
    ) -> Result<Self, Failure> {
        let sections = work.app.config.sections;
        let curators = match (&staff.session.actor, card.and_then(|card| card.curator.as_ref())) {
            (_, Some((id, name))) if is_curator_fixed(staff) => vec![Choice { id: *id, label: name.full() }],
            (Actor::Curator { curator, .. }, None) => own(work, *curator).await?,
            (_, current) => with(curators::choices(work).await?.to_vec(), current.map(|(id, name)| (*id, name.full()))),
        };
        let districts = match sections.districts {
            true => Some(with(districts::choices(work).await?, card.and_then(|card| card.district.clone()))),
            false => None,
        };
        let zones = zones::choices(staff.lang(), &typed.time_zone);
        Ok(Self { curators, districts, groups: groups_for(work, card).await?, zones, ..Self::labels(work, staff) })
    }

    /// Without anything to choose yet.
    fn labels(work: &Work, staff: &Staff) -> Self {
        let is_curator_fixed = is_curator_fixed(staff);
        let no_curator = if is_curator_fixed { String::new() } else { staff.lang().t("panel-none").to_string() };
        let no_zone = match work.app.config.sections.districts {
            true => staff.lang().t("citizens-zone-default"),
            false => staff.lang().t("citizens-zone-default-house"),
        };
        Self {
            curators: Vec::new(),
            is_curator_fixed,
            no_curator,
            districts: None,
            groups: None,
            zones: Vec::new(),
            no_zone: no_zone.to_string(),
        }
    }
}

fn is_curator_fixed(staff: &Staff) -> bool {
    scope(staff.actor().role(), Action::AssignCurator) == Scope::None
}

/// All special groups, with those of the card that are retired; `None` when the section is off.
async fn groups_for(work: &mut Work, card: Option<&CitizenCard>) -> Result<Option<Vec<Choice<GroupId>>>, Failure> {
    if !work.app.config.sections.special_groups {
        return Ok(None);
    }
    let mut groups = groups::choices(work).await?;
    for group in card.map(|card| card.groups.as_slice()).unwrap_or_default() {
        groups = with(groups, Some((group.id, group.label.clone())));
    }
    Ok(Some(groups))
}

/// The curator himself, named as in stamps.
async fn own(work: &mut Work, curator: PersonId) -> Result<Vec<Choice<PersonId>>, Failure> {
    let actor = work.actor.clone();
    let label = opora_core::people::accounts::name_of(work, &actor).await?.said(work.app.house_words());
    Ok(vec![Choice { id: curator, label }])
}

/// The choices, and the present value if it is not among them any more.
fn with<T: PartialEq>(mut choices: Vec<Choice<T>>, present: Option<(T, String)>) -> Vec<Choice<T>> {
    if let Some((id, label)) = present
        && !choices.iter().any(|choice| choice.id == id)
    {
        choices.push(Choice { id, label });
    }
    choices
}
