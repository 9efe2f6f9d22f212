//! One letter to each curator about the reminders that were not sent because we were down (PT-D40).

use std::collections::BTreeMap;

use super::store::{self, TooLate};
use crate::{
    foundation::{
        errors::{Failure, StorageError},
        ids::PersonId,
    },
    messaging::{
        letters::{self, Recipient},
        outbox::Letter,
    },
    patronage::citizens,
    people::access::Actor,
    words::{Dictionary, format},
    work::{App, Work},
};

/// Reminders named in one letter; the rest is only counted.
const NAMED: usize = 200;

/// Writes each curator one letter about the reminders that were not sent because we were down. Citizens without a curator are
/// reported to the administrator. Returns the number of letters.
pub async fn summarise_missed(app: &App) -> Result<usize, Failure> {
    let mut work = app.begin(Actor::System).await?;
    let mut by_curator: BTreeMap<Option<PersonId>, Vec<TooLate>> = BTreeMap::new();
    for it in store::take_too_late(&mut work.tx).await? {
        by_curator.entry(it.curator_id).or_default().push(it);
    }
    for (curator, missed) in &by_curator {
        let Some(last) = missed.last() else { continue };
        let cause = format!("too-late:{}", last.id);
        let letter = letter(&mut work, missed).await?;
        let to = curator.map_or(Recipient::Administrator, Recipient::Curator);
        letters::notify(&mut work, to, letter, &cause).await?;
    }
    work.commit().await?;
    Ok(by_curator.len())
}

async fn letter(work: &mut Work, missed: &[TooLate]) -> Result<Letter, StorageError> {
    let app = work.app.clone();
    let words = app.house_words();
    let mut names: BTreeMap<PersonId, Option<String>> = BTreeMap::new();
    let mut lines = vec![words.t("reminders-missed-intro").n("count", count(missed.len())).to_string(), String::new()];
    for it in missed.iter().take(NAMED) {
        if let std::collections::btree_map::Entry::Vacant(e) = names.entry(it.person_id) {
            let citizen = citizens::of_person(&mut work.tx, app.config.time_zone, it.person_id).await?;
            e.insert(citizen.map(|citizen| citizen.name.full()));
        }
        // A card deleted meanwhile has no name any more.
        if let Some(Some(name)) = names.get(&it.person_id) {
            lines.push(line(words, it, name));
        }
    }
    if let Some(more) = missed.len().checked_sub(NAMED).filter(|more| *more > 0) {
        lines.push(words.t("reminders-more").n("count", count(more)).to_string());
    }
    Ok(Letter { subject: words.t("reminders-missed-subject").to_string(), text: lines.join("\n") })
}

fn line(words: &Dictionary, it: &TooLate, name: &str) -> String {
    let kind = words.t(it.kind.label_key());
    format!("{}, {} — {name}: {kind}", format::date(it.local_date), format::time(it.local_time))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
