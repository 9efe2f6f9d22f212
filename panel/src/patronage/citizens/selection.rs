//! Ticks of the list and the menu «Выполнить» (PT-264, PT-265). Every button of the list's form brings the ticks of its page
//! along, so nothing is lost without script.

use axum::response::{IntoResponse, Redirect, Response};
use opora_core::{
    foundation::ids::PersonId,
    patronage::{citizens::selection, exports::Kind},
};
use serde::Deserialize;

use super::list::Search;
use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForms},
    paths,
    patronage::exports,
};

/// What the list's form brings beside the search.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ticked {
    /// Rows of the page.
    shown: Vec<String>,
    /// Those of them that are ticked.
    ticked: Vec<String>,
    /// The place of the page.
    cursor: String,
    /// The place to go to.
    go: String,
    /// What to do.
    #[serde(rename = "do")]
    act: String,
}

/// Remembers the ticks and does what the pressed button says.
pub async fn act(
    staff: Administrator,
    CsrfForms(search, form): CsrfForms<Search, Ticked>,
) -> Result<Response, PanelError> {
    let session = staff.session.id;
    let mut work = staff.begin().await?;
    selection::tick(&mut work, session, &ids(&form.shown), &ids(&form.ticked)).await?;
    match form.act.as_str() {
        "tick-found" => selection::tick_found(&mut work, session, &search.filter()).await?,
        "untick" => selection::untick_all(&mut work, session).await?,
        _ => {}
    }
    work.commit().await?;
    match form.act.as_str() {
        "export-citizens" => return exports::begin(&staff, Kind::Citizens, &search.filter()).await,
        "export-history" => return exports::begin(&staff, Kind::History, &search.filter()).await,
        _ => {}
    }
    let path = match form.act.as_str() {
        "transfer" => paths::TRANSFER.to_owned(),
        _ if form.go.is_empty() => search.address(&form.cursor),
        _ => search.address(&form.go),
    };
    Ok(Redirect::to(&path).into_response())
}

/// What does not read as an id is of no page of ours.
fn ids(texts: &[String]) -> Vec<PersonId> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}
