//! One transaction of the engine: writes what became of many messages, tells the modules, and takes the next ones.

use std::{collections::HashSet, time::Duration};

use tokio::time::Instant;

use super::{
    Abilities, Finished, OnOutcome, Outcome, Verdict, incidents,
    settle::{Flown, LONGEST_PAUSE, settle},
};
use crate::{
    App, Work,
    foundation::{
        clock::Timestamp,
        errors::{Failure, StorageError},
        ids::OutboxId,
    },
    messaging::{
        messenger::Messenger,
        outbox::{
            Channel, Priority,
            flights::{self, Claim, Claimed, Repetition, Turn},
            store::{self, Ended, Waiting},
        },
    },
    people::access::Actor,
    schedule::lease::Lease,
};

/// So many messages past their time end together.
const OVERDUE_AT_ONCE: i64 = 1000;

/// What the transaction shall do.
#[derive(Debug)]
pub struct Entry {
    /// What came back.
    pub flown: Vec<Flown>,
    /// How many more rows to take of replies, and of the rest.
    pub wanted: [i64; 2],
    /// Chats that must rest.
    pub resting: Vec<String>,
    /// What has been taken and is still under way or about to be, and to which chat.
    pub under_way: Vec<(OutboxId, String)>,
    /// The list in the database may name more than that: it is to be written anew in any case.
    pub is_unsure: bool,
    /// The messenger asked for silence until then; a restart must not forget it.
    pub silent_until: Option<Timestamp>,
    /// The clock was set back: what waits by the old time is to be called.
    pub was_set_back: bool,
}

/// What the transaction found.
#[derive(Debug, Default)]
pub struct Page {
    /// Rows taken.
    pub taken: Vec<Claimed>,
    /// Rows met that are past their time.
    pub overdue: Vec<OutboxId>,
    /// Whether more may be due now.
    pub more: bool,
    /// When the queue changes by itself next.
    pub next: Option<Timestamp>,
    /// Somebody else sends now.
    pub turn_is_over: bool,
    /// How long it took to make all this last.
    pub commit_took: Duration,
}

/// How modules are told what has ended.
#[derive(Debug, Clone, Copy)]
enum Telling {
    /// As usual.
    AllAtOnce,
    /// With a way back before each step, which the database has to be asked for.
    Carefully,
}

/// For whom the ledger is kept.
#[derive(Clone, Copy)]
pub struct Keeper<'a> {
    /// The installation.
    pub app: &'a App,
    /// Which messenger.
    pub messenger: Messenger,
    /// What it can do.
    pub abilities: Abilities,
    /// The lease that allows it.
    pub lease: &'a Lease,
    /// The modules.
    pub modules: &'a dyn OnOutcome,
}

