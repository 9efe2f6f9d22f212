//! «Районы» (PT-227…PT-232): nothing here deletes one (PT-D09).

mod form;
mod list;

use crate::{paths, routes::Routes};

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_staff()
        .in_section(|sections| sections.districts)
        .get(paths::DISTRICTS, list::list)
        .post(paths::DISTRICTS, form::create)
        .get(paths::NEW_DISTRICT, form::blank)
        .get("/districts/{id}/edit", form::edit)
        .post("/districts/{id}/edit", form::change)
}
