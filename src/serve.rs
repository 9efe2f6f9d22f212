//! `opora serve`: panel, bots and workers in one process, or in several on one PostgreSQL.

use std::{net::SocketAddr, process::ExitCode};

use anyhow::{Context, Result};
use metrics_exporter_prometheus::PrometheusHandle;
use opora_core::{
    App,
    foundation::{clock::SharedClock, config::Config},
    people::accounts,
};
use opora_panel::Panel;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use crate::{
    app,
    cli::Part,
    console,
    crew::{self, Crew},
    health, lock, metrics,
};

/// Runs the installation until the system asks to stop.
pub async fn run(config: Config, clock: SharedClock, only: &[Part]) -> Result<ExitCode> {
    let lock = match lock::path(config.database_url().reveal()) {
        Some(path) => Some(lock::take(&path)?),
        None => None,
    };
    let cancel = CancellationToken::new();
    crew::listen_for_signals(cancel.clone())?;
    let listener = listen(config.listen).await?;
    let app = app::open(config, clock).await?;
    introduce_administrator(&app).await?;
    let address = listener.local_addr()?;
    let is_clean = work(app, listener, only, cancel, || {
        console::line(format_args!("Opora is ready: http://{address}/"));
    })
    .await?;
    drop(lock);
    Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Takes the address before anything else is done, so that a taken one is noticed at once.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("listen: {address} cannot be used: stop the program that uses it, or set listen to another address")
    })
}

/// Sets everybody to work, says when it is so, and waits for the end. Tells whether it ended as it should.
pub async fn work(
    app: App,
    listener: TcpListener,
    only: &[Part],
    cancel: CancellationToken,
    is_ready: impl FnOnce(),
) -> Result<bool> {
    let parts = |part: Part| only.is_empty() || only.contains(&part);
    let metrics = metrics::begin()?;
    let mut crew = Crew::new(cancel);
    crew.hire("metrics", metrics::keep_up(metrics.clone(), crew.cancel()));
    crew.hire("web", answer(app.clone(), metrics, listener, parts(Part::Panel), crew.cancel()));
    info!(version = env!("CARGO_PKG_VERSION"), "started");
    is_ready();
    let is_clean = crew.until_end().await;
    app.db.close().await;
    info!("stopped");
    Ok(is_clean)
}

/// Answers requests: signs of life always, pages when this process has the panel.
async fn answer(
    app: App,
    metrics: PrometheusHandle,
    listener: TcpListener,
    has_panel: bool,
    cancel: CancellationToken,
) {
    let mut router = health::router(app.clone(), metrics);
    if has_panel {
        router = router.merge(opora_panel::router(Panel::new(app)));
    }
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(cancel.cancelled_owned());
    if let Err(fault) = server.await {
        error!(%fault, "the web server broke");
    }
}

/// Makes the administrator at the first start and tells the operator the one-time password (PT-024).
async fn introduce_administrator(app: &App) -> Result<()> {
    let first = accounts::ensure_administrator(app).await.context("making the administrator")?;
    let Some(first) = first else { return Ok(()) };
    console::line("This is the first start. The administrator may sign in:");
    console::line(format_args!("  address   {}/", app.config.public_url()));
    console::line(format_args!("  login     {}", first.login));
    if first.is_one_time {
        console::line(format_args!("  password  {}", first.password.reveal()));
        console::line("The password works once: the first sign-in asks for a new one. It is not shown again.");
    } else {
        console::line("  password  the one of admin.password");
    }
    Ok(())
}
