//! The table `citizens` with the persons in it, their groups and their search rows.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    Activity, CitizenBrief, CitizenCard,
    activity::{Sleeper, today},
    form::Draft,
};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Sql, Tx, exactly_one},
        errors::StorageError,
        ids::{DistrictId, GroupId, PersonId, SubmissionId},
        page::Choice,
    },
    on_backend,
    people::{
        access::Author,
        name::{FullName, search_key},
    },
};

/// The things a card points to, and its mark.
pub struct References {
    pub curator: Option<PersonId>,
    pub district: Option<DistrictId>,
    pub groups: Vec<GroupId>,
    pub activity: Activity,
}

pub struct New<'a> {
    pub person: PersonId,
    pub draft: &'a Draft,
    pub references: &'a References,
    pub author: Author,
    pub submission: SubmissionId,
}

/// The citizen whose card this submission made.
pub async fn of_submission(tx: &mut Tx, submission: SubmissionId) -> Result<Option<PersonId>, StorageError> {
    const SQL: &str = "SELECT person_id FROM citizens WHERE submission = $1";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(submission).fetch_optional(c).await?))
}

/// Adds a citizen; `false` (and nothing added) when the submission has made one already.
pub async fn insert(tx: &mut Tx, new: &New<'_>, now: Timestamp) -> Result<bool, StorageError> {
    const CITIZEN: &str = "INSERT INTO citizens (person_id, curator_id, district_id, birth_date, inn, situation, \
                           situation_key, diary, inactive, inactive_until, created_by, created_at, submission, name_key) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
                           ON CONFLICT (submission) DO NOTHING RETURNING seq";
    const SEARCH: Sql = Sql {
        sqlite: "INSERT INTO citizen_search (rowid, name, situation) VALUES ($1, $2, $3)",
        postgres: "INSERT INTO citizen_search (seq, name, situation) VALUES ($1, $2, $3)",
    };
    insert_person(tx, new, now).await?;
    let (draft, references) = (new.draft, new.references);
    let situation_key = draft.situation.as_deref().map(search_key);
    let seq: Option<i64> = on_backend!(tx, |c| sqlx::query_scalar(CITIZEN)
        .bind(new.person)
        .bind(references.curator)
        .bind(references.district)
        .bind(draft.birth_date)
        .bind(&draft.inn)
        .bind(&draft.situation)
        .bind(&situation_key)
        .bind(&draft.diary)
        .bind(references.activity.is_inactive())
        .bind(references.activity.until())
        .bind(new.author.to_string())
        .bind(now)
        .bind(new.submission)
        .bind(draft.name.search_key())
        .fetch_optional(c)
        .await?);
    let Some(seq) = seq else {
        delete_person(tx, new.person).await?;
        return Ok(false);
    };
    let sql = SEARCH.of(tx);
    on_backend!(tx, |c| sqlx::query(sql)
        .bind(seq)
        .bind(draft.name.search_key())
        .bind(situation_key.unwrap_or_default())
        .execute(c)
        .await
        .map(|_| ())?);
    set_groups(tx, new.person, &references.groups).await?;
    Ok(true)
}

async fn insert_person(tx: &mut Tx, new: &New<'_>, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO persons (id, surname, name, patronymic, email, phone, name_key, time_zone, created_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let draft = new.draft;
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(new.person)
        .bind(&draft.name.surname)
        .bind(&draft.name.name)
        .bind(&draft.name.patronymic)
        .bind(&draft.email)
        .bind(&draft.phone)
        .bind(draft.name.search_key())
        .bind(draft.time_zone.map(chrono_tz::Tz::name))
        .bind(now)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

async fn delete_person(tx: &mut Tx, person: PersonId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM persons WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(person).execute(c).await.map(|done| done.rows_affected())?);
    exactly_one("persons", person, rows)
}

async fn set_groups(tx: &mut Tx, person: PersonId, groups: &[GroupId]) -> Result<(), StorageError> {
    const CLEAR: &str = "DELETE FROM citizen_groups WHERE person_id = $1";
    const ADD: &str = "INSERT INTO citizen_groups (person_id, group_id) VALUES ($1, $2)";
    on_backend!(tx, |c| sqlx::query(CLEAR).bind(person).execute(c).await.map(|_| ())?);
    for group in groups {
        on_backend!(tx, |c| sqlx::query(ADD).bind(person).bind(*group).execute(c).await.map(|_| ())?);
    }
    Ok(())
}

