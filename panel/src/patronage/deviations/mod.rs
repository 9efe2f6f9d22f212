//! «Отклонения»: of one citizen, in the card (PT-104, PT-105), and the section of everybody's.

mod section;

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::{ids::PersonId, page::Page},
    patronage::{
        reminders::{Deviation, Dot, deviations_of},
        summary,
    },
    words::format,
};

use crate::{
    errors::PanelError,
    extract::{Id, Paging, Staff},
    page::{Shell, render},
    paths,
    patronage::{
        card::{Card, Tab},
        summary::weeks_plot,
    },
    plot::Plot,
    routes::Routes,
    visit::Lang,
};

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_staff()
        .in_section(|sections| sections.deviations)
        .get(paths::ALL_DEVIATIONS, section::show)
        .get("/citizens/{id}/deviations", show)
}

#[derive(Template)]
#[template(path = "patronage/deviations/list.html")]
struct DeviationsPage {
    shell: Shell,
    card: Card,
    page: Option<Page<Row>>,
    /// How his reminders ended lately; none when there were none.
    weeks: Option<Plot>,
}

/// One reminder that was ignored, refused or not delivered.
struct Row {
    path: String,
    date: String,
    time: String,
    kind: String,
    text: String,
    tone: String,
    state: String,
    reason: String,
}

async fn show(staff: Staff, Id(person): Id<PersonId>, Paging(cursor): Paging) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let card = Card::of(&mut work, staff.lang(), person, Tab::Deviations).await?;
    let page = match card.is_open {
        true => Some(deviations_of(&mut work, person, cursor).await?.map(|it| Row::of(staff.lang(), person, &it))),
        false => None,
    };
    let weeks = match card.is_open {
        true => summary::of_citizen(&mut work, person).await?,
        false => Vec::new(),
    };
    drop(work);
    let has_any = weeks.iter().any(|week| week.numbers.ended() > 0);
    let weeks = has_any.then(|| weeks_plot(staff.lang(), &weeks));
    let title = format!("{} — {}", card.short_name, staff.lang().t("label-tab-deviations"));
    render(&DeviationsPage { shell: staff.shell(title).await?, card, page, weeks })
}

impl Row {
    fn of(l: &Lang, person: PersonId, it: &Deviation) -> Self {
        Self {
            path: paths::reminder(person, it.series, it.ordinal),
            date: format::date(it.date),
            time: format::time(it.time),
            kind: l.t(it.kind.label_key()).to_string(),
            text: it.text.clone(),
            tone: tone(it.state.dot()).to_owned(),
            state: l.t(it.state.label_key()).to_string(),
            reason: it.reason.map(|reason| l.t(reason.label_key()).to_string()).unwrap_or_default(),
        }
    }
}

fn tone(dot: Option<Dot>) -> &'static str {
    match dot {
        Some(Dot::Yellow) => "waiting",
        Some(Dot::Red) => "missed",
        _ => "undelivered",
    }
}
