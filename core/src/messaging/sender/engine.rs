//! Decides what is handed over when. One task; messages fly in tasks of their own, the ledger writes beside.

use std::{
    collections::{BTreeMap, HashMap},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use chrono::TimeDelta;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    Adapter, OnOutcome, Outcome,
    agenda::Agenda,
    flight::{fly, measure},
    ledger::{Entry, Keeper, Page},
    pacing::{ChatMeters, Meter, Pace},
    settle::{Flown, pause_after},
};
use crate::{
    App,
    foundation::{clock::Timestamp, errors::StorageError, ids::OutboxId},
    messaging::outbox::flights::{self, Claimed},
    schedule::lease::{Lease, slow_poll},
};

/// Messages in flight at once, should the messenger have no limits. No row is taken before it may be handed over, so a crash leaves
/// no more than these in doubt. Half of them share a transaction, whose cost a message falls with their number.
const IN_FLIGHT: usize = 192;
/// The same where the disk is slow: a commit that takes long is shared by twice as many.
const IN_FLIGHT_ON_A_SLOW_DISK: usize = 2 * IN_FLIGHT;
/// A disk on which a commit takes longer on average is slow.
const SLOW_COMMIT: Duration = Duration::from_millis(5);
/// Room for answers to people beyond that.
const REPLIES: usize = 16;
/// In flight to one messenger at most, answers to people included: as many connections are worth keeping.
pub const MOST_IN_FLIGHT: usize = IN_FLIGHT_ON_A_SLOW_DISK + REPLIES;
/// The messenger's limits leave room for a message at a moment known before: its row is taken so much earlier, which is what
/// making it last costs.
const LEAD: TimeDelta = TimeDelta::milliseconds(20);
/// While half of those who may are in flight, results wait for company, as one transaction serves them all; but no longer than this.
const LONGEST_WAIT: TimeDelta = TimeDelta::milliseconds(5);
/// So many passing failures in a row are the messenger's trouble, not the messages': then one message at a time probes it.
const TROUBLE: i64 = 8;
/// How long to wait when the messenger does not let the bot in.
const NO_ENTRY_PAUSE: TimeDelta = TimeDelta::seconds(60);

/// What was to be written, when that began, and what came of it.
type Written = (Entry, Timestamp, Result<Page, StorageError>);
type Writing = Pin<Box<dyn Future<Output = Written> + Send>>;
/// What flies first: priority, due moment, id.
type Rank = (i64, Timestamp, OutboxId);

/// The sender of one messenger, while it holds the lease.
pub struct Engine {
    app: App,
    adapter: Arc<dyn Adapter>,
    modules: Arc<dyn OnOutcome>,
    lease: Lease,
    meter: Meter,
    chats: ChatMeters,
    /// Taken, and about to be handed over.
    ready: BTreeMap<Rank, Claimed>,
    /// So long it is certain enough that it is still this sender's turn.
    certain_until: Timestamp,
    flight: JoinSet<Flown>,
    /// Whose rows these are, and to which chats they go.
    flying: HashMap<OutboxId, String>,
    landed: Vec<Flown>,
    agenda: Agenda,
    /// Passing failures in a row, of whichever message.
    failures: i64,
    /// More may be listed as under way than is: the ledger failed and may all the same have taken rows that we never saw, or rows were
    /// given back.
    is_unsure: bool,
    /// How long a commit takes, on average of the last few.
    commit_takes: Duration,
    rates: Rates,
    /// Ends as soon as nothing more can go now.
    only_now: bool,
}

/// A messenger's limits in messages a second; 0 = none.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// In all.
    pub bot: f64,
    /// To one chat.
    pub chat: f64,
}

impl Rates {
    /// The time in which an earlier message counts.
    fn rest(self) -> TimeDelta {
        Pace::per_second(self.bot).span().max(Pace::per_second(self.chat).span())
    }
}

impl Engine {
    /// An engine that has sent nothing yet.
    pub fn new(app: App, adapter: Arc<dyn Adapter>, modules: Arc<dyn OnOutcome>, lease: Lease, rates: Rates) -> Self {
        let now = app.clock.now();
        Self {
            meter: Meter::starting(Pace::per_second(rates.bot), now),
            chats: ChatMeters::new(Pace::per_second(rates.chat)),
            agenda: Agenda::starting(now, lease.paused_until, slow_poll(&app)),
            app,
            adapter,
            modules,
            lease,
            ready: BTreeMap::new(),
            certain_until: now,
            flight: JoinSet::new(),
            flying: HashMap::new(),
            landed: Vec::new(),
            failures: 0,
            is_unsure: false,
            commit_takes: Duration::ZERO,
            rates,
            only_now: false,
        }
    }

