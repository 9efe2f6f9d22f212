//! Columns and rows of «Экспорт списка пользователей» (PT-272).

use chrono_tz::Tz;

use super::{
    sheet::{Cell, Column},
    store::{CitizenLine, Portion},
};
use crate::{
    foundation::{clock::Timestamp, config::Sections, errors::StorageError},
    patronage::citizens::{Activity, BotState},
    people::contact,
    words::{Dictionary, format},
};

/// What the rows need beside the data.
pub struct Style<'a> {
    /// Texts.
    pub words: &'a Dictionary,
    /// Switched-off sections have no column (PT-010).
    pub sections: Sections,
    /// The clocks that all moments are shown on.
    pub zone: Tz,
    /// Now.
    pub now: Timestamp,
}

/// The columns in their order; `None` is one of a section that is off.
pub fn columns(style: &Style<'_>) -> Vec<Column> {
    let column = |key: &str, width| Some(Column { heading: style.words.t(key).to_string(), width });
    let Sections { districts, special_groups, .. } = style.sections;
    [
        column("exports-number", 7),
        column("citizens-surname", 20),
        column("citizens-name", 16),
        column("citizens-patronymic", 20),
        column("citizens-birth-date", 14),
        column("citizens-inn", 16),
        column("citizens-phone", 20),
        column("citizens-email", 26),
        column("citizens-district", 20).filter(|_| districts),
        column("citizens-curator-filter", 30),
        column("citizens-groups", 28).filter(|_| special_groups),
        column("citizens-situation", 50),
        column("citizens-diary", 50),
        column("exports-activity", 24),
        column("exports-bot", 16),
        column("exports-files", 60),
        column("exports-file-count", 12),
        column("exports-request-count", 12),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The rows of a portion; `before` were written earlier.
pub fn rows(style: &Style<'_>, portion: &Portion, before: i64) -> Result<Vec<Vec<Cell>>, StorageError> {
    portion.citizens.iter().zip(before + 1..).map(|(line, number)| row(style, portion, line, number)).collect()
}

fn row(style: &Style<'_>, portion: &Portion, line: &CitizenLine, number: i64) -> Result<Vec<Cell>, StorageError> {
    let Sections { districts, special_groups, .. } = style.sections;
    let files = portion.files.get(&line.id);
    let cells = [
        Some(Cell::Number(number)),
        Some(Cell::Text(line.surname.clone())),
        Some(Cell::text(line.name.clone())),
        Some(Cell::text(line.patronymic.clone())),
        Some(line.birth_date.map_or(Cell::Empty, Cell::Date)),
        Some(Cell::text(line.inn.clone())),
        Some(Cell::text(line.phone.as_deref().map(contact::shown))),
        Some(Cell::text(line.email.clone())),
        Some(Cell::text(line.district.clone())).filter(|_| districts),
        Some(Cell::text(line.curator().map(|name| name.full()))),
        Some(Cell::text(portion.groups.get(&line.id).map(|names| names.join(", ")))).filter(|_| special_groups),
        Some(Cell::text(line.situation.clone())),
        Some(Cell::text(line.diary.clone())),
        Some(Cell::Text(activity(style.words, line.activity(style.zone, style.now)?))),
        Some(Cell::Text(style.words.t(bot_key(line.bot())).to_string())),
        Some(Cell::text(files.map(|files| files.text.clone()))),
        Some(Cell::Number(files.map_or(0, |files| files.number))),
        Some(Cell::Number(portion.requests.get(&line.id).copied().unwrap_or_default())),
    ];
    Ok(cells.into_iter().flatten().collect())
}

fn activity(words: &Dictionary, activity: Activity) -> String {
    match activity {
        Activity::Active => words.t("exports-active").to_string(),
        Activity::Inactive => words.t("citizens-inactive-pill").to_string(),
        Activity::InactiveUntil(date) => {
            words.t("citizens-inactive-until-pill").s("date", format::date(date)).to_string()
        }
    }
}

fn bot_key(bot: BotState) -> &'static str {
    match bot {
        BotState::NotLinked => "exports-no",
        BotState::Linked => "exports-yes",
        BotState::Blocked => "citizens-bot-blocked",
    }
}
