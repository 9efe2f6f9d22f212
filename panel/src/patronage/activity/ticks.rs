//! «Галочка» (PT-217 … PT-219): a button in the row, which leads back to the list as it stood.

use axum::{
    extract::RawQuery,
    response::{IntoResponse, Redirect, Response},
};
use opora_core::{foundation::ids::ActivityId, patronage::activity};

use super::asked::Asked;
use crate::{
    errors::PanelError,
    extract::{CsrfForm, Id, NoFields, Staff},
    paths,
};

pub(super) async fn tick(
    staff: Staff,
    Id(id): Id<ActivityId>,
    RawQuery(query): RawQuery,
    CsrfForm(NoFields {}): CsrfForm<NoFields>,
) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    activity::tick(&mut work, id).await?;
    work.commit().await?;
    Ok(back(query.as_deref()))
}

pub(super) async fn untick(
    staff: Staff,
    Id(id): Id<ActivityId>,
    RawQuery(query): RawQuery,
    CsrfForm(NoFields {}): CsrfForm<NoFields>,
) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    activity::untick(&mut work, id).await?;
    work.commit().await?;
    Ok(back(query.as_deref()))
}

/// The same page of the same list; what is not a filter is left out of the address.
fn back(query: Option<&str>) -> Response {
    let query = Asked::read(query.unwrap_or_default()).query(true);
    let mark = if query.is_empty() { "" } else { "?" };
    Redirect::to(&format!("{}{mark}{query}", paths::ACTIVITY)).into_response()
}
