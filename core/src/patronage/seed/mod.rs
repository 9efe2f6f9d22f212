//! Bulk data for load tests: citizens with linked chats and daily series that come due when told. Not for an installation in
//! use: nothing of it goes through use cases, and no audit speaks of it.

mod names;
mod past;
mod store;

pub(super) use names::full_name;
pub use past::fill_past;

use chrono::TimeDelta;

use crate::{
    foundation::{
        clock::Timestamp,
        errors::StorageError,
        ids::{DistrictId, LinkId, PersonId, SeriesId},
    },
    people::access::Actor,
    schedule::{local_time::local_now, recurrence::LATEST_END},
    work::{App, Signal, Work},
};
use store::{Citizen, Series};

/// The first chat; accounts have the same numbers.
const FIRST_CHAT: u64 = 1_000_001;
/// The first phone number.
const FIRST_PHONE: u64 = 79_000_000_000;
/// People of one transaction.
const PEOPLE_AT_ONCE: usize = 5000;
/// Citizens of one curator, about as many as a curator really has.
const CITIZENS_A_CURATOR: usize = 100;
/// Curators at most: the list of choices stays usable.
const MOST_CURATORS: usize = 200;

const DISTRICTS: [&str; 5] = ["Центральный", "Северный", "Заречный", "Южный", "Лесной"];
const SITUATIONS: [&str; 4] = [
    "Инвалидность II группы, живет одна, помогает соседка",
    "Пожилой человек, нуждается в напоминаниях о лекарствах",
    "Многодетная семья, оформляет меры поддержки",
    "Восстановление после травмы, наблюдается у врача",
];
const TEXTS: [&str; 4] = [
    "Примите лекарство, назначенное врачом",
    "Измерьте давление и запишите показания",
    "Сделайте утреннюю зарядку",
    "Проверьте, что дома есть вода и продукты",
];

/// What to fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeedPlan {
    /// Citizens, each linked with a Telegram chat.
    pub citizens: u32,
    /// Daily series, spread over these citizens.
    pub series: u32,
    /// When the first reminder comes due, to the microsecond: load tests need more than the form's whole minutes.
    pub due_at: Timestamp,
    /// Over how long the due moments are spread, evenly.
    pub spread: TimeDelta,
}

impl SeedPlan {
    /// When the series with this number (0 for the first) comes due. As long as there are not more series than citizens, it
    /// is that of the citizen with the same number.
    pub fn due_of(&self, number: u64) -> Timestamp {
        let part = |micros: i64| {
            let share = i128::from(number) * i128::from(micros) / i128::from(self.series.max(1));
            i64::try_from(share).unwrap_or(i64::MAX)
        };
        self.due_at + TimeDelta::microseconds(part(self.spread.num_microseconds().unwrap_or(i64::MAX)))
    }
}

/// What was filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// Citizens.
    pub citizens: u32,
    /// Series.
    pub series: u32,
    /// The first citizen's chat; the others follow.
    pub first_chat: u64,
}

/// Fills the database as planned. Adds to what is there; chats go on after the highest number in use.
pub async fn fill(app: &App, plan: SeedPlan) -> Result<Filled, StorageError> {
    let first_chat = first_chat(app).await?;
    let surroundings = Surroundings::make(app, plan).await?;
    let count = usize::try_from(plan.citizens).unwrap_or(usize::MAX);
    let mut made = 0;
    while made < count {
        let some = PEOPLE_AT_ONCE.min(count - made);
        let mut work = app.begin(Actor::Operator).await?;
        let people = fill_people(&mut work, &surroundings, first_chat, made..made + some).await?;
        fill_series(&mut work, &surroundings, plan, made, &people).await?;
        work.signal(Signal::Schedule);
        work.commit().await?;
        made += some;
    }
    Ok(Filled { citizens: plan.citizens, series: if count == 0 { 0 } else { plan.series }, first_chat })
}

async fn first_chat(app: &App) -> Result<u64, StorageError> {
    let mut tx = app.db.read().await?;
    let highest: Option<u64> = store::highest_account(&mut tx).await?.and_then(|account| account.parse().ok());
    Ok(highest.map_or(FIRST_CHAT, |highest| FIRST_CHAT.max(highest + 1)))
}

/// Where the citizens live and who looks after them.
struct Surroundings {
    curators: Vec<PersonId>,
    districts: Vec<DistrictId>,
}

impl Surroundings {
    async fn make(app: &App, plan: SeedPlan) -> Result<Self, StorageError> {
        let mut work = app.begin(Actor::Operator).await?;
        let districts = store::districts(&mut work, &DISTRICTS).await?;
        let citizens = usize::try_from(plan.citizens).unwrap_or(usize::MAX);
        let count = citizens.div_ceil(CITIZENS_A_CURATOR).clamp(1, MOST_CURATORS);
        let curators: Vec<PersonId> = (0..count).map(|_| PersonId::draw(work.now, &*app.chance)).collect();
        store::insert_curators(&mut work, &curators, &districts).await?;
        work.commit().await?;
        Ok(Self { curators, districts })
    }
}

async fn fill_people(
    work: &mut Work,
    around: &Surroundings,
    first_chat: u64,
    numbers: std::ops::Range<usize>,
) -> Result<Vec<PersonId>, StorageError> {
    let people: Vec<Citizen> = numbers
        .filter_map(|number| {
            let offset = u64::try_from(number).ok()?;
            Some(Citizen {
                person: PersonId::draw(work.now, &*work.app.chance),
                link: LinkId::draw(work.now, &*work.app.chance),
                name: full_name(number),
                phone: format!("+{}", FIRST_PHONE + offset),
                chat: (first_chat + offset).to_string(),
                curator: at(&around.curators, number),
                district: at(&around.districts, number),
                situation: at(&SITUATIONS, number)?,
            })
        })
        .collect();
    store::insert_citizens(work, &people).await?;
    Ok(people.into_iter().map(|citizen| citizen.person).collect())
}

/// The series of these people, of whom the first has the number `first`: number n of all citizens holds the series n, n + all
/// citizens, and so on.
async fn fill_series(
    work: &mut Work,
    around: &Surroundings,
    plan: SeedPlan,
    first: usize,
    people: &[PersonId],
) -> Result<(), StorageError> {
    let citizens = usize::try_from(plan.citizens).unwrap_or(usize::MAX);
    let all = usize::try_from(plan.series).unwrap_or(usize::MAX);
    let mut series = Vec::new();
    for (offset, person) in people.iter().enumerate() {
        for number in (first + offset..all).step_by(citizens) {
            let due_at = plan.due_of(u64::try_from(number).unwrap_or(u64::MAX));
            let wall = local_now(due_at, work.app.config.time_zone);
            let (date, time) = (wall.date(), wall.time());
            let curator = at(&around.curators, first + offset);
            let text = at(&TEXTS, number).unwrap_or_default();
            let id = SeriesId::draw(work.now, &*work.app.chance);
            series.push(Series { id, person: *person, curator, text, date, time, due_at, end: LATEST_END });
        }
    }
    store::insert_series(work, &series).await
}

fn at<T: Copy>(list: &[T], number: usize) -> Option<T> {
    list.get(number.checked_rem(list.len())?).copied()
}
