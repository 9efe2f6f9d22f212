//! «Активность» (PT-196 … PT-221): what needs the curator, with filters above and a tick in every row.

mod asked;
mod row;
mod ticks;

use askama::Template;
use axum::{extract::RawQuery, response::Response};
use opora_core::{
    Work,
    foundation::{
        ids::DistrictId,
        page::{Choice, Page},
    },
    patronage::{
        activity::{self, Counted, Listed},
        curators, districts,
    },
    people::{
        access::{Action, Actor, Author, Sight},
        accounts,
    },
    words::format,
};

use crate::{
    errors::PanelError,
    extract::Staff,
    options::Options,
    page::{Shell, Wrong, render, render_invalid},
    paths,
    routes::Routes,
    visit::Lang,
};
use asked::Asked;
use row::Row;

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_staff()
        .get(paths::ACTIVITY, show)
        .post("/activity/{id}/tick", ticks::tick)
        .post("/activity/{id}/untick", ticks::untick)
}

#[derive(Template)]
#[template(path = "patronage/activity/list.html")]
struct ActivityPage {
    shell: Shell,
    asked: Asked,
    wrong: Wrong,
    choices: Choices,
    page: Page<Row>,
    /// «120 записей».
    total: String,
    /// How many of all records wait; empty when none.
    unseen: String,
    /// The query of this page, for the forms in its rows.
    here: String,
    /// This list's address, ready for `cursor=`.
    more: String,
}

/// What the list can be narrowed to.
struct Choices {
    curators: Options,
    /// A curator who sees only his own citizens cannot choose another (PT-199).
    is_fixed: bool,
    districts: Option<Vec<Choice<DistrictId>>>,
    kinds: Vec<Choice<&'static str>>,
    seen: Vec<Choice<&'static str>>,
}

async fn show(staff: Staff, RawQuery(query): RawQuery) -> Result<Response, PanelError> {
    let app = &staff.visit.panel.app;
    let mut asked = Asked::read(query.as_deref().unwrap_or_default());
    asked.apply_period(app.clock.now(), app.config.time_zone);
    let mut work = staff.look().await?;
    let found = match asked.filter() {
        Ok(filter) => activity::list(&mut work, &filter, asked.cursor.parse().ok()).await,
        Err(failure) => Err(failure),
    };
    let (listed, wrong) = match found {
        Ok(listed) => (listed, Wrong::nothing(staff.lang())),
        Err(failure) => (nothing(), staff.wrong(failure)?),
    };
    let waiting = activity::waiting(&mut work).await?;
    let choices = Choices::load(&mut work, &staff, &asked.curator).await?;
    let house = work.app.config.time_zone;
    drop(work);
    let l = staff.lang();
    let shell = staff.shell(l.t("label-menu-activity")).await?;
    let page = ActivityPage {
        wrong,
        choices,
        total: total(l, listed.total),
        unseen: if waiting == Counted::Exactly(0) { String::new() } else { shown(l, waiting) },
        page: listed.page.map(|record| Row::of(l, house, record)),
        here: asked.query(true),
        more: format!("{}?{}&", paths::ACTIVITY, asked.query(false)),
        asked,
        shell,
    };
    if page.wrong.is_any() { render_invalid(&page.wrong, &page) } else { render(&page) }
}

fn nothing() -> Listed {
    Listed { page: Page { items: Vec::new(), before: None, after: None }, total: Counted::Exactly(0) }
}

fn total(l: &Lang, total: Counted) -> String {
    match total {
        Counted::Exactly(count) => {
            l.t("activity-total").n("count", count).s("shown", format::number(l, count)).to_string()
        }
        Counted::MoreThan(count) => l.t("activity-total-more").s("shown", format::number(l, count)).to_string(),
    }
}

/// «7», «99+».
fn shown(l: &Lang, count: Counted) -> String {
    match count {
        Counted::Exactly(count) => format::number(l, count),
        Counted::MoreThan(count) => format!("{}+", format::number(l, count)),
    }
}

impl Choices {
    async fn load(work: &mut Work, staff: &Staff, chosen: &str) -> Result<Self, PanelError> {
        let l = staff.lang();
        let is_fixed = work.must(Action::HandleActivity)? != Sight::All;
        let curators = match (is_fixed, work.actor.clone()) {
            (true, Actor::Curator { curator, .. }) => {
                let label = accounts::name_of_author(&mut work.tx, Author::Curator(curator)).await?.said(l);
                Options::only(Choice { id: curator, label })?
            }
            _ => staff.curator_options(&curators::choices(work).await?, chosen)?,
        };
        let has_districts = work.app.config.sections.districts;
        let districts = if has_districts { Some(districts::choices(work).await?) } else { None };
        let kinds = activity::kinds(work);
        let kinds = kinds
            .into_iter()
            .map(|kind| Choice { id: kind.name(), label: l.t(kind.label_key()).to_string() })
            .collect();
        let seen = [("yes", "activity-seen-yes"), ("no", "activity-seen-no")];
        let seen = seen.into_iter().map(|(id, key)| Choice { id, label: l.t(key).to_string() }).collect();
        Ok(Self { curators, is_fixed, districts, kinds, seen })
    }
}
