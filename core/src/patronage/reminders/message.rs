//! How a reminder reads in a messenger.

use super::upcoming::Line;
use crate::words::Dictionary;

/// «10.03.2025, 09:00 — Меры поддержки: Текст» (PT-115, PT-D24).
pub fn line(words: &Dictionary, line: &Line) -> String {
    format!(
        "{}, {} — {}: {}",
        line.date.format("%d.%m.%Y"),
        line.time.format("%H:%M"),
        words.t(line.kind.label_key()),
        line.text
    )
}