    /// The same, but ends as soon as nothing more can go now.
    pub fn only_now(mut self) -> Self {
        self.only_now = true;
        self
    }

    /// Sends until `stop`; then waits for what is in flight and gives back what is not.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut ear = self.app.wake.outbox.listen();
        self.open(&stop).await;
        let mut writing: Option<Writing> = None;
        loop {
            self.notice_the_time();
            if stop.is_cancelled() {
                self.give_back();
            } else {
                self.launch();
            }
            if writing.is_none() {
                writing = self.next_entry(stop.is_cancelled()).map(|entry| self.write(entry));
            }
            let over = stop.is_cancelled() || (self.only_now && self.has_nothing_to_do());
            if over && writing.is_none() && self.flight.is_empty() && self.landed.is_empty() && !self.is_unsure {
                return;
            }
            let alarm = self.alarm(writing.is_some());
            let clock = Arc::clone(&self.app.clock);
            tokio::select! {
                () = stop.cancelled(), if !stop.is_cancelled() => {}
                Some(flown) = self.flight.join_next(), if !self.flight.is_empty() => self.land(flown),
                written = async { writing.as_mut().expect("the branch is on only while it writes").await },
                    if writing.is_some() => {
                    writing = None;
                    self.written(written);
                }
                () = ear.heard() => self.agenda.call(),
                () = clock.sleep_until(alarm) => {}
            }
            self.land_all();
        }
    }

    fn has_nothing_to_do(&self) -> bool {
        let now = self.app.clock.now();
        let quiet = self.agenda.quiet_until().is_some_and(|until| until > now);
        self.ready.is_empty() && (!self.agenda.look || quiet)
    }

    /// Takes over from an earlier sender, and keeps the pace even across a restart: if something left a moment ago, waits it out.
    async fn open(&mut self, stop: &CancellationToken) {
        let rest = self.rates.rest();
        while !stop.is_cancelled() {
            let now = self.app.clock.now();
            match self.keeper().open(now - rest).await {
                Ok(was_busy) => {
                    if was_busy && !rest.is_zero() {
                        self.agenda.be_quiet_until(now + rest);
                    }
                    return;
                }
                Err(error) => {
                    tracing::warn!(messenger = self.name(), %error, "the outbox cannot be opened; trying again");
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.app.clock.sleep_until(now + TimeDelta::seconds(1)) => {}
            }
        }
    }

    /// Hands over what may go now.
    fn launch(&mut self) {
        let now = self.app.clock.now();
        if !self.ready.is_empty() && !self.is_certain(now) {
            // Held up for long: the ledger is asked whose turn it is.
            self.is_unsure = true;
            return;
        }
        while self.flight.len() < self.seats(REPLIES) && self.next_launch().is_some_and(|at| at <= now) {
            let Some((_, row)) = self.ready.pop_first() else { return };
            self.meter.launched(now);
            self.flying.insert(row.id, row.recipient.clone());
            self.flight.spawn(fly(self.app.clone(), Arc::clone(&self.adapter), row));
        }
    }

    /// Whether nobody else can have taken the turn so long ago that he hands over the same messages.
    fn is_certain(&self, now: Timestamp) -> bool {
        self.app.db.is_embedded() || now < self.certain_until
    }

    /// How many messages may be in flight at once.
    fn seats(&self, beyond: usize) -> usize {
        if self.failures >= TROUBLE { 1 } else { self.in_flight() + beyond }
    }

    fn in_flight(&self) -> usize {
        if self.commit_takes > SLOW_COMMIT { IN_FLIGHT_ON_A_SLOW_DISK } else { IN_FLIGHT }
    }

    /// When the next message may go, if one is ready.
    fn next_launch(&self) -> Option<Timestamp> {
        self.ready.first_key_value()?;
        self.next_gap()
    }

    /// When the messenger's limits leave room for the next message; `None` while only an answer can.
    fn next_gap(&self) -> Option<Timestamp> {
        let gap = self.meter.next()?;
        Some(self.agenda.quiet_until().map_or(gap, |until| until.max(gap)))
    }

    /// How many rows can be handed over as soon as they are taken: replies, and the rest.
    fn wanted(&self) -> [usize; 2] {
        if self.agenda.quiet_until().is_some() || !self.agenda.look {
            return [0, 0];
        }
        let gaps = self.meter.room(self.agenda.seen, self.agenda.seen + LEAD).saturating_sub(self.ready.len());
        let room = |beyond| self.seats(beyond).saturating_sub(self.ready.len() + self.flight.len()).min(gaps);
        [room(REPLIES), room(0)]
    }

    /// What the ledger should write now, if anything.
    fn next_entry(&mut self, is_stopping: bool) -> Option<Entry> {
        if !self.agenda.may_write() {
            return None;
        }
        let wanted = if is_stopping { [0, 0] } else { self.wanted() };
        let is_urgent = self.agenda.was_set_back || self.is_unsure;
        if self.landed.is_empty() && wanted == [0, 0] && !is_urgent {
            return None;
        }
        if !is_stopping && !is_urgent && !self.is_worth_writing(wanted) {
            return None;
        }
        let (resting, free_at) = self.chats.resting(self.agenda.seen);
        let resting = resting.into_iter().map(str::to_owned).collect();
        if wanted != [0, 0] {
            self.agenda.looks(free_at);
        }
        let silent_until = self.agenda.silent_until.take();
        let wanted = wanted.map(|rows| i64::try_from(rows).unwrap_or(i64::MAX));
        let was_set_back = std::mem::take(&mut self.agenda.was_set_back);
        let is_unsure = std::mem::take(&mut self.is_unsure);
        let (under_way, flown) = (self.under_way(), std::mem::take(&mut self.landed));
        Some(Entry { flown, wanted, resting, under_way, is_unsure, silent_until, was_set_back })
    }

    /// What is in flight or ready, and to which chats.
    fn under_way(&self) -> Vec<(OutboxId, String)> {
        let flying = self.flying.iter().map(|(id, chat)| (*id, chat.clone()));
        flying.chain(self.ready.values().map(|row| (row.id, row.recipient.clone()))).collect()
    }

    /// A transaction is as dear for one row as for many: with many in flight it waits a little for more, but never lets an answer
    /// to a person wait.
    fn is_worth_writing(&self, wanted: [usize; 2]) -> bool {
        let company = self.in_flight() / 2;
        let is_busy = self.flight.len() >= company;
        let is_late = self.landed.first().is_some_and(|first| first.at + LONGEST_WAIT <= self.agenda.seen);
        !is_busy || is_late || self.landed.len() >= company || wanted[1] >= company || self.agenda.is_called
    }

    fn write(&self, entry: Entry) -> Writing {
        let (app, adapter) = (self.app.clone(), Arc::clone(&self.adapter));
        let (modules, lease) = (Arc::clone(&self.modules), self.lease.clone());
        Box::pin(async move {
            let keeper = Keeper {
                app: &app,
                messenger: adapter.messenger(),
                abilities: adapter.abilities(),
                lease: &lease,
                modules: &*modules,
            };
            let began = app.clock.now();
            let page = keeper.write(&entry).await;
            (entry, began, page)
        })
    }

    fn keeper(&self) -> Keeper<'_> {
        Keeper {
            app: &self.app,
            messenger: self.adapter.messenger(),
            abilities: self.adapter.abilities(),
            lease: &self.lease,
            modules: &*self.modules,
        }
    }

    fn written(&mut self, (entry, began, page): Written) {
        match page {
            Ok(page) if page.turn_is_over => {
                // Its lease ends at the next heartbeat; until then nothing is handed over.
                self.ready.clear();
            }
            Ok(page) => {
                // A rival needs longer than whoever only asks, however slow the database is.
                let asked_at = if entry.is_unsure { self.app.clock.now() } else { began };
                self.certain_until = asked_at + flights::GOOD_FOR;
                self.commit_takes = (self.commit_takes * 3 + page.commit_took) / 4;
                // A chat whose message has landed may have another one waiting.
                self.agenda.look |= page.more || !entry.flown.is_empty();
                self.agenda.look_again_at(page.next);
                self.ready.extend(page.taken.into_iter().map(|row| ((row.priority, row.due_at, row.id), row)));
                if self.agenda.quiet_until().is_some() {
                    self.give_back();
                }
            }
            Err(error) => {
                tracing::warn!(messenger = self.name(), %error, "the outbox could not be written; trying again");
                self.landed.splice(0..0, entry.flown);
                self.agenda.ledger_failed(self.app.clock.now(), entry.silent_until, entry.was_set_back);
                self.is_unsure = true;
            }
        }
    }

    fn land_all(&mut self) {
        while let Some(flown) = self.flight.try_join_next() {
            self.land(flown);
        }
    }

    fn land(&mut self, flown: Result<Flown, tokio::task::JoinError>) {
        // Flights catch panics themselves and nobody aborts them, so there is no other way to fail.
        let Ok(flown) = flown else { return };
        self.flying.remove(&flown.row.id);
        self.meter.landed(flown.at);
        self.chats.landed(&flown.row.recipient, flown.at);
        match &flown.outcome {
            Outcome::TooMany { retry_after } => self.too_many(flown.at, *retry_after),
            Outcome::NoEntry(why) => {
                tracing::error!(messenger = self.name(), why, "the messenger does not let the bot in: check its token");
                self.pause(flown.at + NO_ENTRY_PAUSE, "no_entry");
            }
            Outcome::Temporary(why) | Outcome::Unknown(why) => self.trouble(flown.at, why),
            Outcome::Delivered { .. } | Outcome::Blocked | Outcome::Refused(_) => self.failures = 0,
        }
        if flown.row.priority == 1 && matches!(flown.outcome, Outcome::Delivered { .. }) {
            let lag = (flown.at - flown.row.due_at).as_seconds_f64();
            metrics::histogram!("opora_due_lag_seconds", "channel" => self.name()).record(lag);
        }
        self.landed.push(flown);
    }

    /// Telegram does not say whether the bot or one chat was too fast, so the whole bot is silent as long as told (PT-D41).
    fn too_many(&mut self, at: Timestamp, retry_after: Duration) {
        let wait = TimeDelta::from_std(retry_after).unwrap_or(TimeDelta::days(1));
        tracing::warn!(messenger = self.name(), seconds = wait.num_seconds(), "too many requests; silent as told");
        let until = at + wait;
        self.agenda.silent_until = self.agenda.silent_until.max(Some(until));
        self.pause(until, "too_many");
    }

    fn trouble(&mut self, at: Timestamp, why: &str) {
        self.failures += 1;
        if self.failures < TROUBLE {
            return;
        }
        tracing::warn!(messenger = self.name(), why, failures = self.failures, "the messenger has trouble; probing it");
        self.pause(at + pause_after(self.failures - TROUBLE + 1), "trouble");
    }

    fn pause(&mut self, until: Timestamp, reason: &'static str) {
        metrics::counter!("opora_outbox_pauses_total", "channel" => self.name(), "reason" => reason).increment(1);
        self.agenda.be_quiet_until(until);
        self.give_back();
    }

    /// Gives rows back that were taken but not handed over.
    fn give_back(&mut self) {
        self.is_unsure |= !self.ready.is_empty();
        self.ready.clear();
    }

    /// When something is to be done even if nobody calls.
    fn alarm(&self, is_writing: bool) -> Timestamp {
        let seen = self.agenda.seen;
        let has_seat = self.flight.len() < self.seats(0);
        let launch = self.next_launch().filter(|_| has_seat && self.is_certain(seen));
        // Rows for the next gap are taken a little before it.
        let is_open = self.agenda.look && self.agenda.quiet_until().is_none() && has_seat && self.ready.is_empty();
        let take = self.next_gap().map(|gap| gap - LEAD).filter(|at| is_open && *at > seen);
        let record = self.landed.first().map(|first| first.at + LONGEST_WAIT);
        let write = [take, record].into_iter().flatten().min().filter(|_| !is_writing);
        self.agenda.alarm(launch, write)
    }

    /// Looks again when it is time to, and keeps distances when the clock is set back.
    fn notice_the_time(&mut self) {
        if let Some(by) = self.agenda.notice(self.app.clock.now()) {
            self.meter.set_back(by);
            self.chats.set_back(by);
        }
        if self.agenda.is_time_to_measure() {
            tokio::spawn(measure(self.app.clone(), self.adapter.messenger()));
        }
    }

    fn name(&self) -> &'static str {
        self.adapter.messenger().name()
    }
}
