//! Telegram's bot API as a program, for measurements and for trying Opora by hand: `fake-telegram --port 9000`.
//!
//! With `--limits` it refuses what comes faster than Telegram allows. See `opora_testkit::telegram` for what a script may ask.

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use opora_core::foundation::clock::SystemClock;
use opora_testkit::FakeTelegram;

#[tokio::main]
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program tells its address, or how to call it")]
async fn main() -> ExitCode {
    let (mut port, mut has_limits, mut arguments) = (0, false, std::env::args().skip(1));
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--limits" => has_limits = true,
            "--port" => port = arguments.next().and_then(|port| port.parse().ok()).unwrap_or_default(),
            _ => {
                eprintln!("usage: fake-telegram [--port N] [--limits]");
                return ExitCode::FAILURE;
            }
        }
    }
    let telegram = FakeTelegram::start_on(SocketAddr::from(([127, 0, 0, 1], port)), Arc::new(SystemClock)).await;
    telegram.keep_little();
    if has_limits {
        telegram.enforce_limits();
    }
    println!("{}", telegram.url());
    std::future::pending().await
}
