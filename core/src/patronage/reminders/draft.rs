//! The form «Создать задание» as typed ([`ReminderForm`]), what it means ([`Draft`]) and the dates it will give ([`Preview`]).

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::{
    change::Reach,
    exclusions::{Exclusions, MOST_RANGES},
    kind::Kind,
    preview::dates_of,
    series::{Plan, Zones, store},
};
use crate::{
    foundation::{
        clock::Timestamp,
        errors::{Complaints, Failure, Say},
        ids::{PersonId, SeriesId},
    },
    people::access::Action,
    schedule::{
        local_time::local_now,
        recurrence::{End, LATEST_END, MOST_TIMES, Recurrence, RecurrenceError, Repetition, Weekdays},
    },
    work::Work,
};

/// Characters of «Описание задания» at most (PT-152).
const MOST_TEXT: usize = 3500;
/// «Напомнить заранее» at most: seven days (PT-D35).
const MOST_ADVANCE: u16 = 7 * 24 * 60;

/// The form as typed. Field names are those of the HTML form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReminderForm {
    /// «Тип задания»: name of a [`Kind`].
    pub kind: String,
    /// «Описание задания».
    pub text: String,
    /// «Повторение»: `none`, `daily`, `weekly` or `monthly`.
    pub repetition: String,
    /// Every so many days, weeks or months.
    pub every: String,
    /// `1` (Monday) … `7`, for weekly ones.
    pub weekdays: Vec<String>,
    /// Date of the first reminder: `2026-03-10` or «10.03.2026».
    pub start_date: String,
    /// «Время напоминания»: «ЧЧ:ММ».
    pub time: String,
    /// `times` or `date`: which end counts.
    pub end_by: String,
    /// Number of repetitions.
    pub times: String,
    /// Last date.
    pub end_date: String,
    /// «Напомнить заранее», minutes; for meetings.
    pub advance: String,
    /// «Исключение»: first and last dates; an empty last date means one day.
    pub exclusions: Vec<(String, String)>,
    /// «Сейчас» (PT-D36): date and time are taken from the clock.
    pub now: bool,
}

/// What the form means.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The series.
    pub plan: Plan,
    /// «Исключение».
    pub exclusions: Exclusions,
}

/// The next dates of a form, before it is saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The first of them.
    pub dates: Vec<PreviewDate>,
    /// How many reminders in all, excluded ones included; `None` when there are very many.
    pub total: Option<u32>,
    /// Date of the last one.
    pub last: NaiveDate,
}

/// One date of a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewDate {
    /// Local date.
    pub date: NaiveDate,
    /// Local time as typed.
    pub time: NaiveTime,
    /// The moment it comes to.
    pub moment: Timestamp,
    /// What is special: the month's end, a clock change.
    pub note: Option<Say>,
    /// Whether «Исключение» suspends it.
    pub excluded: bool,
}

/// On what a form is judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground {
    /// The present.
    pub now: Timestamp,
    /// The zones of the citizen's series.
    pub zones: Zones,
    /// Date, time and month day of the reminder opened for editing: leaving them as they are is always allowed.
    pub kept: Option<(NaiveDate, NaiveTime, Option<u8>)>,
}

impl Ground {
    /// The ground of an opened reminder: leaving date and time as they are is allowed also at the last second.
    pub(super) fn of_opened(now: Timestamp, zones: Zones, plan: &Plan, date: NaiveDate) -> Self {
        let month_day = match plan.rule.repetition {
            Repetition::Monthly { day, .. } => Some(day),
            _ => None,
        };
        Self { now, zones, kept: Some((date, plan.time, month_day)) }
    }
}

/// The next dates the form would give, for `person`. Complaints are about dates only: the text may still be missing.
pub async fn preview(work: &mut Work, person: PersonId, form: &ReminderForm) -> Result<Preview, Failure> {
    let sight = work.must(Action::ManageReminders)?;
    let zones = store::place_of(work, sight, person).await?.zones;
    dates_on(form, &Ground { now: work.now, zones, kept: None })
}

/// The next dates that a change of one reminder would give.
pub async fn preview_change(
    work: &mut Work,
    series: SeriesId,
    ordinal: u32,
    reach: Reach,
    form: &ReminderForm,
) -> Result<Preview, Failure> {
    let sight = work.must(Action::ManageReminders)?;
    let series = store::find(&mut work.tx, series).await?.ok_or(Failure::NotFound)?;
    let zones = store::place_of(work, sight, series.person).await?.zones;
    let (_, date) = series.plan.rule.nth(ordinal).ok_or(Failure::NotFound)?;
    let ground = Ground::of_opened(work.now, zones, &series.plan, date);
    match reach {
        Reach::OnlyThis => dates_on(&ReminderForm { repetition: "none".to_owned(), ..form.clone() }, &ground),
        Reach::ThisAndFollowing => dates_on(form, &ground),
    }
}

