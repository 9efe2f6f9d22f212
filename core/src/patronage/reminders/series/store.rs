//! SQL of the tables `series` and `exclusions`.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use sqlx::QueryBuilder;

use super::{Cursor, Plan, Series, Zones};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Sql, Tx, exactly_one},
        errors::{Failure, StorageError},
        ids::{DistrictId, PersonId, SeriesId, SubmissionId},
    },
    on_backend,
    patronage::reminders::{exclusions::Exclusions, kind::Kind},
    people::access::Sight,
    schedule::recurrence::{End, Recurrence, Repetition, Weekdays},
    work::Work,
};

/// The columns of a [`SeriesRow`], of the table called `s`.
macro_rules! columns {
    () => {
        "s.id, s.person_id, s.kind, s.text, s.repetition, s.every, s.weekdays, s.month_day, s.start_date, s.local_time,
         s.times, s.end_date, s.advance_minutes, s.version, s.ended_at, s.next_ordinal, s.next_date, s.next_due_at"
    };
}
pub(in crate::patronage::reminders) use columns;

/// A stored series.
#[derive(Debug, sqlx::FromRow)]
pub struct SeriesRow {
    id: SeriesId,
    person_id: PersonId,
    kind: Kind,
    text: String,
    repetition: String,
    every: i64,
    weekdays: i64,
    month_day: Option<i64>,
    start_date: NaiveDate,
    local_time: NaiveTime,
    times: Option<i64>,
    end_date: Option<NaiveDate>,
    advance_minutes: i64,
    version: i64,
    ended_at: Option<Timestamp>,
    next_ordinal: Option<i64>,
    next_date: Option<NaiveDate>,
    next_due_at: Option<Timestamp>,
}

impl SeriesRow {
    /// Its place among those that are due: the longest waiting first.
    pub fn place(&self) -> (Option<Timestamp>, SeriesId) {
        (self.next_due_at, self.id)
    }

    fn wrong(&self, column: &'static str) -> StorageError {
        StorageError::Inconsistent { table: "series", column, id: self.id.to_string() }
    }

    fn repetition(&self) -> Result<Repetition, StorageError> {
        let every = u16::try_from(self.every).map_err(|_| self.wrong("every"))?;
        match self.repetition.as_str() {
            "none" => Ok(Repetition::Once),
            "daily" => Ok(Repetition::Daily { every }),
            "weekly" => {
                let bits = u8::try_from(self.weekdays).map_err(|_| self.wrong("weekdays"))?;
                Ok(Repetition::Weekly { every, weekdays: Weekdays::from_bits(bits) })
            }
            "monthly" => {
                let day = self.month_day.and_then(|day| u8::try_from(day).ok());
                Ok(Repetition::Monthly { every, day: day.ok_or_else(|| self.wrong("month_day"))? })
            }
            _ => Err(self.wrong("repetition")),
        }
    }

    fn end(&self) -> Result<End, StorageError> {
        match (self.times, self.end_date) {
            (Some(times), _) => u16::try_from(times).map(End::Times).map_err(|_| self.wrong("times")),
            (None, Some(date)) => Ok(End::On(date)),
            (None, None) => Ok(End::Never),
        }
    }

    fn cursor(&self) -> Result<Option<Cursor>, StorageError> {
        let (Some(ordinal), Some(date), Some(due_at)) = (self.next_ordinal, self.next_date, self.next_due_at) else {
            return Ok(None);
        };
        let ordinal = u32::try_from(ordinal).map_err(|_| self.wrong("next_ordinal"))?;
        Ok(Some(Cursor { ordinal, date, due_at }))
    }
}

impl TryFrom<SeriesRow> for Series {
    type Error = StorageError;

    fn try_from(row: SeriesRow) -> Result<Self, StorageError> {
        let rule = Recurrence { start: row.start_date, repetition: row.repetition()?, end: row.end()? };
        let advance = u16::try_from(row.advance_minutes).map_err(|_| row.wrong("advance_minutes"))?;
        let cursor = row.cursor()?;
        Ok(Self {
            id: row.id,
            person: row.person_id,
            plan: Plan { kind: row.kind, text: row.text, rule, time: row.local_time, advance },
            cursor,
            version: row.version,
            ended_at: row.ended_at,
        })
    }
}

