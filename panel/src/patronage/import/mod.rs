//! «Загрузка из таблицы»: hand in, look at the preview, decide, watch, take back. The administrator's alone.

mod acts;
mod page;
mod upload;

use axum::{extract::DefaultBodyLimit, http::Method, routing};

use crate::{paths, routes::Routes};

/// Routes of the room.
pub fn routes() -> Routes {
    // The upload sees to its limit itself.
    let upload = routing::post(upload::take).layer(DefaultBodyLimit::disable());
    Routes::for_administrator()
        .get(paths::IMPORT, page::start)
        .add(Method::POST, "/citizens/import/file", upload)
        .get("/citizens/import/template", upload::template)
        .get("/citizens/import/{id}", page::show)
        .post("/citizens/import/{id}/start", acts::start)
        .post("/citizens/import/{id}/discard", acts::discard)
        .get("/citizens/import/{id}/undo", page::question)
        .post("/citizens/import/{id}/undo", acts::undo)
}