impl Keeper<'_> {
    fn channel(&self) -> Channel {
        Channel::Messenger(self.messenger)
    }

    /// Takes over what an earlier sender left under way, and tells whether something left since `since`.
    pub async fn open(&self, since: Timestamp) -> Result<bool, StorageError> {
        let mut work = self.app.begin(Actor::System).await?;
        let left_some = self.take_over(&mut work).await?;
        let was_busy = left_some || store::was_busy(&mut work.tx, since).await?;
        store::keep_to_the_clock(&mut work.tx, self.channel(), work.now, LONGEST_PAUSE).await?;
        work.commit().await?;
        Ok(was_busy)
    }

    /// Tells whether there was something to take over.
    async fn take_over(&self, work: &mut Work) -> Result<bool, StorageError> {
        let repetition = match self.abilities.recognises_repetition {
            true => Repetition::Unnoticed,
            false => Repetition::OnceAndMarked,
        };
        let left = flights::store::take_over(&mut work.tx, self.turn(), repetition, work.now).await?;
        let left_some = !left.again.is_empty() || !left.lost.is_empty();
        if !left.again.is_empty() {
            let again = left.again.len();
            tracing::warn!(channel = %self.channel(), again, "messages were under way when their sender died; they are repeated");
            metrics::counter!("opora_outbox_unknown_total", "channel" => self.messenger.name())
                .increment(u64::try_from(again).unwrap_or(u64::MAX));
            incidents::note_crash(&mut work.tx, &left.again, work.now).await?;
        }
        let finished = self.all_ended(left.lost, Verdict::Failed, work.now);
        self.tell_carefully(work, &finished).await?;
        Ok(left_some)
    }

    fn turn(&self) -> Turn<'_> {
        Turn { channel: self.channel(), lease: self.lease }
    }

    /// Does all of it in one transaction.
    pub async fn write(&self, entry: &Entry) -> Result<Page, StorageError> {
        self.write_with(entry, Telling::AllAtOnce).await
    }

    async fn write_with(&self, entry: &Entry, telling: Telling) -> Result<Page, StorageError> {
        // Of what decides about the next messages only a link changes here.
        let may_block = entry.flown.iter().any(|it| it.outcome == Outcome::Blocked);
        let mut work = match may_block {
            true => self.app.begin(Actor::System).await?,
            false => self.app.begin_aside(Actor::System).await?,
        };
        let Some(waiting) = flights::store::enter(&mut work.tx, self.turn(), work.now).await? else {
            tracing::warn!(channel = %self.channel(), lost = entry.flown.len(), "results came after a take-over");
            return Ok(Page { turn_is_over: true, ..Page::default() });
        };
        if let Some(until) = entry.silent_until {
            self.lease.pause(&mut work.tx, until).await?;
        }
        if entry.was_set_back {
            store::keep_to_the_clock(&mut work.tx, self.channel(), work.now, LONGEST_PAUSE).await?;
        }
        let mut finished = self.record(&mut work, entry).await?;
        let mut page = self.take(&mut work, entry, waiting).await?;
        finished.extend(self.expire(&mut work, &page.overdue).await?);
        match telling {
            Telling::AllAtOnce if !self.tell_at_once(&mut work, &finished).await? => {
                // All is taken back and begun anew.
                drop(work);
                return Box::pin(self.write_with(entry, Telling::Carefully)).await;
            }
            Telling::AllAtOnce => {}
            Telling::Carefully => self.tell_carefully(&mut work, &finished).await?,
        }
        if entry.is_unsure || !entry.flown.is_empty() || !page.taken.is_empty() {
            let kept = entry.under_way.iter().map(|(id, _)| *id);
            let under_way: Vec<OutboxId> = kept.chain(page.taken.iter().map(|row| row.id)).collect();
            flights::store::list(&mut work.tx, self.channel(), &under_way).await?;
        }
        let began = Instant::now();
        work.commit().await?;
        page.commit_took = began.elapsed();
        count(&finished);
        Ok(page)
    }

    async fn record(&self, work: &mut Work, entry: &Entry) -> Result<Vec<Finished>, StorageError> {
        let flown = entry.flown.as_slice();
        let mut told = HashSet::new();
        if entry.is_unsure {
            // A commit whose confirmation got lost has told the modules of these already.
            told = flown.iter().map(|it| it.row.id).collect();
            for id in flights::store::unsettled(&mut work.tx, &told.iter().copied().collect::<Vec<_>>()).await? {
                told.remove(&id);
            }
        }
        let settled: Vec<_> = flown.iter().map(|it| settle(it, self.channel(), self.abilities)).collect();
        let settlements: Vec<_> = settled.iter().map(|it| it.settlement.clone()).collect();
        let mut ours: HashSet<OutboxId> =
            flights::store::settle(&mut work.tx, &settlements).await?.into_iter().collect();
        ours.retain(|id| !told.contains(id));
        incidents::note(&mut work.tx, self.channel(), flown, |id| ours.contains(&id)).await?;
        let mut finished: Vec<_> =
            settled.into_iter().filter_map(|it| it.finished).filter(|it| ours.contains(&it.id)).collect();
        let blocked = flown.iter().filter(|it| it.outcome == Outcome::Blocked && ours.contains(&it.row.id));
        for chat in blocked.map(|it| &it.row.recipient) {
            finished.extend(self.block(work, chat).await?);
        }
        Ok(finished)
    }

    /// Nothing more is tried in this chat until its person returns (PT-D17).
    async fn block(&self, work: &mut Work, chat: &str) -> Result<Vec<Finished>, StorageError> {
        let dropped = store::drop_chat(&mut work.tx, self.channel(), chat, work.now).await?;
        work.tx.savepoint().await?;
        match self.modules.blocked(work, self.messenger, chat).await {
            Ok(()) => work.tx.release_savepoint().await?,
            Err(failure) => self.go_on_without(work, failure).await?,
        }
        Ok(self.all_ended(dropped, Verdict::Blocked, work.now))
    }

    async fn expire(&self, work: &mut Work, overdue: &[OutboxId]) -> Result<Vec<Finished>, StorageError> {
        if overdue.is_empty() {
            return Ok(Vec::new());
        }
        let expired = store::expire(&mut work.tx, overdue, work.now).await?;
        let (tried, untried): (Vec<_>, Vec<_>) = expired.into_iter().partition(|row| row.attempt > 0);
        let mut finished = self.all_ended(tried, Verdict::Failed, work.now);
        finished.extend(self.all_ended(untried, Verdict::TooLate, work.now));
        Ok(finished)
    }

    /// Tells the modules what has ended, and tells whether they took it.
    async fn tell_at_once(&self, work: &mut Work, finished: &[Finished]) -> Result<bool, StorageError> {
        if finished.is_empty() {
            return Ok(true);
        }
        match self.modules.finished(work, finished).await {
            Err(Failure::Storage(error)) if error.is_passing() => Err(error),
            outcome => Ok(outcome.is_ok()),
        }
    }

    /// The same when one of them may choke. A message that it cannot digest must not hold up all others: then each is told for itself.
    async fn tell_carefully(&self, work: &mut Work, finished: &[Finished]) -> Result<(), StorageError> {
        if finished.is_empty() {
            return Ok(());
        }
        work.tx.savepoint().await?;
        let Err(failure) = self.modules.finished(work, finished).await else {
            return work.tx.release_savepoint().await;
        };
        self.go_on_without(work, failure).await?;
        if let [_] = finished {
            return Ok(());
        }
        for one in finished {
            Box::pin(self.tell_carefully(work, std::slice::from_ref(one))).await?;
        }
        Ok(())
    }

    /// Takes back what a module has half done. Passing trouble of the database is everybody's: then all is tried again later.
    async fn go_on_without(&self, work: &mut Work, failure: Failure) -> Result<(), StorageError> {
        if let Failure::Storage(error) = failure {
            if error.is_passing() {
                return Err(error);
            }
            tracing::error!(channel = %self.channel(), %error, "a module could not note the end of a message");
        } else {
            tracing::error!(channel = %self.channel(), error = %failure, "a module could not note the end of a message");
        }
        metrics::counter!("opora_outbox_untold_total", "channel" => self.messenger.name()).increment(1);
        work.tx.back_to_savepoint().await
    }

    /// Takes what may go. What the modules have just put in rings the bell and is found by the next look.
    async fn take(&self, work: &mut Work, entry: &Entry, waiting: Waiting) -> Result<Page, StorageError> {
        let (under_way, chats): (Vec<OutboxId>, Vec<&String>) =
            entry.under_way.iter().map(|(id, chat)| (*id, chat)).unzip();
        let busy: Vec<&str> = entry.resting.iter().chain(chats).map(String::as_str).collect();
        let [replies, mut others] = entry.wanted;
        let mut page = Page::default();
        for priority in Priority::ALL {
            let limit = if priority == Priority::Reply { replies } else { others };
            if limit <= 0 || !waiting.has(priority) {
                continue;
            }
            let claim = Claim {
                channel: self.channel(),
                rank: priority.rank(),
                limit,
                now: work.now,
                under_way: &under_way,
                busy: &busy,
                in_order: true,
            };
            let (overdue, taken) = self.meet(work, claim).await?;
            // What stood behind them is free now.
            page.more |= !overdue.is_empty();
            page.overdue.extend(overdue);
            let count = i64::try_from(taken.len()).unwrap_or(limit);
            page.more |= count == limit;
            // There is one room for all; replies may have some more of it.
            others = if priority == Priority::Reply { others.min(replies - count) } else { others - count };
            page.taken.extend(taken);
        }
        // After results there is another look at once.
        if !page.more && (entry.wanted != [0, 0] || entry.flown.is_empty()) {
            page.next = store::next_moment(&mut work.tx, self.channel(), work.now).await?;
        }
        Ok(page)
    }

    /// What stands next: what is past its time, and what may go. The former leaves its place to the latter.
    async fn meet(&self, work: &mut Work, claim: Claim<'_>) -> Result<(Vec<OutboxId>, Vec<Claimed>), StorageError> {
        let is_overdue = |row: &Claimed| row.expires_at.is_some_and(|until| until <= claim.now);
        let mut met = flights::store::next(&mut work.tx, claim).await?;
        if met.iter().any(is_overdue) {
            // Seldom alone: there was a standstill.
            met = flights::store::next(&mut work.tx, Claim { limit: claim.limit + OVERDUE_AT_ONCE, ..claim }).await?;
        }
        let (overdue, mut free): (Vec<_>, Vec<_>) = met.into_iter().partition(is_overdue);
        free.truncate(usize::try_from(claim.limit).unwrap_or_default());
        Ok((overdue.into_iter().map(|row| row.id).collect(), free))
    }

    fn all_ended(&self, rows: Vec<Ended>, verdict: Verdict, at: Timestamp) -> Vec<Finished> {
        let channel = self.channel();
        rows.into_iter()
            .map(|row| Finished {
                id: row.id,
                channel,
                recipient: row.recipient,
                person: row.person_id,
                occurrence: row.occurrence_id,
                at,
                verdict,
            })
            .collect()
    }
}

fn count(finished: &[Finished]) {
    for one in finished {
        let result = match one.verdict {
            Verdict::Delivered => "delivered",
            Verdict::Blocked => "blocked",
            Verdict::Failed => "failed",
            Verdict::TooLate => "too_late",
        };
        metrics::counter!("opora_outbox_finished_total", "channel" => one.channel.name(), "result" => result)
            .increment(1);
    }
}
