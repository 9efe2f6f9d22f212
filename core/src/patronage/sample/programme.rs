//! What the citizens of the sample are reminded of.

use chrono::{Days, NaiveDate, TimeDelta};

use super::people::{Link, Sample};
use crate::{
    Work,
    foundation::{
        errors::Failure,
        ids::{PersonId, SubmissionId},
    },
    patronage::reminders::{
        self, Reason, ReminderForm,
        past::{Past, plan_since},
    },
    schedule::local_time::local_now,
};

/// Days of history.
const PAST_DAYS: u64 = 80;
/// Days of the programme in all.
const ALL_DAYS: u64 = 120;

/// Stories that differ from citizen to citizen, so that every colour is seen.
const STORIES: [&[Past]; 4] = {
    use Past::{Done, Ignored, Missed, Undelivered};
    [
        &[Done, Done, Done, Missed, Done, Done, Ignored],
        &[Done, Done, Done, Done, Missed, Done, Done, Done, Done, Ignored, Done, Done, Undelivered(Reason::TooLate)],
        &[Missed, Done, Ignored, Missed, Done],
        &[Done, Done, Done, Done, Missed, Done, Ignored, Done, Done, Done, Undelivered(Reason::SendFailed)],
    ]
};
const BLOCKED: &[Past] = &[Past::Done, Past::Done, Past::Ignored, Past::Undelivered(Reason::BotBlocked)];
const NOT_LINKED: &[Past] = &[Past::Undelivered(Reason::NotLinked)];

const MORNING: [&str; 4] = [
    "Примите утренние лекарства",
    "Измерьте давление и запишите показания",
    "Сделайте дыхательную гимнастику",
    "Измерьте уровень сахара натощак",
];
const SUPPORT: [&str; 3] = [
    "Подайте документы на компенсацию оплаты жилья",
    "Вам положена скидка на лекарства: возьмите рецепт у врача",
    "До конца месяца можно оформить путевку в санаторий",
];

/// Plans the programme of the citizen with this number.
pub async fn plan(work: &mut Work, person: PersonId, number: usize, sample: &Sample) -> Result<(), Failure> {
    let today = local_now(work.now, work.app.config.time_zone).date();
    let story = match sample.link {
        Link::Blocked => BLOCKED,
        Link::None => NOT_LINKED,
        Link::WebChat => at(&STORIES, number).unwrap_or(NOT_LINKED),
    };
    // Somebody who was never connected was reminded of nothing yet.
    let since = if sample.link == Link::None { 0 } else { PAST_DAYS };
    let begins = today - Days::new(since);
    for form in forms(number, begins, today) {
        let began = work.now - TimeDelta::days(i64::try_from(since + 1).unwrap_or_default());
        plan_since(work, person, &form, began, story).await?;
    }
    for form in ahead(number, today) {
        let submission = SubmissionId::draw(work.now, &*work.app.chance);
        reminders::plan(work, person, &form, submission).await?;
    }
    Ok(())
}

/// What began in the past: something every morning (with a pause of some days), and something every week.
fn forms(number: usize, begins: NaiveDate, today: NaiveDate) -> Vec<ReminderForm> {
    let ends = begins + Days::new(ALL_DAYS);
    let hour = 8 + number % 3;
    let daily = ReminderForm {
        exclusions: vec![
            ((today - Days::new(9)).to_string(), (today - Days::new(7)).to_string()),
            ((today + Days::new(12)).to_string(), (today + Days::new(13)).to_string()),
        ],
        ..repeating("daily", at(&MORNING, number), begins, ends, &format!("{hour:02}:00"))
    };
    let question = Some("Вы выходили на прогулку на этой неделе?");
    let weekly = ReminderForm {
        weekdays: vec!["2".to_owned(), "5".to_owned()],
        ..repeating("weekly", question, begins, ends, "17:30")
    };
    vec![daily, weekly]
}

/// What is still to come: support measures every month, a meeting, and a note of the curator's own.
fn ahead(number: usize, today: NaiveDate) -> Vec<ReminderForm> {
    let day = |days: usize| today + Days::new(u64::try_from(days).unwrap_or_default());
    let soon = day(1 + number % 6);
    let support = ReminderForm {
        kind: "support_measures".to_owned(),
        ..repeating("monthly", at(&SUPPORT, number), soon, soon + Days::new(200), "12:00")
    };
    let mut forms = vec![support];
    if number.is_multiple_of(2) {
        forms.push(single("meeting", "Встреча в центре, кабинет 12. Возьмите паспорт", day(2 + number % 9), "11:00"));
    }
    if number.is_multiple_of(5) {
        forms.push(single(
            "curator_reminder",
            "Проверить, пришел ли ответ из поликлиники",
            day(1 + number % 4),
            "10:00",
        ));
    }
    forms
}

fn repeating(repetition: &str, text: Option<&str>, start: NaiveDate, end: NaiveDate, time: &str) -> ReminderForm {
    ReminderForm {
        repetition: repetition.to_owned(),
        every: "1".to_owned(),
        end_by: "date".to_owned(),
        end_date: end.to_string(),
        ..single("information", text.unwrap_or_default(), start, time)
    }
}

fn single(kind: &str, text: &str, date: NaiveDate, time: &str) -> ReminderForm {
    ReminderForm {
        kind: kind.to_owned(),
        text: text.to_owned(),
        repetition: "none".to_owned(),
        start_date: date.to_string(),
        time: time.to_owned(),
        advance: if kind == "meeting" { "1440" } else { "" }.to_owned(),
        ..ReminderForm::default()
    }
}

fn at<T: Copy>(list: &[T], number: usize) -> Option<T> {
    list.get(number.checked_rem(list.len())?).copied()
}
