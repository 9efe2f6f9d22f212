//! «Типы сообщений (файлов)» (PT-233…PT-241).

mod deletion;
mod form;
mod list;

use crate::{paths, routes::Routes};

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_staff()
        .in_section(|sections| sections.file_types)
        .get(paths::FILE_TYPES, list::list)
        .post(paths::FILE_TYPES, form::create)
        .get(paths::NEW_FILE_TYPE, form::blank)
        .get("/file-types/{id}", form::show)
        .post("/file-types/{id}", form::change)
        .get("/file-types/{id}/edit", form::edit)
        .get("/file-types/{id}/deletion", deletion::question)
        .post("/file-types/{id}/deletion", deletion::delete)
}
