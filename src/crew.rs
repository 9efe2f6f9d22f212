//! The workers of one process: they live until the end is called, and one that ends earlier ends all.

use std::{future::Future, time::Duration};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

/// How long a clean end may take.
pub const FAREWELL: Duration = Duration::from_secs(10);

/// Workers at work.
pub struct Crew {
    workers: JoinSet<&'static str>,
    cancel: CancellationToken,
}

impl Crew {
    /// Nobody yet; `cancel` will call the end.
    pub fn new(cancel: CancellationToken) -> Self {
        Self { workers: JoinSet::new(), cancel }
    }

    /// What calls the end.
    pub fn cancel(&self) -> CancellationToken {
        self.cancel.clone()
    }

    /// Sets a worker to work; it must end soon after the end is called, and not before.
    pub fn hire(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.workers.spawn(async move {
            work.await;
            name
        });
    }

    /// Waits for the end and sees everybody off. Tells whether it was as it should be.
    pub async fn until_end(mut self) -> bool {
        let early = tokio::select! {
            () = self.cancel.cancelled() => false,
            Some(ended) = self.workers.join_next() => !self.cancel.is_cancelled() && report(ended),
        };
        self.cancel.cancel();
        info!("finishing what is in flight");
        let farewell = async { while self.workers.join_next().await.is_some() {} };
        let in_time = tokio::time::timeout(FAREWELL, farewell).await.is_ok();
        if !in_time {
            warn!(left = self.workers.len(), "some work did not end in time and is broken off");
        }
        !early && in_time
    }
}

/// A worker that ends before its time is a fault: nobody would notice that its work is not done.
fn report(ended: Result<&'static str, tokio::task::JoinError>) -> bool {
    match ended {
        Ok(name) => error!(worker = name, "a worker stopped by itself: the process ends, so that it is started anew"),
        Err(fault) => error!(%fault, "a worker broke: the process ends, so that it is started anew"),
    }
    true
}

/// Calls the end when the system asks for it.
pub fn listen_for_signals(cancel: CancellationToken) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        cancel.cancel();
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn everybody_is_seen_off_when_the_end_is_called() {
        let cancel = CancellationToken::new();
        let mut crew = Crew::new(cancel.clone());
        let (token, (done, was_done)) = (cancel.clone(), tokio::sync::oneshot::channel());
        crew.hire("patient", async move {
            token.cancelled().await;
            tokio::time::sleep(FAREWELL / 2).await;
            done.send(()).unwrap();
        });
        cancel.cancel();
        assert!(crew.until_end().await);
        was_done.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_end_in_time_is_broken_off() {
        let cancel = CancellationToken::new();
        let mut crew = Crew::new(cancel.clone());
        crew.hire("deaf", std::future::pending());
        cancel.cancel();
        assert!(!crew.until_end().await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_ends_early_ends_all() {
        let cancel = CancellationToken::new();
        let mut crew = Crew::new(cancel.clone());
        let token = cancel.clone();
        crew.hire("steady", async move { token.cancelled().await });
        crew.hire("weak", async {});
        assert!(!crew.until_end().await);
        assert!(cancel.is_cancelled());
    }
}