/// How a rule is kept in columns.
#[derive(Debug, Clone, Copy)]
pub struct RuleColumns {
    /// `none`, `daily`, `weekly`, `monthly`.
    pub repetition: &'static str,
    /// Every so many.
    pub every: i64,
    /// Monday is bit 0.
    pub weekdays: i64,
    /// The day a monthly rule wants.
    pub month_day: Option<i64>,
    /// Number of repetitions.
    pub times: Option<i64>,
    /// Last date.
    pub end_date: Option<NaiveDate>,
    /// No date of the rule is later.
    pub last_date: NaiveDate,
}

impl From<&Recurrence> for RuleColumns {
    fn from(rule: &Recurrence) -> Self {
        let (repetition, every, weekdays, month_day) = match rule.repetition {
            Repetition::Once => ("none", 1, 0, None),
            Repetition::Daily { every } => ("daily", every, 0, None),
            Repetition::Weekly { every, weekdays } => ("weekly", every, weekdays.bits(), None),
            Repetition::Monthly { every, day } => ("monthly", every, 0, Some(i64::from(day))),
        };
        let (times, end_date) = match rule.end {
            End::Never => (None, None),
            End::Times(times) => (Some(i64::from(times)), None),
            End::On(date) => (None, Some(date)),
        };
        let last_date = rule.last().map_or(rule.start, |(_, date)| date);
        let (every, weekdays) = (i64::from(every), i64::from(weekdays));
        Self { repetition, every, weekdays, month_day, times, end_date, last_date }
    }
}

/// What the room needs to know of a citizen.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The curator at present.
    pub curator: Option<PersonId>,
    /// The zones of the citizen's series.
    pub zones: Zones,
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    curator_id: Option<PersonId>,
    person_zone: Option<String>,
    district_zone: Option<String>,
    curator_zone: Option<String>,
}

/// The citizen's curator and zones; a citizen who is deleted, unknown or out of sight is [`Failure::NotFound`].
pub async fn place_of(work: &mut Work, sight: Sight, person: PersonId) -> Result<Place, Failure> {
    let house = work.app.config.time_zone;
    let place = find_place(&mut work.tx, house, person).await?.ok_or(Failure::NotFound)?;
    if sight.covers(person, place.curator) { Ok(place) } else { Err(Failure::NotFound) }
}

/// The citizen's curator and zones, unless the card is deleted.
pub async fn find_place(tx: &mut Tx, house: Tz, person: PersonId) -> Result<Option<Place>, StorageError> {
    const SQL: &str = "SELECT c.curator_id, p.time_zone AS person_zone, d.time_zone AS district_zone,
            kd.time_zone AS curator_zone
        FROM citizens c
        JOIN persons p ON p.id = c.person_id
        LEFT JOIN districts d ON d.id = c.district_id
        LEFT JOIN curators k ON k.person_id = c.curator_id
        LEFT JOIN districts kd ON kd.id = k.district_id
        WHERE c.person_id = $1 AND c.deleted_at IS NULL";
    let row: Option<PlaceRow> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_optional(c).await?);
    Ok(row.map(|row| Place {
        curator: row.curator_id,
        zones: zones(house, row.person_zone.as_deref(), row.district_zone.as_deref(), row.curator_zone.as_deref()),
    }))
}

/// The zones that follow from the settings of person, district and curator's district (PT-D29).
pub fn zones(house: Tz, person: Option<&str>, district: Option<&str>, curator: Option<&str>) -> Zones {
    Zones {
        citizen: known(person).or_else(|| known(district)).unwrap_or(house),
        curator: known(curator).unwrap_or(house),
    }
}

/// A zone that the zone data do not know (any more) counts as not set: better an hour off than never sent.
fn known(name: Option<&str>) -> Option<Tz> {
    let name = name?;
    let zone = name.parse().ok();
    if zone.is_none() {
        tracing::error!(time_zone = name, "the time zone is unknown and not used");
    }
    zone
}

/// The series that a submission made, and whose it is.
pub async fn by_submission(
    tx: &mut Tx,
    submission: SubmissionId,
) -> Result<Option<(SeriesId, PersonId)>, StorageError> {
    const SQL: &str = "SELECT id, person_id FROM series WHERE submission = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(submission).fetch_optional(c).await?))
}