fn dates_on(form: &ReminderForm, ground: &Ground) -> Result<Preview, Failure> {
    let kind = form.kind.parse().unwrap_or(Kind::SupportMeasures);
    let mut complaints = Complaints::default();
    let draft = dates(form, kind, String::new(), ground, &mut complaints);
    complaints.into_result()?;
    draft.and_then(|draft| dates_of(&draft, ground.zones.of(kind))).ok_or_else(nothing_to_send)
}

/// Reads the form.
pub(super) fn parse(form: &ReminderForm, ground: &Ground) -> Result<Draft, Failure> {
    let mut complaints = Complaints::default();
    let kind = complaints.check("kind", form.kind.parse::<Kind>().map_err(|_| Say::key("reminders-kind-missing")));
    let text = complaints.check("text", text(&form.text)).unwrap_or_default();
    let draft = dates(form, kind.unwrap_or(Kind::SupportMeasures), text, ground, &mut complaints);
    complaints.into_result()?;
    draft.ok_or_else(nothing_to_send)
}

fn nothing_to_send() -> Failure {
    Failure::invalid("start_date", Say::key("reminders-empty"))
}

fn text(typed: &str) -> Result<String, Say> {
    let text = typed.trim().replace("\r\n", "\n");
    match text.chars().count() {
        0 => Err(Say::key("reminders-text-missing")),
        1..=MOST_TEXT => Ok(text),
        _ => Err(Say::key("reminders-text-too-long").number("most", i64::try_from(MOST_TEXT).unwrap_or(i64::MAX))),
    }
}

/// Everything but type and text; `None` with no complaint means that the rule gives no date.
fn dates(form: &ReminderForm, kind: Kind, text: String, ground: &Ground, complaints: &mut Complaints) -> Option<Draft> {
    let wall = local_now(ground.now, ground.zones.of(kind));
    let (start, time) = start(form, wall, complaints);
    let advance = complaints.check("advance", advance(form, kind));
    let exclusions = complaints.check("exclusions", exclusions(&form.exclusions));
    let repetition = repetition(form, start, ground, complaints);
    let end = end(form, complaints);
    let rule = Recurrence { start: start?, repetition: repetition?, end: end? };
    let plan = Plan { kind, text, rule, time: time?, advance: advance? };
    complain_about_rule(&plan.rule, complaints);
    let plan = begin_in_time(plan, wall, ground, complaints)?;
    Some(Draft { plan, exclusions: exclusions? })
}

fn start(
    form: &ReminderForm,
    wall: NaiveDateTime,
    complaints: &mut Complaints,
) -> (Option<NaiveDate>, Option<NaiveTime>) {
    if form.now && form.is_single() {
        let minute = wall.time().with_second(0).and_then(|time| time.with_nanosecond(0));
        return (Some(wall.date()), minute);
    }
    (complaints.check("start_date", date(&form.start_date)), complaints.check("time", time(&form.time)))
}

fn date(typed: &str) -> Result<NaiveDate, Say> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Say::key("reminders-date-missing"));
    }
    let formats = ["%Y-%m-%d", "%d.%m.%Y"];
    let read = formats.iter().find_map(|format| NaiveDate::parse_from_str(typed, format).ok());
    let date = read.ok_or_else(|| Say::key("reminders-date-unreadable"))?;
    if date > LATEST_END { Err(Say::key("reminders-date-too-late")) } else { Ok(date) }
}

fn time(typed: &str) -> Result<NaiveTime, Say> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Say::key("reminders-time-missing"));
    }
    let read = NaiveTime::parse_from_str(typed, "%H:%M").or_else(|_| NaiveTime::parse_from_str(typed, "%H:%M:%S"));
    let minute = read.ok().and_then(|time| time.with_second(0));
    minute.ok_or_else(|| Say::key("reminders-time-unreadable"))
}

fn advance(form: &ReminderForm, kind: Kind) -> Result<u16, Say> {
    let typed = form.advance.trim();
    if kind != Kind::Meeting || typed.is_empty() {
        return Ok(0);
    }
    typed.parse().ok().filter(|minutes| *minutes <= MOST_ADVANCE).ok_or_else(|| Say::key("reminders-advance-limit"))
}

fn exclusions(typed: &[(String, String)]) -> Result<Exclusions, Say> {
    let mut ranges = Vec::new();
    for (first, last) in typed {
        let (first, last) = (first.trim(), last.trim());
        if first.is_empty() && last.is_empty() {
            continue;
        }
        let first = date(first)?;
        let last = if last.is_empty() { first } else { date(last)? };
        if last < first {
            return Err(Say::key("reminders-exclusion-order"));
        }
        ranges.push((first, last));
    }
    if ranges.len() > MOST_RANGES {
        return Err(Say::key("reminders-exclusions-limit"));
    }
    Ok(Exclusions::of(ranges))
}

