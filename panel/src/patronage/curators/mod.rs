//! «Соц. кураторы» (PT-047…PT-062): only the administrator comes here.

mod card;
mod deletion;
mod list;
mod new;
mod password;
mod second_factor;

use opora_core::{
    Work,
    foundation::{
        errors::Failure,
        ids::{DistrictId, PersonId},
        page::Choice,
    },
    patronage::{
        curators::{CuratorCard, CuratorForm},
        districts,
    },
};

use crate::{paths, routes::Routes};

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_administrator()
        .get(paths::CURATORS, list::list)
        .post(paths::CURATORS, new::create)
        .get(paths::NEW_CURATOR, new::form)
        .get("/curators/{id}", card::show)
        .post("/curators/{id}", card::change)
        .get("/curators/{id}/edit", card::edit)
        .get("/curators/{id}/password", password::form)
        .post("/curators/{id}/password", password::change)
        .get("/curators/{id}/second-factor", second_factor::question)
        .post("/curators/{id}/second-factor", second_factor::reset)
        .get("/curators/{id}/deletion", deletion::question)
        .post("/curators/{id}/deletion", deletion::delete)
}

/// The districts to choose from; `None` when the section is off and the field is hidden (PT-054).
async fn districts(work: &mut Work) -> Result<Option<Vec<Choice<DistrictId>>>, Failure> {
    if !work.app.config.sections.districts {
        return Ok(None);
    }
    districts::choices(work).await.map(Some)
}

/// The form filled from the card; passwords are never filled in.
fn filled(card: &CuratorCard) -> CuratorForm {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    CuratorForm {
        surname: card.row.name.surname.clone(),
        name: text(&card.row.name.name),
        patronymic: text(&card.row.name.patronymic),
        email: text(&card.row.email),
        phone: shown_phone(card.row.phone.as_deref()),
        telegram_name: text(&card.telegram_name),
        district: card.district_id.map(|id| id.to_string()).unwrap_or_default(),
        login: text(&card.row.login),
        password: String::new(),
        password_repeat: String::new(),
    }
}

/// «+7 (913) 123-45-67».
fn shown_phone(stored: Option<&str>) -> String {
    let stored = stored.unwrap_or_default();
    opora_core::people::contact::Phone::parse(stored).map_or_else(|_| stored.to_owned(), |phone| phone.shown())
}

/// Where the citizens of a curator are listed (PT-061).
fn citizens_of(curator: PersonId) -> String {
    format!("{}?curator={curator}", paths::CITIZENS)
}
