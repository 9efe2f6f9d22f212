//! What patronage knows of messages that failed and shall go again: whether the reminder is still meant, and whether its citizen can
//! be reached where the message would go.

mod store;

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;

use super::{duties::Patronage, reminders::OccurrenceState};
use crate::{
    Work,
    foundation::{
        errors::Failure,
        ids::{OccurrenceId, PersonId},
    },
    messaging::delivery::resend::{Candidate, Judge, Obstacle},
};

#[async_trait]
impl Judge for Patronage {
    async fn judge(&self, work: &mut Work, candidates: &[Candidate]) -> Result<Vec<Option<Obstacle>>, Failure> {
        let occurrences: Vec<OccurrenceId> = candidates.iter().filter_map(|it| it.occurrence).collect();
        let people: Vec<PersonId> = candidates.iter().filter_map(|it| it.person).collect();
        let facts = Facts {
            reminders: store::reminders(&mut work.tx, &occurrences).await?.into_iter().map(|it| (it.id, it)).collect(),
            deleted: store::deleted(&mut work.tx, &people).await?.into_iter().collect(),
            open: store::open_chats(&mut work.tx, &people).await?.into_iter().collect(),
        };
        Ok(candidates.iter().map(|candidate| facts.obstacle(candidate)).collect())
    }

    async fn gone_again(&self, work: &mut Work, occurrences: &[OccurrenceId]) -> Result<(), Failure> {
        Ok(store::set_out(&mut work.tx, occurrences).await?)
    }
}

/// What the rows say.
struct Facts {
    reminders: HashMap<OccurrenceId, store::Reminder>,
    deleted: HashSet<PersonId>,
    /// Whose chat in which messenger can be written to.
    open: HashSet<(PersonId, String, String)>,
}

impl Facts {
    fn obstacle(&self, candidate: &Candidate) -> Option<Obstacle> {
        // Letters and answers to strangers have no citizen; whom a letter reaches is seen when it leaves.
        let person = candidate.person?;
        if self.deleted.contains(&person) {
            return Some(Obstacle::Deleted);
        }
        if let Some(occurrence) = candidate.occurrence {
            let obstacle = self.reminders.get(&occurrence).map_or(Some(Obstacle::Withdrawn), store::Reminder::obstacle);
            if obstacle.is_some() {
                return obstacle;
            }
        }
        let chat = (person, candidate.channel.clone(), candidate.recipient.clone());
        (!self.open.contains(&chat)).then_some(Obstacle::Unreachable)
    }
}

impl store::Reminder {
    fn obstacle(&self) -> Option<Obstacle> {
        match self.state {
            OccurrenceState::Done | OccurrenceState::Missed => Some(Obstacle::Answered),
            OccurrenceState::Cancelled | OccurrenceState::Excluded => Some(Obstacle::Withdrawn),
            _ => (self.is_ended || self.is_excluded).then_some(Obstacle::Withdrawn),
        }
    }
}
