//! Rows of the web chat.

use sqlx::types::Json;

use super::{Key, WebChat};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Tx, exactly_one},
        errors::StorageError,
        ids::{OutboxId, WebChatId, WebMessageId},
        page::{Cursor, Direction, PAGE_ROWS, Page},
    },
    messaging::message::Button,
    on_backend,
};

/// Who said a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Author {
    /// Whoever sits at the browser.
    Citizen,
    /// The bot.
    Bot,
}

/// A line of a chat.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Line {
    /// Its place in the chat.
    pub seq: i64,
    /// Its id, which edits name.
    pub id: WebMessageId,
    /// Who said it.
    pub author: Author,
    /// Plain text.
    pub text: String,
    /// Buttons under it.
    #[sqlx(json(nullable))]
    pub buttons: Option<Vec<Vec<Button>>>,
    /// Whether it stands for a file.
    pub is_file: bool,
    /// When it was said.
    pub created_at: Timestamp,
    /// When it was changed, e.g. answered.
    pub edited_at: Option<Timestamp>,
}

/// A line to be written.
pub(super) struct NewLine<'a> {
    pub id: WebMessageId,
    pub outbox: Option<OutboxId>,
    pub author: Author,
    pub text: &'a str,
    pub buttons: Option<&'a Vec<Vec<Button>>>,
    pub is_file: bool,
}

/// A chat and the hash of its secret.
pub(super) async fn find(tx: &mut Tx, id: WebChatId) -> Result<Option<(WebChat, Vec<u8>)>, StorageError> {
    const SQL: &str = "SELECT id, menu, notice, secret_hash FROM web_chats WHERE id = $1";
    found(tx, SQL, id).await
}

/// The chat and the hash of a key's secret, for the key of a further browser.
pub(super) async fn find_by_key(tx: &mut Tx, key: WebChatId) -> Result<Option<(WebChat, Vec<u8>)>, StorageError> {
    const SQL: &str = "SELECT w.id, w.menu, w.notice, k.secret_hash
        FROM web_chat_keys k JOIN web_chats w ON w.id = k.chat_id WHERE k.id = $1 AND k.valid_until IS NULL";
    found(tx, SQL, key).await
}

async fn found(tx: &mut Tx, sql: &'static str, id: WebChatId) -> Result<Option<(WebChat, Vec<u8>)>, StorageError> {
    let row: Option<(WebChatId, Option<Json<Vec<Vec<String>>>>, Option<String>, Vec<u8>)> =
        on_backend!(tx, |c| sqlx::query_as(sql).bind(id).fetch_optional(c).await?);
    Ok(row.map(|(id, menu, notice, secret_hash)| (WebChat { id, menu: menu.map(|menu| menu.0), notice }, secret_hash)))
}

/// Writes an invitation.
pub(super) async fn insert_key(
    tx: &mut Tx,
    chat: WebChatId,
    key: &Key,
    now: Timestamp,
    valid_until: Timestamp,
) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO web_chat_keys (id, chat_id, secret_hash, created_at, valid_until)
        VALUES ($1, $2, $3, $4, $5)";
    let hash = key.secret_hash();
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(key.id())
        .bind(chat)
        .bind(hash.as_slice())
        .bind(now)
        .bind(valid_until)
        .execute(c)
        .await
        .map(drop)?);
    Ok(())
}

/// Ends the invitations into a chat.
pub(super) async fn delete_invitations(tx: &mut Tx, chat: WebChatId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM web_chat_keys WHERE chat_id = $1 AND valid_until IS NOT NULL";
    on_backend!(tx, |c| sqlx::query(SQL).bind(chat).execute(c).await.map(drop)?);
    Ok(())
}

/// The hash of an invitation's secret, while it works.
pub(super) async fn invitation(tx: &mut Tx, key: WebChatId, now: Timestamp) -> Result<Option<Vec<u8>>, StorageError> {
    const SQL: &str = "SELECT secret_hash FROM web_chat_keys WHERE id = $1 AND valid_until > $2";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(key).bind(now).fetch_optional(c).await?))
}

/// Makes an invitation the key of a browser; tells whether it was still to be had.
pub(super) async fn take_up(tx: &mut Tx, invitation: &Key, key: &Key) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE web_chat_keys SET secret_hash = $3, valid_until = NULL
        WHERE id = $1 AND secret_hash = $2 AND valid_until IS NOT NULL";
    let (old, fresh) = (invitation.secret_hash(), key.secret_hash());
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(invitation.id())
        .bind(old.as_slice())
        .bind(fresh.as_slice())
        .execute(c)
        .await?
        .rows_affected());
    Ok(rows == 1)
}

/// How many further browsers a chat has.
pub(super) async fn further_keys(tx: &mut Tx, chat: WebChatId) -> Result<i64, StorageError> {
    const SQL: &str = "SELECT COUNT(*) FROM web_chat_keys WHERE chat_id = $1 AND valid_until IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(chat).fetch_one(c).await?))
}

/// Deletes the keys of all further browsers but this one.
pub(super) async fn delete_keys_but(tx: &mut Tx, chat: WebChatId, mine: WebChatId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM web_chat_keys WHERE chat_id = $1 AND id <> $2";
    on_backend!(tx, |c| sqlx::query(SQL).bind(chat).bind(mine).execute(c).await.map(drop)?);
    Ok(())
}

/// Changes the secret of the browser that opened the chat.
pub(super) async fn set_secret(tx: &mut Tx, chat: WebChatId, hash: &[u8]) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE web_chats SET secret_hash = $2 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(chat).bind(hash).execute(c).await?.rows_affected());
    exactly_one("web_chats", chat, rows)
}

