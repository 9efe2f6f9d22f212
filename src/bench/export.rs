//! A large installation: how long an export of everybody to Excel takes, how much memory it needs, and how usable other pages
//! stay meanwhile (PT-278).

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use opora_core::{
    foundation::clock::SharedClock,
    patronage::seed::{self, SeedPlan},
    people::accounts,
};

use super::{
    figures::{self, Figures},
    panel::{Visitor, between},
    place::Site,
};
use crate::{
    cli::{Part, Place},
    console,
};

/// A pause between looks at another page.
const PAUSE: Duration = Duration::from_millis(50);

pub async fn run(citizens: u32, place: &Place, clock: SharedClock) -> Result<()> {
    let site = Site::open(place, None, clock.clone()).await?;
    accounts::ensure_administrator(&site.app).await.context("making the administrator")?;
    let due_at = clock.now() + TimeDelta::days(1);
    seed::fill(&site.app, SeedPlan { citizens, series: 0, due_at, spread: TimeDelta::hours(12) }).await?;
    let before = figures::memory_of(std::process::id());
    console::line(format_args!("{citizens} citizens filled in"));
    let at_work = site.work(&[Part::Panel, Part::Worker]).await?;
    let visitor = Visitor::sign_in(format!("http://{}", at_work.address)).await?;
    let list = visitor.text("/citizens").await?;
    let csrf = between(&list, "name=\"csrf\" value=\"", "\"").context("the list has no form")?;
    let began = Instant::now();
    let form = [("csrf", csrf.as_str()), ("do", "export-citizens")];
    let page = visitor.post("/citizens/selection", &form).await?.context("too few citizens for the background")?;
    figures::line("answered after, ms", format_args!("{:.0}", began.elapsed().as_secs_f64() * 1000.0));
    let mut meanwhile = Vec::new();
    loop {
        let progress = visitor.text(&page).await?;
        if !progress.contains("<progress") {
            ensure!(progress.contains(" download>"), "the export was not made");
            break;
        }
        let asked = Instant::now();
        visitor.text("/citizens").await?;
        meanwhile.push(asked.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    figures::line("ready after, s", format_args!("{:.1}", began.elapsed().as_secs_f64()));
    figures::line("the list meanwhile", Figures::of(meanwhile).text());
    let file = visitor.bytes(&format!("{page}/file")).await?;
    figures::line("size, MB", format_args!("{:.1}", megabytes(file)));
    if let (Some(before), Some(peak)) = (before, figures::peak_memory()) {
        figures::line("memory before and at most, MB", format_args!("{before:.0}, {peak:.0}"));
    }
    at_work.end().await
}

#[expect(clippy::cast_precision_loss, reason = "files are far below 2^53 bytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}
