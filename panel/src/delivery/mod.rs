//! «Доставка»: how messages and letters leave, what waits, what did not arrive; for the administrator.

mod again;
mod failures;
mod people;
mod tile;

use askama::Template;
use axum::{extract::Query, response::Response};
use opora_core::{
    messaging::delivery::{
        channels::{self, Overview},
        faults,
        standstill::Standstill,
    },
    patronage::unreachable,
    words::format,
};
use serde::{Deserialize, Serialize};

use crate::{
    errors::PanelError,
    extract::Administrator,
    page::{Shell, render},
    paths,
    plot::{Column, Part, Plot, Scale},
    routes::Routes,
    visit::Lang,
};
use failures::Failures;
use people::People;
use tile::Tile;

/// The watch looks every minute; what is older than this says that it does not.
const WATCH_PATIENCE: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_administrator()
        .get(paths::DELIVERY, show)
        .get(paths::DELIVERY_AGAIN, again::ask)
        .post(paths::DELIVERY_AGAIN, again::send)
}

/// What the page is asked for, as typed.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct Asked {
    /// Failures of this channel only.
    channel: String,
    /// Failures for this reason only.
    fault: String,
    /// Why people are out of reach.
    why: String,
    /// Place in the list of failures.
    #[serde(skip_serializing)]
    cursor: String,
    /// Place in the list of people.
    #[serde(skip_serializing)]
    people: String,
}

#[derive(Template)]
#[template(path = "delivery/page.html")]
struct DeliveryPage {
    shell: Shell,
    /// «Данные на 09:00:12.»
    at: String,
    /// What stands still, a sentence each.
    warnings: Vec<String>,
    tiles: Vec<Tile>,
    /// What waits, by age; none when nothing does.
    queue: Option<Plot>,
    failures: Failures,
    people: People,
}

async fn show(staff: Administrator, Query(asked): Query<Asked>) -> Result<Response, PanelError> {
    let l = staff.lang();
    let mut work = staff.look().await?;
    let zone = work.app.config.time_zone;
    let is_webhook = !work.app.config.telegram.webhook_url.is_empty();
    let overview = channels::overview(&mut work).await?;
    let counts = faults::counts(&mut work, faults::FaultFilter::default()).await?;
    let failed = faults::list(&mut work, failures::filter(&asked), asked.cursor.parse().ok()).await?;
    let why = people::why(&asked);
    let found = unreachable::list(&mut work, why, asked.people.parse().ok()).await?;
    drop(work);
    let mut warnings: Vec<String> =
        overview.channels.iter().filter_map(|it| it.standstill.as_ref()).map(|it| sentence(l, it, zone)).collect();
    warnings.extend(watch_is_late(l, &overview, zone));
    let at = overview.at.with_timezone(&zone).format("%H:%M:%S").to_string();
    let shell = staff.shell(l.t("label-menu-delivery")).await?;
    render(&DeliveryPage {
        at: l.t("delivery-at").s("time", at).to_string(),
        warnings,
        tiles: overview.channels.iter().map(|it| Tile::of(l, it, overview.at, (zone, is_webhook))).collect(),
        queue: queue(l, &overview),
        failures: Failures::of(l, &asked, &counts, failed, zone),
        people: People::of(l, &asked, why, found, zone),
        shell,
    })
}

/// «Telegram: отправка стоит с …»
pub fn sentence(l: &Lang, it: &Standstill, zone: chrono_tz::Tz) -> String {
    let channel = l.t(it.channel.label_key()).to_string();
    l.t(it.cause.label_key()).s("channel", channel).s("since", format::moment(it.since, zone)).to_string()
}

/// A watch that looked once and does so no more is a standstill of its own kind.
fn watch_is_late(l: &Lang, overview: &Overview, zone: chrono_tz::Tz) -> Option<String> {
    let at = overview.watched_at.filter(|at| overview.at - *at > WATCH_PATIENCE)?;
    Some(l.t("delivery-watch-late").s("moment", format::moment(at, zone)).to_string())
}

/// What is due, by age and channel.
fn queue(l: &Lang, overview: &Overview) -> Option<Plot> {
    let shown: Vec<_> = overview.channels.iter().filter(|it| it.is_on || it.queue.all_due() > 0).collect();
    if shown.iter().all(|it| it.queue.all_due() == 0) {
        return None;
    }
    let tones = ["planned", "waiting", "excluded"];
    let parts = shown.iter().zip(tones);
    let parts = parts.map(|(it, tone)| Part { tone, label: l.t(it.channel.label_key()).to_string() }).collect();
    let ages = ["delivery-age-minute", "delivery-age-five", "delivery-age-hour", "delivery-age-more"];
    let column = |(place, label): (usize, &str)| Column {
        label: l.t(label).to_string(),
        values: shown.iter().map(|it| it.queue.due.get(place).copied().unwrap_or_default()).collect(),
    };
    let columns = ages.into_iter().enumerate().map(column).collect();
    let words = (l.t("delivery-queue").to_string(), l.t("delivery-queue-text").to_string());
    Some(Plot::columns(l, "queue", words, Scale::Numbers, parts, columns))
}
