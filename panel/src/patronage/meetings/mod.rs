//! «Дата встречи с соц. куратором»: the calendar of all meetings (PT-222…PT-225). Nothing is planned here: that is done on
//! the card.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Query, response::Response};
use chrono::{Datelike, Days, NaiveDate};
use opora_core::{
    Work,
    foundation::{errors::Failure, ids::DistrictId, page::Choice},
    patronage::{
        curators, districts,
        reminders::{Meeting, MeetingFilter, meetings},
    },
    people::access::{Action, Sight},
    schedule::local_time::local_now,
    words::format,
};
use serde::{Deserialize, Serialize};

use super::reminders::{
    period::{Period, View, shown_date},
    row::{shortened, tone},
};
use crate::{
    errors::PanelError,
    extract::Staff,
    options::Options,
    page::{Shell, render},
    paths,
    routes::Routes,
    visit::Lang,
};

/// How the days can be shown here; phones show a list of either.
const VIEWS: [View; 2] = [View::Month, View::Week];

/// Rows that a day of the month has room for; the rest is behind «еще N».
const ROWS_OF_A_DAY: usize = 4;

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_staff().get(paths::MEETINGS, page)
}

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct Asked {
    name: String,
    district: String,
    curator: String,
    view: String,
    date: String,
}

impl Asked {
    /// Whether it is narrowed by more than the name.
    fn has_more(&self) -> bool {
        !self.district.is_empty() || !self.curator.is_empty()
    }
}

#[derive(Template)]
#[template(path = "patronage/meetings/page.html")]
struct MeetingsPage {
    shell: Shell,
    asked: Asked,
    curators: Option<Options>,
    districts: Option<Vec<Choice<DistrictId>>>,
    period: Period,
    title: String,
    previous: String,
    next: String,
    /// `None` while today is shown.
    today: Option<String>,
    views: Vec<ViewLink>,
    weekdays: Vec<String>,
    weeks: Vec<Vec<Day>>,
}

struct ViewLink {
    path: String,
    label: String,
    is_current: bool,
}

/// One day of the calendar.
struct Day {
    number: u32,
    iso: String,
    label: String,
    path: String,
    is_today: bool,
    is_outside: bool,
    rows: Vec<Row>,
    /// «еще N»; empty when the day shows all.
    more: String,
}

/// A meeting, as a way to the card.
struct Row {
    path: String,
    tone: &'static str,
    state: String,
    time: String,
    name: String,
    text: String,
    title: String,
    is_hidden: bool,
}

async fn page(staff: Staff, Query(asked): Query<Asked>) -> Result<Response, PanelError> {
    let l = staff.lang();
    let mut work = staff.look().await?;
    let today = local_now(work.now, work.app.config.time_zone).date();
    let period = Period::around(asked.view(), shown_date(&asked.date).unwrap_or(today));
    let (first, last) = period.weeks();
    let found = meetings(&mut work, first, last, &asked.filter()).await?;
    let (curators, districts) = choices(&mut work).await?;
    drop(work);
    let curators = curators.map(|curators| staff.curator_options(&curators, &asked.curator)).transpose()?;
    let view_link = |view: View| ViewLink {
        path: asked.at(view, if period.holds(today) { today } else { period.first }),
        label: l.t(view.label_key()).to_string(),
        is_current: view == period.view,
    };
    let page = MeetingsPage {
        shell: staff.shell(l.t("label-menu-meetings")).await?,
        curators,
        districts,
        title: period.title(l),
        previous: asked.at(period.view, period.previous()),
        next: asked.at(period.view, period.next()),
        today: (!period.holds(today)).then(|| asked.at(period.view, today)),
        views: VIEWS.into_iter().map(view_link).collect(),
        weekdays: (0..7).map(|day| format::weekday_short(l, (first + Days::new(day)).weekday())).collect(),
        weeks: weeks(l, &asked, period, today, &found),
        period,
        asked,
    };
    render(&page)
}