/// Adds a series.
pub async fn insert(
    tx: &mut Tx,
    series: &Series,
    author: &str,
    now: Timestamp,
    submission: Option<SubmissionId>,
) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO series (id, person_id, kind, text, repetition, every, weekdays, month_day, start_date,
            local_time, times, end_date, advance_minutes, author, created_at, submission, version, next_ordinal, next_date,
            next_due_at, last_date)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    let plan = &series.plan;
    let rule = RuleColumns::from(&plan.rule);
    let rows = on_backend!(tx, |c| {
        let query = sqlx::query(SQL).bind(series.id).bind(series.person).bind(plan.kind).bind(&plan.text);
        let query = query.bind(rule.repetition).bind(rule.every).bind(rule.weekdays).bind(rule.month_day);
        let query = query.bind(plan.rule.start).bind(plan.time).bind(rule.times).bind(rule.end_date);
        let query = query.bind(i64::from(plan.advance)).bind(author).bind(now).bind(submission).bind(series.version);
        let query = query.bind(series.cursor.map(|next| i64::from(next.ordinal)));
        let query = query.bind(series.cursor.map(|next| next.date)).bind(series.cursor.map(|next| next.due_at));
        query.bind(rule.last_date).execute(c).await?.rows_affected()
    });
    exactly_one("series", series.id, rows)
}

/// Writes a series back, one version further. `false`: somebody else was faster.
pub async fn update(tx: &mut Tx, series: &Series) -> Result<bool, StorageError> {
    const SQL: &str =
        "UPDATE series SET kind = $3, text = $4, repetition = $5, every = $6, weekdays = $7, month_day = $8,
            start_date = $9, local_time = $10, times = $11, end_date = $12, advance_minutes = $13, ended_at = $14,
            next_ordinal = $15, next_date = $16, next_due_at = $17, last_date = $18, version = version + 1
        WHERE id = $1 AND version = $2";
    let plan = &series.plan;
    let rule = RuleColumns::from(&plan.rule);
    let rows = on_backend!(tx, |c| {
        let query = sqlx::query(SQL).bind(series.id).bind(series.version).bind(plan.kind).bind(&plan.text);
        let query = query.bind(rule.repetition).bind(rule.every).bind(rule.weekdays).bind(rule.month_day);
        let query = query.bind(plan.rule.start).bind(plan.time).bind(rule.times).bind(rule.end_date);
        let query = query.bind(i64::from(plan.advance)).bind(series.ended_at);
        let query = query.bind(series.cursor.map(|next| i64::from(next.ordinal)));
        let query = query.bind(series.cursor.map(|next| next.date)).bind(series.cursor.map(|next| next.due_at));
        query.bind(rule.last_date).execute(c).await?.rows_affected()
    });
    Ok(rows == 1)
}

/// Finds a series.
pub async fn find(tx: &mut Tx, id: SeriesId) -> Result<Option<Series>, StorageError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM series s WHERE s.id = $1");
    let row: Option<SeriesRow> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?);
    row.map(Series::try_from).transpose()
}

/// Finds a series and holds it against claims until the transaction ends (PT-D39).
pub async fn lock(tx: &mut Tx, id: SeriesId) -> Result<Option<Series>, StorageError> {
    // On SQLite the writing transaction is alone anyway.
    const SQL: Sql = Sql {
        sqlite: concat!("SELECT ", columns!(), " FROM series s WHERE s.id = $1"),
        postgres: concat!("SELECT ", columns!(), " FROM series s WHERE s.id = $1 FOR UPDATE"),
    };
    let sql = SQL.of(tx);
    let row: Option<SeriesRow> = on_backend!(tx, |c| sqlx::query_as(sql).bind(id).fetch_optional(c).await?);
    row.map(Series::try_from).transpose()
}

/// The series of a person that may have dates from `first` to `last`, with their exclusions.
pub async fn list_between(
    tx: &mut Tx,
    person: PersonId,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<(Series, Exclusions)>, StorageError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM series s WHERE s.person_id = $1 AND s.start_date <= $3 AND (s.end_date IS NULL OR s.end_date >= $2)
          ORDER BY s.start_date, s.id"
    );
    const EXCLUSIONS: &str = "SELECT e.series_id, e.first_date, e.last_date
        FROM series s JOIN exclusions e ON e.series_id = s.id WHERE s.person_id = $1 AND s.start_date <= $2";
    let rows: Vec<SeriesRow> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).bind(first).bind(last).fetch_all(c).await?);
    let ranges: Vec<(SeriesId, NaiveDate, NaiveDate)> =
        on_backend!(tx, |c| sqlx::query_as(EXCLUSIONS).bind(person).bind(last).fetch_all(c).await?);
    let mut exclusions = grouped(ranges);
    rows.into_iter()
        .map(|row| {
            let excluded = exclusions.remove(&row.id).unwrap_or_default();
            Ok((Series::try_from(row)?, excluded))
        })
        .collect()
}

