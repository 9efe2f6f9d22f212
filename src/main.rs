//! `opora`: the command line and the composition root. The only crate that knows core, bot and panel together.

mod admin;
mod app;
mod backup;
mod bench;
mod check;
mod cli;
mod console;
mod crew;
mod demo;
mod health;
mod heartbeat;
mod jobs;
mod lock;
mod logging;
mod metrics;
mod seed;
mod serve;
#[cfg(debug_assertions)]
mod test_clock;
mod upgrade;

use std::{path::Path, process::ExitCode, sync::Arc};

use anyhow::Result;
use clap::Parser;
use cli::{Cli, Command};
use opora_core::foundation::{
    clock::{SharedClock, SystemClock},
    config::Config,
};

/// Rows, texts and requests are many and small, and live for a moment.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

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
    let file = cli.config.as_deref();
    match cli.command {
        Command::Serve(options) => {
            let config = config(file)?;
            logging::begin(&config)?;
            serve::run(config, clock, &options.only).await
        }
        Command::Check => check::run(file, clock).await,
        Command::Backup(options) => {
            backup::run(&config(file)?, &*clock, &options).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Restore(options) => {
            backup::restore(&config(file)?, &*clock, &options).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Admin(command) => {
            admin::run(&app::open(config(file)?, clock).await?, command).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Seed(options) => {
            seed::run(&app::open(config(file)?, clock).await?, &options).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Bench(what) => {
            bench::run(what, clock).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo(options) => demo::run(options, clock).await,
    }
}

fn config(file: Option<&Path>) -> Result<Config> {
    app::read_config(file).map_err(|problems| app::list(&problems))
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
