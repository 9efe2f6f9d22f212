//! The tables `exports` and `export_rows`, and what an export reads of the others.

use std::{collections::BTreeMap, fmt::Write};

use chrono::NaiveDate;
use chrono_tz::Tz;
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::{Export, State, citizens::Style, sheet::CELL_LIMIT};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Tx, exactly_one},
        errors::StorageError,
        ids::{AccountId, ExportId, PersonId, SessionId},
    },
    on_backend,
    patronage::{
        activation::LinkState,
        citizens::{
            Activity, BotState,
            list::store::{Search, Trigrams, narrow},
        },
        contacts::Initiator,
    },
    people::name::FullName,
    words::format,
};

/// The columns of an [`Export`].
macro_rules! columns {
    () => {
        "id, kind, state, in_background, locale, file_name, total, done, created_at"
    };
}

/// Adds an export.
pub async fn insert(tx: &mut Tx, export: &Export, account: Option<AccountId>) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO exports (id, kind, state, in_background, locale, file_name, total, done, created_at,
            account_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    on_backend!(tx, |c| {
        let query = sqlx::query(SQL).bind(export.id).bind(export.kind).bind(export.state).bind(export.in_background);
        let query = query.bind(&export.locale).bind(&export.file_name).bind(export.total).bind(export.done);
        query.bind(export.created_at).bind(account).execute(c).await.map(drop)?;
    });
    Ok(())
}

/// Chooses the ticked citizens of a session.
pub async fn add_ticked(tx: &mut Tx, id: ExportId, session: SessionId) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO export_rows (export_id, seq) SELECT $1, c.seq
        FROM selections s JOIN citizens c ON c.person_id = s.person_id WHERE s.session_id = $2 AND c.deleted_at IS NULL";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(session).execute(c).await.map(drop)?);
    Ok(())
}

/// Chooses everybody whom the search finds.
pub async fn add_found(tx: &mut Tx, id: ExportId, search: &Search) -> Result<(), StorageError> {
    let trigrams = Trigrams::of(tx);
    on_backend!(tx, |c| {
        let mut sql = QueryBuilder::new("INSERT INTO export_rows (export_id, seq) SELECT ");
        sql.push_bind(id).push(", c.seq FROM citizens c WHERE c.deleted_at IS NULL");
        narrow(&mut sql, search, trigrams);
        sql.build().persistent(false).execute(c).await?;
    });
    Ok(())
}

/// How many citizens were chosen.
pub async fn count_rows(tx: &mut Tx, id: ExportId) -> Result<i64, StorageError> {
    const SQL: &str = "SELECT COUNT(*) FROM export_rows WHERE export_id = $1";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(id).fetch_one(c).await?))
}

/// Whether the history of the chosen citizens has more records than `limit`.
pub async fn has_more_records(tx: &mut Tx, id: ExportId, limit: i64) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT COUNT(*) FROM (SELECT k.id FROM export_rows r JOIN citizens c ON c.seq = r.seq
        JOIN contacts k ON k.person_id = c.person_id WHERE r.export_id = $1 LIMIT $2) AS found";
    let found: i64 = on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(id).bind(limit + 1).fetch_one(c).await?);
    Ok(found > limit)
}

/// Writes what is known once the citizens are chosen.
pub async fn begin(tx: &mut Tx, export: &Export) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE exports SET state = $2, in_background = $3, total = $4 WHERE id = $1";
    let rows = on_backend!(tx, |c| {
        let query = sqlx::query(SQL).bind(export.id).bind(export.state).bind(export.in_background);
        query.bind(export.total).execute(c).await?.rows_affected()
    });
    exactly_one("exports", export.id, rows)
}

/// One export.
pub async fn find(tx: &mut Tx, id: ExportId) -> Result<Option<Export>, StorageError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM exports WHERE id = $1");
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// The latest exports.
pub async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Export>, StorageError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM exports ORDER BY created_at DESC LIMIT $1");
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(limit).fetch_all(c).await?))
}

/// Takes the export that waits longest.
pub async fn take_queued(tx: &mut Tx) -> Result<Option<Export>, StorageError> {
    const SQL: &str = concat!(
        "UPDATE exports SET state = 'running', done = 0
        WHERE id = (SELECT id FROM exports WHERE state = 'queued' ORDER BY id LIMIT 1) RETURNING ",
        columns!()
    );
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).fetch_optional(c).await?))
}

/// Puts an export that came to no end back into the queue; `false` when somebody did so already.
pub async fn queue(tx: &mut Tx, id: ExportId) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE exports SET state = 'queued', in_background = $2, done = 0, finished_at = NULL
        WHERE id = $1 AND state IN ('failed', 'interrupted')";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(true).execute(c).await?.rows_affected()) == 1)
}

