//! The browser against a page of its own.

use axum::{Router, extract::Form, response::Html, routing::get};
use opora_testkit::Browser;

const PAGE: &str = r#"<!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Проба</title>
<style>body { background: white } @media (prefers-color-scheme: dark) { body { background: black; color: white } }</style>
<form method="post">
<label for="name">Фамилия *</label><input id="name" name="name">
<label>Дата <input type="date" name="date"></label>
<label for="kind">Тип</label><select id="kind" name="kind"><option value="">—</option><option value="m">Меры поддержки</option></select>
<label><input type="checkbox" name="tick"> Неактивен</label>
<button>Сохранить</button>
</form>
<p hidden>не видно</p>
<button type="button" onclick="setTimeout(() => document.getElementById('late').textContent = 'Пришло', 50)">Позже</button>
<p id="late"></p>
<script>console.error('жалоба')</script>
</html>"#;

async fn page() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let show = |Form(fields): Form<Vec<(String, String)>>| async move { Html(format!("<p>{fields:?}</p>")) };
    let router = Router::new().route("/", get(|| async { Html(PAGE) }).post(show));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn a_person_reads_fills_and_clicks() {
    let url = page().await;
    let browser = Browser::start().await;
    browser.open(&url).await;
    browser.sees("Сохранить").await;
    browser.does_not_see("не видно").await;
    browser.click("Позже").await;
    browser.sees("Пришло").await;
    browser.fill("Фамилия", "Петрова").await;
    browser.fill("Дата", "2026-03-10").await;
    browser.fill("Тип", "Меры поддержки").await;
    browser.fill("Неактивен", "on").await;
    assert_eq!(browser.value("Фамилия").await, "Петрова");
    browser.click("Сохранить").await;
    browser.sees(r#"[("name", "Петрова"), ("date", "2026-03-10"), ("kind", "m"), ("tick", "on")]"#).await;
}

#[tokio::test]
async fn pictures_differ_in_size_and_shade_and_complaints_are_heard() {
    let url = page().await;
    let browser = Browser::start().await;
    browser.open(&url).await;
    let complaints = browser.complaints().await;
    assert!(complaints.iter().any(|complaint| complaint.contains("жалоба")), "{complaints:?}");
    let pictures = browser.screenshot("kit-page").await;
    let bytes: Vec<_> = pictures.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let sizes: Vec<_> = bytes.iter().map(|png| (u32_at(png, 16), u32_at(png, 20))).collect();
    assert_eq!(sizes, [(1440, 1000), (1440, 1000), (390, 844), (390, 844)]);
    assert_ne!(bytes[0], bytes[1], "light and dark look the same");
    assert!(!browser.must_be_pushed_sideways().await);
}

/// A number in the header of a PNG file.
fn u32_at(png: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(png[at..at + 4].try_into().unwrap())
}
