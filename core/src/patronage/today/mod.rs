//! «Сегодня»: who needs the reader today, and why. One line, one cause, one obvious act; what cannot wait comes first.
//!
//! Nothing is stored for this page. Each kind of cause is one statement along an index that holds only what waits, cut off
//! after [`ROWS_A_CAUSE`] rows, so the page costs the same however many citizens there are.

mod counts;
mod meetings;
mod store;
mod tallies;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;

pub use counts::{AT_MOST, Counts, counts};
pub use meetings::Meeting;
pub use tallies::{MOST_ROWS, Tallies};

use crate::{
    Work,
    foundation::{
        clock::Timestamp,
        errors::Failure,
        ids::{ActivityId, ContactId, FileId, PersonId},
    },
    messaging::delivery::standstill::{self, Standstill},
    patronage::reminders::{OccurrenceState, Reason, WINDOW},
    people::{
        access::{Action, Sight},
        name::FullName,
    },
    schedule::local_time::{local_now, moment_of},
};

/// Rows that are read of one cause; the page shows fewer and says how many more there are.
pub const ROWS_A_CAUSE: usize = 25;

/// The page.
#[derive(Debug, Clone, PartialEq)]
pub struct Today {
    /// Name of the curator who reads; the administrator has none.
    pub reader: Option<FullName>,
    /// What the clocks of the installation show.
    pub local: NaiveDateTime,
    /// The zone of the installation.
    pub house: Tz,
    /// Now.
    pub now: Timestamp,
    /// Who needs the reader, the most urgent first, each person once.
    pub people: Vec<Waiting>,
    /// What was found of each cause, so that a page that shows less can say how much.
    pub found: Vec<(Cause, usize)>,
    /// Files nobody has processed, the newest first.
    pub files: Vec<NewFile>,
    /// Meetings of this day in their order.
    pub meetings: Vec<Meeting>,
    /// How much of everything there is.
    pub counts: Counts,
    /// Where sending stands still: everybody should know who waits for an answer in vain.
    pub standing: Vec<Standstill>,
    /// What became of the reminders of this day so far; `None` when there are too many to count them for a page.
    pub tallies: Option<Tallies>,
}

/// A citizen and why he needs the reader.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Who.
    pub who: Who,
    /// The causes, the most urgent first; never empty.
    pub needs: Vec<Need>,
}

/// A citizen, as far as one line needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The citizen.
    pub id: PersonId,
    /// «ФИО».
    pub name: FullName,
    /// The telephone number.
    pub phone: Option<String>,
    /// The citizen's time zone.
    pub zone: Tz,
    /// The curator.
    pub curator: Option<FullName>,
}

/// Why somebody needs the reader, without details; in the order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// «связь с соц. куратором» that nobody has answered.
    Contact,
    /// «напоминания для соц. куратора» that fired.
    OwnReminder,
    /// «пропуск (5 дней)».
    MissedDays,
    /// «неактивный (10 дней)».
    Silence,
    /// «Отклонения» of the last 72 hours.
    Deviations,
    /// «без назначений (2 дня)».
    NoAssignments,
    /// The citizen has blocked the bot.
    Blocked,
    /// The activation code was not used in time.
    Expired,
}

/// One cause with what the line says of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Need {
    /// A request for contact.
    Contact {
        /// Its record in «Активность».
        record: ActivityId,
        /// Its row in «История взаимодействия».
        contact: ContactId,
        /// When it was made.
        at: Timestamp,
        /// What the citizen wrote.
        comment: Option<String>,
        /// Whether the day after the request has passed (PT-211).
        is_overdue: bool,
    },
    /// A curator's own reminder.
    OwnReminder {
        /// Its record in «Активность».
        record: ActivityId,
        /// When it fired.
        at: Timestamp,
        /// What it says.
        text: String,
    },
    /// A record of an automatic rule.
    Rule {
        /// Its record in «Активность».
        record: ActivityId,
        /// Which rule.
        cause: Cause,
        /// When it was made.
        at: Timestamp,
    },
    /// Reminders of the last 72 hours that were ignored, refused or not delivered.
    Deviations {
        /// How many of them were read.
        count: usize,
        /// The latest.
        latest: Deviating,
    },
    /// The citizen has blocked the bot.
    Blocked {
        /// Since when.
        at: Timestamp,
    },
    /// The code was not used in time.
    Expired {
        /// When it ended.
        at: Timestamp,
    },
}

impl Need {
    /// Which cause it is.
    pub fn cause(&self) -> Cause {
        match self {
            Self::Contact { .. } => Cause::Contact,
            Self::OwnReminder { .. } => Cause::OwnReminder,
            Self::Rule { cause, .. } => *cause,
            Self::Deviations { .. } => Cause::Deviations,
            Self::Blocked { .. } => Cause::Blocked,
            Self::Expired { .. } => Cause::Expired,
        }
    }
}