/// Saves over this version; `false` when there is a newer one.
pub async fn update(
    tx: &mut Tx,
    id: PersonId,
    version: i64,
    draft: &Draft,
    references: &References,
) -> Result<bool, StorageError> {
    const CITIZEN: &str = "UPDATE citizens SET curator_id = $3, district_id = $4, birth_date = $5, inn = $6, \
                           situation = $7, situation_key = $8, diary = $9, inactive = $10, inactive_until = $11, \
                           name_key = $12, \
                           version = version + 1 \
                           WHERE person_id = $1 AND version = $2 AND deleted_at IS NULL RETURNING seq";
    const SEARCH: Sql = Sql {
        sqlite: "UPDATE citizen_search SET name = $2, situation = $3 WHERE rowid = $1",
        postgres: "UPDATE citizen_search SET name = $2, situation = $3 WHERE seq = $1",
    };
    let situation_key = draft.situation.as_deref().map(search_key);
    let seq: Option<i64> = on_backend!(tx, |c| sqlx::query_scalar(CITIZEN)
        .bind(id)
        .bind(version)
        .bind(references.curator)
        .bind(references.district)
        .bind(draft.birth_date)
        .bind(&draft.inn)
        .bind(&draft.situation)
        .bind(&situation_key)
        .bind(&draft.diary)
        .bind(references.activity.is_inactive())
        .bind(references.activity.until())
        .bind(draft.name.search_key())
        .fetch_optional(c)
        .await?);
    let Some(seq) = seq else { return Ok(false) };
    update_person(tx, id, draft).await?;
    let sql = SEARCH.of(tx);
    on_backend!(tx, |c| sqlx::query(sql)
        .bind(seq)
        .bind(draft.name.search_key())
        .bind(situation_key.unwrap_or_default())
        .execute(c)
        .await
        .map(|_| ())?);
    set_groups(tx, id, &references.groups).await?;
    Ok(true)
}

async fn update_person(tx: &mut Tx, id: PersonId, draft: &Draft) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE persons SET surname = $2, name = $3, patronymic = $4, email = $5, phone = $6, \
                       name_key = $7, time_zone = $8 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(&draft.name.surname)
        .bind(&draft.name.name)
        .bind(&draft.name.patronymic)
        .bind(&draft.email)
        .bind(&draft.phone)
        .bind(draft.name.search_key())
        .bind(draft.time_zone.map(chrono_tz::Tz::name))
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    exactly_one("persons", id, rows)
}

#[derive(sqlx::FromRow)]
struct CardRow {
    person_id: PersonId,
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
    birth_date: Option<NaiveDate>,
    inn: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    curator_id: Option<PersonId>,
    curator_surname: Option<String>,
    curator_name: Option<String>,
    curator_patronymic: Option<String>,
    district_id: Option<DistrictId>,
    district: Option<String>,
    district_zone: Option<String>,
    situation: Option<String>,
    diary: Option<String>,
    inactive: bool,
    inactive_until: Option<NaiveDate>,
    time_zone: Option<String>,
    created_by: String,
    created_at: DateTime<Utc>,
    version: i64,
}

/// The card of a citizen who is not deleted.
pub async fn card(tx: &mut Tx, house: Tz, id: PersonId, now: Timestamp) -> Result<Option<CitizenCard>, StorageError> {
    const SQL: &str = "SELECT c.person_id, p.surname, p.name, p.patronymic, c.birth_date, c.inn, p.phone, p.email, \
                       c.curator_id, cp.surname AS curator_surname, cp.name AS curator_name, \
                       cp.patronymic AS curator_patronymic, c.district_id, d.name AS district, \
                       d.time_zone AS district_zone, c.situation, c.diary, c.inactive, c.inactive_until, p.time_zone, \
                       c.created_by, c.created_at, c.version FROM citizens c JOIN persons p ON p.id = c.person_id \
                       LEFT JOIN persons cp ON cp.id = c.curator_id LEFT JOIN districts d ON d.id = c.district_id \
                       WHERE c.person_id = $1 AND c.deleted_at IS NULL";
    let row: Option<CardRow> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?);
    let Some(row) = row else { return Ok(None) };
    let groups = groups_of(tx, id).await?;
    row.into_card(house, groups, now).map(Some)
}

