//! The calendar of a citizen's reminders (PT-178 … PT-189).

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Query, response::Response};
use chrono::{Datelike, Days, NaiveDate};
use opora_core::{
    Work,
    foundation::ids::PersonId,
    patronage::reminders::{Entry, Kind, OccurrenceState, calendar, load_of},
    schedule::local_time::local_now,
    words::format,
};
use serde::Deserialize;

use super::{
    period::{Period, View, shown_date},
    row::{self, Row},
};
use crate::{
    errors::PanelError,
    extract::{Id, Staff},
    page::{Shell, render},
    paths,
    patronage::{
        card::{Card, Tab},
        summary::ahead,
    },
    plot::Plot,
    visit::Lang,
};

/// Rows that a day of the month has room for; the rest is behind «еще N».
const ROWS_OF_A_DAY: usize = 3;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    view: String,
    date: String,
    kind: String,
}

#[derive(Template)]
#[template(path = "patronage/reminders/calendar.html")]
struct CalendarPage {
    shell: Shell,
    card: Card,
    calendar: Option<Calendar>,
    /// How much lies ahead; none when nothing does.
    ahead: Option<Plot>,
}

/// The calendar's content.
struct Calendar {
    period: Period,
    title: String,
    links: Links,
    views: Vec<ViewLink>,
    kinds: Vec<KindChoice>,
    weekdays: Vec<String>,
    weeks: Vec<Vec<Day>>,
    /// Name of the citizen's zone, when it is not the installation's (PT-D29).
    zone: Option<String>,
    warning: String,
    legend: Vec<Sign>,
}

/// Where the buttons above the calendar lead.
struct Links {
    previous: String,
    next: String,
    /// `None` while today is shown (PT-182).
    today: Option<String>,
    add: String,
    quick: String,
}

struct ViewLink {
    path: String,
    label: String,
    is_current: bool,
}

struct KindChoice {
    name: &'static str,
    label: String,
    icon: &'static str,
    is_chosen: bool,
}

/// A dot and what it means.
struct Sign {
    tone: &'static str,
    label: String,
}

/// One day of the calendar.
struct Day {
    number: u32,
    iso: String,
    label: String,
    path: String,
    add: String,
    is_today: bool,
    is_outside: bool,
    rows: Vec<Placed>,
    /// «еще N»: what a month's cell cannot show; empty when it shows all.
    more: String,
}

/// A row in its place.
struct Placed {
    row: Row,
    /// Whether it is behind «еще N».
    is_hidden: bool,
}

/// `GET /citizens/{id}/programme`.
pub(super) async fn page(
    staff: Staff,
    Id(person): Id<PersonId>,
    Query(asked): Query<Asked>,
) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let card = Card::of(&mut work, staff.lang(), person, Tab::Programme).await?;
    let calendar = match card.is_open {
        true => Some(Calendar::load(&mut work, staff.lang(), &card, &asked).await?),
        false => None,
    };
    let ahead = match card.is_open {
        true => load_of(&mut work, person).await?.and_then(|days| ahead::plot(staff.lang(), &days)),
        false => None,
    };
    drop(work);
    let shell = staff.shell(format!("{} — {}", card.short_name, staff.lang().t("label-tab-programme"))).await?;
    render(&CalendarPage { shell, card, calendar, ahead })
}

impl Calendar {
    async fn load(work: &mut Work, l: &Lang, card: &Card, asked: &Asked) -> Result<Self, PanelError> {
        let today = local_now(work.now, card.zone).date();
        let view = View::named(&asked.view);
        let period = Period::around(view, shown_date(&asked.date).unwrap_or(today));
        let kind = asked.kind.parse().ok();
        let (first, last) = period.weeks();
        let entries = calendar(work, card.person, first, last, kind).await?;
        let to = Address { person: card.person, view, kind };
        let house = work.app.config.time_zone;
        Ok(Self {
            title: period.title(l),
            links: to.links(period, today),
            views: View::ALL.into_iter().map(|it| to.view_link(l, it, period, today)).collect(),
            kinds: kinds(l, kind),
            weekdays: (0..7).map(|day| format::weekday_short(l, (first + Days::new(day)).weekday())).collect(),
            weeks: to.weeks(l, card, period, today, &entries),
            zone: (card.zone != house).then(|| card.zone.name().replace('_', " ")),
            warning: super::warning(l, card),
            legend: legend(l),
            period,
        })
    }