/// Notes how many citizens are written.
pub async fn progress(tx: &mut Tx, id: ExportId, done: i64) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE exports SET done = $2 WHERE id = $1 AND state = 'running'";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(done).execute(c).await.map(drop)?);
    Ok(())
}

/// Notes how an export ended.
pub async fn finish(tx: &mut Tx, id: ExportId, state: State, at: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE exports SET state = $2, finished_at = $3 WHERE id = $1 AND state = 'running'";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(state).bind(at).execute(c).await.map(drop)?);
    Ok(())
}

/// Marks what a worker has left unfinished, and small ones asked for before `latest`.
pub async fn interrupt(tx: &mut Tx, latest: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE exports SET state = 'interrupted'
        WHERE state = 'running' AND (in_background OR created_at < $1)";
    on_backend!(tx, |c| sqlx::query(SQL).bind(latest).execute(c).await.map(drop)?);
    Ok(())
}

/// Deletes exports asked for before `before`; their files are to follow.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<Vec<ExportId>, StorageError> {
    const SQL: &str = "DELETE FROM exports WHERE created_at < $1 RETURNING id";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(before).fetch_all(c).await?))
}

/// A citizen of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Chosen {
    pub seq: i64,
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
}

/// The next citizens of an export, in the order of the list; those deleted meanwhile are left out.
pub async fn portion(tx: &mut Tx, id: ExportId, after: i64, limit: i64) -> Result<Vec<Chosen>, StorageError> {
    const SQL: &str = "SELECT c.seq, c.person_id FROM export_rows r JOIN citizens c ON c.seq = r.seq
        WHERE r.export_id = $1 AND r.seq > $2 AND c.deleted_at IS NULL ORDER BY r.seq LIMIT $3";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).bind(after).bind(limit).fetch_all(c).await?))
}

/// A citizen's card, as the export shows it.
#[derive(Debug, sqlx::FromRow)]
pub struct CitizenLine {
    #[sqlx(rename = "person_id")]
    pub id: PersonId,
    pub surname: String,
    pub name: Option<String>,
    pub patronymic: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub inn: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub district: Option<String>,
    curator_surname: Option<String>,
    curator_name: Option<String>,
    curator_patronymic: Option<String>,
    pub situation: Option<String>,
    pub diary: Option<String>,
    inactive: bool,
    inactive_until: Option<NaiveDate>,
    zone: Option<String>,
    best_link: Option<LinkState>,
}

impl CitizenLine {
    pub fn curator(&self) -> Option<FullName> {
        let surname = self.curator_surname.clone()?;
        Some(FullName { surname, name: self.curator_name.clone(), patronymic: self.curator_patronymic.clone() })
    }

    pub fn activity(&self, house: Tz, now: Timestamp) -> Result<Activity, StorageError> {
        Activity::of(self.id, self.zone.as_deref(), house, now, (self.inactive, self.inactive_until))
    }

    pub fn bot(&self) -> BotState {
        match self.best_link {
            Some(LinkState::Linked) => BotState::Linked,
            Some(LinkState::Blocked) => BotState::Blocked,
            Some(LinkState::Unlinked) | None => BotState::NotLinked,
        }
    }
}

/// The stored files of a citizen in one cell, one line each (PT-272).
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Files {
    pub number: i64,
    pub text: String,
    /// UTF-16 units of the text: what a cell cannot hold is not collected.
    units: usize,
}

impl Files {
    fn add(&mut self, kind: &str, name: &str, at: &str) {
        self.number += 1;
        if self.units > CELL_LIMIT {
            return;
        }
        let begins = self.text.len();
        let break_before = if begins == 0 { "" } else { "\n" };
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{break_before}{kind}, {name}, {at}");
        self.units += self.text.get(begins..).unwrap_or_default().encode_utf16().count();
    }
}

/// All that is told of some citizens.
#[derive(Debug)]
pub struct Portion {
    pub citizens: Vec<CitizenLine>,
    pub groups: BTreeMap<PersonId, Vec<String>>,
    pub files: BTreeMap<PersonId, Files>,
    pub requests: BTreeMap<PersonId, i64>,
}

impl Portion {
    pub async fn of(tx: &mut Tx, chosen: Vec<Chosen>, style: &Style<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            citizens: citizens(tx, &chosen).await?,
            groups: groups(tx, &chosen).await?,
            files: files(tx, &chosen, style).await?,
            requests: requests(tx, &chosen).await?,
        })
    }
}

