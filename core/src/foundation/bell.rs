//! A bell that several workers may hear: a ring is never missed by somebody who listened before it.

use tokio::sync::watch;

/// Rung after a commit to wake those who wait for work.
#[derive(Debug)]
pub struct Bell(watch::Sender<u64>);

/// Somebody who listens to a [`Bell`]. Listen first, then look at the database: so nothing slips between.
#[derive(Debug, Clone)]
pub struct Ear(watch::Receiver<u64>);

impl Default for Bell {
    fn default() -> Self {
        Self(watch::channel(0).0)
    }
}

impl Bell {
    /// Wakes everybody who listens.
    pub fn ring(&self) {
        self.0.send_modify(|rings| *rings = rings.wrapping_add(1));
    }

    /// Begins to listen; only later rings are heard.
    pub fn listen(&self) -> Ear {
        Ear(self.0.subscribe())
    }
}

impl Ear {
    /// Resolves once the bell rang since the last time this was heard. Cancelling it forgets nothing.
    pub async fn heard(&mut self) {
        if self.0.changed().await.is_err() {
            // The bell is gone, so it will never ring.
            std::future::pending::<()>().await;
        }
    }
}
