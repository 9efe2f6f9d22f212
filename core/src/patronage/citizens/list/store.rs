//! Reading the list. Lists with filters are the only statements of the house that are put together: every condition that is
//! not asked for would cost its index if it stood there as `$1 IS NULL OR …`.

use chrono::NaiveDate;
use chrono_tz::Tz;
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::{BotState, CitizenRow, Order};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{DistrictId, GroupId, PersonId},
        page::{Cursor, Direction},
    },
    on_backend,
    patronage::{
        activation::LinkState,
        citizens::{Activity, activity::today, store::parse_zone},
    },
    people::name::FullName,
};

/// Shorter texts have no trigram: they are looked for row by row, along the index of the list's order, until the page is full.
/// So common ones cost a few rows; a rare one costs a walk over the cards.
const TRIGRAM: usize = 3;

/// What is asked for, ready for the database.
#[derive(Debug, Default)]
pub struct Search {
    pub names: Vec<String>,
    pub situations: Vec<String>,
    pub district: Option<DistrictId>,
    pub curator: Option<PersonId>,
    pub group: Option<GroupId>,
}

impl Search {
    /// Whether a page can follow what FTS5 finds, row by row in the list's order, until it is full: nothing but texts is asked for, and
    /// the list stands in the order of creation. Common texts cost no more than a page then, however many cards hold them.
    fn is_followed(&self, trigrams: Trigrams, walk: &Walk) -> bool {
        let only_texts = self.district.is_none() && self.curator.is_none() && self.group.is_none();
        let has_long = !long(&self.names).is_empty() || !long(&self.situations).is_empty();
        matches!(trigrams, Trigrams::Match) && walk.name_key.is_none() && only_texts && has_long
    }
}

#[derive(sqlx::FromRow)]
pub struct Line {
    pub seq: i64,
    person_id: PersonId,
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
    phone: Option<String>,
    district: Option<String>,
    curator_surname: Option<String>,
    curator_name: Option<String>,
    curator_patronymic: Option<String>,
    inactive: bool,
    inactive_until: Option<NaiveDate>,
    zone: Option<String>,
    /// «linked» comes after «blocked»: of several links the one that works counts.
    best_link: Option<LinkState>,
}

impl Line {
    pub fn into_row(self, house: Tz, now: Timestamp) -> Result<CitizenRow, StorageError> {
        let zone = parse_zone("persons", self.person_id, self.zone.as_deref())?.unwrap_or(house);
        let curator = self.curator_surname.map(|surname| FullName {
            surname,
            name: self.curator_name,
            patronymic: self.curator_patronymic,
        });
        Ok(CitizenRow {
            id: self.person_id,
            name: FullName { surname: self.surname, name: self.name, patronymic: self.patronymic },
            phone: self.phone.unwrap_or_default(),
            district: self.district,
            curator,
            bot: match self.best_link {
                Some(LinkState::Linked) => BotState::Linked,
                Some(LinkState::Blocked) => BotState::Blocked,
                Some(LinkState::Unlinked) | None => BotState::NotLinked,
            },
            activity: Activity::on(today(now, zone), self.inactive, self.inactive_until),
        })
    }
}

