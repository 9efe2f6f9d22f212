//! SQL of bulk data: many rows a statement.

use chrono::{NaiveDate, NaiveTime};
use sqlx::QueryBuilder;

use crate::{
    foundation::{
        clock::Timestamp,
        db::{Sql, Tx},
        errors::StorageError,
        ids::{DistrictId, LinkId, OccurrenceId, PersonId, SeriesId},
    },
    on_backend,
    patronage::reminders::OccurrenceState,
    people::{
        access::Author,
        name::{FullName, search_key},
    },
    work::Work,
};

/// Rows of one statement: with the widest row well below what both databases take.
const ROWS_A_STATEMENT: usize = 1000;

/// A citizen with a linked chat.
pub struct Citizen {
    pub person: PersonId,
    pub link: LinkId,
    pub name: FullName,
    pub phone: String,
    pub chat: String,
    pub curator: Option<PersonId>,
    pub district: Option<DistrictId>,
    pub situation: &'static str,
}

/// A daily series.
pub struct Series {
    pub id: SeriesId,
    pub person: PersonId,
    pub curator: Option<PersonId>,
    pub text: &'static str,
    pub date: NaiveDate,
    pub time: NaiveTime,
    pub due_at: Timestamp,
    pub end: NaiveDate,
}

/// A reminder of the past.
pub struct Happened {
    pub id: OccurrenceId,
    pub series: SeriesId,
    pub person: PersonId,
    pub ordinal: i64,
    pub date: NaiveDate,
    pub time: NaiveTime,
    pub due_at: Timestamp,
    pub state: OccurrenceState,
    pub reacted_at: Option<Timestamp>,
}

/// The highest account number in use in Telegram.
pub async fn highest_account(tx: &mut Tx) -> Result<Option<String>, StorageError> {
    const SQL: &str = "SELECT account FROM links WHERE messenger = 'telegram'
        ORDER BY length(account) DESC, account DESC LIMIT 1";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).fetch_optional(c).await?))
}

/// The districts with these names; those that are missing are made.
pub async fn districts(work: &mut Work, names: &[&str]) -> Result<Vec<DistrictId>, StorageError> {
    const ADD: &str = "INSERT INTO districts (id, name, name_key, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (name_key) DO NOTHING";
    const FIND: &str = "SELECT id FROM districts WHERE name_key = $1";
    let mut ids = Vec::new();
    for name in names {
        let (id, now, key) = (DistrictId::draw(work.now, &*work.app.chance), work.now, search_key(name));
        on_backend!(&mut work.tx, |c| {
            sqlx::query(ADD).bind(id).bind(*name).bind(&key).bind(now).execute(&mut *c).await?;
            ids.push(sqlx::query_scalar(FIND).bind(&key).fetch_one(c).await?);
        });
    }
    Ok(ids)
}

/// Adds curators without access.
pub async fn insert_curators(
    work: &mut Work,
    curators: &[PersonId],
    districts: &[DistrictId],
) -> Result<(), StorageError> {
    let now = work.now;
    let named: Vec<(PersonId, FullName, Option<DistrictId>)> = curators
        .iter()
        .enumerate()
        .map(|(number, id)| (*id, super::full_name(2 * number), super::at(districts, number)))
        .collect();
    for some in named.chunks(ROWS_A_STATEMENT) {
        insert_persons(&mut work.tx, some.iter().map(|(id, name, _)| (*id, name, None)), now).await?;
        on_backend!(&mut work.tx, |c| {
            let mut builder = QueryBuilder::new("INSERT INTO curators (person_id, district_id, created_at) ");
            builder.push_values(some, |mut row, (id, _, district)| {
                row.push_bind(*id).push_bind(*district).push_bind(now);
            });
            builder.build().persistent(false).execute(c).await?;
        });
    }
    Ok(())
}

async fn insert_persons(
    tx: &mut Tx,
    persons: impl Iterator<Item = (PersonId, &FullName, Option<&str>)> + Clone,
    now: Timestamp,
) -> Result<(), StorageError> {
    on_backend!(tx, |c| {
        let mut builder =
            QueryBuilder::new("INSERT INTO persons (id, surname, name, patronymic, phone, name_key, created_at) ");
        builder.push_values(persons.clone(), |mut row, (id, name, phone)| {
            row.push_bind(id).push_bind(name.surname.clone()).push_bind(name.name.clone());
            row.push_bind(name.patronymic.clone()).push_bind(phone.map(str::to_owned));
            row.push_bind(name.search_key()).push_bind(now);
        });
        builder.build().persistent(false).execute(c).await?;
    });
    Ok(())
}

