//! What lies ahead: the reminders and meetings of the coming four weeks, day by day.

use chrono::Datelike;
use opora_core::{
    Work,
    patronage::{
        curators,
        reminders::{self, LoadDay, MOST_SERIES},
    },
    people::access::{Action, Sight},
    words::format,
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::Staff,
    options::Options,
    plot::{Column, Part, Plot, Scale},
    visit::Lang,
};

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    curator: String,
}

/// The section of «Сводка».
pub(super) struct Ahead {
    /// To choose from, for who sees everybody.
    pub curators: Option<Options>,
    pub plot: Option<Plot>,
    /// Why there is no picture; empty when there is one.
    pub nothing: String,
}

impl Ahead {
    pub(super) async fn load(work: &mut Work, staff: &Staff, asked: &Asked) -> Result<Self, PanelError> {
        let l = staff.lang();
        let sees_all = work.must(Action::ViewSummary)? == Sight::All;
        let curators = if sees_all { Some(curators::choices(work).await?) } else { None };
        let curators = curators.map(|curators| staff.curator_options(&curators, &asked.curator)).transpose()?;
        let days = reminders::load(work, asked.curator.parse().ok()).await?;
        let nothing = match &days {
            None => l
                .t("summary-ahead-too-many")
                .s("most", format::number(l, i64::try_from(MOST_SERIES).unwrap_or(i64::MAX))),
            Some(_) => l.t("summary-ahead-nothing"),
        };
        let nothing = nothing.to_string();
        let plot = days.as_deref().and_then(|days| plot(l, days));
        let nothing = if plot.is_some() { String::new() } else { nothing };
        Ok(Self { curators, plot, nothing })
    }
}

/// The picture; none of days on which nothing lies ahead.
pub fn plot(l: &Lang, days: &[LoadDay]) -> Option<Plot> {
    if days.iter().all(|day| day.total() == 0) {
        return None;
    }
    let column = |day: &LoadDay| Column {
        label: format!("{} {}", format::weekday_short(l, day.date.weekday()), day.date.format("%d.%m")),
        values: vec![day.reminders, day.meetings, day.own],
    };
    let part = |tone, label| Part { tone, label: l.t(label).to_string() };
    let parts = vec![
        part("planned", "summary-ahead-reminders"),
        part("meeting", "summary-ahead-meetings"),
        part("waiting", "label-kind-curator-reminder"),
    ];
    let words = (l.t("summary-ahead").to_string(), l.t("summary-ahead-text").to_string());
    Some(Plot::columns(l, "ahead", words, Scale::Numbers, parts, days.iter().map(column).collect()))
}
