//! `opora`: the command line and the composition root. The only crate that knows core, bot and panel together.

mod app;
mod cli;
mod console;
mod crew;
mod health;
mod lock;
mod logging;
mod metrics;
mod serve;
#[cfg(debug_assertions)]
mod test_clock;

use std::{process::ExitCode, sync::Arc};

use anyhow::Result;
use clap::Parser;
use cli::{Cli, Command};
use opora_core::foundation::clock::{SharedClock, SystemClock};

fn main() -> ExitCode {
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(run(Cli::parse())));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            console::complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let clock = clock(&cli);
    let config = app::read_config(cli.config.as_deref());
    let config = || config.map_err(|problems| app::list(&problems));
    match cli.command {
        Command::Serve(options) => {
            let config = config()?;
            logging::begin(&config)?;
            serve::run(config, clock, &options.only).await
        }
        _ => anyhow::bail!("not yet"),
    }
}

#[cfg(debug_assertions)]
fn clock(cli: &Cli) -> SharedClock {
    match &cli.test_clock {
        Some(file) => Arc::new(test_clock::TestClock::turned_by(file.clone())),
        None => Arc::new(SystemClock),
    }
}

#[cfg(not(debug_assertions))]
fn clock(_: &Cli) -> SharedClock {
    Arc::new(SystemClock)
}