/// Adds citizens, their links, and the rows by which the search finds them.
pub async fn insert_citizens(work: &mut Work, citizens: &[Citizen]) -> Result<(), StorageError> {
    const LAST: &str = "SELECT max(seq) FROM citizens";
    const SEARCH: Sql = Sql {
        sqlite: "INSERT INTO citizen_search (rowid, name, situation)
            SELECT c.seq, p.name_key, COALESCE(c.situation_key, '')
            FROM citizens c JOIN persons p ON p.id = c.person_id WHERE c.seq > $1",
        postgres: "INSERT INTO citizen_search (seq, name, situation)
            SELECT c.seq, p.name_key, COALESCE(c.situation_key, '')
            FROM citizens c JOIN persons p ON p.id = c.person_id WHERE c.seq > $1",
    };
    let now = work.now;
    let author = Author::Operator.to_string();
    let last: Option<i64> = on_backend!(&mut work.tx, |c| sqlx::query_scalar(LAST).fetch_one(c).await?);
    for some in citizens.chunks(ROWS_A_STATEMENT) {
        insert_persons(&mut work.tx, some.iter().map(|it| (it.person, &it.name, Some(it.phone.as_str()))), now).await?;
        on_backend!(&mut work.tx, |c| {
            let mut builder = QueryBuilder::new(
                "INSERT INTO citizens (person_id, curator_id, district_id, situation, situation_key, inactive, created_by,
                 created_at, name_key) ",
            );
            builder.push_values(some, |mut row, it| {
                row.push_bind(it.person).push_bind(it.curator).push_bind(it.district).push_bind(it.situation);
                row.push_bind(search_key(it.situation)).push_bind(false).push_bind(author.clone()).push_bind(now);
                row.push_bind(it.name.search_key());
            });
            builder.build().persistent(false).execute(&mut *c).await?;
            let mut builder = QueryBuilder::new(
                "INSERT INTO links (id, person_id, messenger, account, chat, state, linked_at, changed_at) ",
            );
            builder.push_values(some, |mut row, it| {
                row.push_bind(it.link).push_bind(it.person).push_bind("telegram").push_bind(&it.chat);
                row.push_bind(&it.chat).push_bind("linked").push_bind(now).push_bind(now);
            });
            builder.build().persistent(false).execute(c).await?;
        });
    }
    let sql = SEARCH.of(&work.tx);
    on_backend!(&mut work.tx, |c| sqlx::query(sql).bind(last.unwrap_or_default()).execute(c).await.map(drop))?;
    Ok(())
}

/// Adds daily series.
pub async fn insert_series(work: &mut Work, series: &[Series]) -> Result<(), StorageError> {
    let now = work.now;
    for some in series.chunks(ROWS_A_STATEMENT) {
        on_backend!(&mut work.tx, |c| {
            let mut builder = QueryBuilder::new(
                "INSERT INTO series (id, person_id, kind, text, repetition, every, weekdays, start_date, local_time, end_date,
                 advance_minutes, author, created_at, next_ordinal, next_date, next_due_at) ",
            );
            builder.push_values(some, |mut row, it| {
                let author = it.curator.map_or(Author::Operator, Author::Curator).to_string();
                row.push_bind(it.id).push_bind(it.person).push_bind("information").push_bind(it.text);
                row.push_bind("daily").push_bind(1_i64).push_bind(0_i64).push_bind(it.date).push_bind(it.time);
                row.push_bind(it.end).push_bind(0_i64).push_bind(author).push_bind(now);
                row.push_bind(1_i64).push_bind(it.date).push_bind(it.due_at);
            });
            builder.build().persistent(false).execute(c).await?;
        });
    }
    Ok(())
}

/// Series by id, from the one after `after` on.
pub async fn series_after(
    tx: &mut Tx,
    after: Option<SeriesId>,
    limit: u32,
) -> Result<Vec<(SeriesId, PersonId, NaiveTime)>, StorageError> {
    const SQL: &str = "SELECT id, person_id, local_time FROM series WHERE id > $1 ORDER BY id LIMIT $2";
    let after = after.unwrap_or(SeriesId(uuid::Uuid::nil()));
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(after).bind(i64::from(limit)).fetch_all(c).await?))
}

/// Adds reminders of the past.
pub async fn insert_occurrences(work: &mut Work, happened: &[Happened]) -> Result<(), StorageError> {
    for some in happened.chunks(ROWS_A_STATEMENT) {
        on_backend!(&mut work.tx, |c| {
            let mut builder = QueryBuilder::new(
                "INSERT INTO occurrences (id, series_id, ordinal, person_id, kind, local_date, local_time, due_at, text,
                 state, delivered_at, reacted_at, reacted_by, summary_pending) ",
            );
            builder.push_values(some, |mut row, it| {
                let author = it.reacted_at.map(|_| Author::Citizen(it.person).to_string());
                row.push_bind(it.id).push_bind(it.series).push_bind(it.ordinal).push_bind(it.person);
                row.push_bind("information").push_bind(it.date).push_bind(it.time).push_bind(it.due_at).push_bind("");
                row.push_bind(it.state).push_bind(it.due_at).push_bind(it.reacted_at).push_bind(author);
                row.push_bind(false);
            });
            builder.build().persistent(false).execute(c).await?;
        });
    }
    Ok(())
}
