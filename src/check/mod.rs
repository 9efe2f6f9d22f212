//! `opora check`: says everything that is wrong with the installation in one go, each with its mend. Changes nothing.

mod database;
mod mail;
mod place;
mod telegram;

use std::{fmt, path::Path, process::ExitCode};

use anyhow::Result;
use opora_core::foundation::{
    clock::SharedClock,
    config::{Config, Misconfiguration},
};

use crate::{app, console};

/// One line of the report.
pub struct Finding {
    subject: &'static str,
    verdict: Verdict,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    /// Works, but the operator should know.
    Note,
    Wrong,
}

impl Finding {
    /// Works as it should.
    pub fn good(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, verdict: Verdict::Good, text: text.into() }
    }

    /// Works, but the operator should know.
    pub fn note(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, verdict: Verdict::Note, text: text.into() }
    }

    /// Does not work; the text says how to mend it.
    pub fn wrong(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, verdict: Verdict::Wrong, text: text.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.verdict {
            Verdict::Good => "ok   ",
            Verdict::Note => "note ",
            Verdict::Wrong => "WRONG",
        };
        write!(f, "{sign}  {:<11}  {}", self.subject, self.text)
    }
}

/// Looks at everything and reports; the exit code is 1 when something is wrong.
pub async fn run(file: Option<&Path>, clock: SharedClock) -> Result<ExitCode> {
    let findings = match app::read_config(file) {
        Ok(config) => look(config, clock).await,
        // Without settings that can be read nothing else can be looked at.
        Err(problems) => problems.iter().map(of_setting).collect(),
    };
    for finding in &findings {
        console::line(finding);
    }
    let wrong = findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).count();
    console::line(match wrong {
        0 => "Everything is in order.".to_owned(),
        1 => "One thing is wrong.".to_owned(),
        _ => format!("{wrong} things are wrong."),
    });
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn look(config: Config, clock: SharedClock) -> Vec<Finding> {
    let mut findings = match app::check_config(&config) {
        Ok(_) => vec![Finding::good("settings", "can be used; all words and their forms are there")],
        Err(problems) => problems.iter().map(of_setting).collect(),
    };
    findings.extend(place::look(&config, &*clock).await);
    let (finding, db) = database::look(&config).await;
    findings.push(finding);
    findings.extend(telegram::look(&config).await);
    if let Some(db) = db {
        findings.push(mail::look(&config, &db).await);
        db.close().await;
    }
    findings
}

fn of_setting(problem: &Misconfiguration) -> Finding {
    Finding::wrong("settings", problem.to_string())
}
