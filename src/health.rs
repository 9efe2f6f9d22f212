//! Signs of life for whatever watches the process: `/healthz`, `/readyz` and `/metrics`. Every process has them, also one
//! without the panel.

use std::{fmt::Write, net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::PrometheusHandle;
use opora_core::{
    App,
    foundation::{db::Db, errors::StorageError},
    messaging::{bots, messenger::Messenger},
    schedule::lease,
};
use opora_panel::security;

/// How long the database may take to give a sign of life.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Clone)]
struct Health {
    app: App,
    metrics: PrometheusHandle,
}

/// The three addresses.
pub fn router(app: App, metrics: PrometheusHandle) -> Router {
    let is_https = app.config.public_url().starts_with("https://");
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(read_metrics))
        .layer(map_response(move |mut response: Response| async move {
            security::strengthen(response.headers_mut(), is_https);
            response
        }))
        .with_state(Health { app, metrics })
}

/// 200 when work can be done, else 503; the lines say how each part is. A full disk can be read, so it counts what became of the last
/// attempt to write. A bot in trouble is told but does not count: panel and workers go on, and its messages wait.
async fn ready(State(health): State<Health>) -> Response {
    let mut report = String::new();
    let mut status = StatusCode::OK;
    let database = match tokio::time::timeout(PATIENCE, state(&health.app)).await {
        Ok(Ok(bots)) => {
            for (messenger, trouble) in bots {
                let _ = writeln!(report, "{}: {trouble}", messenger.name());
            }
            "ok".to_owned()
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("gave no answer within {} s", PATIENCE.as_secs()),
    };
    if database != "ok" {
        status = StatusCode::SERVICE_UNAVAILABLE;
    }
    (status, format!("database: {database}\n{report}")).into_response()
}

/// Looks whether the database answers, takes what is written if it did not the last time, and has the tables this version needs, and how the bots are.
async fn state(app: &App) -> Result<Vec<(Messenger, String)>, StorageError> {
    let found = app.db.applied_step().await?;
    let known = Db::known_step();
    if found > known {
        return Err(StorageError::Newer { found, known });
    }
    if app.wake.writing.is_refused() {
        lease::try_to_write(app).await?;
    }
    let mut bots = Vec::new();
    if app.config.telegram_is_on() {
        let mut tx = app.db.glance().await?;
        let seen = bots::find(&mut tx, Messenger::Telegram).await?;
        let trouble = seen.map_or("not reached yet".to_owned(), |bot| bot.trouble.unwrap_or("ok".to_owned()));
        bots.push((Messenger::Telegram, trouble));
    }
    Ok(bots)
}

async fn read_metrics(
    State(health): State<Health>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let token = health.app.config.metrics_token.reveal();
    if may_read(peer, &headers, token) {
        return health.metrics.render().into_response();
    }
    // Whoever may not read does not learn that there is something.
    StatusCode::NOT_FOUND.into_response()
}

/// From this machine (and not through a proxy on it), or with the token.
fn may_read(peer: SocketAddr, headers: &HeaderMap, token: &str) -> bool {
    let is_forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED);
    if peer.ip().is_loopback() && !is_forwarded {
        return true;
    }
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    !token.is_empty() && bearer.is_some_and(|bearer| same(bearer.as_bytes(), token.as_bytes()))
}

/// Compares without telling by its duration how much was right.
fn same(given: &[u8], expected: &[u8]) -> bool {
    given.len() == expected.len() && given.iter().zip(expected).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn metrics_are_for_this_machine_or_for_who_has_the_token() {
        let here: SocketAddr = "127.0.0.1:5000".parse().unwrap();
        let away: SocketAddr = "192.0.2.7:5000".parse().unwrap();
        let none = HeaderMap::new();
        assert!(may_read(here, &none, ""));
        assert!(!may_read(away, &none, ""));
        assert!(!may_read(here, &headers(&[("x-forwarded-for", "192.0.2.7")]), ""), "came through a proxy");
        assert!(!may_read(away, &headers(&[("authorization", "Bearer ")]), ""), "no token is set");
        assert!(!may_read(away, &headers(&[("authorization", "Bearer wrong!")]), "secret"));
        assert!(may_read(away, &headers(&[("authorization", "Bearer secret")]), "secret"));
    }
}
