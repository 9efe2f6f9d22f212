//! One way out on one tile: its state in words with a sign, and what there is to know.

use chrono::TimeDelta;
use chrono_tz::Tz;
use opora_core::{
    foundation::clock::Timestamp,
    messaging::{
        bots::Bot,
        delivery::channels::{ChannelState, Day},
        messenger::Messenger,
        outbox::Channel,
    },
    words::format,
};

use crate::visit::Lang;

/// One way out.
pub(super) struct Tile {
    pub name: String,
    /// Colour and sign of the state.
    pub tone: &'static str,
    pub sign: &'static str,
    /// The state in words.
    pub state: String,
    /// What the state means; may be empty.
    pub text: String,
    pub facts: Vec<Fact>,
}

/// Something there is to know.
pub(super) struct Fact {
    pub label: String,
    pub value: String,
    /// In smaller letters below it; may be empty.
    pub more: String,
}

/// Where the facts of a tile are gathered.
struct Facts<'a> {
    l: &'a Lang,
    facts: Vec<Fact>,
}

impl Facts<'_> {
    fn add(&mut self, label: &str, value: impl Into<String>, more: impl Into<String>) {
        self.facts.push(Fact { label: self.l.t(label).to_string(), value: value.into(), more: more.into() });
    }
}

impl Tile {
    pub(super) fn of(l: &Lang, it: &ChannelState, now: Timestamp, (zone, is_webhook): (Tz, bool)) -> Self {
        let (tone, sign, state) = state(l, it, zone);
        let text = if !it.is_on {
            l.t("delivery-off-text").to_string()
        } else if it.standstill.is_none() && it.paused_until.is_some() {
            l.t("delivery-paused-text").to_string()
        } else {
            String::new()
        };
        let mut facts = Facts { l, facts: Vec::new() };
        if it.is_on || it.queue.all_due() > 0 {
            add_queue(&mut facts, it, now);
        }
        if it.is_on {
            let sender = if it.has_sender { "delivery-sender-there" } else { "delivery-sender-nobody" };
            facts.add("delivery-sender", l.t(sender).to_string(), "");
            if it.channel == Channel::Messenger(Messenger::Telegram) {
                add_bot(&mut facts, it, (zone, is_webhook));
            }
        }
        let name = l.t(it.channel.label_key()).to_string();
        Self { name, tone, sign, state, text, facts: facts.facts }
    }
}

/// Colour, sign and words of the state.
fn state(l: &Lang, it: &ChannelState, zone: Tz) -> (&'static str, &'static str, String) {
    if !it.is_on {
        return ("excluded", "–", l.t("delivery-state-off").to_string());
    }
    if let Some(standstill) = &it.standstill {
        let since = format::moment(standstill.since, zone);
        return ("missed", "!", l.t("delivery-state-standing").s("since", since).to_string());
    }
    if let Some(until) = it.paused_until {
        return ("waiting", "…", l.t("delivery-state-paused").s("time", format::moment(until, zone)).to_string());
    }
    if !it.has_sender {
        return ("waiting", "!", l.t("delivery-state-nobody").to_string());
    }
    if it.bot.as_ref().is_some_and(|bot| bot.trouble.is_some()) {
        return ("waiting", "!", l.t("delivery-state-trouble").to_string());
    }
    ("done", "✓", l.t("delivery-state-moving").to_string())
}

fn add_queue(facts: &mut Facts<'_>, it: &ChannelState, now: Timestamp) {
    let (l, queue) = (facts.l, &it.queue);
    let put_off = l.t("delivery-put-off").s("count", format::number(l, queue.put_off)).to_string();
    let put_off = if queue.put_off > 0 { put_off } else { String::new() };
    facts.add("delivery-due", format::number(l, queue.all_due()), put_off);
    if let Some(oldest) = queue.oldest {
        facts.add("delivery-oldest", waited(l, now - oldest), "");
    }
    if let Some(said) = &it.said {
        facts.add("delivery-said", said, "");
    }
    if queue.under_way > 0 {
        facts.add("delivery-under-way", format::number(l, queue.under_way), "");
    }
    if queue.later > 0 {
        facts.add("delivery-later", format::number(l, queue.later), "");
    }
    facts.add("delivery-delivered", ended(l, it.day, it.day.delivered), "");
    facts.add("delivery-failed", ended(l, it.day, it.day.failed), "");
}

fn add_bot(facts: &mut Facts<'_>, it: &ChannelState, (zone, is_webhook): (Tz, bool)) {
    let l = facts.l;
    let bot = match &it.bot {
        None => l.t("delivery-bot-unknown").to_string(),
        Some(Bot { trouble: Some(trouble), .. }) => trouble.clone(),
        Some(Bot { name, .. }) => l.t("delivery-bot-well").s("name", name.clone().unwrap_or_default()).to_string(),
    };
    facts.add("delivery-bot", bot, "");
    let way = l.t(if is_webhook { "delivery-updates-webhook" } else { "delivery-updates-polling" }).to_string();
    let heard = it.heard_at.map(|at| l.t("delivery-heard").s("moment", format::moment(at, zone)).to_string());
    facts.add("delivery-updates", way, heard.unwrap_or_default());
}

/// «1 204», «не меньше 20 000».
fn ended(l: &Lang, day: Day, number: i64) -> String {
    let shown = format::number(l, number);
    if day.is_at_least { l.t("delivery-at-least").s("number", shown).to_string() } else { shown }
}

/// «меньше минуты», «12 минут», «3 часа», «2 дня».
fn waited(l: &Lang, age: TimeDelta) -> String {
    match age.num_minutes() {
        ..1 => l.t("delivery-less-than-minute"),
        minutes @ 1..60 => l.t("delivery-minutes").n("count", minutes),
        minutes @ 60..2880 => l.t("delivery-hours").n("count", minutes / 60),
        minutes => l.t("delivery-days").n("count", minutes / 1440),
    }
    .to_string()
}
