//! What comes due: one transaction claims a batch of series, writes their occurrences and messages and moves the cursors on.

mod decide;
mod letters;
mod store;
mod summary;

pub(super) use store::obstacles;
pub use summary::summarise_missed;

use std::collections::BTreeSet;

use decide::{Facts, Reachable, Verdict, decide};
use store::{Due, Link};

use super::{
    exclusions::Exclusions,
    message::Wording,
    occurrence::{self, Occurrence},
    series::Cursor,
    state::{OccurrenceState, Reason},
};
use crate::{
    foundation::{
        changes::Mark,
        clock::Timestamp,
        config::BotMode,
        db::Tx,
        errors::{Failure, StorageError},
        ids::{OccurrenceId, SeriesId},
    },
    messaging::outbox::{self, Channel, Draft, Payload, Priority},
    people::access::Actor,
    schedule::recurrence::Repetition,
    work::App,
};

/// What one claim did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Claimed {
    /// Handed to the outbox.
    pub sent: usize,
    /// Curators' own reminders that fired.
    pub fired: usize,
    /// Not sent because the grace had passed (PT-D40).
    pub too_late: usize,
    /// Not sent for another reason: no link, blocked, no messenger in use.
    pub undelivered: usize,
    /// Whether more is due already.
    pub more: bool,
}

/// Claims at most `limit` due series, in order of due time. Several workers may do it at once: each series goes to one of them
/// (PT-D42).
pub async fn claim(app: &App, limit: u32) -> Result<Claimed, Failure> {
    let ahead = prepare_ahead(app, limit).await?;
    let mut work = app.begin(Actor::System).await?;
    let batch = match ahead {
        Some((mark, batch)) if work.tx.is_first_since(mark).await? => batch,
        _ => Batch::prepare(app, &mut work.tx, work.now, limit).await?,
    };
    let Batch { occurrences, messages, moves, claimed } = batch;
    if moves.is_empty() {
        return Ok(claimed);
    }
    occurrence::store::insert(&mut work.tx, &occurrences).await?;
    outbox::put_many(&mut work, &messages).await?;
    for fired in occurrences.iter().filter(|row| !row.kind.is_for_citizen()) {
        letters::fire(&mut work, fired).await?;
    }
    let moved = store::advance(&mut work.tx, &moves).await?;
    if moved != u64::try_from(moves.len()).unwrap_or_default() {
        return Err(
            StorageError::Inconsistent { table: "series", column: "next_due_at", id: "claimed".to_owned() }.into()
        );
    }
    work.commit().await?;
    Ok(claimed)
}

/// Where it can be known whether anything changes until it is written, everything is prepared beforehand: meanwhile others can write.
async fn prepare_ahead(app: &App, limit: u32) -> Result<Option<(Mark, Batch)>, StorageError> {
    let Some((mark, mut tx)) = app.db.look_ahead().await? else { return Ok(None) };
    let batch = Batch::prepare(app, &mut tx, app.clock.now(), limit).await?;
    tx.rollback().await?;
    Ok(Some((mark, batch)))
}

/// The next moment at which something comes due; it may have passed.
pub async fn next_moment(app: &App) -> Result<Option<Timestamp>, Failure> {
    Ok(store::next_moment(&mut app.db.glance().await?).await?)
}

fn is_more_due(moves: &[(SeriesId, Option<Cursor>)], now: Timestamp, found: usize, limit: u32) -> bool {
    let is_due_again = moves.iter().any(|(_, next)| next.is_some_and(|next| next.due_at <= now));
    is_due_again || u32::try_from(found).unwrap_or(u32::MAX) >= limit
}