/// One page of the list, walking in the cursor's direction.
pub async fn page(
    tx: &mut Tx,
    search: &Search,
    order: Order,
    cursor: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Line>, StorageError> {
    let trigrams = Trigrams::of(tx);
    let walk = Walk::of(tx, order, cursor).await?;
    Ok(on_backend!(tx, |c| statement(search, trigrams, &walk, limit).build_query_as::<Line>().fetch_all(c).await?))
}

/// Where the reading of a page begins, and to which side it goes.
pub struct Walk {
    /// The row beside the page: nobody's, before the first or after the last, at the beginning.
    seq: i64,
    /// That row's key of the name, when names give the order.
    name_key: Option<String>,
    is_falling: bool,
}

impl Walk {
    /// Cursors hold the number of a card only: names do not belong into addresses.
    async fn of(tx: &mut Tx, order: Order, cursor: Option<&Cursor>) -> Result<Self, StorageError> {
        let is_backwards = cursor.is_some_and(|cursor| cursor.direction() == Direction::Before);
        let is_falling = is_backwards != (order == Order::NameFalling);
        let seq = cursor.and_then(Cursor::key::<i64>);
        let edge = if is_falling { i64::MAX } else { 0 };
        if order == Order::Created {
            return Ok(Self { seq: seq.unwrap_or(edge), name_key: None, is_falling });
        }
        let known = match seq {
            Some(seq) => name_key(tx, seq).await?.map(|key| (seq, key)),
            None => None,
        };
        // No key of a name is empty, and none begins with the last sign there is.
        let beyond = || (edge, if is_falling { char::MAX.to_string() } else { String::new() });
        let (seq, key) = known.unwrap_or_else(beyond);
        Ok(Self { seq, name_key: Some(key), is_falling })
    }
}

async fn name_key(tx: &mut Tx, seq: i64) -> Result<Option<String>, StorageError> {
    const SQL: &str = "SELECT name_key FROM citizens WHERE seq = $1";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(seq).fetch_optional(c).await?))
}

/// How a database looks trigrams up.
#[derive(Debug, Clone, Copy)]
pub enum Trigrams {
    /// SQLite's FTS5: one MATCH text.
    Match,
    /// PostgreSQL's `pg_trgm`: LIKE on indexed columns.
    Like,
}

impl Trigrams {
    pub fn of(tx: &Tx) -> Self {
        match tx {
            Tx::Sqlite(_) => Self::Match,
            Tx::Postgres(_) => Self::Like,
        }
    }
}

pub fn statement<DB>(search: &Search, trigrams: Trigrams, walk: &Walk, limit: usize) -> QueryBuilder<DB>
where
    DB: Database,
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    let follows = search.is_followed(trigrams, walk);
    let mut sql = QueryBuilder::new(
        "SELECT c.seq, c.person_id, p.surname, p.name, p.patronymic, p.phone, d.name AS district, \
         cp.surname AS curator_surname, cp.name AS curator_name, cp.patronymic AS curator_patronymic, \
         c.inactive, c.inactive_until, COALESCE(p.time_zone, d.time_zone) AS zone, \
         (SELECT MAX(l.state) FROM links l WHERE l.person_id = c.person_id AND l.state <> 'unlinked') AS best_link FROM ",
    );
    sql.push(if follows {
        "citizen_search CROSS JOIN citizens c ON c.seq = citizen_search.rowid"
    } else {
        "citizens c"
    });
    sql.push(
        " JOIN persons p ON p.id = c.person_id LEFT JOIN districts d ON d.id = c.district_id \
         LEFT JOIN persons cp ON cp.id = c.curator_id WHERE c.deleted_at IS NULL AND ",
    );
    let seq = if follows { "citizen_search.rowid" } else { "c.seq" };
    let than = if walk.is_falling { " < " } else { " > " };
    match &walk.name_key {
        None => sql.push(seq).push(than).push_bind(walk.seq),
        Some(key) => {
            sql.push("(c.name_key, c.seq)").push(than).push("(").push_bind(key.clone()).push(", ");
            sql.push_bind(walk.seq).push(")")
        }
    };
    if follows {
        sql.push(" AND citizen_search MATCH ").push_bind(match_text(&long(&search.names), &long(&search.situations)));
        look_for_short(&mut sql, search);
    } else {
        narrow(&mut sql, search, trigrams);
    }
    sql.push(" ORDER BY ").push(match (walk.name_key.is_some(), walk.is_falling) {
        (false, _) => seq,
        (true, false) => "c.name_key, c.seq",
        (true, true) => "c.name_key DESC, c.seq",
    });
    sql.push(if walk.is_falling { " DESC LIMIT " } else { " LIMIT " });
    sql.push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
    sql
}

/// Adds the conditions of a search to a statement that reads `citizens c`.
pub fn narrow<DB>(sql: &mut QueryBuilder<DB>, search: &Search, trigrams: Trigrams)
where
    DB: Database,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    for (column, id) in
        [("c.curator_id", search.curator.map(|id| id.0)), ("c.district_id", search.district.map(|id| id.0))]
    {
        if let Some(id) = id {
            sql.push(" AND ").push(column).push(" = ").push_bind(id);
        }
    }
    if let Some(group) = search.group {
        sql.push(" AND EXISTS (SELECT 1 FROM citizen_groups g WHERE g.person_id = c.person_id AND g.group_id = ");
        sql.push_bind(group.0).push(")");
    }
    look_for(sql, search, trigrams);
}

