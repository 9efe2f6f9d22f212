//! The postman: takes letters from the outbox and sends them, again and again for a day if need be.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures::future::join_all;
use lettre::AsyncTransport;
use tokio_util::sync::CancellationToken;

use super::{
    Addressee, Directory, Recipient,
    smtp::{self, MailTrouble, Transport},
};
use crate::{
    App,
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    messaging::outbox::{
        Channel, Fault, Payload, Priority,
        flights::{self, Claim, Claimed, Repetition, Settlement, Turn},
        store,
    },
    schedule::lease::{self, Lease, slow_poll},
    settings::{self, MailSender},
};

/// Who holds it sends the letters.
pub(in crate::messaging) const LEASE: &str = "send email";
/// Letters under way at once; mail servers frown at more.
const AT_ONCE: i64 = 4;
/// Minutes between tries; the last one repeats until a day is over (section 3.7).
const LADDER: [i64; 7] = [1, 5, 15, 60, 120, 240, 480];
/// Then the letter has failed.
const LONGEST: TimeDelta = TimeDelta::hours(24);
const GOODBYE_LIMIT: Duration = Duration::from_secs(5);
const RETRY: TimeDelta = TimeDelta::seconds(5);

/// Sends letters until `cancel`. One process at a time does so; the others wait to take over.
pub async fn run(app: App, directory: Arc<dyn Directory>, cancel: CancellationToken) {
    lease::run_while_held(&app, LEASE, &cancel, |lease, stop| {
        let (app, directory) = (app.clone(), Arc::clone(&directory));
        async move { deliver_all(&app, &*directory, &lease, &stop).await }
    })
    .await;
}

async fn deliver_all(app: &App, directory: &dyn Directory, lease: &Lease, stop: &CancellationToken) {
    let mut ear = app.wake.outbox.listen();
    let mut is_open = false;
    while !stop.is_cancelled() {
        let round = async {
            if !is_open {
                take_over(app, lease).await?;
                is_open = true;
            }
            round(app, directory, lease).await
        };
        let wait = match round.await {
            Ok(0) => slow_poll(app),
            Ok(_) => continue,
            Err(error) => {
                tracing::warn!(%error, "letters could not be taken or settled; trying again");
                // Some may be taken or sent all the same.
                is_open = false;
                RETRY
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = ear.heard() => {}
            () = app.clock.sleep_until(app.clock.now() + wait) => {}
        }
    }
}

/// Sends the letters that are due now and tells how many were tried; 0 also when another process does so.
pub async fn send_waiting(app: &App, directory: &dyn Directory) -> Result<usize, StorageError> {
    let Some(lease) = Lease::take(app, LEASE).await? else { return Ok(0) };
    take_over(app, &lease).await?;
    let mut tried = 0;
    loop {
        match round(app, directory, &lease).await? {
            0 => break,
            count => tried += count,
        }
    }
    lease.release(app).await?;
    Ok(tried)
}

/// A letter that was under way when its sender died, or lost the database, is sent again; its unchanged id lets mailboxes drop a second copy.
async fn take_over(app: &App, lease: &Lease) -> Result<(), StorageError> {
    let now = app.clock.now();
    let mut tx = app.db.begin_aside().await?;
    flights::store::take_over(&mut tx, turn_of(lease), Repetition::Unnoticed, now).await?;
    tx.commit().await
}

fn turn_of(lease: &Lease) -> Turn<'_> {
    Turn { channel: Channel::Email, lease }
}

/// Takes a few letters, sends them and writes what became of them.
async fn round(app: &App, directory: &dyn Directory, lease: &Lease) -> Result<usize, StorageError> {
    // Most calls are for a messenger: a look keeps nobody from writing.
    let waiting = store::waiting(&mut app.db.glance().await?, Channel::Email, app.clock.now()).await?;
    if !waiting.has(Priority::Rest) {
        return Ok(0);
    }
    let mut tx = app.db.begin_aside().await?;
    let letters = take(app, &mut tx, lease).await?;
    if letters.is_empty() {
        tx.rollback().await?;
        return Ok(0);
    }
    let sender = settings::mail_sender(&mut tx, &app.sealer).await?;
    let mut addressed = Vec::new();
    for letter in letters {
        let to = address(directory, &mut tx, &letter.recipient).await?;
        addressed.push((letter, to));
    }
    tx.commit().await?;
    let settlements = match sender {
        Some(sender) => send_all(app, &sender, addressed).await,
        None => addressed.iter().map(|(letter, _)| skipped(letter, app.clock.now(), "mail is not set up")).collect(),
    };
    let mut tx = app.db.begin_aside().await?;
    if flights::store::enter(&mut tx, turn_of(lease), app.clock.now()).await?.is_some() {
        flights::store::settle(&mut tx, &settlements).await?;
        flights::store::list(&mut tx, Channel::Email, &[]).await?;
    }
    tx.commit().await?;
    Ok(settlements.len())
}

