//! Codes as the card handles them.

use serde_json::{Value, json};

use super::{
    Activation, Link, LinkRow, LinkState, live_links,
    store::{self, Code},
};
use crate::{
    App, Work,
    audit::{self, Entry},
    foundation::{
        chance,
        config::BotMode,
        errors::{Failure, StorageError},
        ids::{CodeId, PersonId},
    },
    messaging::{
        message::{Keyboard, Outgoing},
        outbox,
    },
    patronage::citizens,
    people::access::{Action, Actor},
};

/// Ten decimal digits, easy to dictate (PT-D13).
const CODES: u64 = 10_000_000_000;
/// Drawing a code that is in use is rare enough that so many tries in a row never fail.
const TRIES: usize = 20;
/// Citizens given a code in one transaction.
const BATCH: i64 = 200;

/// How a citizen stands with the bot.
pub async fn state_of(work: &mut Work, person: PersonId) -> Result<Activation, Failure> {
    let sight = work.must(Action::ViewCitizens)?;
    citizens::in_sight(work, sight, person).await?;
    if work.app.config.bot_mode == BotMode::Off {
        return Ok(Activation::NotNeeded);
    }
    let links = live_links(&mut work.tx, person).await?;
    if !links.is_empty() {
        return Ok(connected(&links));
    }
    Ok(match store::live_code(&mut work.tx, person).await? {
        Some(Code { code, valid_until, .. }) if valid_until > work.now => Activation::Waiting { code, valid_until },
        Some(Code { valid_until, .. }) => Activation::Expired { valid_until },
        // A card from times without bots, or one whose code was revoked.
        None => Activation::Missing,
    })
}

fn connected(links: &[Link]) -> Activation {
    let rows =
        links.iter().map(|link| LinkRow { messenger: link.messenger, state: link.state, linked_at: link.linked_at });
    let blocked = links.iter().all(|link| link.state == LinkState::Blocked);
    Activation::Connected { links: rows.collect(), blocked }
}

/// «Продлить срок действия кода» (PT-086): the same code from now on; a card without one gets one. A code that is still valid stays as it is; one that was
/// used meanwhile is refused with `activation-code-used` (PT-D13).
pub async fn extend(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    may_manage(work, person).await?;
    let Some(code) = store::live_code(&mut work.tx, person).await? else {
        return match live_links(&mut work.tx, person).await?.is_empty() {
            true => Ok(issue(work, person).await?),
            false => Err(Failure::refused("activation-code-used")),
        };
    };
    if code.valid_until > work.now {
        return Ok(());
    }
    let until = work.now + work.app.config.activation_code_life();
    if !store::extend(&mut work.tx, code.id, work.now, until).await? {
        return Err(Failure::refused("activation-code-used"));
    }
    note(work, "activation.extended", person, json!({ "valid_until": until })).await?;
    Ok(())
}

/// «Отключить бот» and «Выдать новый код» (PT-091): ends the links and tells their owners, revokes the old code, issues a new
/// one.
pub async fn renew(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    may_manage(work, person).await?;
    end(work, person).await?;
    issue(work, person).await?;
    note(work, "activation.renewed", person, json!({})).await?;
    Ok(())
}

/// Ends the links and tells their owners, and revokes the code: when a new one follows, and when the card is deleted (PT-D12).
pub(in crate::patronage) async fn end(work: &mut Work, person: PersonId) -> Result<(), StorageError> {
    for link in live_links(&mut work.tx, person).await? {
        if store::unlink(&mut work.tx, link.id, work.now).await? {
            say_goodbye(work, &link).await?;
            let changes = json!({ "messenger": link.messenger.name() });
            note(work, "activation.disconnected", person, changes).await?;
        }
    }
    store::revoke(&mut work.tx, person, work.now).await
}

async fn may_manage(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    let sight = work.must(Action::ManageActivation)?;
    citizens::in_sight(work, sight, person).await?;
    match work.app.config.bot_mode {
        BotMode::On => Ok(()),
        BotMode::Off => Err(Failure::NotFound),
    }
}

async fn say_goodbye(work: &mut Work, link: &Link) -> Result<(), StorageError> {
    let text = work.app.house_words().t("activation-access-ended").to_string();
    let goodbye = Outgoing::Say { text, keyboard: Keyboard::RemoveMenu };
    outbox::say(work, link.messenger, &link.chat, Some(link.person), goodbye).await
}

/// The code of a new card, unless the installation works without bots.
pub(in crate::patronage) async fn issue_first(work: &mut Work, person: PersonId) -> Result<(), StorageError> {
    match work.app.config.bot_mode {
        BotMode::On => issue(work, person).await,
        BotMode::Off => Ok(()),
    }
}

async fn issue(work: &mut Work, person: PersonId) -> Result<(), StorageError> {
    let valid_until = work.now + work.app.config.activation_code_life();
    for _ in 0..TRIES {
        let id = CodeId::draw(work.now, &*work.app.chance);
        let code = format!("{:010}", chance::below(&*work.app.chance, CODES));
        let new = Code { id, person, code, valid_until };
        if store::insert(&mut work.tx, &new, work.now).await? {
            return Ok(());
        }
        if store::live_code(&mut work.tx, person).await?.is_some() {
            // Somebody else issued one at the same moment.
            return Ok(());
        }
    }
    Err(StorageError::Inconsistent { table: "activation_codes", column: "code", id: person.to_string() })
}

/// At start: gives a code to every citizen who has neither link nor code, as after switching bots on (PT-D18).
pub async fn issue_missing(app: &App) -> Result<u64, StorageError> {
    let mut issued = 0;
    if app.config.bot_mode == BotMode::Off {
        return Ok(issued);
    }
    let mut after = 0;
    loop {
        // Looked for beside everybody's work: where nothing is missing, all citizens are walked through in vain.
        let mut tx = app.db.read().await?;
        let waiting = store::without_code(&mut tx, after, BATCH).await?;
        drop(tx);
        let Some((last, _)) = waiting.last() else { return Ok(issued) };
        after = *last;
        let mut work = app.begin(Actor::System).await?;
        for (_, person) in &waiting {
            if live_links(&mut work.tx, *person).await?.is_empty() {
                issue(&mut work, *person).await?;
                issued += 1;
            }
        }
        work.commit().await?;
    }
}

async fn note(work: &mut Work, action: &'static str, person: PersonId, changes: Value) -> Result<(), StorageError> {
    audit::note(work, Entry { action, subject: "citizen", subject_id: Some(person.0), changes }).await
}
