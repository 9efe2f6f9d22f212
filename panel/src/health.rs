//! Signs of life for whatever watches the process.

use axum::extract::State;

use crate::{Panel, errors::PanelError, routes::Routes};

/// `/healthz`: the process answers. `/readyz`: the database does, too.
pub fn routes() -> Routes {
    Routes::for_everyone().get("/healthz", alive).get("/readyz", ready)
}

async fn alive() -> &'static str {
    "ok\n"
}

async fn ready(State(panel): State<Panel>) -> Result<&'static str, PanelError> {
    panel.app.db.ping().await?;
    Ok("ready\n")
}
