//! `opora serve`: panel, bots and workers in one process, or in several on one PostgreSQL.

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use anyhow::{Context, Result};
use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use opora_bot::{
    conversation::Talk,
    telegram::{self, TelegramAdapter},
    web::WebAdapter,
};
use opora_core::{
    App,
    files::fetcher,
    foundation::{clock::SharedClock, config::Config},
    messaging::{
        inbox, letters,
        sender::{self, Adapter},
    },
    patronage::{
        curators::Curators,
        duties::{self, Patronage},
        exports,
        files::Arrivals,
        import,
    },
    people::accounts,
    schedule::{periodic, telegraph::Telegraph, worker},
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
    health, heartbeat, jobs, lock, metrics,
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
    let telegraph = Telegraph::lay(&app).await;
    crew.hire("telegraph", telegraph.run(app.clone(), crew.cancel()));
    crew.hire("metrics", metrics::keep_up(metrics.clone(), crew.cancel()));
    let router = router(&app, metrics, parts, crew.cancel());
    crew.hire("web", answer(router, listener, crew.cancel()));
    if parts(Part::Bot) {
        hire_bots(&mut crew, &app)?;
    }
    if parts(Part::Worker) {
        hire_workers(&mut crew, &app);
    }
    info!(version = env!("CARGO_PKG_VERSION"), "started");
    is_ready();
    let is_clean = crew.until_end().await;
    app.db.close().await;
    info!("stopped");
    Ok(is_clean)
}

/// Receiving, answering, sending and fetching files.
fn hire_bots(crew: &mut Crew, app: &App) -> Result<()> {
    let mut adapters: Vec<Arc<dyn Adapter>> = Vec::new();
    if app.config.telegram_is_on() {
        let telegram = Arc::new(TelegramAdapter::new(&app.config).context("telegram")?);
        crew.hire("telegram updates", telegram::run(app.clone(), Arc::clone(&telegram), crew.cancel()));
        adapters.push(telegram);
    }
    if app.config.web_chat_is_on() {
        adapters.push(Arc::new(WebAdapter::new(app.clone())));
    }
    for adapter in &adapters {
        let (name, adapter) = (adapter.messenger().name(), Arc::clone(adapter));
        crew.hire(name, sender::run(app.clone(), adapter, Arc::new(Patronage), crew.cancel()));
    }
    crew.hire("inbox", inbox::run(app.clone(), Arc::new(Talk::new()), crew.cancel()));
    crew.hire("files", fetcher::run(app.clone(), adapters, Arc::new(Arrivals), crew.cancel()));
    Ok(())
}

/// Reminders that come due, letters and periodic jobs.
fn hire_workers(crew: &mut Crew, app: &App) {
    crew.hire("timer", worker::run(app.clone(), Arc::new(Patronage), crew.cancel()));
    crew.hire("letters", letters::run(app.clone(), Arc::new(Curators), crew.cancel()));
    crew.hire("imports", import::run(app.clone(), crew.cancel()));
    crew.hire("periodic", periodic::run(app.clone(), jobs::all(), crew.cancel()));
    crew.hire("exports", exports::run(app.clone(), crew.cancel()));
    crew.hire("heartbeat", heartbeat::run(app.clone(), crew.cancel()));
    crew.hire("look through", look_through(app.clone(), crew.cancel()));
}

/// Looks through everything once, while the others work already.
async fn look_through(app: App, cancel: CancellationToken) {
    if let Some(Err(failure)) = cancel.run_until_cancelled(duties::look_through(&app)).await {
        error!(%failure, "not everything could be looked through; the next start does it");
    }
    cancel.cancelled().await;
}

/// What this process answers: signs of life always, pages and pushed updates when it has these parts.
fn router(app: &App, metrics: PrometheusHandle, parts: impl Fn(Part) -> bool, end: CancellationToken) -> Router {
    let mut router = health::router(app.clone(), metrics);
    if parts(Part::Bot) && app.config.telegram_is_on() && !app.config.telegram.webhook_url.is_empty() {
        router = router.merge(telegram::webhook_router(app.clone()));
    }
    if parts(Part::Panel) {
        router = router.merge(opora_panel::router(Panel::new(app.clone(), end)));
    }
    router
}

async fn answer(router: Router, listener: TcpListener, cancel: CancellationToken) {
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
