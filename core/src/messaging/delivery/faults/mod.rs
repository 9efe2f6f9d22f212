//! What did not arrive, by reason: counted up to a limit, and listed by pages.

pub(super) mod store;

use uuid::Uuid;

use crate::{
    Work,
    foundation::{
        clock::Timestamp,
        errors::{Failure, StorageError},
        ids::{OutboxId, PersonId},
        page::{Cursor, Direction, PAGE_ROWS, Page},
    },
    messaging::{
        message::Outgoing,
        outbox::{Channel, Fault, Payload, Priority},
    },
    people::{access::Action, name::FullName},
};

/// Of one channel and reason so many are counted at most.
pub const COUNTED_AT_MOST: i64 = 1000;

/// Which failures are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FaultFilter {
    /// Of this channel only.
    pub channel: Option<Channel>,
    /// For this reason only.
    pub fault: Option<Fault>,
}

impl FaultFilter {
    /// Every channel with every reason that is meant.
    pub(super) fn kinds(self) -> Vec<(Channel, Fault)> {
        let channels = Channel::ALL.into_iter().filter(|channel| self.channel.is_none_or(|only| only == *channel));
        let faults = |channel| {
            let faults = Fault::ALL.into_iter().filter(|fault| self.fault.is_none_or(|only| only == *fault));
            faults.map(move |fault| (channel, fault))
        };
        channels.flat_map(faults).collect()
    }
}

/// How many messages of a channel failed for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Of this channel.
    pub channel: Channel,
    /// For this reason.
    pub fault: Fault,
    /// So many; at [`COUNTED_AT_MOST`] there may be more.
    pub number: i64,
    /// Of these, those whose time is not over.
    pub in_time: i64,
}

/// A message that did not arrive.
#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    /// The row of the outbox.
    pub id: OutboxId,
    /// Which way it should have gone.
    pub channel: Channel,
    /// Why it did not.
    pub fault: Fault,
    /// What the messenger or mail server said.
    pub said: Option<String>,
    /// What it was.
    pub what: What,
    /// The person it was for, with the name.
    pub person: Option<(PersonId, FullName)>,
    /// Whether that person has a card that can be opened.
    pub has_card: bool,
    /// When it ended.
    pub at: Option<Timestamp>,
    /// Whether it may be sent again: its time is not over.
    pub is_in_time: bool,
}

/// What a message is, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A reminder.
    Reminder,
    /// An answer to what somebody wrote or pressed.
    Reply,
    /// A change of a message that was sent before.
    Change,
    /// Any other message.
    Message,
    /// A letter with this subject.
    Letter(String),
}

impl What {
    pub(super) fn of(payload: &Payload, priority: i64) -> Self {
        match payload {
            Payload::Letter(letter) => Self::Letter(letter.subject.clone()),
            Payload::Message(Outgoing::Edit { .. } | Outgoing::Leave) => Self::Change,
            Payload::Message(Outgoing::Answer { .. }) => Self::Reply,
            Payload::Message(Outgoing::Say { .. }) => match Priority::of_rank(priority) {
                Priority::Reply => Self::Reply,
                Priority::Reminder => Self::Reminder,
                Priority::Rest => Self::Message,
            },
        }
    }
}

/// How many messages failed, by channel and reason; only what there is.
pub async fn counts(work: &mut Work, filter: FaultFilter) -> Result<Vec<Count>, Failure> {
    work.must(Action::HandleDelivery)?;
    Ok(count(work, filter, COUNTED_AT_MOST).await?)
}

pub(super) async fn count(work: &mut Work, filter: FaultFilter, limit: i64) -> Result<Vec<Count>, StorageError> {
    let now = work.now;
    let mut counts = store::counts(&mut work.tx, &filter.kinds(), now, limit).await?;
    counts.retain(|count| count.number > 0);
    Ok(counts)
}

/// What failed, the latest first.
pub async fn list(work: &mut Work, filter: FaultFilter, cursor: Option<Cursor>) -> Result<Page<Failed>, Failure> {
    work.must(Action::HandleDelivery)?;
    let place = cursor.as_ref().and_then(Cursor::key::<OutboxId>);
    let cursor = cursor.filter(|_| place.is_some());
    let is_back = cursor.as_ref().is_some_and(|cursor| cursor.direction() == Direction::Before);
    let range = match place {
        None => Range::default(),
        Some(place) if is_back => Range { from: beside(place, 1), ..Range::default() },
        Some(place) => Range { to: beside(place, -1), ..Range::default() },
    };
    let found = store::ids(&mut work.tx, &filter.kinds(), range, is_back, PAGE_ROWS + 1).await?;
    let page = Page::of(found, PAGE_ROWS, cursor.as_ref(), |id| *id);
    let now = work.now;
    let mut rows = store::rows(&mut work.tx, &page.items, now).await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    Ok(Page { items: rows, before: page.before, after: page.after })
}

/// Ids from … to …, both included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    /// The smallest.
    pub from: OutboxId,
    /// The greatest.
    pub to: OutboxId,
}

impl Default for Range {
    fn default() -> Self {
        Self { from: OutboxId(Uuid::nil()), to: OutboxId(Uuid::max()) }
    }
}

/// The next id, or the one before.
pub(super) fn beside(id: OutboxId, step: i128) -> OutboxId {
    OutboxId(Uuid::from_u128(id.0.as_u128().saturating_add_signed(step)))
}
