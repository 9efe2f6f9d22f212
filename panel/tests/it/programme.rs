//! «Программа поддержки»: calendar, form, preview, history.

mod calendar;
mod change;
mod form;

use chrono::NaiveDate;
use opora_core::{
    foundation::{clock::Timestamp, ids::OccurrenceId},
    messaging::{messenger::Messenger, press::Reaction},
    patronage::{
        activation,
        reminders::{self, OccurrenceState, due, outcome},
    },
    people::access::Actor,
};
use opora_testkit::{Citizen, Curator, World};

use crate::visit::{Page, Visitor};

/// Anna with her citizen Maria, whose bot is connected, at the panel. It is Tuesday, 10.03.2026, 09:00 in Moscow.
pub struct Desk {
    pub anna: Curator,
    pub maria: Citizen,
    pub visitor: Visitor,
    /// `/citizens/…/programme`.
    pub path: String,
}

impl Desk {
    pub async fn of(world: &World) -> Self {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария Ивановна").of(&anna).linked("1001").await;
        let visitor = Visitor::curator(world, &anna).await;
        let path = format!("/citizens/{}/programme", maria.person);
        Self { anna, maria, visitor, path }
    }

    /// The calendar at a place: `view=month&date=2026-04-01`.
    pub async fn calendar(&mut self, place: &str) -> Page {
        let path = format!("{}?{place}", self.path);
        self.visitor.get(&path).await
    }

    /// Opens a fresh form, fills it in and presses a button.
    pub async fn create(&mut self, act: &str, fields: &[(&str, &str)]) -> Page {
        let path = format!("{}/new", self.path);
        let form = self.visitor.get(&path).await;
        let submission = form.attribute("[name=submission]", "value").expect("the form knows itself");
        self.send(&path, &[("act", act), ("submission", &submission)], fields).await
    }

    /// Saves a form that must be taken.
    pub async fn plan(&mut self, fields: &[(&str, &str)]) {
        let answer = self.create("save", fields).await;
        assert!(answer.location().starts_with(&self.path), "{}", answer.location());
    }

    /// Sends a form.
    pub async fn send(&mut self, path: &str, first: &[(&str, &str)], fields: &[(&str, &str)]) -> Page {
        let fields: Vec<_> = first.iter().chain(fields).copied().collect();
        self.visitor.post(path, &fields).await
    }

    /// Opens the reminder of a day by its row in the calendar; gives its path and page.
    pub async fn open(&mut self, day: &str) -> (String, Page) {
        let calendar = self.calendar(&format!("date={day}")).await;
        let row = calendar.attribute(&format!("[data-day='{day}'] .entry"), "href").expect("the day has a row");
        let page = self.visitor.get(&row).await;
        (row.split('?').next().expect("a path").to_owned(), page)
    }

    /// Rows of a day as they are read: state, time, type and text.
    pub async fn rows(&mut self, day: &str) -> Vec<String> {
        rows(&self.calendar(&format!("date={day}")).await, day)
    }
}

/// Rows of a day: what the dot says, and the text of the row.
pub fn rows(page: &Page, day: &str) -> Vec<String> {
    let states = page.attributes(&format!("[data-day='{day}'] .entry .dot"), "aria-label");
    let times = page.texts(&format!("[data-day='{day}'] .entry__time"));
    let texts = page.texts(&format!("[data-day='{day}'] .entry__text"));
    states.iter().zip(times).zip(texts).map(|((state, time), text)| format!("{state}: {time} {text}")).collect()
}

/// A single reminder tomorrow at 09:00.
pub const ONCE: [(&str, &str); 5] = [
    ("kind", "information"),
    ("text", "Примите лекарство"),
    ("repetition", "none"),
    ("start_date", "11.03.2026"),
    ("time", "09:00"),
];

/// A daily reminder from tomorrow at 09:00, ten times.
pub const DAILY: [(&str, &str); 8] = [
    ("kind", "support_measures"),
    ("text", "Измерьте давление"),
    ("repetition", "daily"),
    ("every", "1"),
    ("start_date", "11.03.2026"),
    ("time", "09:00"),
    ("end_by", "times"),
    ("times", "10"),
];

/// The fields with one of them changed or added.
pub fn with<'a>(fields: &[(&'a str, &'a str)], changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    kept.chain(changed).copied().collect()
}

/// Turns the clock and hands over what is due, as a messenger that confirms everything. Anna, whose session has gone cold
/// meanwhile, signs in anew.
pub async fn deliver(world: &World, desk: &mut Desk, moment: &str) {
    world.clock.turn_to(moment);
    while due::claim(&world.app, 100).await.expect("due reminders can be claimed").more {}
    let now = world.app.clock.now();
    let confirmed: Vec<(OccurrenceId, Timestamp)> = sending(world).await.into_iter().map(|id| (id, now)).collect();
    let mut work = world.begin(Actor::System).await;
    outcome::delivered(&mut work, &confirmed).await.expect("a delivery can be recorded");
    work.commit().await.expect("a delivery can be kept");
    desk.visitor = Visitor::curator(world, &desk.anna).await;
}

/// What was claimed and not confirmed yet.
async fn sending(world: &World) -> Vec<OccurrenceId> {
    const SQL: &str = "SELECT id FROM occurrences WHERE state = 'sending' ORDER BY due_at";
    let mut tx = world.tx().await;
    opora_core::on_backend!(&mut tx, |c| sqlx::query_scalar(SQL).fetch_all(c).await).expect("occurrences can be read")
}

/// Maria answers in the messenger what she was sent at this date.
pub async fn react(world: &World, desk: &Desk, day: &str, reaction: Reaction) {
    let date: NaiveDate = day.parse().expect("a date");
    let mut work = world.look(desk.anna.actor()).await;
    let entries = reminders::calendar(&mut work, desk.maria.person, date, date, None).await.expect("the calendar");
    drop(work);
    let occurrence = entries
        .iter()
        .find(|entry| entry.state == OccurrenceState::Awaiting)
        .and_then(|entry| entry.occurrence)
        .expect("something awaits an answer");
    let mut work = world.begin(desk.maria.actor()).await;
    reminders::react(&mut work, Messenger::Telegram, "1001", None, occurrence, reaction)
        .await
        .expect("an answer counts");
    work.commit().await.expect("an answer is kept");
}

/// Takes the bot away from a citizen: a new code waits.
pub async fn disconnect(world: &World, desk: &Desk, citizen: &Citizen) {
    let mut work = world.begin(desk.anna.actor()).await;
    activation::renew(&mut work, citizen.person).await.expect("a code can be issued");
    work.commit().await.expect("a code is kept");
}

/// Maria stops the bot.
pub async fn block(world: &World) {
    let mut work = world.begin(Actor::System).await;
    activation::mark_blocked(&mut work, Messenger::Telegram, "1001").await.expect("a blocking can be recorded");
    work.commit().await.expect("a blocking is kept");
}
