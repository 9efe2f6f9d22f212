//! Somebody sends a code to the bot.

use serde_json::json;

use super::{
    Activated, Link, LinkState, link_of,
    store::{self, Code},
};
use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        errors::{Failure, StorageError},
        ids::LinkId,
    },
    messaging::{
        letters::{self, Recipient},
        messenger::Messenger,
        outbox::Letter,
    },
    people::throttle::{self, Verdict},
};

/// Digits of a code.
const DIGITS: usize = 10;
/// The counter of wrong codes in the whole installation.
const EVERYBODY: &str = "activation";

/// Takes a message of an account without a link. Commit whatever the answer: wrong codes are counted.
///
/// The order of the checks follows PT-D14 and PT-D15: a linked account looks up nothing, a refused one consumes nothing, an
/// expired code does not count as wrong. Of several accounts that send one code at the same moment exactly one wins.
pub async fn activate(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
    chat: &str,
    text: &str,
) -> Result<Activated, Failure> {
    let subject = subject_of(messenger, account);
    match weigh(work, messenger, account, text).await? {
        Ok(code) => link(work, &code, messenger, account, chat, &subject).await,
        Err(refused) => Ok(refused),
    }
}

/// Looks whether a message would activate, with the same order of checks, and uses nothing up: before consent is asked for.
/// Commit whatever the answer.
pub async fn would_activate(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
    text: &str,
) -> Result<Result<(), Activated>, Failure> {
    Ok(weigh(work, messenger, account, text).await?.map(drop))
}

fn subject_of(messenger: Messenger, account: &str) -> String {
    format!("activation:{}:{account}", messenger.name())
}

/// The code of the message, or why it is none.
async fn weigh(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
    text: &str,
) -> Result<Result<Code, Activated>, Failure> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return Ok(Err(Activated::NotACode));
    }
    if link_of(&mut work.tx, messenger, account).await?.is_some() {
        return Ok(Err(Activated::AlreadyLinked));
    }
    let subject = subject_of(messenger, account);
    if let Verdict::Refused { minutes } = throttle::look(work, &subject).await?.verdict(work.now) {
        return Ok(Err(Activated::TooMany { minutes }));
    }
    let code = if is_code(text, &digits) { store::by_code(&mut work.tx, &digits).await? } else { None };
    match code {
        None => wrong(work, &subject).await.map(Err),
        Some(code) if code.valid_until <= work.now => Ok(Err(Activated::Expired)),
        Some(code) => Ok(Ok(code)),
    }
}

/// Ten digits, with spaces and hyphens as people write them.
fn is_code(text: &str, digits: &str) -> bool {
    digits.len() == DIGITS && text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || c == '-')
}

async fn wrong(work: &mut Work, subject: &str) -> Result<Activated, Failure> {
    throttle::fail(work, subject, &throttle::ACTIVATION).await?;
    if throttle::fail(work, EVERYBODY, &throttle::INSTALLATION).await? {
        alarm(work).await?;
    }
    Ok(Activated::WrongCode)
}

/// Tells the administrator that somebody tries codes (PT-090).
async fn alarm(work: &mut Work) -> Result<(), StorageError> {
    let letter = {
        let words = work.app.house_words();
        Letter {
            subject: words.t("activation-alarm-subject").to_string(),
            text: words.t("activation-alarm-text").n("count", throttle::INSTALLATION.failures).to_string(),
        }
    };
    let cause = format!("activation-alarm:{}", work.now.timestamp());
    letters::notify(work, Recipient::Administrator, letter, &cause).await
}

/// Makes the link, then uses the code up. Both are guarded by unique rules: whoever comes second finds the person linked, or
/// the code gone, and takes his own link back.
async fn link(
    work: &mut Work,
    code: &Code,
    messenger: Messenger,
    account: &str,
    chat: &str,
    subject: &str,
) -> Result<Activated, Failure> {
    let id = LinkId::draw(work.now, &*work.app.chance);
    let link = Link {
        id,
        person: code.person,
        messenger,
        account: account.to_owned(),
        chat: chat.to_owned(),
        state: LinkState::Linked,
        linked_at: work.now,
    };
    if !store::insert_link(&mut work.tx, &link).await? {
        return match link_of(&mut work.tx, messenger, account).await? {
            Some(_) => Ok(Activated::AlreadyLinked),
            None => wrong(work, subject).await,
        };
    }
    if !store::use_up(&mut work.tx, code.id, work.now).await? {
        store::delete_link(&mut work.tx, id).await?;
        return wrong(work, subject).await;
    }
    throttle::forget(work, subject).await?;
    let changes = json!({ "messenger": messenger.name() });
    let subject_id = Some(code.person.0);
    let entry = Entry { action: "activation.connected", subject: "citizen", subject_id, changes };
    audit::note(work, entry).await?;
    Ok(Activated::Linked { person: code.person })
}

/// Whether so many wrong codes arrive in the whole installation that answers to them are held back by five seconds (PT-D14).
pub async fn answers_are_delayed(work: &mut Work) -> Result<bool, StorageError> {
    let counter = throttle::look(work, EVERYBODY).await?;
    Ok(matches!(counter.verdict(work.now), Verdict::Refused { .. }))
}
