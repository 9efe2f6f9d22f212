//! SQL that finds whom no message reaches, along the indexes of blocked links and of codes that wait.

use super::{Place, Unreachable, Why};
use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::PersonId},
    on_backend,
    people::name::FullName,
};

/// One list: where it comes from, and which way it is walked.
macro_rules! people {
    ($since:literal, $from:literal, $alone:literal, $beyond:literal, $order:literal) => {
        concat!(
            "SELECT c.person_id, p.surname, p.name, p.patronymic, p.phone, k.surname AS curator_surname,
                k.name AS curator_name, k.patronymic AS curator_patronymic, ",
            $since,
            " AS since FROM ",
            $from,
            " JOIN citizens c ON c.person_id = x.person_id JOIN persons p ON p.id = x.person_id
              LEFT JOIN persons k ON k.id = c.curator_id
              WHERE ",
            $alone,
            " AND c.deleted_at IS NULL AND ",
            $since,
            " <= $4 AND (",
            $since,
            ", x.person_id) ",
            $beyond,
            " ($1, $2) ORDER BY ",
            $since,
            $order,
            ", x.person_id",
            $order,
            " LIMIT $3"
        )
    };
}

macro_rules! blocked {
    ($beyond:literal, $order:literal) => {
        people!(
            "x.changed_at",
            "links x",
            "x.state = 'blocked' AND NOT EXISTS (SELECT 1 FROM links w
                WHERE w.person_id = x.person_id AND w.state <> 'unlinked' AND (w.state = 'linked'
                    OR (w.state = 'blocked' AND (w.changed_at, w.id) > (x.changed_at, x.id))))",
            $beyond,
            $order
        )
    };
}

macro_rules! not_connected {
    ($beyond:literal, $order:literal) => {
        people!(
            "x.valid_until",
            "activation_codes x",
            "x.code IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM links w WHERE w.person_id = x.person_id AND w.state <> 'unlinked')",
            $beyond,
            $order
        )
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    person_id: PersonId,
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
    phone: Option<String>,
    curator_surname: Option<String>,
    curator_name: Option<String>,
    curator_patronymic: Option<String>,
    since: Timestamp,
}

impl From<Row> for Unreachable {
    fn from(row: Row) -> Self {
        let curator = row.curator_surname.map(|surname| FullName {
            surname,
            name: row.curator_name,
            patronymic: row.curator_patronymic,
        });
        Self {
            person: row.person_id,
            name: FullName { surname: row.surname, name: row.name, patronymic: row.patronymic },
            phone: row.phone,
            curator,
            since: row.since,
        }
    }
}

/// People beyond this place whom nothing reaches now: older ones, the latest first, or newer ones, the nearest first.
pub(super) async fn list(
    tx: &mut Tx,
    why: Why,
    place: Place,
    is_back: bool,
    (limit, now): (usize, Timestamp),
) -> Result<Vec<Unreachable>, StorageError> {
    let sql = match (why, is_back) {
        (Why::Blocked, false) => blocked!("<", " DESC"),
        (Why::Blocked, true) => blocked!(">", ""),
        (Why::NotConnected, false) => not_connected!("<", " DESC"),
        (Why::NotConnected, true) => not_connected!(">", ""),
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<Row> = on_backend!(tx, |c| {
        sqlx::query_as(sql).bind(place.since).bind(place.person).bind(limit).bind(now).fetch_all(c).await?
    });
    Ok(rows.into_iter().map(Unreachable::from).collect())
}
