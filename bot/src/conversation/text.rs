//! Long answers: messengers take messages up to a limit.

/// Longest message in UTF-16 units, as Telegram counts; every messenger takes as much.
const LIMIT: usize = 4096;

/// Joins lines to as few messages as possible, none over the limit, split at line borders only; a single line that is too long
/// is cut (PT-121).
pub fn split(lines: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    let mut room = 0;
    for line in lines {
        let line = cut(line);
        let length = units(&line) + 1;
        if let Some(message) = messages.last_mut().filter(|_| length <= room) {
            message.push('\n');
            message.push_str(&line);
            room -= length;
        } else {
            room = LIMIT + 1 - length;
            messages.push(line);
        }
    }
    messages
}

fn cut(line: String) -> String {
    if units(&line) <= LIMIT {
        return line;
    }
    let mut length = 0;
    let fits = |c: &char| {
        length += c.len_utf16();
        length < LIMIT
    };
    let mut kept: String = line.chars().take_while(fits).collect();
    kept.push('…');
    kept
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests;
