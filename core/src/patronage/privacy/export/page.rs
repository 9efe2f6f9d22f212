//! `index.html` of the archive: readable in any browser, without us and without the network.

use std::fmt::Write;

use chrono_tz::Tz;
use serde_json::Value;

use super::everything::Everything;
use crate::{
    foundation::clock::Timestamp,
    people::contact,
    words::{Dictionary, format},
};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c1c1e}\
    table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}th,td{border:1px solid #d0d0d5;padding:.35rem .6rem;\
    text-align:left;vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere}th{background:#f4f4f6}\
    section>p{color:#6b6b70}";

/// A table of the page.
struct Table {
    title: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

/// Writes the page.
pub(super) fn write(everything: &Everything, words: &Dictionary, zone: Tz) -> String {
    let mut page = Page { words, zone, html: String::new() };
    page.begin(everything);
    page.card(everything);
    for table in page.tables(everything) {
        page.table(&table);
    }
    page.files(everything);
    page.html.push_str("</body></html>\n");
    page.html
}

struct Page<'a> {
    words: &'a Dictionary,
    zone: Tz,
    html: String,
}

impl Page<'_> {
    fn t(&self, key: &str) -> String {
        escaped(&self.words.t(key).to_string())
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.html.write_fmt(text);
    }

    fn begin(&mut self, everything: &Everything) {
        let (name, locale) = (escaped(&everything.card.full_name()), self.words.locale());
        let made = self.words.t("privacy-page-made").s("moment", self.moment(everything.made_at)).to_string();
        let made = escaped(&made);
        self.put(format_args!(
            "<!doctype html>\n<html lang=\"{locale}\"><head><meta charset=\"utf-8\"><title>{name}</title>\
             <style>{STYLE}</style></head><body><h1>{name}</h1><p>{made}</p>\n"
        ));
    }

    fn card(&mut self, everything: &Everything) {
        let card = &everything.card;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let fields = [
            ("citizens-surname", card.surname.clone()),
            ("citizens-name", text(&card.name)),
            ("citizens-patronymic", text(&card.patronymic)),
            ("citizens-birth-date", card.birth_date.map(format::date).unwrap_or_default()),
            ("citizens-inn", text(&card.inn)),
            ("citizens-phone", contact::shown(&text(&card.phone))),
            ("citizens-email", text(&card.email)),
            ("citizens-curator", card.curator()),
            ("citizens-district", text(&card.district)),
            ("citizens-time-zone", text(&card.time_zone)),
            ("citizens-situation", text(&card.situation)),
            ("citizens-diary", text(&card.diary)),
            ("citizens-groups", everything.groups.join(", ")),
        ];
        let title = self.t("label-tab-data");
        self.put(format_args!("<section><h2>{title}</h2><table>"));
        for (key, value) in fields {
            let label = self.t(key);
            self.put(format_args!("<tr><th>{label}</th><td>{}</td></tr>", escaped(&value)));
        }
        self.html.push_str("</table></section>\n");
    }

    fn tables(&self, everything: &Everything) -> Vec<Table> {
        let when = |at: Timestamp| self.moment(at);
        let maybe = |at: Option<Timestamp>| at.map(|at| self.moment(at)).unwrap_or_default();
        let say = |key: &str| self.words.t(key).to_string();
        let table = |title, columns, rows: Vec<Vec<String>>| Table { title, columns, rows };
        vec![
            table(
                "privacy-part-links",
                &["privacy-when", "privacy-channel", "privacy-state"],
                rows(&everything.links, |it| {
                    vec![when(it.linked_at), it.messenger.name().to_owned(), it.state.clone()]
                }),
            ),
            table(
                "privacy-part-consents",
                &["privacy-when", "privacy-channel", "privacy-text"],
                rows(&everything.consents, |it| vec![when(it.given_at), it.messenger.clone(), it.text.clone()]),
            ),
            table(
                "privacy-part-series",
                &["privacy-when", "privacy-kind", "privacy-text"],
                rows(&everything.series, |it| {
                    let at = format!("{}, {}", format::date(it.start_date), format::time(it.local_time));
                    vec![at, say(it.kind.label_key()), it.text.clone()]
                }),
            ),
            table(
                "privacy-part-reminders",
                &["privacy-when", "privacy-kind", "privacy-text", "privacy-state", "privacy-reacted"],
                rows(&everything.reminders, |it| {
                    let at = format!("{}, {}", format::date(it.local_date), format::time(it.local_time));
                    vec![at, say(it.kind.label_key()), it.text.clone(), say(it.state.label_key()), maybe(it.reacted_at)]
                }),
            ),
            table(
                "label-tab-history",
                &["privacy-when", "privacy-comment", "privacy-result"],
                rows(&everything.contacts, |it| {
                    vec![when(it.created_at), it.comment.clone().unwrap_or_default(), it.result.clone()]
                }),
            ),
            table(
                "privacy-part-activity",
                &["privacy-when", "privacy-kind", "privacy-handled"],
                rows(&everything.activity, |it| vec![when(it.created_at), it.kind.clone(), maybe(it.processed_at)]),
            ),
            table(
                "privacy-part-messages",
                &["privacy-when", "privacy-channel", "privacy-text"],
                rows(&everything.messages, |it| vec![when(it.created_at), it.channel.clone(), texts(&it.payload)]),
            ),
            table(
                "privacy-part-received",
                &["privacy-when", "privacy-channel", "privacy-text"],
                rows(&everything.received, |it| vec![when(it.received_at), it.messenger.clone(), texts(&it.payload)]),
            ),
            table(
                "privacy-part-web-chat",
                &["privacy-when", "privacy-who", "privacy-text"],
                rows(&everything.web_chat, |it| vec![when(it.created_at), it.author.clone(), it.text.clone()]),
            ),
            table(
                "privacy-part-journal",
                &["privacy-when", "privacy-who", "privacy-act", "privacy-values"],
                rows(&everything.journal, |it| {
                    vec![when(it.at), it.who.clone(), it.action.clone(), it.changes.to_string()]
                }),
            ),
        ]
    }

    fn table(&mut self, table: &Table) {
        let (title, nothing) = (self.t(table.title), self.t("privacy-nothing"));
        self.put(format_args!("<section><h2>{title}</h2>"));
        if table.rows.is_empty() {
            self.put(format_args!("<p>{nothing}</p></section>\n"));
            return;
        }
        self.html.push_str("<table><tr>");
        for key in table.columns {
            let label = self.t(key);
            self.put(format_args!("<th>{label}</th>"));
        }
        self.html.push_str("</tr>");
        for row in &table.rows {
            let cells: String = row.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
            self.put(format_args!("<tr>{cells}</tr>\n"));
        }
        self.html.push_str("</table></section>\n");
    }

    fn files(&mut self, everything: &Everything) {
        let (title, nothing) = (self.t("label-tab-files"), self.t("privacy-nothing"));
        self.put(format_args!("<section><h2>{title}</h2>"));
        if everything.files.is_empty() {
            self.put(format_args!("<p>{nothing}</p>"));
        }
        self.html.push_str("<ul>");
        for file in &everything.files {
            let (address, name) = (address(&file.place), escaped(&file.name));
            let (at, caption) = (self.moment(file.received_at), escaped(file.caption.as_deref().unwrap_or_default()));
            self.put(format_args!("<li><a href=\"{address}\">{name}</a> — {at} {caption}</li>\n"));
        }
        self.html.push_str("</ul></section>\n");
    }

    fn moment(&self, at: Timestamp) -> String {
        format::moment(at, self.zone)
    }
}

fn rows<T>(all: &[T], row: impl Fn(&T) -> Vec<String>) -> Vec<Vec<String>> {
    all.iter().map(row).collect()
}

/// What a message says: its texts, whatever kind it is of.
fn texts(payload: &Value) -> String {
    match payload {
        Value::Object(fields) => {
            let own = ["subject", "text", "name", "caption"].into_iter().filter_map(|name| fields.get(name)?.as_str());
            let inner = fields.values().filter(|value| value.is_object()).map(texts);
            own.map(str::to_owned).chain(inner).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A path inside the archive as an address.
fn address(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-_".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