    /// Whether nothing at all is planned in the period.
    fn is_empty(&self) -> bool {
        self.weeks.iter().flatten().all(|day| day.rows.is_empty())
    }

    /// The days that a list shows.
    fn filled_days(&self) -> impl Iterator<Item = &Day> {
        let is_day = self.period.view == View::Day;
        self.weeks.iter().flatten().filter(move |day| is_day || !day.rows.is_empty())
    }

    fn is_grid(&self) -> bool {
        matches!(self.period.view, View::Month | View::Week)
    }
}

/// Addresses of the same calendar at other places.
struct Address {
    person: PersonId,
    view: View,
    kind: Option<Kind>,
}

impl Address {
    fn at(&self, view: View, date: NaiveDate) -> String {
        let kind = self.kind.map(|kind| format!("&kind={}", kind.name())).unwrap_or_default();
        format!("{}?view={}&date={date}{kind}", paths::programme(self.person), view.name())
    }

    fn links(&self, period: Period, today: NaiveDate) -> Links {
        let preset = if period.holds(today) { today } else { period.first.max(today) };
        Links {
            previous: self.at(period.view, period.previous()),
            next: self.at(period.view, period.next()),
            today: (!period.holds(today)).then(|| self.at(period.view, today)),
            add: self.add(preset),
            quick: format!("{}&view={}", paths::quick_message(self.person), self.view.name()),
        }
    }

    fn add(&self, date: NaiveDate) -> String {
        format!("{}?date={date}&view={}", paths::new_reminder(self.person), self.view.name())
    }

    fn view_link(&self, l: &Lang, view: View, period: Period, today: NaiveDate) -> ViewLink {
        let date = if period.holds(today) { today } else { period.first };
        ViewLink {
            path: self.at(view, date),
            label: l.t(view.label_key()).to_string(),
            is_current: view == period.view,
        }
    }

    fn weeks(&self, l: &Lang, card: &Card, period: Period, today: NaiveDate, entries: &[Entry]) -> Vec<Vec<Day>> {
        let mut by_day: BTreeMap<NaiveDate, Vec<Row>> = BTreeMap::new();
        for entry in entries {
            by_day.entry(entry.date).or_default().push(Row::of(l, card.person, card.zone, self.view, entry));
        }
        let (first, last) = period.weeks();
        let mut weeks: Vec<Vec<Day>> = Vec::new();
        for date in first.iter_days().take_while(|date| *date <= last) {
            let day = self.day(l, period, today, date, by_day.remove(&date).unwrap_or_default());
            match weeks.last_mut() {
                Some(week) if week.len() < 7 => week.push(day),
                _ => weeks.push(vec![day]),
            }
        }
        weeks
    }

    fn day(&self, l: &Lang, period: Period, today: NaiveDate, date: NaiveDate, rows: Vec<Row>) -> Day {
        // One row too many would take the place of «еще 1».
        let has_room = period.view != View::Month || rows.len() <= ROWS_OF_A_DAY;
        let shown = if has_room { rows.len() } else { ROWS_OF_A_DAY - 1 };
        let more = rows.len() - shown;
        let place = |(index, row)| Placed { row, is_hidden: index >= shown };
        Day {
            number: date.day(),
            iso: date.to_string(),
            label: format::long_date(l, date),
            path: self.at(View::Day, date),
            add: self.add(date),
            is_today: date == today,
            is_outside: !period.holds(date),
            more: if more > 0 { l.t("programme-more").n("count", more).to_string() } else { String::new() },
            rows: rows.into_iter().enumerate().map(place).collect(),
        }
    }
}

fn kinds(l: &Lang, chosen: Option<Kind>) -> Vec<KindChoice> {
    let choice = |kind: Kind| KindChoice {
        name: kind.name(),
        label: l.t(kind.label_key()).to_string(),
        icon: row::icon(kind),
        is_chosen: chosen == Some(kind),
    };
    Kind::ALL.into_iter().map(choice).collect()
}

fn legend(l: &Lang) -> Vec<Sign> {
    use OccurrenceState::{Awaiting, Done, Excluded, Missed, Planned, Undelivered};
    let sign = |state: OccurrenceState| {
        Some(Sign { tone: row::tone(state.dot()?), label: l.t(state.label_key()).to_string() })
    };
    [Planned, Awaiting, Done, Missed, Excluded, Undelivered].into_iter().filter_map(sign).collect()
}