/// What the calendar can be narrowed to. A curator who sees only his own is not asked for a curator (PT-D05).
async fn choices(work: &mut Work) -> Result<(Option<curators::Offered>, Option<Vec<Choice<DistrictId>>>), Failure> {
    let sees_all = work.must(Action::ViewMeetings)? == Sight::All;
    let has_districts = work.app.config.sections.districts;
    let curators = if sees_all { Some(curators::choices(work).await?) } else { None };
    let districts = if has_districts { Some(districts::choices(work).await?) } else { None };
    Ok((curators, districts))
}

impl Asked {
    fn view(&self) -> View {
        let asked = View::named(&self.view);
        if VIEWS.contains(&asked) { asked } else { View::default() }
    }

    fn filter(&self) -> MeetingFilter {
        MeetingFilter {
            curator: self.curator.parse().ok(),
            district: self.district.parse().ok(),
            name: self.name.clone(),
        }
    }

    /// The same calendar at another place.
    fn at(&self, view: View, date: NaiveDate) -> String {
        let place = Self { view: view.name().to_owned(), date: date.to_string(), ..self.clone() };
        format!("{}?{}", paths::MEETINGS, serde_html_form::to_string(&place).unwrap_or_default())
    }
}

impl MeetingsPage {
    fn is_empty(&self) -> bool {
        self.weeks.iter().flatten().all(|day| day.rows.is_empty())
    }
}

fn weeks(l: &Lang, asked: &Asked, period: Period, today: NaiveDate, found: &[Meeting]) -> Vec<Vec<Day>> {
    let mut by_day: BTreeMap<NaiveDate, Vec<&Meeting>> = BTreeMap::new();
    for meeting in found {
        by_day.entry(meeting.entry.date).or_default().push(meeting);
    }
    let (first, last) = period.weeks();
    let mut weeks: Vec<Vec<Day>> = Vec::new();
    for date in first.iter_days().take_while(|date| *date <= last) {
        let rows = by_day.remove(&date).unwrap_or_default();
        // One row too many would take the place of «еще 1».
        let has_room = period.view != View::Month || rows.len() <= ROWS_OF_A_DAY;
        let shown = if has_room { rows.len() } else { ROWS_OF_A_DAY - 1 };
        let more = rows.len() - shown;
        let day = Day {
            number: date.day(),
            iso: date.to_string(),
            label: format::long_date(l, date),
            path: asked.at(View::Week, date),
            is_today: date == today,
            is_outside: !period.holds(date),
            more: if more > 0 { l.t("programme-more").n("count", more).to_string() } else { String::new() },
            rows: rows.iter().enumerate().map(|(index, meeting)| Row::of(l, meeting, index >= shown)).collect(),
        };
        match weeks.last_mut() {
            Some(week) if week.len() < 7 => week.push(day),
            _ => weeks.push(vec![day]),
        }
    }
    weeks
}

impl Row {
    fn of(l: &Lang, meeting: &Meeting, is_hidden: bool) -> Self {
        let (citizen, entry) = (&meeting.citizen, &meeting.entry);
        let state = l.t(entry.state.label_key()).to_string();
        let time = format::time(entry.time);
        let curator = citizen.curator.as_ref().map(|(_, name)| l.t("card-curator").s("name", name.short()).to_string());
        let parts = [Some(format!("{time} — {}", citizen.name.full())), Some(entry.text.clone()), curator];
        let parts = parts.into_iter().flatten().chain([state.clone()]);
        Self {
            path: format!("{}?date={}", paths::programme(citizen.person), entry.date),
            tone: entry.state.dot().map_or("undelivered", tone),
            title: parts.collect::<Vec<_>>().join("\n"),
            name: citizen.name.short(),
            text: shortened(&entry.text),
            state,
            time,
            is_hidden,
        }
    }
}
