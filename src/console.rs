//! What the operator reads on the terminal. Everything else is a log.

use std::io::Write;

/// Writes a line to standard output. A reader that went away (`opora … | head`) is no reason to fail.
pub fn line(text: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Standard output, for what is a file rather than lines.
pub fn output() -> std::io::Stdout {
    std::io::stdout()
}

/// Writes an error with its causes to standard error.
pub fn complain(error: &anyhow::Error) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "opora: {error:#}");
}
