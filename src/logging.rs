//! Logs go to standard error: readable lines, or JSON for machines. Tokens, texts and names never stand in them.

use std::io::IsTerminal;

use anyhow::{Context, Result};
use opora_core::foundation::config::{Config, LogFormat};
use tracing_subscriber::{EnvFilter, fmt};

/// Libraries whose chatter helps nobody, or that would log addresses with a token in them.
const QUIET: [&str; 6] =
    ["sqlx=warn", "hyper=warn", "hyper_util=warn", "reqwest=warn", "teloxide=warn", "teloxide_core=off"];

/// Begins to log as `config` says.
pub fn begin(config: &Config) -> Result<()> {
    let mut filter = EnvFilter::try_new(&config.log).with_context(|| {
        format!("log: {:?} is no filter; write for example info or opora_core=debug,info", config.log)
    })?;
    for directive in QUIET {
        filter = filter.add_directive(directive.parse().context("a directive of ours")?);
    }
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}
