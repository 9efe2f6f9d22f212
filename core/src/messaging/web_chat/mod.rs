//! The chat in the browser, a messenger like any other: what the citizen posts goes through the inbox, what the bot says
//! comes out of the outbox, and "delivery" writes a line here, once for each row of the outbox.

mod devices;
mod key;
mod store;

pub use devices::{INVITATION_LIFE, forget_others, invite, is_invitation, others, take_up};
pub use key::Key;
pub use store::{Author, Line};

use tokio::sync::broadcast;

use crate::{
    App, Signal, Work,
    foundation::{
        clock::Timestamp,
        errors::StorageError,
        ids::{OutboxId, SubmissionId, WebChatId, WebMessageId},
        page::{Cursor, Page},
    },
    messaging::{
        inbox,
        message::{Event, Incoming, IncomingFile, Keyboard, Outgoing},
        messenger::Messenger,
    },
};

/// A browser known to the web chat. Whoever has one has shown its [`Key`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebChat {
    /// Its account in [`Messenger::Web`].
    pub id: WebChatId,
    /// The menu below the message line, if there is one.
    pub menu: Option<Vec<Vec<String>>>,
    /// The answer to the last press, if it was not shown yet; see [`take_notice`].
    pub notice: Option<String>,
}

/// Something done in the browser.
#[derive(Debug, Clone, PartialEq)]
pub enum Post {
    /// Opened the chat, perhaps with an activation code.
    Start {
        /// The code as typed.
        code: Option<String>,
    },
    /// Typed or chose from the menu.
    Text(String),
    /// Pressed a button under a line.
    Press {
        /// The button's data.
        data: String,
        /// The line.
        line: WebMessageId,
    },
    /// Sent a file that lies in the folder of uploads already.
    File {
        /// The announcement; `source` is the key in [`incoming_folder`].
        file: IncomingFile,
        /// How the chat shows it: name and size.
        shown: String,
    },
}

/// The chat of this key, if it was opened.
pub async fn resume(work: &mut Work, key: &Key) -> Result<Option<WebChat>, StorageError> {
    let found = match store::find(&mut work.tx, key.id()).await? {
        Some(found) => Some(found),
        None => store::find_by_key(&mut work.tx, key.id()).await?,
    };
    Ok(found.filter(|(_, secret_hash)| key.fits(secret_hash)).map(|(chat, _)| chat))
}

/// Opens the chat of this key; `None` when the key's id belongs to somebody else.
pub async fn open(work: &mut Work, key: &Key) -> Result<Option<WebChat>, StorageError> {
    store::insert(&mut work.tx, key.id(), &key.secret_hash(), work.now).await?;
    resume(work, key).await
}

/// Hands what was done in the browser to the conversation and shows it in the chat. The same submission twice counts once.
pub async fn post(work: &mut Work, chat: &WebChat, submission: SubmissionId, post: Post) -> Result<(), StorageError> {
    let (own, what) = match post {
        Post::Start { code } => (None, Event::Started { payload: code }),
        Post::Text(text) => (Some((text.clone(), false)), Event::Text { text }),
        Post::Press { data, line } => {
            let text = store::text_of(&mut work.tx, chat.id, line).await?;
            (None, Event::Pressed { press: submission.to_string(), data, message: Some(line.to_string()), text })
        }
        Post::File { file, shown } => (Some((shown, true)), Event::File(file)),
    };
    let account = chat.id.to_string();
    let incoming = Incoming {
        messenger: Messenger::Web,
        update: submission.to_string(),
        account: account.clone(),
        chat: account,
        at: work.now,
        what,
    };
    let is_new = inbox::store(work, &[incoming]).await? == 1;
    store::set_seen(&mut work.tx, chat.id, work.now).await?;
    if let Some((text, is_file)) = own.filter(|_| is_new) {
        let id = WebMessageId::draw(work.now, &*work.app.chance);
        let line = store::NewLine { id, outbox: None, author: Author::Citizen, text: &text, buttons: None, is_file };
        store::insert_line(&mut work.tx, chat.id, line, work.now).await?;
    }
    Ok(())
}