impl CardRow {
    fn into_card(self, house: Tz, groups: Vec<Choice<GroupId>>, now: Timestamp) -> Result<CitizenCard, StorageError> {
        let time_zone = parse_zone("persons", self.person_id, self.time_zone.as_deref())?;
        let district_zone = parse_zone("districts", self.person_id, self.district_zone.as_deref())?;
        let zone = time_zone.or(district_zone).unwrap_or(house);
        let created_by = self.created_by.parse().map_err(|_| StorageError::Inconsistent {
            table: "citizens",
            column: "created_by",
            id: self.person_id.to_string(),
        })?;
        let curator_name = self.curator_surname.map(|surname| FullName {
            surname,
            name: self.curator_name,
            patronymic: self.curator_patronymic,
        });
        Ok(CitizenCard {
            id: self.person_id,
            name: FullName { surname: self.surname, name: self.name, patronymic: self.patronymic },
            birth_date: self.birth_date,
            inn: self.inn,
            phone: self.phone.unwrap_or_default(),
            email: self.email,
            curator: self.curator_id.zip(curator_name),
            district: self.district_id.zip(self.district),
            situation: self.situation,
            diary: self.diary,
            activity: Activity::on(today(now, zone), self.inactive, self.inactive_until),
            groups,
            time_zone,
            zone,
            created_by,
            created_at: self.created_at,
            version: self.version,
        })
    }
}

/// Reads a stored zone.
pub fn parse_zone(table: &'static str, id: PersonId, name: Option<&str>) -> Result<Option<Tz>, StorageError> {
    let senseless = |_| StorageError::Inconsistent { table, column: "time_zone", id: id.to_string() };
    name.map(str::parse).transpose().map_err(senseless)
}

async fn groups_of(tx: &mut Tx, id: PersonId) -> Result<Vec<Choice<GroupId>>, StorageError> {
    const SQL: &str = "SELECT g.id, g.name FROM citizen_groups m JOIN special_groups g ON g.id = m.group_id \
                       WHERE m.person_id = $1 ORDER BY g.name_key";
    let rows: Vec<(GroupId, String)> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_all(c).await?);
    Ok(rows.into_iter().map(|(id, label)| Choice { id, label }).collect())
}

#[derive(sqlx::FromRow)]
struct BriefRow {
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
    phone: Option<String>,
    curator_id: Option<PersonId>,
    district_id: Option<DistrictId>,
    zone: Option<String>,
}

pub async fn brief(tx: &mut Tx, house: Tz, person: PersonId) -> Result<Option<CitizenBrief>, StorageError> {
    const SQL: &str = "SELECT p.surname, p.name, p.patronymic, p.phone, c.curator_id, c.district_id, \
                       COALESCE(p.time_zone, d.time_zone) AS zone FROM citizens c JOIN persons p ON p.id = c.person_id \
                       LEFT JOIN districts d ON d.id = c.district_id WHERE c.person_id = $1 AND c.deleted_at IS NULL";
    let row: Option<BriefRow> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_optional(c).await?);
    let Some(row) = row else { return Ok(None) };
    Ok(Some(CitizenBrief {
        person,
        tz: parse_zone("persons", person, row.zone.as_deref())?.unwrap_or(house),
        name: FullName { surname: row.surname, name: row.name, patronymic: row.patronymic },
        phone: row.phone.unwrap_or_default(),
        curator: row.curator_id,
        district: row.district_id,
    }))
}

/// The citizen's own zone or the district's.
pub async fn zone(tx: &mut Tx, person: PersonId) -> Result<Option<Tz>, StorageError> {
    const SQL: &str = "SELECT COALESCE(p.time_zone, d.time_zone) FROM citizens c JOIN persons p ON p.id = c.person_id \
                       LEFT JOIN districts d ON d.id = c.district_id WHERE c.person_id = $1";
    let name: Option<Option<String>> =
        on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(person).fetch_optional(c).await?);
    parse_zone("persons", person, name.flatten().as_deref())
}

pub async fn zone_of_district(tx: &mut Tx, district: DistrictId) -> Result<Option<Tz>, StorageError> {
    const SQL: &str = "SELECT time_zone FROM districts WHERE id = $1";
    let name: Option<Option<String>> =
        on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(district).fetch_optional(c).await?);
    let senseless =
        |_| StorageError::Inconsistent { table: "districts", column: "time_zone", id: district.to_string() };
    name.flatten().map(|name| name.parse()).transpose().map_err(senseless)
}

