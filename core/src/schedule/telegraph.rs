//! Wake-ups between the processes of one installation on a server: what one commits rings the bells of the others at once. The slow
//! poll of every worker remains for what gets lost on the way.

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::{
    App, Signal,
    foundation::{chance, presence::Line},
};

/// How long to wait before the next try when the server does not answer.
const RETRY: TimeDelta = TimeDelta::milliseconds(200);

/// The line to the other processes, laid before anybody takes a lease: so the others know whose it is.
pub struct Telegraph {
    number: i32,
    line: Option<Line>,
}

impl Telegraph {
    /// Lays the line. Without it everything works, only slower; [`Telegraph::run`] tries again.
    pub async fn lay(app: &App) -> Self {
        let number = i32::try_from(chance::below(&*app.chance, i32::MAX as u64 - 1) + 1).unwrap_or(1);
        let mut telegraph = Self { number, line: None };
        telegraph.connect(app, true).await;
        telegraph
    }

    async fn connect(&mut self, app: &App, is_first: bool) {
        match app.wake.presence.show(&app.db, self.number, is_first).await {
            Ok(line) => self.line = line,
            Err(error) => tracing::warn!(%error, "the other processes cannot be reached; trying again"),
        }
    }

    /// Rings the bells for what other processes commit, until `cancel`.
    pub async fn run(mut self, app: App, cancel: CancellationToken) {
        if app.db.is_embedded() {
            return cancel.cancelled().await;
        }
        while !cancel.is_cancelled() {
            if let Some(line) = &mut self.line {
                tokio::select! {
                    () = listen(&app, line) => {}
                    () = cancel.cancelled() => break,
                }
                app.wake.presence.hide();
                self.line = None;
                tracing::warn!("the line to the other processes is cut; laying it again");
            }
            tokio::select! {
                () = app.clock.sleep_until(app.clock.now() + RETRY) => {}
                () = cancel.cancelled() => break,
            }
            self.connect(&app, false).await;
            if self.line.is_some() {
                // Whatever was told meanwhile was missed.
                app.wake.ring_all();
            }
        }
    }
}

/// Until the line is cut.
async fn listen(app: &App, line: &mut Line) {
    while let Some(news) = line.hears().await {
        for signal in news.split(' ').filter_map(Signal::read) {
            app.send(&signal);
        }
    }
}
