//! People at work in the panel while something else is measured.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use opora_core::people::accounts;
use tokio::{task::JoinHandle, time::MissedTickBehavior};

use super::{
    figures::{self, Figures},
    panel::Visitor,
    place::{AtWork, Site},
};

/// What they look at.
const PAGE: &str = "/citizens";

/// Requests that come at a steady rate, whether or not the earlier ones were answered.
pub struct Visits {
    rate: u32,
    measured: Arc<Mutex<Vec<Duration>>>,
    failed: Arc<AtomicU32>,
    task: JoinHandle<()>,
}

impl Visits {
    /// Begins with `rate` requests a second; the panel must be at work.
    pub async fn begin(site: &Site, at_work: &AtWork, rate: u32) -> Result<Self> {
        accounts::ensure_administrator(&site.app).await.context("making the administrator")?;
        let visitor = Arc::new(Visitor::sign_in(format!("http://{}", at_work.address)).await?);
        let measured: Arc<Mutex<Vec<Duration>>> = Arc::default();
        let failed: Arc<AtomicU32> = Arc::default();
        let (noted, failures) = (Arc::clone(&measured), Arc::clone(&failed));
        let task = tokio::spawn(async move {
            let mut moments = tokio::time::interval(Duration::from_secs(1) / rate);
            moments.set_missed_tick_behavior(MissedTickBehavior::Burst);
            loop {
                moments.tick().await;
                let (visitor, noted, failures) = (Arc::clone(&visitor), Arc::clone(&noted), Arc::clone(&failures));
                tokio::spawn(async move {
                    let began = Instant::now();
                    match visitor.text(PAGE).await {
                        Ok(_) => noted.lock().unwrap_or_else(PoisonError::into_inner).push(began.elapsed()),
                        Err(_) => drop(failures.fetch_add(1, Ordering::Relaxed)),
                    }
                });
            }
        });
        Ok(Self { rate, measured, failed, task })
    }

    /// Ends them and prints how long whole pages took.
    pub fn end(self) {
        self.task.abort();
        let measured = std::mem::take(&mut *self.measured.lock().unwrap_or_else(PoisonError::into_inner));
        figures::line("panel requests a second beside it", self.rate);
        figures::line("panel requests answered", measured.len());
        figures::line("panel requests failed", self.failed.load(Ordering::Relaxed));
        figures::line("a whole page", Figures::of(measured).text());
    }
}
