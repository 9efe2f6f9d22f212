//! People of a sample installation: two curators, their citizens, and reminders of every colour. Made through the same use
//! cases as real ones; only what lies in the past is written as if it had happened.

mod people;
mod programme;

use people::{CITIZENS, CURATORS, DISTRICTS, FILE_TYPES, GROUPS, Link, Sample};

use crate::{
    App, Work,
    foundation::{
        chance,
        errors::{Failure, StorageError},
        ids::{DistrictId, GroupId, PersonId, SubmissionId},
        secrets::Secret,
    },
    messaging::{messenger::Messenger, web_chat},
    patronage::{
        activation::{self, Activation},
        citizens::{self, CitizenForm},
        contacts,
        curators::{self, CuratorForm},
        districts, file_types, groups,
    },
    people::{access::Actor, accounts::of_curator},
};

/// Letters of drawn passwords; those that look alike are left out.
const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const PASSWORD_LENGTH: usize = 10;
/// Network address of everybody in the sample.
const ADDRESS: &str = "127.0.0.1";

/// What the operator of a sample installation needs to know.
#[derive(Debug, Clone)]
pub struct Filled {
    /// Who may sign in, with passwords drawn for this installation.
    pub curators: Vec<SignIn>,
    /// A citizen who waits for the bot, and the code to show it.
    pub waiting: Option<Waiting>,
    /// How many citizens there are.
    pub citizens: usize,
}

/// A curator's sign-in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Full name.
    pub name: String,
    /// Login.
    pub login: String,
    /// Password.
    pub password: Secret,
}

/// A citizen whose activation code was not used yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Full name.
    pub name: String,
    /// The code, to be typed in the web chat.
    pub code: String,
}

/// Fills an empty installation. Refused with `sample-not-empty` when there are citizens already.
pub async fn fill(app: &App) -> Result<Filled, Failure> {
    let mut work = app.begin(Actor::Operator).await?;
    if !citizens::list(&mut work, &citizens::CitizenFilter::default(), None).await?.items.is_empty() {
        return Err(Failure::refused("sample-not-empty"));
    }
    let (lists, curators) = surroundings(&mut work).await?;
    let mut waiting = None;
    for (number, sample) in CITIZENS.iter().enumerate() {
        let Some(curator) = curators.get(sample.curator) else { continue };
        work.actor = curator.actor.clone();
        let person = register(&mut work, sample, &lists).await?;
        let code = link(&mut work, person, sample).await?;
        waiting = waiting.or(code.map(|code| Waiting { name: sample.full_name(), code }));
        work.actor = curator.actor.clone();
        programme::plan(&mut work, person, number, sample).await?;
        talk(&mut work, person, sample, &curator.actor).await?;
    }
    work.commit().await?;
    Ok(Filled { curators: curators.into_iter().map(|it| it.sign_in).collect(), waiting, citizens: CITIZENS.len() })
}

/// Lists to choose from.
struct Lists {
    districts: Vec<DistrictId>,
    groups: Vec<GroupId>,
}

/// A curator at work.
struct Curator {
    actor: Actor,
    sign_in: SignIn,
}

async fn surroundings(work: &mut Work) -> Result<(Lists, Vec<Curator>), Failure> {
    let mut lists = Lists { districts: Vec::new(), groups: Vec::new() };
    for name in DISTRICTS {
        lists.districts.push(districts::create(work, name).await?);
    }
    for name in GROUPS {
        lists.groups.push(groups::create(work, name).await?);
    }
    for name in FILE_TYPES {
        file_types::create(work, name).await?;
    }
    let mut curators = Vec::new();
    for (number, form) in CURATORS.iter().enumerate() {
        let district = lists.districts.get(number).map(ToString::to_string).unwrap_or_default();
        curators.push(curator(work, CuratorForm { district, ..form.form() }).await?);
    }
    Ok((lists, curators))
}

async fn curator(work: &mut Work, form: CuratorForm) -> Result<Curator, Failure> {
    let password = draw_password(work);
    let form = CuratorForm { password: password.clone(), password_repeat: password.clone(), ..form };
    let submission = SubmissionId::draw(work.now, &*work.app.chance);
    let person = curators::create(work, &form, submission).await?;
    let account = of_curator::find(work, person).await?.ok_or(StorageError::Inconsistent {
        table: "accounts",
        column: "person_id",
        id: person.to_string(),
    })?;
    let name = [&form.surname, &form.name, &form.patronymic].map(String::as_str).join(" ");
    Ok(Curator {
        actor: Actor::Curator { account: account.0, curator: person, address: ADDRESS.to_owned() },
        sign_in: SignIn { name, login: form.login, password: Secret::new(password) },
    })
}

fn draw_password(work: &Work) -> String {
    let sign = |_| {
        let index = chance::below(&*work.app.chance, SIGNS.len() as u64);
        usize::try_from(index).ok().and_then(|index| SIGNS.get(index)).map_or('x', |sign| char::from(*sign))
    };
    (0..PASSWORD_LENGTH).map(sign).collect()
}

async fn register(work: &mut Work, sample: &Sample, lists: &Lists) -> Result<PersonId, Failure> {
    let form = CitizenForm {
        surname: sample.surname.to_owned(),
        name: sample.name.to_owned(),
        patronymic: sample.patronymic.to_owned(),
        birth_date: sample.birth_date.to_owned(),
        phone: sample.phone.to_owned(),
        district: lists.districts.get(sample.district).map(ToString::to_string).unwrap_or_default(),
        situation: sample.situation.to_owned(),
        diary: sample.diary.to_owned(),
        inactive: sample.is_inactive,
        groups: sample.groups.iter().filter_map(|group| lists.groups.get(*group).copied()).collect(),
        ..CitizenForm::default()
    };
    let submission = SubmissionId::draw(work.now, &*work.app.chance);
    Ok(citizens::register(work, &form, submission, true).await?.person)
}

/// Uses the citizen's code in a web chat, as he would; gives the code of one who has not done so yet.
async fn link(work: &mut Work, person: PersonId, sample: &Sample) -> Result<Option<String>, Failure> {
    let Activation::Waiting { code, .. } = activation::state_of(work, person).await? else { return Ok(None) };
    if sample.link == Link::None {
        return Ok(Some(code));
    }
    let key = web_chat::Key::draw(work.now, &*work.app.chance);
    web_chat::open(work, &key).await?;
    let account = key.id().to_string();
    work.actor = Actor::Stranger { address: account.clone() };
    activation::activate(work, Messenger::Web, &account, &account, &code).await?;
    if sample.link == Link::Blocked {
        work.actor = Actor::System;
        activation::mark_blocked(work, Messenger::Web, &account).await?;
    }
    Ok(None)
}

async fn talk(work: &mut Work, person: PersonId, sample: &Sample, curator: &Actor) -> Result<(), Failure> {
    if !sample.asks.is_empty() {
        work.actor = Actor::Citizen { person };
        contacts::request(work, person, Some(sample.asks)).await?;
        work.actor = curator.clone();
    }
    if !sample.contact.is_empty() {
        contacts::add(work, person, sample.contact).await?;
    }
    Ok(())
}
