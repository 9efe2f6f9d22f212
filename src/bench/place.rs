//! Where a measurement takes place: a fresh installation in a temporary folder, put to work in this process.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use opora_core::{
    App,
    foundation::{clock::SharedClock, config::Config, secrets::Secret},
    patronage::duties,
};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::fake_api::Limits;
use crate::{
    app,
    cli::{Part, Place},
    serve,
};

/// A fresh installation; its folder goes with it.
pub struct Site {
    /// The installation.
    pub app: App,
    folder: TempDir,
}

/// The installation at work.
pub struct AtWork {
    /// Where the panel answers.
    pub address: SocketAddr,
    cancel: CancellationToken,
    task: JoinHandle<Result<bool>>,
}

/// Settings of a measurement in `folder`: no mail, Telegram at `api` if given, with its limits.
pub fn settings(place: &Place, folder: &TempDir, api: Option<(SocketAddr, Limits)>) -> Config {
    let mut config = Config {
        data_dir: folder.path().to_owned(),
        database_url: Secret::new(place.database_url.clone().unwrap_or_default()),
        log: "warn".to_owned(),
        ..Config::default()
    };
    config.admin.password = Secret::new(super::panel::PASSWORD);
    if let Some((api, limits)) = api {
        config.telegram.token = Secret::new("1:bench");
        config.telegram.api_url = format!("http://{api}");
        config.telegram.rate = f64::from(limits.all);
        config.telegram.chat_rate = f64::from(limits.chat);
    }
    config
}

impl Site {
    /// Makes it.
    pub async fn open(place: &Place, api: Option<(SocketAddr, Limits)>, clock: SharedClock) -> Result<Self> {
        let folder = tempfile::tempdir().context("a temporary folder cannot be made")?;
        Self::open_in(folder, place, api, clock).await
    }

    /// Closes it as a program does that ran before: it has looked through everything.
    pub async fn closed(self) -> Result<TempDir> {
        duties::look_through(&self.app).await?;
        self.app.db.close().await;
        Ok(self.folder)
    }

    /// Opens it, as a start of the program does.
    pub async fn open_in(
        folder: TempDir,
        place: &Place,
        api: Option<(SocketAddr, Limits)>,
        clock: SharedClock,
    ) -> Result<Self> {
        let config = settings(place, &folder, api);
        let app = app::open(config, clock).await?;
        Ok(Self { app, folder })
    }

    /// Puts these parts (all, when none is named) to work.
    pub async fn work(&self, only: &[Part]) -> Result<AtWork> {
        let listener = serve::listen(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let address = listener.local_addr()?;
        let cancel = CancellationToken::new();
        let (ready, is_ready) = oneshot::channel();
        let (app, only, stop) = (self.app.clone(), only.to_vec(), cancel.clone());
        let task = tokio::spawn(async move {
            serve::work(app, listener, &only, stop, || {
                ready.send(()).ok();
            })
            .await
        });
        is_ready.await.context("the installation did not start")?;
        Ok(AtWork { address, cancel, task })
    }
}

impl AtWork {
    /// Ends the work in order.
    pub async fn end(self) -> Result<()> {
        self.cancel.cancel();
        self.task.await??;
        Ok(())
    }
}
