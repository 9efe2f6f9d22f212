//! The list of what did not arrive, with its filter and its ticks.

use chrono_tz::Tz;
use opora_core::{
    foundation::page::{Choice, Page},
    messaging::{
        delivery::faults::{COUNTED_AT_MOST, Count, Failed, FaultFilter, What},
        outbox::{Channel, Fault},
    },
    words::format,
};

use super::Asked;
use crate::{paths, visit::Lang};

/// The list.
pub(super) struct Failures {
    pub channel: String,
    pub fault: String,
    pub channels: Vec<Choice<&'static str>>,
    pub faults: Vec<Choice<&'static str>>,
    pub page: Page<Row>,
    /// Whether something of the page may go again.
    pub may_go: bool,
    /// Whether anything failed at all.
    pub is_any: bool,
    /// This list's address, ready for `cursor=`.
    pub more: String,
    /// Where everything that was found is sent again.
    pub all: String,
}

/// A message that did not arrive.
pub(super) struct Row {
    pub id: String,
    pub when: String,
    pub what: String,
    pub whom: String,
    /// The card, if there is one.
    pub path: Option<String>,
    pub channel: String,
    pub reason: String,
    /// What was said of it; may be empty.
    pub said: String,
    pub may_go: bool,
}

/// What the filter says; names that mean nothing are no filter.
pub(super) fn filter(asked: &Asked) -> FaultFilter {
    FaultFilter { channel: asked.channel.parse().ok(), fault: Fault::named(&asked.fault) }
}

impl Failures {
    pub(super) fn of(l: &Lang, asked: &Asked, counts: &[Count], page: Page<Failed>, zone: Tz) -> Self {
        let filter = filter(asked);
        let number = |is_it: &dyn Fn(&Count) -> bool| {
            let counted: Vec<&Count> = counts.iter().filter(|count| is_it(count)).collect();
            let more = if counted.iter().any(|count| count.number >= COUNTED_AT_MOST) { "+" } else { "" };
            format!("{}{more}", format::number(l, counted.iter().map(|count| count.number).sum()))
        };
        let channel = |channel: Channel| Choice {
            id: channel.name(),
            label: format!("{} — {}", l.t(channel.label_key()), number(&|count| count.channel == channel)),
        };
        let of_channel = |count: &Count| filter.channel.is_none_or(|only| only == count.channel);
        let fault = |fault: Fault| Choice {
            id: fault.name(),
            label: format!("{} — {}", l.t(fault.label_key()), number(&|it| it.fault == fault && of_channel(it))),
        };
        let query = serde_html_form::to_string(asked).unwrap_or_default();
        let page = page.map(|failed| Row::of(l, failed, zone));
        Self {
            channels: Channel::ALL.into_iter().map(channel).collect(),
            faults: Fault::ALL.into_iter().map(fault).collect(),
            may_go: page.items.iter().any(|row| row.may_go),
            page,
            is_any: !counts.is_empty(),
            more: format!("{}?{query}&", paths::DELIVERY),
            all: format!(
                "{}?all=true&channel={}&fault={}",
                paths::DELIVERY_AGAIN,
                name(filter.channel),
                fault_name(filter)
            ),
            channel: name(filter.channel).to_owned(),
            fault: fault_name(filter).to_owned(),
        }
    }
}

fn name(channel: Option<Channel>) -> &'static str {
    channel.map(Channel::name).unwrap_or_default()
}

fn fault_name(filter: FaultFilter) -> &'static str {
    filter.fault.map(Fault::name).unwrap_or_default()
}

impl Row {
    fn of(l: &Lang, failed: Failed, zone: Tz) -> Self {
        let (person, name) = failed.person.unzip();
        Self {
            id: failed.id.to_string(),
            when: failed.at.map(|at| format::moment(at, zone)).unwrap_or_default(),
            what: what(l, &failed.what),
            whom: name.map(|name| name.full()).unwrap_or_default(),
            path: person.filter(|_| failed.has_card).map(paths::citizen),
            channel: l.t(failed.channel.label_key()).to_string(),
            reason: l.t(failed.fault.label_key()).to_string(),
            said: failed.said.unwrap_or_default(),
            may_go: failed.is_in_time,
        }
    }
}

fn what(l: &Lang, what: &What) -> String {
    match what {
        What::Reminder => l.t("delivery-what-reminder"),
        What::Reply => l.t("delivery-what-reply"),
        What::Change => l.t("delivery-what-change"),
        What::Message => l.t("delivery-what-message"),
        What::Letter(subject) => l.t("delivery-what-letter").s("subject", subject.as_str()),
    }
    .to_string()
}
