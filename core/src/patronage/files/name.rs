//! Names and media types of files, as strangers tell them and as we dare to repeat them (PT-D20).

use chrono::NaiveDateTime;

/// Characters of a name (section 2.10).
const NAME_LIMIT: usize = 255;

/// A name without path, control characters and dots at its edges; never empty.
pub fn cleaned(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_fine = |c: &char| !c.is_control() && !is_invisible_control(*c);
    let tidy: String = base.chars().filter(is_fine).collect();
    let tidy = tidy.trim().trim_start_matches('.').trim_end_matches('.').trim();
    if tidy.is_empty() { "file".to_owned() } else { shortened(tidy) }
}

/// Characters that turn the direction of text: they can make `exe.txt` look like `txt.exe`.
fn is_invisible_control(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Cuts the middle part, so that the ending stays.
fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME_LIMIT {
        return name.to_owned();
    }
    let (stem, ending) = name.rsplit_once('.').filter(|(_, ending)| ending.chars().count() <= 16).unwrap_or((name, ""));
    let room = NAME_LIMIT - if ending.is_empty() { 0 } else { ending.chars().count() + 1 };
    let stem: String = stem.chars().take(room).collect();
    if ending.is_empty() { stem } else { format!("{stem}.{ending}") }
}

/// A name for what came without one, e.g. `image-2026-03-10-0905.jpg`.
pub fn made_up(media_type: &str, at: NaiveDateTime) -> String {
    let (family, subtype) = media_type.split_once('/').unwrap_or(("file", ""));
    let kind = match family {
        "image" | "video" | "audio" => family,
        _ => "file",
    };
    let ending = match subtype {
        "jpeg" => ".jpg",
        "png" => ".png",
        "gif" => ".gif",
        "webp" => ".webp",
        "mp4" => ".mp4",
        "ogg" => ".ogg",
        "mpeg" => ".mp3",
        "pdf" => ".pdf",
        "plain" => ".txt",
        _ => "",
    };
    format!("{kind}-{}{ending}", at.format("%Y-%m-%d-%H%M%S"))
}

/// The media type as announced, or guessed from the name; lower case, without parameters.
pub fn media_type(announced: Option<&str>, name: Option<&str>) -> String {
    let told = announced.and_then(|text| text.split(';').next()).map(|text| text.trim().to_ascii_lowercase());
    match told {
        Some(told) if is_media_type(&told) && told != "application/octet-stream" => told,
        _ => guessed(name.unwrap_or_default()).to_owned(),
    }
}

fn is_media_type(text: &str) -> bool {
    let is_fine = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+' | '_'))
    };
    text.len() <= 127 && text.split_once('/').is_some_and(|(family, subtype)| is_fine(family) && is_fine(subtype))
}

fn guessed(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
