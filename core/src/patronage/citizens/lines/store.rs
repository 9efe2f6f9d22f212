//! Many citizens at once.

use chrono::NaiveDate;
use chrono_tz::Tz;
use sqlx::QueryBuilder;

use super::CitizenLine;
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{DistrictId, PersonId},
    },
    on_backend,
    patronage::citizens::{Activity, activity::today, store::parse_zone},
    people::name::FullName,
};

#[derive(sqlx::FromRow)]
pub struct Row {
    person_id: PersonId,
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
    phone: Option<String>,
    curator_id: Option<PersonId>,
    curator_surname: Option<String>,
    curator_name: Option<String>,
    curator_patronymic: Option<String>,
    district_id: Option<DistrictId>,
    inactive: bool,
    inactive_until: Option<NaiveDate>,
    zone: Option<String>,
}

impl Row {
    pub fn into_line(self, house: Tz, now: Timestamp) -> Result<CitizenLine, StorageError> {
        let tz = parse_zone("persons", self.person_id, self.zone.as_deref())?.unwrap_or(house);
        let curator = self.curator_id.zip(self.curator_surname);
        Ok(CitizenLine {
            person: self.person_id,
            name: FullName { surname: self.surname, name: self.name, patronymic: self.patronymic },
            phone: self.phone.unwrap_or_default(),
            curator: curator.map(|(id, surname)| {
                (id, FullName { surname, name: self.curator_name, patronymic: self.curator_patronymic })
            }),
            district: self.district_id,
            activity: Activity::on(today(now, tz), self.inactive, self.inactive_until),
            tz,
        })
    }
}

/// The cards of these people that are not deleted.
pub async fn list(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<Row>, StorageError> {
    const HEAD: &str = "SELECT c.person_id, p.surname, p.name, p.patronymic, p.phone, c.curator_id, \
                        cp.surname AS curator_surname, cp.name AS curator_name, cp.patronymic AS curator_patronymic, \
                        c.district_id, c.inactive, c.inactive_until, COALESCE(p.time_zone, d.time_zone) AS zone \
                        FROM citizens c JOIN persons p ON p.id = c.person_id \
                        LEFT JOIN districts d ON d.id = c.district_id LEFT JOIN persons cp ON cp.id = c.curator_id \
                        WHERE c.deleted_at IS NULL AND c.person_id IN (";
    Ok(on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new(HEAD);
        let mut list = builder.separated(", ");
        for person in people {
            list.push_bind(*person);
        }
        list.push_unseparated(")");
        builder.build_query_as().persistent(false).fetch_all(c).await?
    }))
}
