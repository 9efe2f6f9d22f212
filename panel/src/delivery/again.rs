//! «Отправить ещё раз»: the question with the number, and the act.

use askama::Template;
use axum::{extract::RawQuery, response::Response};
use opora_core::{
    foundation::{errors::Say, ids::OutboxId},
    messaging::delivery::{
        faults,
        resend::{self, MOST_AT_ONCE, Resent},
    },
    patronage::duties::Patronage,
    people::sessions::{Flash, Tone},
    words::format,
};
use serde::Deserialize;

use super::{Asked, failures::filter};
use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm},
    page::{Shell, render},
    paths,
    visit::Lang,
};

/// What shall go again: the ticked ones, or all that meet the filter up to the one that was the latest at the question.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    ticked: Vec<String>,
    all: String,
    until: String,
    channel: String,
    fault: String,
}

impl Wish {
    fn ids(&self) -> Vec<OutboxId> {
        self.ticked.iter().filter_map(|id| id.parse().ok()).collect()
    }

    fn is_all(&self) -> bool {
        self.all == "true"
    }

    fn asked(&self) -> Asked {
        Asked { channel: self.channel.clone(), fault: self.fault.clone(), ..Asked::default() }
    }

    /// The list it was wished from.
    fn back(&self) -> String {
        format!("{}?{}", paths::DELIVERY, serde_html_form::to_string(self.asked()).unwrap_or_default())
    }
}

#[derive(Template)]
#[template(path = "delivery/again.html")]
struct QuestionPage {
    shell: Shell,
    wish: Wish,
    /// How many they are, in a sentence; empty when none.
    number: String,
    /// What the button says.
    yes: String,
    back: String,
}

pub(super) async fn ask(staff: Administrator, RawQuery(query): RawQuery) -> Result<Response, PanelError> {
    let l = staff.lang();
    let mut wish: Wish = serde_html_form::from_str(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let mut work = staff.look().await?;
    let (count, in_time) = if wish.is_all() {
        let meant = filter(&wish.asked());
        let latest = faults::list(&mut work, meant, None).await?;
        wish.until = latest.items.first().map(|it| it.id.to_string()).unwrap_or_default();
        resend::in_question(&mut work, meant).await?
    } else {
        let count = i64::try_from(wish.ids().len()).unwrap_or(i64::MAX);
        (count, count)
    };
    drop(work);
    let shown = |number: i64| {
        let most = i64::try_from(MOST_AT_ONCE).unwrap_or(i64::MAX);
        if number >= most { format!("{}+", format::number(l, most)) } else { format::number(l, number) }
    };
    let number = match (count, wish.is_all()) {
        (0, _) => String::new(),
        (_, false) => l.t("delivery-confirm-ticked").n("count", count).to_string(),
        (_, true) => {
            let said = l.t("delivery-confirm-all").n("count", count);
            said.s("shown", shown(count)).s("intime", shown(in_time)).to_string()
        }
    };
    let yes = l.t("delivery-confirm-yes").s("shown", shown(in_time)).to_string();
    let shell = staff.shell(l.t("delivery-confirm")).await?;
    render(&QuestionPage { number, yes, back: wish.back(), wish, shell })
}

pub(super) async fn send(staff: Administrator, CsrfForm(wish): CsrfForm<Wish>) -> Result<Response, PanelError> {
    let resent = match (wish.is_all(), wish.until.parse()) {
        (true, Ok(until)) => {
            let app = &staff.visit.panel.app;
            resend::resend_all(app, &staff.actor(), &Patronage, filter(&wish.asked()), until).await?
        }
        _ => {
            let mut work = staff.begin().await?;
            let resent = resend::resend(&mut work, &Patronage, &wish.ids()).await?;
            work.commit().await?;
            resent
        }
    };
    let tone = if resent.again > 0 { Tone::Success } else { Tone::Warning };
    staff.redirect(&wish.back(), Flash { tone, say: said(staff.lang(), &resent) }).await
}

/// «Снова в очереди: 12 сообщений. Пропущено: время вышло — 3.»
fn said(l: &Lang, resent: &Resent) -> Say {
    let count = i64::try_from(resent.again).unwrap_or(i64::MAX);
    let sent = l.t("delivery-resent").n("count", count).to_string();
    let left = resent.left_out.iter().map(|(obstacle, number)| {
        let number = i64::try_from(*number).unwrap_or(i64::MAX);
        l.t(obstacle.label_key()).s("count", format::number(l, number)).to_string()
    });
    let left: Vec<String> = left.collect();
    let sent = if left.is_empty() {
        sent
    } else {
        l.t("delivery-resent-left").s("sent", sent).s("left", left.join(", ")).to_string()
    };
    let key = if resent.has_more { "delivery-resent-more" } else { "delivery-resent-all" };
    Say::key(key).text("sent", sent)
}
