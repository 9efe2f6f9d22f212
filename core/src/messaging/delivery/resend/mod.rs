//! Failed messages go into the queue again, with attempts anew, unless their reason is gone. Their place among what waits for the
//! same chat is that of what is written now, in their old order. One that may have arrived says «Повтор:» (PT-D42).

mod store;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde_json::json;

use super::faults::{self, FaultFilter, Range, beside};
use crate::{
    App, Signal, Work,
    audit::{self, Entry},
    foundation::{
        clock::Timestamp,
        errors::Failure,
        ids::{OccurrenceId, OutboxId, PersonId},
    },
    messaging::outbox::Channel,
    people::access::{Action, Actor},
};

/// Messages of one transaction, so that the senders never wait long for it.
const BATCH: usize = 200;
/// Messages that are looked at for one press of the button.
pub const MOST_AT_ONCE: usize = 5000;

/// Why a message is not sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Obstacle {
    /// Its time is over: what comes too late may do harm (PT-D40).
    TooLate,
    /// The reminder was answered or marked meanwhile.
    Answered,
    /// The reminder was excluded, taken out or deleted meanwhile.
    Withdrawn,
    /// The card was deleted.
    Deleted,
    /// The chat is blocked, or not this person's any more.
    Unreachable,
    /// The installation does not use this way any more.
    ChannelOff,
    /// It is not a failure any more: somebody was faster.
    Gone,
}

impl Obstacle {
    /// Key of the words for it, with the argument `count`.
    pub fn label_key(self) -> &'static str {
        match self {
            Self::TooLate => "delivery-left-too-late",
            Self::Answered => "delivery-left-answered",
            Self::Withdrawn => "delivery-left-withdrawn",
            Self::Deleted => "delivery-left-deleted",
            Self::Unreachable => "delivery-left-unreachable",
            Self::ChannelOff => "delivery-left-channel-off",
            Self::Gone => "delivery-left-gone",
        }
    }
}

/// A failed message, as far as it matters whether it may go again.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Candidate {
    /// The row of the outbox.
    pub id: OutboxId,
    /// Which way it goes, by name.
    pub channel: String,
    /// The chat.
    pub recipient: String,
    /// Whom it is for.
    #[sqlx(rename = "person_id")]
    pub person: Option<PersonId>,
    /// The reminder it carries.
    #[sqlx(rename = "occurrence_id")]
    pub occurrence: Option<OccurrenceId>,
    /// Not after.
    pub expires_at: Option<Timestamp>,
}

/// What the modules know of the reasons of messages.
#[async_trait]
pub trait Judge: Send + Sync + 'static {
    /// What stands in the way of each of these, in their order.
    async fn judge(&self, work: &mut Work, candidates: &[Candidate]) -> Result<Vec<Option<Obstacle>>, Failure>;

    /// The messages of these reminders are on their way again.
    async fn gone_again(&self, work: &mut Work, occurrences: &[OccurrenceId]) -> Result<(), Failure>;
}

/// What became of a wish to send again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resent {
    /// So many are on their way again.
    pub again: usize,
    /// So many are not, by what stands in the way.
    pub left_out: BTreeMap<Obstacle, usize>,
    /// There are more that were not looked at.
    pub has_more: bool,
}

impl Resent {
    fn leave_out(&mut self, obstacle: Obstacle, number: usize) {
        if number > 0 {
            *self.left_out.entry(obstacle).or_default() += number;
        }
    }

    fn add(&mut self, other: &Self) {
        self.again += other.again;
        for (obstacle, number) in &other.left_out {
            self.leave_out(*obstacle, *number);
        }
    }
}

