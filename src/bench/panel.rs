//! A large installation: how long pages take to their first byte, one visitor at a time.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use opora_core::{
    foundation::clock::SharedClock,
    patronage::seed::{self, SeedPlan},
    people::accounts,
};
use reqwest::{Client, header, redirect};

use super::{
    figures::{self, Figures},
    place::Site,
};
use crate::{
    cli::{Part, Place},
    console,
};

/// The administrator's password in measurements.
pub const PASSWORD: &str = "measure-measure";
/// How deep into the list the deep page lies.
const DEEP: usize = 200;

pub async fn run(citizens: u32, series: u32, requests: u32, place: &Place, clock: SharedClock) -> Result<()> {
    let site = Site::open(place, None, clock.clone()).await?;
    accounts::ensure_administrator(&site.app).await.context("making the administrator")?;
    let began = Instant::now();
    let due_at = clock.now() + TimeDelta::days(1);
    let plan = SeedPlan { citizens, series, due_at, spread: TimeDelta::hours(12) };
    seed::fill(&site.app, plan).await?;
    console::line(format_args!(
        "{citizens} citizens and {series} series filled in {:.1} s",
        began.elapsed().as_secs_f64()
    ));
    let at_work = site.work(&[Part::Panel]).await?;
    let visitor = Visitor::sign_in(format!("http://{}", at_work.address)).await?;
    let first = visitor.text("/citizens").await?;
    let card = between(&first, "<td><a href=\"", "\"").context("the list shows no citizen")?;
    let deep = visitor.deep_page().await?;
    let pages = [
        ("citizens, first page", "/citizens".to_owned()),
        ("citizens, page 200", deep),
        ("search by name", "/citizens?name=%D0%B8%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2".to_owned()),
        (
            "search by name and situation",
            "/citizens?name=%D0%B0%D0%BD%D0%BD&situation=%D0%B8%D0%BD%D0%B2%D0%B0%D0%BB%D0%B8%D0%B4".to_owned(),
        ),
        ("card", card.clone()),
        ("calendar, month", format!("{card}/programme")),
    ];
    for (name, path) in pages {
        figures::line(name, visitor.measure(&path, requests).await?.text());
    }
    at_work.end().await
}

/// A browser that is signed in.
pub(super) struct Visitor {
    client: Client,
    home: String,
    cookies: String,
}

impl Visitor {
    pub(super) async fn sign_in(home: String) -> Result<Self> {
        let client = Client::builder().redirect(redirect::Policy::none()).build()?;
        let window = client.get(format!("{home}/sign-in")).send().await?;
        let visitor = cookie(&window).context("the sign-in window sets no cookie")?;
        let page = window.text().await?;
        let csrf = between(&page, "name=\"csrf\" value=\"", "\"").context("the sign-in window has no token")?;
        let form = [("csrf", csrf.as_str()), ("login", "admin"), ("password", PASSWORD)];
        let entered = client.post(format!("{home}/sign-in")).header(header::COOKIE, visitor).form(&form).send().await?;
        ensure!(entered.status().is_redirection(), "the sign-in was refused: {}", entered.status());
        let cookies = cookie(&entered).context("the sign-in sets no cookie")?;
        Ok(Self { client, home, cookies })
    }

    async fn get(&self, path: &str) -> Result<reqwest::Response> {
        let answer =
            self.client.get(format!("{}{path}", self.home)).header(header::COOKIE, &self.cookies).send().await?;
        ensure!(answer.status().is_success(), "{path} answered {}", answer.status());
        Ok(answer)
    }

    pub(super) async fn text(&self, path: &str) -> Result<String> {
        Ok(self.get(path).await?.text().await?)
    }

    /// How many bytes a download has.
    pub(super) async fn bytes(&self, path: &str) -> Result<u64> {
        Ok(u64::try_from(self.get(path).await?.bytes().await?.len())?)
    }

    /// Sends a form and tells where the answer leads, if it leads anywhere.
    pub(super) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Result<Option<String>> {
        let request = self.client.post(format!("{}{path}", self.home)).header(header::COOKIE, &self.cookies);
        let answer = request.form(form).send().await?;
        ensure!(
            !answer.status().is_client_error() && !answer.status().is_server_error(),
            "{path}: {}",
            answer.status()
        );
        Ok(answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned))
    }

    /// Follows «Дальше» into the depth of the list.
    async fn deep_page(&self) -> Result<String> {
        let mut path = "/citizens".to_owned();
        for _ in 1..DEEP {
            let page = self.text(&path).await?;
            let Some(next) = between(&page, "id=\"next\" name=\"go\" value=\"", "\"") else { break };
            path = format!("/citizens?cursor={next}");
        }
        Ok(path)
    }

    /// Time to the first byte (the head of the answer), after one request that is not counted.
    async fn measure(&self, path: &str, requests: u32) -> Result<Figures> {
        self.text(path).await?;
        let mut measured: Vec<Duration> = Vec::new();
        for _ in 0..requests {
            let began = Instant::now();
            let answer = self.get(path).await?;
            measured.push(began.elapsed());
            answer.bytes().await?;
        }
        Ok(Figures::of(measured))
    }
}

fn cookie(answer: &reqwest::Response) -> Option<String> {
    let set = answer.headers().get(header::SET_COOKIE)?.to_str().ok()?;
    set.split(';').next().map(str::to_owned)
}

pub(super) fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found.to_owned())
}
