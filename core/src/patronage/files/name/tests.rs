use chrono::NaiveDate;
use proptest::prelude::*;

use super::{NAME_LIMIT, cleaned, made_up, media_type};

#[test]
fn paths_and_control_characters_do_not_survive() {
    for (told, kept) in [
        ("Справка о доходах.pdf", "Справка о доходах.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Мария\\скан.jpg", "скан.jpg"),
        ("a\r\nContent-Type: text/html", "html"),
        (".htaccess", "htaccess"),
        ("отчет\u{202e}fdp.exe", "отчетfdp.exe"),
        ("   ", "file"),
        ("..", "file"),
    ] {
        assert_eq!(cleaned(told), kept, "{told:?}");
    }
}

#[test]
fn a_long_name_keeps_its_ending() {
    let name = cleaned(&format!("{}.pdf", "я".repeat(400)));
    assert_eq!(name.chars().count(), NAME_LIMIT);
    assert!(name.ends_with("я.pdf"));
}

#[test]
fn the_announced_media_type_is_tidied_or_guessed() {
    for (told, name, kept) in [
        (Some("image/JPEG"), None, "image/jpeg"),
        (Some("text/plain; charset=utf-8"), None, "text/plain"),
        (Some("text/html\r\nX-Evil: 1"), Some("a.pdf"), "application/pdf"),
        (Some("application/octet-stream"), Some("скан.PNG"), "image/png"),
        (None, Some("a.html"), "application/octet-stream"),
        (None, None, "application/octet-stream"),
    ] {
        assert_eq!(media_type(told, name), kept, "{told:?} {name:?}");
    }
}

#[test]
fn a_nameless_photo_is_named_by_kind_and_time() {
    let at = NaiveDate::from_ymd_opt(2026, 3, 10).and_then(|day| day.and_hms_opt(9, 5, 7)).expect("a real time");
    assert_eq!(made_up("image/jpeg", at), "image-2026-03-10-090507.jpg");
    assert_eq!(made_up("application/x-unknown", at), "file-2026-03-10-090507");
}

proptest! {
    #[test]
    fn any_name_comes_out_short_and_harmless(name in "\\PC{0,300}|[\\x00-\\x7f]{0,300}") {
        let kept = cleaned(&name);
        prop_assert!(!kept.is_empty() && kept.chars().count() <= NAME_LIMIT);
        prop_assert!(!kept.contains(['/', '\\', '\r', '\n', '\0']));
    }
}