/// Puts ranges of many series together, series by series.
pub fn grouped(ranges: Vec<(SeriesId, NaiveDate, NaiveDate)>) -> BTreeMap<SeriesId, Exclusions> {
    let mut by_series: BTreeMap<SeriesId, Vec<(NaiveDate, NaiveDate)>> = BTreeMap::new();
    for (series, first, last) in ranges {
        by_series.entry(series).or_default().push((first, last));
    }
    by_series.into_iter().map(|(series, ranges)| (series, Exclusions::of(ranges))).collect()
}

/// The exclusions of a series.
pub async fn exclusions_of(tx: &mut Tx, series: SeriesId) -> Result<Exclusions, StorageError> {
    const SQL: &str = "SELECT first_date, last_date FROM exclusions WHERE series_id = $1 ORDER BY first_date";
    Ok(Exclusions::of(on_backend!(tx, |c| sqlx::query_as(SQL).bind(series).fetch_all(c).await?)))
}

/// Replaces the exclusions of a series.
pub async fn set_exclusions(tx: &mut Tx, series: SeriesId, exclusions: &Exclusions) -> Result<(), StorageError> {
    const CLEAR: &str = "DELETE FROM exclusions WHERE series_id = $1";
    const ADD: &str = "INSERT INTO exclusions (series_id, first_date, last_date) VALUES ($1, $2, $3)";
    on_backend!(tx, |c| sqlx::query(CLEAR).bind(series).execute(c).await.map(drop))?;
    for (first, last) in exclusions.iter() {
        on_backend!(tx, |c| sqlx::query(ADD).bind(series).bind(first).bind(last).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Ends everything planned for a person.
pub async fn stop_all(tx: &mut Tx, person: PersonId, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE series SET ended_at = $2, next_ordinal = NULL, next_date = NULL, next_due_at = NULL,
            version = version + 1
        WHERE person_id = $1 AND next_due_at IS NOT NULL";
    on_backend!(tx, |c| sqlx::query(SQL).bind(person).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// The series of a person that ended at this very moment.
pub async fn list_ended(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<Vec<Series>, StorageError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM series s WHERE s.person_id = $1 AND s.ended_at = $2");
    let rows: Vec<SeriesRow> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).bind(at).fetch_all(c).await?);
    rows.into_iter().map(Series::try_from).collect()
}

/// The columns of an [`AheadRow`] with their tables, up to the condition.
macro_rules! ahead {
    () => {
        concat!(
            "SELECT ",
            columns!(),
            ", p.time_zone AS person_zone, d.time_zone AS district_zone, kd.time_zone AS curator_zone
              FROM series s
              JOIN citizens c ON c.person_id = s.person_id
              JOIN persons p ON p.id = s.person_id
              LEFT JOIN districts d ON d.id = c.district_id
              LEFT JOIN curators k ON k.person_id = c.curator_id
              LEFT JOIN districts kd ON kd.id = k.district_id "
        )
    };
}

/// The curators' own reminders about these citizens that have something to come, with their zones.
pub async fn own_ahead(tx: &mut Tx, house: Tz, persons: &[PersonId]) -> Result<Vec<(Series, Zones)>, StorageError> {
    const HEAD: &str =
        concat!(ahead!(), "WHERE s.kind = 'curator_reminder' AND s.next_due_at IS NOT NULL AND s.person_id IN (");
    let rows: Vec<AheadRow> = on_backend!(tx, |c| {
        let mut sql = QueryBuilder::new(HEAD);
        let mut list = sql.separated(", ");
        for person in persons {
            list.push_bind(*person);
        }
        sql.push(")").build_query_as().persistent(false).fetch_all(c).await?
    });
    rows.into_iter().map(|row| row.into_series(house)).collect()
}

/// The series of these people that have something to come, with their zones.
pub async fn list_ahead(tx: &mut Tx, house: Tz, people: &[PersonId]) -> Result<Vec<(Series, Zones)>, StorageError> {
    const HEAD: &str =
        concat!(ahead!(), "WHERE s.next_due_at IS NOT NULL AND c.deleted_at IS NULL AND s.person_id IN (");
    let rows: Vec<AheadRow> = on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new(HEAD);
        let mut list = builder.separated(", ");
        for person in people {
            list.push_bind(*person);
        }
        list.push_unseparated(")");
        builder.build_query_as().persistent(false).fetch_all(c).await?
    });
    rows.into_iter().map(|row| row.into_series(house)).collect()
}

/// The citizens of a district and those of its curators: whose reminders may follow its time zone.
pub async fn people_of_district(tx: &mut Tx, district: DistrictId) -> Result<Vec<PersonId>, StorageError> {
    const SQL: &str = "SELECT c.person_id FROM citizens c WHERE c.district_id = $1 AND c.deleted_at IS NULL
        UNION SELECT c.person_id FROM curators k JOIN citizens c ON c.curator_id = k.person_id
        WHERE k.district_id = $1 AND c.deleted_at IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(district).fetch_all(c).await?))
}