/// Takes the next letters; none when it is another process's turn.
async fn take(app: &App, tx: &mut Tx, lease: &Lease) -> Result<Vec<Claimed>, StorageError> {
    let now = app.clock.now();
    if flights::store::enter(tx, turn_of(lease), now).await?.is_none() {
        return Ok(Vec::new());
    }
    let claim = Claim {
        channel: Channel::Email,
        rank: Priority::Rest.rank(),
        limit: AT_ONCE,
        now,
        under_way: &[],
        busy: &[],
        in_order: false,
    };
    let letters = flights::store::next(tx, claim).await?;
    let ids: Vec<_> = letters.iter().map(|letter| letter.id).collect();
    flights::store::list(tx, Channel::Email, &ids).await?;
    Ok(letters)
}

/// The address as it is at this moment; `None` when there is nobody to write to.
async fn address(directory: &dyn Directory, tx: &mut Tx, recipient: &str) -> Result<Option<Addressee>, StorageError> {
    let Ok(recipient) = recipient.parse::<Recipient>() else { return Ok(None) };
    let curator = match recipient {
        Recipient::CuratorOf(citizen) | Recipient::AdministratorBesides(citizen) => {
            directory.curator_of(tx, citizen).await?
        }
        Recipient::Curator(curator) | Recipient::AdministratorBesidesCurator(curator) => {
            directory.curator(tx, curator).await?
        }
        Recipient::Administrator => None,
    };
    if !recipient.is_administrator() {
        return Ok(curator);
    }
    let administrator = settings::admin_email(tx).await?.map(|email| Addressee { name: None, email });
    let same = |one: &Addressee, other: &Addressee| one.email.eq_ignore_ascii_case(&other.email);
    Ok(administrator.filter(|administrator| !curator.is_some_and(|curator| same(&curator, administrator))))
}

async fn send_all(app: &App, sender: &MailSender, letters: Vec<(Claimed, Option<Addressee>)>) -> Vec<Settlement> {
    let transport = smtp::transport(&app.config.mail, sender).await;
    let settlements = join_all(letters.iter().map(|(letter, to)| async {
        let at = app.clock.now();
        let Some(to) = to else { return skipped(letter, at, "nobody to write to") };
        let sent = match &transport {
            Ok(transport) => send(transport, sender, letter, to, at).await,
            Err(trouble) => Err(trouble.clone()),
        };
        settle(letter, app.clock.now(), sent)
    }))
    .await;
    if let Ok(transport) = &transport {
        // A server that does not say goodbye must not hold up the next letters.
        drop(tokio::time::timeout(GOODBYE_LIMIT, transport.shutdown()).await);
    }
    settlements
}

async fn send(
    transport: &Transport,
    sender: &MailSender,
    letter: &Claimed,
    to: &Addressee,
    at: Timestamp,
) -> Result<(), MailTrouble> {
    let Payload::Letter(text) = &letter.payload.0 else {
        return Err(MailTrouble::permanent("not a letter"));
    };
    smtp::send(transport, smtp::compose(sender, to, text, letter.id, at)?).await
}

/// What becomes of a letter.
pub(super) fn settle(letter: &Claimed, at: Timestamp, sent: Result<(), MailTrouble>) -> Settlement {
    let Err(trouble) = sent else {
        metrics::counter!("opora_outbox_finished_total", "channel" => "email", "result" => "delivered").increment(1);
        return settlement(letter, "delivered", Some(at), None, None);
    };
    // From when it was due: a letter that is sent again has its day anew.
    if trouble.is_permanent || at - letter.due_at >= LONGEST {
        tracing::error!(reason = %trouble, "a letter could not be sent");
        metrics::counter!("opora_outbox_finished_total", "channel" => "email", "result" => "failed").increment(1);
        let fault = if trouble.is_permanent { Fault::LetterRefused } else { Fault::GaveUp };
        let failed = settlement(letter, "failed", Some(at), None, Some(trouble.reason));
        return Settlement { fault: Some(fault), ..failed };
    }
    tracing::warn!(reason = %trouble, attempt = letter.attempt, "a letter waits for its next try");
    settlement(letter, "queued", None, Some(at + pause_after(letter.attempt)), Some(trouble.reason))
}

fn pause_after(attempt: i64) -> TimeDelta {
    let step = usize::try_from(attempt - 1).unwrap_or_default().min(LADDER.len() - 1);
    TimeDelta::minutes(LADDER.get(step).copied().unwrap_or(480))
}

fn skipped(letter: &Claimed, at: Timestamp, why: &str) -> Settlement {
    settlement(letter, "skipped", Some(at), None, Some(why.to_owned()))
}

fn settlement(
    letter: &Claimed,
    state: &'static str,
    finished_at: Option<Timestamp>,
    retry_at: Option<Timestamp>,
    last_error: Option<String>,
) -> Settlement {
    Settlement {
        id: letter.id,
        state,
        attempt: letter.attempt,
        retry_at,
        is_repeat: false,
        external_id: None,
        last_error,
        fault: None,
        finished_at,
    }
}
