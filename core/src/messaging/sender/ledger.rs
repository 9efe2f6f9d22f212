//! One transaction of the engine: writes what became of many messages, tells the modules, and takes the next ones.

use std::collections::BTreeSet;

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
            store::{self, Claim, Claimed, Ended, Waiting},
        },
    },
    people::access::Actor,
    schedule::lease::Lease,
};

/// What the transaction shall do.
#[derive(Debug)]
pub struct Entry {
    /// What came back.
    pub flown: Vec<Flown>,
    /// How many more rows to take of replies, and of the rest.
    pub wanted: [i64; 2],
    /// Chats that must rest.
    pub resting: Vec<String>,
    /// The messenger asked for silence until then; a restart must not forget it.
    pub silent_until: Option<Timestamp>,
    /// The clock was set back: what waits by the old time is to be called.
    pub was_set_back: bool,
    /// After a failure: all that is under way. A commit whose confirmation got lost may have taken more.
    pub ours: Option<BTreeSet<OutboxId>>,
}

/// What the transaction found.
#[derive(Debug)]
pub struct Page {
    /// Rows taken.
    pub taken: Vec<Claimed>,
    /// Whether more may be due now.
    pub more: bool,
    /// When the queue changes by itself next.
    pub next: Option<Timestamp>,
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
        let was_busy = store::was_busy(&mut work.tx, self.channel(), since).await?;
        let over = store::TakeOver {
            channel: self.channel(),
            epoch: self.lease.epoch,
            once: !self.abilities.recognises_repetition,
            now: work.now,
        };
        self.take_over(&mut work, over).await?;
        store::keep_to_the_clock(&mut work.tx, self.channel(), work.now, LONGEST_PAUSE).await?;
        work.commit().await?;
        Ok(was_busy)
    }

    async fn take_over(&self, work: &mut Work, over: store::TakeOver) -> Result<(), StorageError> {
        let (again, lost) = store::take_over(&mut work.tx, over).await?;
        if again > 0 {
            tracing::warn!(channel = %self.channel(), again, "messages were under way when their sender died; they are repeated");
            metrics::counter!("opora_outbox_unknown_total", "channel" => self.messenger.name()).increment(again);
            incidents::note_crash(&mut work.tx, self.channel(), work.now).await?;
        }
        let finished = self.all_ended(lost, Verdict::Failed, work.now);
        self.tell_carefully(work, &finished).await
    }

    /// Does all of it in one transaction.
    pub async fn write(&self, entry: &Entry) -> Result<Page, StorageError> {
        self.write_with(entry, Telling::AllAtOnce).await
    }

    async fn write_with(&self, entry: &Entry, telling: Telling) -> Result<Page, StorageError> {
        // Of what decides about the next messages only a link changes here.
        let may_block = entry.flown.iter().any(|it| it.outcome == Some(Outcome::Blocked));
        let mut work = match may_block {
            true => self.app.begin(Actor::System).await?,
            false => self.app.begin_aside(Actor::System).await?,
        };
        if let Some(until) = entry.silent_until {
            self.lease.pause(&mut work.tx, until).await?;
        }
        if entry.was_set_back {
            store::keep_to_the_clock(&mut work.tx, self.channel(), work.now, LONGEST_PAUSE).await?;
        }
        let mut finished = self.record(&mut work, &entry.flown).await?;
        if let Some(ours) = &entry.ours {
            store::give_back_unseen(&mut work.tx, self.channel(), self.lease.epoch, ours).await?;
        }
        let waiting = store::waiting(&mut work.tx, self.channel(), work.now).await?;
        if waiting.overdue {
            finished.extend(self.expire(&mut work).await?);
        }
        match telling {
            Telling::AllAtOnce if !self.tell_at_once(&mut work, &finished).await? => {
                // All is taken back and begun anew.
                drop(work);
                return Box::pin(self.write_with(entry, Telling::Carefully)).await;
            }
            Telling::AllAtOnce => {}
            Telling::Carefully => self.tell_carefully(&mut work, &finished).await?,
        }
        let page = self.take(&mut work, entry, waiting).await?;
        work.commit().await?;
        count(&finished);
        Ok(page)
    }

    async fn record(&self, work: &mut Work, flown: &[Flown]) -> Result<Vec<Finished>, StorageError> {
        let settled: Vec<_> = flown.iter().map(|it| settle(it, self.channel(), self.abilities)).collect();
        let settlements: Vec<_> = settled.iter().map(|it| it.settlement.clone()).collect();
        let ours: std::collections::HashSet<OutboxId> =
            store::settle(&mut work.tx, self.lease.epoch, &settlements).await?.into_iter().collect();
        if ours.len() < flown.len() {
            tracing::warn!(channel = %self.channel(), lost = flown.len() - ours.len(), "results came after a take-over");
        }
        incidents::note(&mut work.tx, self.channel(), flown, |id| ours.contains(&id)).await?;
        let mut finished: Vec<_> =
            settled.into_iter().filter_map(|it| it.finished).filter(|it| ours.contains(&it.id)).collect();
        let blocked = flown.iter().filter(|it| it.outcome == Some(Outcome::Blocked) && ours.contains(&it.row.id));
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

    async fn expire(&self, work: &mut Work) -> Result<Vec<Finished>, StorageError> {
        let (tried, untried): (Vec<_>, Vec<_>) =
            store::expire(&mut work.tx, self.channel(), work.now).await?.into_iter().partition(|row| row.attempt > 0);
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
        let resting: Vec<&str> = entry.resting.iter().map(String::as_str).collect();
        let [replies, mut others] = entry.wanted;
        let mut page = Page { taken: Vec::new(), more: false, next: None };
        for priority in Priority::ALL {
            let limit = if priority == Priority::Reply { replies } else { others };
            if limit <= 0 || !waiting.has(priority) {
                continue;
            }
            let claim = Claim {
                channel: self.channel(),
                rank: priority.rank(),
                limit,
                lease: self.lease.name,
                epoch: self.lease.epoch,
                now: work.now,
                resting: &resting,
                in_order: true,
            };
            let taken = store::claim(&mut work.tx, claim).await?;
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