/// A card that may be of the same human being.
#[derive(sqlx::FromRow)]
struct SimilarRow {
    person_id: PersonId,
    curator_id: Option<PersonId>,
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
}

pub struct Similar {
    pub person: PersonId,
    pub curator: Option<PersonId>,
    pub name: FullName,
    pub has_same_inn: bool,
}

impl SimilarRow {
    fn into_similar(self, has_same_inn: bool) -> Similar {
        let name = FullName { surname: self.surname, name: self.name, patronymic: self.patronymic };
        Similar { person: self.person_id, curator: self.curator_id, name, has_same_inn }
    }
}

/// Cards with the same INN or the same telephone.
pub async fn similar(tx: &mut Tx, inn: Option<&str>, phone: &str) -> Result<Vec<Similar>, StorageError> {
    const BY_INN: &str = "SELECT c.person_id, c.curator_id, p.surname, p.name, p.patronymic \
                          FROM citizens c JOIN persons p ON p.id = c.person_id \
                          WHERE c.inn = $1 AND c.deleted_at IS NULL ORDER BY c.seq LIMIT 10";
    const BY_PHONE: &str = "SELECT c.person_id, c.curator_id, p.surname, p.name, p.patronymic \
                            FROM persons p JOIN citizens c ON c.person_id = p.id \
                            WHERE p.phone = $1 AND c.deleted_at IS NULL ORDER BY c.seq LIMIT 100";
    let mut found = Vec::new();
    if let Some(inn) = inn {
        let rows: Vec<SimilarRow> = on_backend!(tx, |c| sqlx::query_as(BY_INN).bind(inn).fetch_all(c).await?);
        found.extend(rows.into_iter().map(|row| row.into_similar(true)));
    }
    let rows: Vec<SimilarRow> = on_backend!(tx, |c| sqlx::query_as(BY_PHONE).bind(phone).fetch_all(c).await?);
    found.extend(rows.into_iter().map(|row| row.into_similar(false)));
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct SleeperRow {
    person_id: PersonId,
    inactive_until: NaiveDate,
    zone: Option<String>,
}

/// Citizens whose period ends before `latest`, from the one after `after` on.
pub async fn sleepers(
    tx: &mut Tx,
    house: Tz,
    latest: NaiveDate,
    after: Option<(NaiveDate, PersonId)>,
    limit: i64,
) -> Result<Vec<Sleeper>, StorageError> {
    const SQL: &str = "SELECT c.person_id, c.inactive_until, COALESCE(p.time_zone, d.time_zone) AS zone \
                       FROM citizens c JOIN persons p ON p.id = c.person_id \
                       LEFT JOIN districts d ON d.id = c.district_id \
                       WHERE c.inactive_until < $1 AND (c.inactive_until, c.person_id) > ($2, $3) \
                       ORDER BY c.inactive_until, c.person_id LIMIT $4";
    let (date, person) = after.unwrap_or((NaiveDate::default(), PersonId(uuid::Uuid::nil())));
    let rows: Vec<SleeperRow> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(latest).bind(date).bind(person).bind(limit).fetch_all(c).await?);
    let sleeper = |row: SleeperRow| {
        let zone = parse_zone("persons", row.person_id, row.zone.as_deref())?.unwrap_or(house);
        Ok(Sleeper { person: row.person_id, until: row.inactive_until, zone })
    };
    rows.into_iter().map(sleeper).collect()
}

/// Takes the marks away, unless somebody changed them meanwhile; tells how many rows that were.
pub async fn wake(tx: &mut Tx, person: PersonId, until: NaiveDate) -> Result<u64, StorageError> {
    const SQL: &str = "UPDATE citizens SET inactive = $3, inactive_until = NULL, active_since = $4, version = version + 1 \
                       WHERE person_id = $1 AND inactive_until = $2";
    Ok(on_backend!(tx, |c| sqlx::query(SQL)
        .bind(person)
        .bind(until)
        .bind(false)
        .bind(until.succ_opt())
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Notes the first day on which a citizen is active again (PT-D47).
pub async fn set_active_since(tx: &mut Tx, person: PersonId, day: NaiveDate) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE citizens SET active_since = $2 WHERE person_id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(person).bind(day).execute(c).await?.rows_affected());
    exactly_one("citizens", person, rows)
}