/// Adds the conditions on texts of the citizen called `c`: long ones by trigrams, short ones on the rows that are left.
pub fn look_for<DB>(sql: &mut QueryBuilder<DB>, search: &Search, trigrams: Trigrams)
where
    DB: Database,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    let (names, situations) = (long(&search.names), long(&search.situations));
    match trigrams {
        _ if names.is_empty() && situations.is_empty() => {}
        Trigrams::Match => {
            sql.push(" AND c.seq IN (SELECT rowid FROM citizen_search WHERE citizen_search MATCH ");
            sql.push_bind(match_text(&names, &situations)).push(")");
        }
        Trigrams::Like => {
            sql.push(" AND c.seq IN (SELECT s.seq FROM citizen_search s WHERE TRUE");
            like(sql, "s.name", &names);
            like(sql, "s.situation", &situations);
            sql.push(")");
        }
    }
    look_for_short(sql, search);
}

/// The texts that have trigrams.
fn long(texts: &[String]) -> Vec<String> {
    texts.iter().filter(|text| text.chars().count() >= TRIGRAM).cloned().collect()
}

/// Adds the conditions on texts that have no trigram.
fn look_for_short<DB>(sql: &mut QueryBuilder<DB>, search: &Search)
where
    DB: Database,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    let short =
        |texts: &[String]| texts.iter().filter(|text| text.chars().count() < TRIGRAM).cloned().collect::<Vec<_>>();
    // Not `p.name_key`: PostgreSQL would read all persons first and join them afterwards.
    like(sql, "(SELECT w.name_key FROM persons w WHERE w.id = c.person_id)", &short(&search.names));
    like(sql, "c.situation_key", &short(&search.situations));
}

fn like<DB>(sql: &mut QueryBuilder<DB>, column: &str, texts: &[String])
where
    DB: Database,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    for text in texts {
        let pattern = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        sql.push(" AND ").push(column).push(" LIKE ").push_bind(format!("%{pattern}%")).push(" ESCAPE '\\'");
    }
}

/// `name : ("иван" AND "анна")`: FTS5's own language, so the texts are quoted.
fn match_text(names: &[String], situations: &[String]) -> String {
    let quoted = |texts: &[String]| {
        texts.iter().map(|text| format!("\"{}\"", text.replace('"', "\"\""))).collect::<Vec<_>>().join(" AND ")
    };
    let columns = [("name", names), ("situation", situations)];
    let parts = columns.iter().filter(|(_, texts)| !texts.is_empty());
    parts.map(|(column, texts)| format!("{column} : ({})", quoted(texts))).collect::<Vec<_>>().join(" AND ")
}

/// The place in the list `n` rows before a citizen, counted with that one; `None` when there are not so many.
pub async fn nth_before(
    tx: &mut Tx,
    curator: Option<PersonId>,
    id: PersonId,
    n: usize,
) -> Result<Option<i64>, StorageError> {
    const ALL: &str = "SELECT seq FROM citizens WHERE deleted_at IS NULL \
                       AND seq <= (SELECT seq FROM citizens WHERE person_id = $1) ORDER BY seq DESC LIMIT 1 OFFSET $2";
    const OWN: &str = "SELECT seq FROM citizens WHERE deleted_at IS NULL AND curator_id = $3 \
                       AND seq <= (SELECT seq FROM citizens WHERE person_id = $1) ORDER BY seq DESC LIMIT 1 OFFSET $2";
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    Ok(match curator {
        None => on_backend!(tx, |c| sqlx::query_scalar(ALL).bind(id).bind(n).fetch_optional(c).await?),
        Some(curator) => {
            on_backend!(tx, |c| sqlx::query_scalar(OWN).bind(id).bind(n).bind(curator).fetch_optional(c).await?)
        }
    })
}
