//! Columns and rows of «Экспорт истории обращений пользователей» (PT-274).

use chrono_tz::Tz;

use super::{
    sheet::{Cell, Column},
    store::Record,
};
use crate::{foundation::clock::Timestamp, patronage::contacts::Initiator, words::Dictionary};

/// The columns in their order.
pub fn columns(words: &Dictionary) -> Vec<Column> {
    let column = |key: &str, width| Column { heading: words.t(key).to_string(), width };
    vec![
        column("exports-citizen-name", 36),
        column("exports-requested-at", 18),
        column("exports-comments", 70),
        column("exports-handled-at", 18),
        column("exports-initiator", 18),
    ]
}

/// The row of one record; comment and date are empty while nobody has touched it.
pub fn row(words: &Dictionary, zone: Tz, record: &Record) -> Vec<Cell> {
    let local = |moment: Timestamp| Cell::Moment(moment.with_timezone(&zone).naive_local());
    let initiator = match record.initiator {
        Initiator::Citizen => "exports-by-citizen",
        Initiator::Curator => "exports-by-curator",
    };
    vec![
        Cell::Text(record.name().full()),
        local(record.created_at),
        Cell::text(Some(record.result.clone()).filter(|result| !result.is_empty())),
        record.handled_at.map_or(Cell::Empty, local),
        Cell::Text(words.t(initiator).to_string()),
    ]
}