/// A page of the chat's lines, newest first.
pub async fn lines(work: &mut Work, chat: &WebChat, at: Option<Cursor>) -> Result<Page<Line>, StorageError> {
    store::lines(&mut work.tx, chat.id, at).await
}

/// The number of the chat's last change: grows with each new or changed line.
pub async fn revision(work: &mut Work, chat: &WebChat) -> Result<(i64, Option<Timestamp>), StorageError> {
    store::revision(&mut work.tx, chat.id).await
}

/// Takes the answer to the last press, to be shown once.
pub async fn take_notice(work: &mut Work, chat: &WebChat) -> Result<Option<String>, StorageError> {
    store::take_notice(&mut work.tx, chat.id).await
}

/// What became of a message handed to the web chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It is a line now, or was already.
    Line(WebMessageId),
    /// It changed something that is no line of its own.
    Changed,
    /// There is no such chat, or no such line.
    NoSuch,
}

/// Shows a message of the outbox in its chat. Handed over twice it is shown once.
pub async fn show(
    work: &mut Work,
    outbox: OutboxId,
    chat: WebChatId,
    outgoing: &Outgoing,
) -> Result<Shown, StorageError> {
    if store::find(&mut work.tx, chat).await?.is_none() {
        return Ok(Shown::NoSuch);
    }
    work.signal(Signal::WebChat(chat));
    match outgoing {
        Outgoing::Say { text, keyboard } => say(work, outbox, chat, text, keyboard).await.map(Shown::Line),
        Outgoing::Edit { message, text, keyboard } => {
            let Ok(line) = message.parse::<WebMessageId>() else { return Ok(Shown::NoSuch) };
            let is_there = store::change_line(&mut work.tx, chat, line, text, buttons(keyboard), work.now).await?;
            Ok(if is_there { Shown::Line(line) } else { Shown::NoSuch })
        }
        Outgoing::Answer { text, .. } => {
            store::set_notice(&mut work.tx, chat, text).await?;
            Ok(Shown::Changed)
        }
        Outgoing::Leave => Ok(Shown::Changed),
    }
}

async fn say(
    work: &mut Work,
    outbox: OutboxId,
    chat: WebChatId,
    text: &str,
    keyboard: &Keyboard,
) -> Result<WebMessageId, StorageError> {
    match keyboard {
        Keyboard::Menu(rows) => store::set_menu(&mut work.tx, chat, Some(rows)).await?,
        Keyboard::RemoveMenu => store::set_menu(&mut work.tx, chat, None).await?,
        Keyboard::None | Keyboard::Inline(_) => {}
    }
    let id = WebMessageId::draw(work.now, &*work.app.chance);
    let buttons = buttons(keyboard);
    let line = store::NewLine { id, outbox: Some(outbox), author: Author::Bot, text, buttons, is_file: false };
    store::insert_line(&mut work.tx, chat, line, work.now).await
}

fn buttons(keyboard: &Keyboard) -> Option<&Vec<Vec<crate::messaging::message::Button>>> {
    match keyboard {
        Keyboard::Inline(rows) => Some(rows),
        Keyboard::None | Keyboard::Menu(_) | Keyboard::RemoveMenu => None,
    }
}

/// Hears of changes in web chats. Subscribe before posting, then [`Watch::changed`] cannot miss the answer.
#[derive(Debug)]
pub struct Watch {
    chat: WebChatId,
    changes: broadcast::Receiver<WebChatId>,
}

/// Begins to watch a chat.
pub fn watch(app: &App, chat: WebChatId) -> Watch {
    Watch { chat, changes: app.wake.web_chat.subscribe() }
}

impl Watch {
    /// Resolves when the chat has changed since the watch began or this resolved last; also when so many other chats changed
    /// that this one may have been among them.
    pub async fn changed(&mut self) {
        loop {
            match self.changes.recv().await {
                Ok(chat) if chat != self.chat => {}
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                // The sender lives as long as the app; when it is gone there is nothing to wait for.
                Err(broadcast::error::RecvError::Closed) => return std::future::pending().await,
            }
        }
    }
}

/// Where files posted in the browser lie until the fetcher takes them; whoever adds one removes those of yesterday.
pub fn incoming_folder(app: &App) -> std::path::PathBuf {
    app.config.data_dir.join("uploads").join("web-chat")
}