/// Sends these again, as far as nothing stands in the way; at most as many as one transaction takes. Twice is the same as once.
pub async fn resend(work: &mut Work, judge: &dyn Judge, ids: &[OutboxId]) -> Result<Resent, Failure> {
    work.must(Action::HandleDelivery)?;
    let distinct: Vec<OutboxId> = ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let asked = distinct.get(..BATCH).unwrap_or(&distinct);
    let candidates = store::candidates(&mut work.tx, asked).await?;
    let mut resent = Resent { has_more: asked.len() < distinct.len(), ..Resent::default() };
    resent.leave_out(Obstacle::Gone, asked.len() - candidates.len());
    let obstacles = obstacles(work, judge, &candidates).await?;
    let mut free: Vec<&Candidate> = Vec::new();
    for (candidate, obstacle) in candidates.iter().zip(obstacles) {
        match obstacle {
            Some(obstacle) => resent.leave_out(obstacle, 1),
            None => free.push(candidate),
        }
    }
    let ids: Vec<OutboxId> = free.iter().map(|candidate| candidate.id).collect();
    let now = work.now;
    let queued = store::queue(&mut work.tx, &ids, now).await?;
    resent.leave_out(Obstacle::Gone, ids.len() - queued.len());
    free.retain(|candidate| queued.contains(&candidate.id));
    resent.again = free.len();
    let occurrences: Vec<OccurrenceId> = free.iter().filter_map(|candidate| candidate.occurrence).collect();
    judge.gone_again(work, &occurrences).await?;
    note(work, &free).await?;
    work.signal(Signal::Outbox);
    Ok(resent)
}

/// Sends again whatever failed and meets the filter, up to the message `until`: many short transactions, none of which waits for
/// the others. What is left out is not looked at twice.
pub async fn resend_all(
    app: &App,
    actor: &Actor,
    judge: &dyn Judge,
    filter: FaultFilter,
    until: OutboxId,
) -> Result<Resent, Failure> {
    let (mut all, mut looked_at) = (Resent::default(), 0);
    let mut range = Range { to: until, ..Range::default() };
    loop {
        let mut work = app.begin(actor.clone()).await?;
        work.must(Action::HandleDelivery)?;
        let ids = faults::store::ids(&mut work.tx, &filter.kinds(), range, true, BATCH).await?;
        let Some(last) = ids.last() else { return Ok(all) };
        if looked_at + ids.len() > MOST_AT_ONCE {
            return Ok(Resent { has_more: true, ..all });
        }
        looked_at += ids.len();
        range.from = beside(*last, 1);
        all.add(&resend(&mut work, judge, &ids).await?);
        work.commit().await?;
    }
}

/// How much «Отправить все» would look at, and how much of that is in time, up to a limit.
pub async fn in_question(work: &mut Work, filter: FaultFilter) -> Result<(i64, i64), Failure> {
    work.must(Action::HandleDelivery)?;
    let limit = i64::try_from(MOST_AT_ONCE).unwrap_or(i64::MAX);
    let counts = faults::count(work, filter, limit).await?;
    Ok(counts.iter().fold((0, 0), |(all, in_time), count| (all + count.number, in_time + count.in_time)))
}

/// What stands in the way of each: first what we know ourselves, then what the modules know.
async fn obstacles(
    work: &mut Work,
    judge: &dyn Judge,
    candidates: &[Candidate],
) -> Result<Vec<Option<Obstacle>>, Failure> {
    let mut off = Vec::new();
    for channel in Channel::ALL {
        if !super::is_on(work, channel).await? {
            off.push(channel.name());
        }
    }
    let now = work.now;
    let ours = |candidate: &Candidate| {
        if off.contains(&candidate.channel.as_str()) {
            return Some(Obstacle::ChannelOff);
        }
        candidate.expires_at.is_some_and(|until| until <= now).then_some(Obstacle::TooLate)
    };
    let theirs = judge.judge(work, candidates).await?;
    // What the modules know says more than that it is late.
    Ok(candidates.iter().zip(theirs).map(|(candidate, theirs)| theirs.or_else(|| ours(candidate))).collect())
}

/// Into the journal: of each citizen how many messages, and how many were nobody's.
async fn note(work: &mut Work, resent: &[&Candidate]) -> Result<(), Failure> {
    let mut numbers: BTreeMap<Option<PersonId>, usize> = BTreeMap::new();
    for candidate in resent {
        *numbers.entry(candidate.person).or_default() += 1;
    }
    let entries: Vec<Entry> = numbers
        .into_iter()
        .map(|(person, number)| Entry {
            action: "delivery.resent",
            subject: if person.is_some() { "citizen" } else { "delivery" },
            subject_id: person.map(|person| person.0),
            changes: json!({ "messages": number }),
        })
        .collect();
    audit::note_many(work, &entries).await?;
    Ok(())
}
