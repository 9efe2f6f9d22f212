//! `opora bench`: what this machine can do. Every measurement makes an installation of its own and a stand-in for Telegram's
//! bot API, prints a table and leaves nothing behind.

mod burst;
mod export;
mod fake_api;
mod figures;
mod idle;
mod night;
mod panel;
mod place;
mod start;
mod steady;
mod visits;

use anyhow::Result;
use opora_core::foundation::clock::SharedClock;

use crate::cli::Bench;

/// Runs one measurement.
pub async fn run(what: Bench, clock: SharedClock) -> Result<()> {
    let began = figures::Processor::now();
    measure(what, clock).await?;
    if let Some(share) = began.and_then(figures::Processor::taken_since) {
        figures::line("taken meanwhile by other guests of the host, %", format_args!("{share:.1}"));
    }
    Ok(())
}

async fn measure(what: Bench, clock: SharedClock) -> Result<()> {
    match what {
        Bench::Burst { messages, rate, chat_rate, place } => {
            let limits = fake_api::Limits { all: rate, chat: chat_rate };
            burst::run(burst::Burst { messages, limits }, &place, clock).await
        }
        Bench::Backlog { messages, place } => burst::backlog(messages, &place, clock).await,
        Bench::Steady { rate, seconds, visits, place } => {
            steady::run(steady::Stream { rate, seconds, visits }, &place, clock).await
        }
        Bench::Idle { series, seconds, place } => idle::run(series, seconds, &place, clock).await,
        Bench::Panel { citizens, series, requests, place } => {
            panel::run(citizens, series, requests, &place, clock).await
        }
        Bench::Export { citizens, place } => export::run(citizens, &place, clock).await,
        Bench::Night { citizens, series, place } => night::run(citizens, series, &place, clock).await,
        Bench::Start { times, place } => start::run(times, &place).await,
    }
}