/// Writes a chat, unless it is there.
pub(super) async fn insert(tx: &mut Tx, id: WebChatId, secret_hash: &[u8], now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO web_chats (id, secret_hash, created_at, seen_at) VALUES ($1, $2, $3, $3)
        ON CONFLICT (id) DO NOTHING";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(secret_hash).bind(now).execute(c).await.map(drop)?);
    Ok(())
}

/// Notes that the browser did something.
pub(super) async fn set_seen(tx: &mut Tx, id: WebChatId, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE web_chats SET seen_at = $2 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await?.rows_affected());
    exactly_one("web_chats", id, rows)
}

/// Changes the menu.
pub(super) async fn set_menu(tx: &mut Tx, id: WebChatId, menu: Option<&Vec<Vec<String>>>) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE web_chats SET menu = $2 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(menu.map(Json)).execute(c).await?.rows_affected());
    exactly_one("web_chats", id, rows)
}

/// Keeps the answer to a press until it is shown.
pub(super) async fn set_notice(tx: &mut Tx, id: WebChatId, notice: &str) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE web_chats SET notice = $2 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(notice).execute(c).await?.rows_affected());
    exactly_one("web_chats", id, rows)
}

/// Takes the answer to a press.
pub(super) async fn take_notice(tx: &mut Tx, id: WebChatId) -> Result<Option<String>, StorageError> {
    const FIND: &str = "SELECT notice FROM web_chats WHERE id = $1 AND notice IS NOT NULL";
    const CLEAR: &str = "UPDATE web_chats SET notice = NULL WHERE id = $1";
    let notice: Option<String> = on_backend!(tx, |c| sqlx::query_scalar(FIND).bind(id).fetch_optional(c).await?);
    if notice.is_some() {
        on_backend!(tx, |c| sqlx::query(CLEAR).bind(id).execute(c).await.map(drop)?);
    }
    Ok(notice)
}

/// Writes a line, unless the message of the outbox it comes from has one; tells that line's id.
pub(super) async fn insert_line(
    tx: &mut Tx,
    chat: WebChatId,
    line: NewLine<'_>,
    now: Timestamp,
) -> Result<WebMessageId, StorageError> {
    const SQL: &str = "INSERT INTO web_messages (id, chat_id, outbox_id, author, text, buttons, is_file, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (outbox_id) DO NOTHING";
    const EARLIER: &str = "SELECT id FROM web_messages WHERE outbox_id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(line.id)
        .bind(chat)
        .bind(line.outbox)
        .bind(line.author)
        .bind(line.text)
        .bind(line.buttons.map(Json))
        .bind(line.is_file)
        .bind(now)
        .execute(c)
        .await?
        .rows_affected());
    if rows == 1 {
        return Ok(line.id);
    }
    Ok(on_backend!(tx, |c| sqlx::query_scalar(EARLIER).bind(line.outbox).fetch_one(c).await?))
}

/// Changes a line of this chat; tells whether there is one.
pub(super) async fn change_line(
    tx: &mut Tx,
    chat: WebChatId,
    line: WebMessageId,
    text: &str,
    buttons: Option<&Vec<Vec<Button>>>,
    now: Timestamp,
) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE web_messages SET text = $3, buttons = $4, edited_at = $5 WHERE id = $1 AND chat_id = $2";
    let rows = on_backend!(tx, |c| {
        let query = sqlx::query(SQL).bind(line).bind(chat).bind(text).bind(buttons.map(Json)).bind(now);
        query.execute(c).await?.rows_affected()
    });
    Ok(rows == 1)
}

/// The text of a line of this chat.
pub(super) async fn text_of(tx: &mut Tx, chat: WebChatId, line: WebMessageId) -> Result<Option<String>, StorageError> {
    const SQL: &str = "SELECT text FROM web_messages WHERE id = $1 AND chat_id = $2";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(line).bind(chat).fetch_optional(c).await?))
}

/// The last line's place and the moment of the last change among the newest lines.
pub(super) async fn revision(tx: &mut Tx, chat: WebChatId) -> Result<(i64, Option<Timestamp>), StorageError> {
    const SQL: &str = "SELECT COALESCE(MAX(seq), 0), MAX(edited_at) FROM
        (SELECT seq, edited_at FROM web_messages WHERE chat_id = $1 ORDER BY seq DESC LIMIT 50) AS newest";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(chat).fetch_one(c).await?))
}

/// A page of lines, newest first.
pub(super) async fn lines(tx: &mut Tx, chat: WebChatId, at: Option<Cursor>) -> Result<Page<Line>, StorageError> {
    const FIRST: &str = "SELECT * FROM web_messages WHERE chat_id = $1 ORDER BY seq DESC LIMIT $2";
    const OLDER: &str = "SELECT * FROM web_messages WHERE chat_id = $1 AND seq < $3 ORDER BY seq DESC LIMIT $2";
    const NEWER: &str = "SELECT * FROM web_messages WHERE chat_id = $1 AND seq > $3 ORDER BY seq LIMIT $2";
    let limit = i64::try_from(PAGE_ROWS + 1).unwrap_or(i64::MAX);
    let key = at.as_ref().and_then(Cursor::key::<i64>);
    let rows = match (key, at.as_ref().map(Cursor::direction)) {
        (Some(key), Some(side)) => {
            let sql = if side == Direction::Before { NEWER } else { OLDER };
            on_backend!(tx, |c| sqlx::query_as(sql).bind(chat).bind(limit).bind(key).fetch_all(c).await?)
        }
        _ => on_backend!(tx, |c| sqlx::query_as(FIRST).bind(chat).bind(limit).fetch_all(c).await?),
    };
    Ok(Page::of(rows, PAGE_ROWS, at.as_ref().filter(|_| key.is_some()), |line: &Line| line.seq))
}