/// A reminder of the last 72 hours that was ignored, refused or not delivered.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Deviating {
    /// Local date.
    #[sqlx(rename = "local_date")]
    pub date: NaiveDate,
    /// Local time.
    #[sqlx(rename = "local_time")]
    pub time: NaiveTime,
    /// The text that was sent.
    pub text: String,
    /// Yellow, red or grey.
    pub state: OccurrenceState,
    /// Why it was not delivered.
    pub reason: Option<Reason>,
}

/// A file that nobody has processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Whose.
    pub who: Who,
    /// Its record in «Активность».
    pub record: ActivityId,
    /// Which.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// Bytes, if known.
    pub size: Option<u64>,
    /// «Тип сообщений (файлов)».
    pub type_name: Option<String>,
    /// When it came.
    pub at: Timestamp,
}

/// What the statements of this page compare with.
#[derive(Debug, Clone, Copy)]
struct Frame {
    /// Whose citizens.
    sight: Sight,
    /// The zone of the installation.
    house: Tz,
    /// The day on the clocks of the installation.
    today: NaiveDate,
    /// Deviations after this moment count.
    window_from: Timestamp,
    /// Unanswered reminders handed over until this moment count (PT-250).
    waiting_since: Timestamp,
    /// Requests for contact before this moment are overdue (PT-211).
    overdue_before: Timestamp,
}

impl Frame {
    fn of(work: &Work) -> Result<Self, Failure> {
        let sight = work.must(Action::HandleActivity)?;
        let config = &work.app.config;
        let house = config.time_zone;
        let today = local_now(work.now, house).date();
        Ok(Self {
            sight,
            house,
            today,
            window_from: work.now - WINDOW,
            waiting_since: work.now - config.deviation_grace(),
            overdue_before: moment_of(today - TimeDelta::days(1), NaiveTime::MIN, house),
        })
    }
}

/// Who needs the reader today, and why.
pub async fn today(work: &mut Work) -> Result<Today, Failure> {
    let frame = Frame::of(work)?;
    let mut needs = records(work, &frame).await?;
    if work.app.config.sections.deviations {
        needs.extend(store::deviations(&mut work.tx, &frame).await?.into_iter().map(|(who, it)| (who, deviation(it))));
    }
    let blocked = store::blocked(&mut work.tx, &frame).await?;
    needs.extend(blocked.into_iter().map(|(who, at)| (who, Need::Blocked { at })));
    let expired = store::expired(&mut work.tx, &frame, work.now).await?;
    needs.extend(expired.into_iter().map(|(who, at)| (who, Need::Expired { at })));
    let people = by_person(needs);
    Ok(Today {
        reader: store::name_of(&mut work.tx, work.actor.author()).await?,
        local: local_now(work.now, frame.house),
        house: frame.house,
        now: work.now,
        found: found(&people),
        people,
        files: store::files(&mut work.tx, &frame).await?,
        meetings: meetings::of_day(work, &frame).await?,
        counts: counts::within(work, &frame).await?,
        standing: standstill::standing(&mut work.tx).await?,
        tallies: tallies::of_day(work, &frame).await?,
    })
}

/// What waits for a tick in «Активность», without files.
async fn records(work: &mut Work, frame: &Frame) -> Result<Vec<(Who, Need)>, Failure> {
    let mut needs = Vec::new();
    for cause in [Cause::Contact, Cause::OwnReminder, Cause::MissedDays, Cause::Silence, Cause::NoAssignments] {
        needs.extend(store::records(&mut work.tx, frame, cause).await?);
    }
    Ok(needs)
}

fn deviation(latest: Deviating) -> Need {
    Need::Deviations { count: 1, latest }
}

/// Each person once, at the place of the most urgent cause; further deviations of a person only count.
fn by_person(mut needs: Vec<(Who, Need)>) -> Vec<Waiting> {
    needs.sort_by_key(|(_, need)| urgency(need));
    let mut people: Vec<Waiting> = Vec::new();
    for (who, need) in needs {
        let Some(known) = people.iter_mut().find(|it| it.who.id == who.id) else {
            people.push(Waiting { who, needs: vec![need] });
            continue;
        };
        match (&need, known.needs.iter_mut().find(|it| it.cause() == need.cause())) {
            (_, None) => known.needs.push(need),
            (Need::Deviations { .. }, Some(Need::Deviations { count, .. })) => *count += 1,
            // Each of these is a tick of its own.
            (Need::OwnReminder { .. } | Need::Contact { .. }, _) => known.needs.push(need),
            _ => {}
        }
    }
    people
}

/// Overdue requests come before all, then causes in their order; the order within a cause stays as it was read.
fn urgency(need: &Need) -> (bool, Cause) {
    let is_overdue = matches!(need, Need::Contact { is_overdue: true, .. });
    (!is_overdue, need.cause())
}

/// How many people there are by their first cause.
fn found(people: &[Waiting]) -> Vec<(Cause, usize)> {
    let mut found: Vec<(Cause, usize)> = Vec::new();
    for cause in people.iter().filter_map(|it| it.needs.first()).map(Need::cause) {
        match found.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, count)) => *count += 1,
            None => found.push((cause, 1)),
        }
    }
    found
}