#[derive(sqlx::FromRow)]
struct AheadRow {
    #[sqlx(flatten)]
    series: SeriesRow,
    person_zone: Option<String>,
    district_zone: Option<String>,
    curator_zone: Option<String>,
}

impl AheadRow {
    fn into_series(self, house: Tz) -> Result<(Series, Zones), StorageError> {
        let zones =
            zones(house, self.person_zone.as_deref(), self.district_zone.as_deref(), self.curator_zone.as_deref());
        Ok((Series::try_from(self.series)?, zones))
    }
}

/// Which series a change of time zones concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerned {
    /// Those read in one of these.
    pub zones: Vec<String>,
    /// Those read in the installation's own.
    pub without_own: bool,
}

impl Concerned {
    /// No series at all.
    pub fn is_nothing(&self) -> bool {
        self.zones.is_empty() && !self.without_own
    }
}

/// The names of the zones that persons and districts have.
pub async fn zones_in_use(tx: &mut Tx) -> Result<Vec<String>, StorageError> {
    const SQL: &str = "SELECT DISTINCT time_zone FROM persons WHERE time_zone IS NOT NULL
        UNION SELECT time_zone FROM districts WHERE time_zone IS NOT NULL";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).fetch_all(c).await?))
}

/// Series concerned that have something to come, with their zones, page by page in order of id.
pub async fn page_ahead(
    tx: &mut Tx,
    house: Tz,
    concerned: &Concerned,
    after: Option<SeriesId>,
    limit: u32,
) -> Result<Vec<(Series, Zones)>, StorageError> {
    const HEAD: &str = concat!(ahead!(), "WHERE s.next_due_at IS NOT NULL AND s.id > ");
    const READ_IN: &str = "CASE WHEN s.kind = 'curator_reminder' THEN kd.time_zone
        ELSE COALESCE(p.time_zone, d.time_zone) END";
    let after = after.unwrap_or(SeriesId(uuid::Uuid::nil()));
    let rows: Vec<AheadRow> = on_backend!(tx, |c| {
        let mut query = QueryBuilder::new(HEAD);
        // No zone has an empty name; a list must not be empty.
        query.push_bind(after).push(" AND (").push(READ_IN).push(" IN (''");
        for zone in &concerned.zones {
            query.push(", ").push_bind(zone);
        }
        query.push(")");
        if concerned.without_own {
            query.push(" OR ").push(READ_IN).push(" IS NULL");
        }
        query.push(") ORDER BY s.id LIMIT ").push_bind(i64::from(limit));
        query.build_query_as().persistent(false).fetch_all(c).await?
    });
    rows.into_iter().map(|row| row.into_series(house)).collect()
}

/// Gives cursors another moment, where they still stand at the same occurrence.
pub async fn move_cursors(tx: &mut Tx, moves: &[(SeriesId, Cursor)]) -> Result<u64, StorageError> {
    const SQL: &str = "UPDATE series SET next_due_at = $3 WHERE id = $1 AND next_ordinal = $2";
    let mut moved = 0;
    for (id, next) in moves {
        moved += on_backend!(tx, |c| {
            let query = sqlx::query(SQL).bind(*id).bind(i64::from(next.ordinal)).bind(next.due_at);
            query.execute(c).await?.rows_affected()
        });
    }
    Ok(moved)
}