/// Where the cursors go. A deleted card has nothing to come.
async fn next_cursors(tx: &mut Tx, due: &[Due]) -> Result<Vec<(SeriesId, Option<Cursor>)>, StorageError> {
    let goes_on = |it: &&Due| !it.is_deleted && it.series.plan.rule.repetition != Repetition::Once;
    let hindered: Vec<SeriesId> =
        due.iter().filter(goes_on).filter(|it| it.has_obstacles).map(|it| it.series.id).collect();
    let obstacles = store::obstacles(tx, &hindered).await?;
    let none = (Exclusions::default(), BTreeSet::new());
    let next_of = |it: &Due| {
        let (exclusions, taken) = obstacles.get(&it.series.id).unwrap_or(&none);
        let plan = &it.series.plan;
        let after = plan.rule.after(it.series.cursor?.ordinal);
        plan.cursor_from(after, exclusions, taken, it.zones.of(plan.kind))
    };
    Ok(due.iter().map(|it| (it.series.id, Some(it).filter(goes_on).and_then(next_of))).collect())
}

/// What a claim writes.
#[derive(Default)]
struct Batch {
    occurrences: Vec<Occurrence>,
    messages: Vec<Draft>,
    /// Where the cursors go.
    moves: Vec<(SeriesId, Option<Cursor>)>,
    claimed: Claimed,
}

impl Batch {
    /// Takes what is due at `now` and decides about it.
    async fn prepare(app: &App, tx: &mut Tx, now: Timestamp, limit: u32) -> Result<Self, StorageError> {
        let due = store::claim(tx, app.config.time_zone, now, limit).await?;
        let moves = next_cursors(tx, &due).await?;
        let mut batch = Self::of(app, now, &due);
        batch.claimed.more = is_more_due(&moves, now, due.len(), limit);
        batch.moves = moves;
        Ok(batch)
    }

    fn of(app: &App, now: Timestamp, due: &[Due]) -> Self {
        let wording = Wording::of(app.house_words());
        let mut batch = Self::default();
        for it in due.iter().filter(|it| !it.is_deleted) {
            let Some(next) = it.series.cursor else { continue };
            batch.add(app, &wording, now, it, next);
        }
        batch
    }

    fn add(&mut self, app: &App, wording: &Wording<'_>, now: Timestamp, it: &Due, next: Cursor) {
        let plan = &it.series.plan;
        let moment = plan.moment(next.date, it.zones.of(plan.kind));
        let facts = Facts {
            kind: plan.kind,
            due_at: next.due_at,
            moment,
            bot_is_on: app.config.bot_mode == BotMode::On,
            reach: reach_of(&it.links),
        };
        let id = OccurrenceId::draw(now, &*app.chance);
        let mut row = Occurrence::of(id, &it.series, next.ordinal, next.date, moment, OccurrenceState::Sending);
        match decide(&facts, now, app.config.late_send_grace()) {
            Verdict::Send { is_late, until } => {
                self.claimed.sent += 1;
                let text = wording.text(&row.line(), is_late);
                let links = it.links.iter().filter(|link| !link.is_blocked);
                self.messages.extend(links.map(|link| message(wording, &row, link, next.due_at, until, text.clone())));
            }
            Verdict::Fire => {
                self.claimed.fired += 1;
                row.state = OccurrenceState::Awaiting;
                row.delivered_at = Some(now);
            }
            Verdict::GiveUp(reason) => {
                row.state = OccurrenceState::Undelivered;
                row.reason = Some(reason);
                row.summary_pending = reason == Reason::TooLate;
                *(if row.summary_pending { &mut self.claimed.too_late } else { &mut self.claimed.undelivered }) += 1;
            }
        }
        self.occurrences.push(row);
    }
}

fn reach_of(links: &[Link]) -> Reachable {
    match links {
        [] => Reachable::NotLinked,
        links if links.iter().all(|link| link.is_blocked) => Reachable::Blocked,
        _ => Reachable::Yes,
    }
}

fn message(
    wording: &Wording<'_>,
    row: &Occurrence,
    link: &Link,
    due_at: Timestamp,
    until: Timestamp,
    text: String,
) -> Draft {
    Draft {
        channel: Channel::Messenger(link.messenger),
        recipient: link.chat.clone(),
        person: Some(row.person),
        occurrence: Some(row.id),
        cause: None,
        priority: Priority::Reminder,
        payload: Payload::Message(wording.message(row.id, text)),
        due_at,
        expires_at: Some(until),
    }
}