fn repetition(
    form: &ReminderForm,
    start: Option<NaiveDate>,
    ground: &Ground,
    complaints: &mut Complaints,
) -> Option<Repetition> {
    // Checked against the limit of its repetition by `Recurrence::check`.
    let every = every(&form.every);
    match form.repetition.as_str() {
        "" | "none" => Some(Repetition::Once),
        "daily" => Some(Repetition::Daily { every }),
        "weekly" => Some(Repetition::Weekly { every, weekdays: weekdays(&form.weekdays) }),
        "monthly" => {
            let start = start?;
            // A reminder of a series for the 31st, opened in February, still belongs to the 31st (PT-D31).
            let kept = ground.kept.filter(|(date, ..)| *date == start).and_then(|(_, _, day)| day);
            Some(kept.map_or(Repetition::monthly(every, start), |day| Repetition::Monthly { every, day }))
        }
        _ => {
            complaints.add("repetition", Say::key("reminders-repetition-unknown"));
            None
        }
    }
}

/// What is no number at all is as wrong as 0, and `Recurrence::check` knows the limit to name.
fn every(typed: &str) -> u16 {
    let typed = typed.trim();
    if typed.is_empty() { 1 } else { typed.parse().unwrap_or(0) }
}

fn weekdays(chosen: &[String]) -> Weekdays {
    let numbers = chosen.iter().filter_map(|number| number.trim().parse::<usize>().ok());
    numbers.filter_map(|number| Weekdays::WEEK.get(number.checked_sub(1)?).copied()).collect()
}

fn end(form: &ReminderForm, complaints: &mut Complaints) -> Option<End> {
    if form.is_single() {
        return Some(End::Never);
    }
    let (times, last) = (form.times.trim(), form.end_date.trim());
    let field = if form.end_by == "date" { "end_date" } else { "times" };
    match (times.is_empty(), last.is_empty()) {
        (false, true) => {
            let limit = || Say::key("reminders-times-limit").number("most", MOST_TIMES);
            let times = times.parse::<u16>().ok().filter(|times| (1..=MOST_TIMES).contains(times));
            complaints.check("times", times.ok_or_else(limit)).map(End::Times)
        }
        (true, false) => complaints.check("end_date", date(last)).map(End::On),
        (true, true) | (false, false) => {
            complaints.add(field, Say::key("reminders-one-end"));
            None
        }
    }
}

fn complain_about_rule(rule: &Recurrence, complaints: &mut Complaints) {
    let Err(error) = rule.check() else { return };
    let (field, say) = match error {
        RecurrenceError::Interval { most } => ("every", Say::key("reminders-interval-limit").number("most", most)),
        RecurrenceError::NoWeekday => ("weekdays", Say::key("reminders-weekday-missing")),
        RecurrenceError::Times => ("times", Say::key("reminders-times-limit").number("most", MOST_TIMES)),
        RecurrenceError::EndTooLate => ("end_date", Say::key("reminders-date-too-late")),
        RecurrenceError::EndBeforeStart => ("end_date", Say::key("reminders-end-before-start")),
        RecurrenceError::EndUnfit => ("times", Say::key("reminders-one-end")),
        RecurrenceError::StartTooLate => ("start_date", Say::key("reminders-date-too-late")),
        RecurrenceError::MonthDay | RecurrenceError::Empty => ("start_date", Say::key("reminders-empty")),
    };
    complaints.add(field, say);
}

/// Refuses what is past (PT-155, PT-161). A repeating rule whose first time has passed today begins with its next date, and
/// today's is not counted (PT-D33).
fn begin_in_time(mut plan: Plan, wall: NaiveDateTime, ground: &Ground, complaints: &mut Complaints) -> Option<Plan> {
    let is_kept = ground.kept.is_some_and(|(date, time, _)| (date, time) == (plan.rule.start, plan.time));
    if is_kept || !complaints.is_empty() {
        return Some(plan);
    }
    let zone = ground.zones.of(plan.kind);
    let is_over = |date| plan.moment(date, zone) + TimeDelta::minutes(1) <= ground.now;
    let (first, date) = plan.rule.first()?;
    if plan.rule.repetition == Repetition::Once {
        if is_over(date) {
            complaints.add("time", Say::key("reminders-time-passed"));
        }
    } else if plan.rule.start < wall.date() {
        complaints.add("start_date", Say::key("reminders-start-passed"));
    } else if plan.moment(date, zone) < ground.now {
        // The number of repetitions counts what will be sent, so it stays.
        let rest = Recurrence { end: one_more(plan.rule.end), ..plan.rule };
        plan.rule.start = rest.after(first)?.1;
    }
    Some(plan)
}

fn one_more(end: End) -> End {
    match end {
        End::Times(times) => End::Times(times.saturating_add(1)),
        other => other,
    }
}

impl ReminderForm {
    /// Whether it asks for one reminder only.
    pub(super) fn is_single(&self) -> bool {
        matches!(self.repetition.as_str(), "" | "none")
    }
}

#[cfg(test)]
mod tests;
