//! «Сводка»: how reminders end and how quickly people answer, in pictures with their numbers.

pub(super) mod ahead;

use ahead::Ahead;
use askama::Template;
use axum::{extract::Query, response::Response};
use opora_core::{
    patronage::summary::{self, Group, Measure, Numbers, Summary, Week},
    words::format,
};

use crate::{
    errors::PanelError,
    extract::Staff,
    page::{Shell, render},
    paths,
    plot::{Column, Part, Plot, Scale},
    routes::Routes,
    visit::Lang,
};

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_staff().get(paths::SUMMARY, show)
}

#[derive(Template)]
#[template(path = "patronage/summary/page.html")]
struct SummaryPage {
    shell: Shell,
    /// «Посчитано по 21.11.2026».
    counted: String,
    figures: Option<Figures>,
    ahead: Ahead,
}

/// The pictures; there are none before the first night.
struct Figures {
    lead: String,
    weeks: Plot,
    speeds: Plot,
    groups: Vec<Table>,
}

/// Numbers by curator or district.
struct Table {
    title: String,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    share: String,
    ends: Vec<i64>,
}

async fn show(staff: Staff, Query(asked): Query<ahead::Asked>) -> Result<Response, PanelError> {
    let l = staff.lang();
    let mut work = staff.look().await?;
    let found = summary::summary(&mut work).await?;
    let ahead = Ahead::load(&mut work, &staff, &asked).await?;
    drop(work);
    let counted = found.counted_until.map(|day| l.t("summary-counted").s("date", format::date(day)).to_string());
    let figures = (found.total.ended() > 0).then(|| Figures::of(l, &found));
    let shell = staff.shell(l.t("label-menu-summary")).await?;
    render(&SummaryPage { shell, counted: counted.unwrap_or_default(), figures, ahead })
}

impl Figures {
    fn of(l: &Lang, it: &Summary) -> Self {
        let tables = [("summary-by-curator", &it.curators), ("summary-by-district", &it.districts)];
        let tables = tables.into_iter().filter(|(_, groups)| !groups.is_empty());
        Self {
            lead: lead(l, &it.total),
            weeks: weeks_plot(l, &it.weeks),
            speeds: speeds_plot(l, &it.total),
            groups: tables.map(|(title, groups)| Table::of(l, title, groups)).collect(),
        }
    }
}

impl Table {
    fn of(l: &Lang, title: &str, groups: &[Group]) -> Self {
        let row = |group: &Group| Row {
            name: group.name.clone().unwrap_or_else(|| l.t("panel-none").to_string()),
            share: share(&group.numbers),
            ends: Measure::ENDS.into_iter().map(|end| group.numbers.of(end)).collect(),
        };
        Self { title: l.t(title).to_string(), rows: groups.iter().map(row).collect() }
    }
}

/// «86 %»; a dash when nothing reached anybody.
fn share(numbers: &Numbers) -> String {
    numbers.adherence().map_or_else(|| "–".to_owned(), |percent| format!("{percent}\u{a0}%"))
}

fn lead(l: &Lang, total: &Numbers) -> String {
    l.t("summary-lead").s("share", share(total)).n("ours", total.of(Measure::Ours)).to_string()
}

/// The names of the ways reminders end, for legends and tables.
fn ends(l: &Lang) -> Vec<Part> {
    let part = |end| {
        let (tone, label) = match end {
            Measure::Done => ("done", "reminders-state-done"),
            Measure::Missed => ("missed", "reminders-state-missed"),
            Measure::Unanswered => ("waiting", "summary-unanswered"),
            Measure::Unreachable => ("undelivered", "summary-unreachable"),
            _ => ("excluded", "summary-ours"),
        };
        Part { tone, label: l.t(label).to_string() }
    };
    Measure::ENDS.into_iter().map(part).collect()
}

/// How reminders ended, week by week.
pub fn weeks_plot(l: &Lang, weeks: &[Week]) -> Plot {
    let column = |week: &Week| Column {
        label: week.first.format("%d.%m").to_string(),
        values: Measure::ENDS.into_iter().map(|end| week.numbers.of(end)).collect(),
    };
    let words = (l.t("summary-weeks").to_string(), l.t("summary-weeks-text").to_string());
    Plot::columns(l, "weeks", words, Scale::Shares, ends(l), weeks.iter().map(column).collect())
}

fn speeds_plot(l: &Lang, total: &Numbers) -> Plot {
    let column = |speed| {
        let label = match speed {
            Measure::WithinFive => "summary-within-five",
            Measure::WithinHalfHour => "summary-within-half-hour",
            Measure::WithinTwoHours => "summary-within-two-hours",
            Measure::WithinDay => "summary-within-day",
            _ => "summary-later",
        };
        Column { label: l.t(label).to_string(), values: vec![total.of(speed)] }
    };
    let words = (l.t("summary-speeds").to_string(), l.t("summary-speeds-text").to_string());
    let parts = vec![Part { tone: "planned", label: l.t("summary-answers").to_string() }];
    Plot::columns(l, "speeds", words, Scale::Numbers, parts, Measure::SPEEDS.into_iter().map(column).collect())
}
