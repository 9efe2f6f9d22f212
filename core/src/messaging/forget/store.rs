//! SQL of forgetting: outbox, inbox and web chats of one person.

use sqlx::types::Json;

use crate::{
    foundation::{
        clock::Timestamp,
        db::{Tx, exactly_one},
        errors::StorageError,
        ids::{OutboxId, PersonId, WebChatId},
    },
    messaging::{
        messenger::Messenger,
        outbox::{Channel, Payload},
    },
    on_backend,
};

/// Deletes what was said to the person in this chat, and what was said there to nobody in particular before `before`. The messages
/// of reminders are left to whoever knows the reminders.
pub(super) async fn delete_messages(
    tx: &mut Tx,
    channel: Channel,
    chat: &str,
    person: PersonId,
    before: Timestamp,
) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM outbox WHERE channel = $1 AND recipient = $2 AND occurrence_id IS NULL
        AND (person_id = $3 OR (person_id IS NULL AND created_at < $4))";
    on_backend!(tx, |c| {
        sqlx::query(SQL).bind(channel.name()).bind(chat).bind(person).bind(before).execute(c).await.map(drop)?;
    });
    Ok(())
}

/// Deletes letters to this recipient.
pub(super) async fn delete_letters(tx: &mut Tx, recipient: &str) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM outbox WHERE channel = 'email' AND recipient = $1 AND occurrence_id IS NULL";
    on_backend!(tx, |c| sqlx::query(SQL).bind(recipient).execute(c).await.map(drop)?);
    Ok(())
}

/// Letters in which `name` stands.
pub(super) async fn letters_with(tx: &mut Tx, name: &str) -> Result<Vec<(OutboxId, Payload)>, StorageError> {
    const SQL: &str = "SELECT id, payload FROM outbox WHERE channel = 'email' AND occurrence_id IS NULL
        AND CAST(payload AS TEXT) LIKE $1 ESCAPE '!'";
    // As it stands in JSON, then as LIKE takes it.
    let written = serde_json::Value::from(name).to_string();
    let bare = written.trim_matches('"').replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let pattern = format!("%{bare}%");
    let rows: Vec<(OutboxId, Json<Payload>)> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(pattern).fetch_all(c).await?);
    Ok(rows.into_iter().map(|(id, payload)| (id, payload.0)).collect())
}

/// Gives a letter another text.
pub(super) async fn rewrite(tx: &mut Tx, id: OutboxId, payload: &Payload) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE outbox SET payload = $2 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(Json(payload)).execute(c).await?.rows_affected());
    exactly_one("outbox", id, rows)
}

/// Empties what arrived from this chat before `before`. The update's number stays, so that it is not taken a second time.
pub(super) async fn empty_updates(
    tx: &mut Tx,
    messenger: Messenger,
    chat: &str,
    before: Timestamp,
    now: Timestamp,
) -> Result<(), StorageError> {
    const SQL: &str =
        "UPDATE inbox SET payload = '{}', chat = '', last_error = NULL, processed_at = COALESCE(processed_at, $4)
        WHERE messenger = $1 AND chat = $2 AND received_at < $3";
    on_backend!(tx, |c| {
        sqlx::query(SQL).bind(messenger).bind(chat).bind(before).bind(now).execute(c).await.map(drop)?;
    });
    Ok(())
}

/// Deletes the lines of a web chat written before `before`.
pub(super) async fn delete_lines(tx: &mut Tx, chat: WebChatId, before: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM web_messages WHERE chat_id = $1 AND created_at < $2";
    on_backend!(tx, |c| sqlx::query(SQL).bind(chat).bind(before).execute(c).await.map(drop)?);
    Ok(())
}

/// Deletes a web chat without lines.
pub(super) async fn delete_web_chat(tx: &mut Tx, chat: WebChatId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM web_chats WHERE id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(chat).execute(c).await.map(drop)?);
    Ok(())
}

/// Deletes at most `limit` lines typed before `before`; names of files stay.
pub(super) async fn delete_typed(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, StorageError> {
    const SQL: &str = "DELETE FROM web_messages WHERE id IN (SELECT id FROM web_messages
        WHERE author = 'citizen' AND NOT is_file AND created_at < $1 ORDER BY created_at LIMIT $2)";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(before).bind(limit).execute(c).await?.rows_affected()))
}

/// Web chats not seen since `before`, the oldest first.
pub(super) async fn unseen(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<Vec<WebChatId>, StorageError> {
    const SQL: &str = "SELECT id FROM web_chats WHERE seen_at < $1 ORDER BY seen_at LIMIT $2";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(before).bind(limit).fetch_all(c).await?))
}