async fn citizens(tx: &mut Tx, chosen: &[Chosen]) -> Result<Vec<CitizenLine>, StorageError> {
    const HEAD: &str = "SELECT c.person_id, p.surname, p.name, p.patronymic, c.birth_date, c.inn, p.phone, p.email,
            d.name AS district, k.surname AS curator_surname, k.name AS curator_name, k.patronymic AS curator_patronymic,
            c.situation, c.diary, c.inactive, c.inactive_until, COALESCE(p.time_zone, d.time_zone) AS zone,
            (SELECT MAX(l.state) FROM links l WHERE l.person_id = c.person_id AND l.state <> 'unlinked') AS best_link
        FROM citizens c JOIN persons p ON p.id = c.person_id LEFT JOIN districts d ON d.id = c.district_id
        LEFT JOIN persons k ON k.id = c.curator_id WHERE c.person_id IN (";
    Ok(on_backend!(tx, |c| {
        let mut sql = listed(HEAD, chosen);
        sql.push(" ORDER BY c.seq").build_query_as().persistent(false).fetch_all(c).await?
    }))
}

async fn groups(tx: &mut Tx, chosen: &[Chosen]) -> Result<BTreeMap<PersonId, Vec<String>>, StorageError> {
    const HEAD: &str = "SELECT m.person_id, g.name FROM citizen_groups m JOIN special_groups g ON g.id = m.group_id
        WHERE m.person_id IN (";
    let rows: Vec<(PersonId, String)> = on_backend!(tx, |c| {
        let mut sql = listed(HEAD, chosen);
        sql.push(" ORDER BY g.name_key").build_query_as().persistent(false).fetch_all(c).await?
    });
    let mut groups: BTreeMap<PersonId, Vec<String>> = BTreeMap::new();
    for (person, name) in rows {
        groups.entry(person).or_default().push(name);
    }
    Ok(groups)
}

async fn files(tx: &mut Tx, chosen: &[Chosen], style: &Style<'_>) -> Result<BTreeMap<PersonId, Files>, StorageError> {
    const HEAD: &str = "SELECT f.person_id, t.name, f.name, f.received_at FROM files f
        LEFT JOIN file_types t ON t.id = f.type_id WHERE f.state = 'stored' AND f.person_id IN (";
    let rows: Vec<(PersonId, Option<String>, String, Timestamp)> = on_backend!(tx, |c| {
        let mut sql = listed(HEAD, chosen);
        sql.push(" ORDER BY f.person_id, f.id").build_query_as().persistent(false).fetch_all(c).await?
    });
    let untyped = style.words.t("files-untyped").to_string();
    let mut files: BTreeMap<PersonId, Files> = BTreeMap::new();
    for (person, kind, name, at) in rows {
        let at = format::moment(at, style.zone);
        files.entry(person).or_default().add(kind.as_deref().unwrap_or(&untyped), &name, &at);
    }
    Ok(files)
}

async fn requests(tx: &mut Tx, chosen: &[Chosen]) -> Result<BTreeMap<PersonId, i64>, StorageError> {
    const HEAD: &str = "SELECT person_id, COUNT(*) FROM contacts WHERE initiator = 'citizen' AND person_id IN (";
    let rows: Vec<(PersonId, i64)> = on_backend!(tx, |c| {
        let mut sql = listed(HEAD, chosen);
        sql.push(" GROUP BY person_id").build_query_as().persistent(false).fetch_all(c).await?
    });
    Ok(rows.into_iter().collect())
}

/// A record of «История взаимодействия».
#[derive(Debug, sqlx::FromRow)]
pub struct Record {
    surname: String,
    #[sqlx(rename = "name")]
    given: Option<String>,
    patronymic: Option<String>,
    pub initiator: Initiator,
    pub created_at: Timestamp,
    pub result: String,
    pub handled_at: Option<Timestamp>,
}

impl Record {
    pub fn name(&self) -> FullName {
        let (name, patronymic) = (self.given.clone(), self.patronymic.clone());
        FullName { surname: self.surname.clone(), name, patronymic }
    }
}

/// The history of these citizens, one after the other, each from its beginning.
pub async fn records(tx: &mut Tx, chosen: &[Chosen]) -> Result<Vec<Record>, StorageError> {
    const HEAD: &str = "SELECT p.surname, p.name, p.patronymic, k.initiator, k.created_at, k.result, k.handled_at
        FROM citizens c JOIN persons p ON p.id = c.person_id JOIN contacts k ON k.person_id = c.person_id
        WHERE c.person_id IN (";
    Ok(on_backend!(tx, |c| {
        let mut sql = listed(HEAD, chosen);
        sql.push(" ORDER BY c.seq, k.id").build_query_as().persistent(false).fetch_all(c).await?
    }))
}

/// A statement that ends with a list of these citizens.
fn listed<DB>(head: &'static str, chosen: &[Chosen]) -> QueryBuilder<DB>
where
    DB: Database,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::new(head);
    let mut list = sql.separated(", ");
    for citizen in chosen {
        list.push_bind(citizen.person.0);
    }
    sql.push(")");
    sql
}
