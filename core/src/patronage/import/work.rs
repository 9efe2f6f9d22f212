//! The worker: checks, runs and takes back in portions, each a transaction of its own.

use async_trait::async_trait;
use chrono::TimeDelta;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{
    check::{self, Names},
    note,
    run::run_row,
    store,
    types::{Import, ImportState, RowState},
    undo,
};
use crate::{
    App, Work,
    foundation::errors::Failure,
    people::access::Actor,
    schedule::{
        lease::{self, RETRY, slow_poll},
        periodic::Job,
    },
};

/// Rows in one transaction: enough to share its cost, few enough not to keep others waiting.
const PORTION: i64 = 50;
/// Imports after whose last change so much time has passed are forgotten: only their figures stay.
const LIFE: TimeDelta = TimeDelta::days(undo::UNDO_DAYS);

/// Works on imports until `cancel`. One process at a time does so; another one goes on after its end.
pub async fn run(app: App, cancel: CancellationToken) {
    lease::run_while_held(&app, "imports", &cancel, |_, stop| {
        let app = app.clone();
        async move { keep_working(&app, &stop).await }
    })
    .await;
}

async fn keep_working(app: &App, stop: &CancellationToken) {
    let mut ear = app.wake.imports.listen();
    while !stop.is_cancelled() {
        let wait = match portion(app).await {
            Ok(true) => continue,
            Ok(false) => slow_poll(app),
            Err(failure) => {
                tracing::error!(%failure, "an import waits; trying again");
                RETRY
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = ear.heard() => {}
            () = app.clock.sleep_until(app.clock.now() + wait) => {}
        }
    }
}

/// Does everything that waits now.
pub async fn work_off(app: &App) -> Result<(), Failure> {
    while portion(app).await? {}
    Ok(())
}

/// Does one portion of the oldest import that waits; `false` when none does.
async fn portion(app: &App) -> Result<bool, Failure> {
    let Some(import) = store::next(&mut app.db.glance().await?).await? else { return Ok(false) };
    let mut work = app.begin(import.actor()).await?;
    let rows = store::waiting(&mut work.tx, &import, PORTION).await?;
    match (rows.last().map(|row| row.number), import.state) {
        (None, _) => finish(&mut work, &import).await?,
        (Some(last), state) => {
            let names = Names::load(&mut work).await?;
            for row in rows {
                match state {
                    ImportState::Checking => check_row(&mut work, &import, &names, row).await?,
                    ImportState::Running => run_row(&mut work, &import, &names, row).await?,
                    _ => undo::undo_row(&mut work, &import, &row).await?,
                }
            }
            store::set_done_to(&mut work.tx, import.id, last).await?;
        }
    }
    work.commit().await?;
    Ok(true)
}

async fn check_row(work: &mut Work, import: &Import, names: &Names, row: store::Waiting) -> Result<(), Failure> {
    let fields = row.fields.map(|fields| fields.0).unwrap_or_default();
    let found = row.faults.map(|faults| faults.0).unwrap_or_default();
    let verdict = check::judge(work, check::read(&fields, names), found).await?;
    store::judge(&mut work.tx, import.id, row.number, verdict.state, &verdict.faults, verdict.person).await?;
    Ok(())
}

/// The last row is done: the import goes on to its next state.
async fn finish(work: &mut Work, import: &Import) -> Result<(), Failure> {
    let counts = store::counts(&mut work.tx, import.id).await?;
    let (next, action) = match import.state {
        ImportState::Checking => (ImportState::Ready, None),
        ImportState::Running => (ImportState::Done, Some("import.finished")),
        _ => (ImportState::Undone, Some("import.undone")),
    };
    store::change_state(&mut work.tx, import.id, import.state, next, work.now).await?;
    let Some(action) = action else { return Ok(()) };
    let changes = json!({
        "created": counts.of(RowState::Created),
        "filled": counts.of(RowState::Filled),
        "refused": counts.of(RowState::Refused),
        "undone": counts.of(RowState::Undone),
        "kept": counts.of(RowState::Kept),
    });
    note(work, action, import.id, changes).await
}

/// Forgets the rows of old imports; tells how many imports.
pub async fn forget_old(app: &App) -> Result<usize, Failure> {
    let mut forgotten = 0;
    loop {
        let mut work = app.begin(Actor::System).await?;
        let Some(import) = store::oldest(&mut work.tx, work.now - LIFE).await? else { return Ok(forgotten) };
        store::delete_rows(&mut work.tx, import.id).await?;
        store::change_state(&mut work.tx, import.id, import.state, ImportState::Forgotten, work.now).await?;
        work.commit().await?;
        forgotten += 1;
    }
}

/// Every night: rows of imports that can be neither run nor taken back any more.
#[derive(Debug, Clone, Copy, Default)]
pub struct ForgetImports;

#[async_trait]
impl Job for ForgetImports {
    fn name(&self) -> &'static str {
        "old imports"
    }

    fn cron(&self) -> &'static str {
        "0 25 2 * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        forget_old(app).await?;
        Ok(())
    }
}
