//! From Telegram's updates to [`Incoming`].

use opora_core::{
    foundation::clock::Timestamp,
    messaging::{
        message::{Event, Incoming, IncomingFile},
        messenger::Messenger,
    },
};
use teloxide::types::{
    CallbackQuery, Chat, ChatMemberKind, ChatMemberUpdated, FileMeta, MaybeInaccessibleMessage, MediaKind, Message,
    MessageKind, Update, UpdateKind, User,
};

/// What the update says to us; nothing for what does not concern the bot.
pub fn incoming(update: &Update, at: Timestamp) -> Option<Incoming> {
    let (account, chat, what) = match &update.kind {
        UpdateKind::Message(message) => from_message(message)?,
        UpdateKind::CallbackQuery(query) => from_press(query)?,
        UpdateKind::MyChatMember(change) => from_membership(change)?,
        _ => return None,
    };
    Some(Incoming { messenger: Messenger::Telegram, update: update.id.0.to_string(), account, chat, at, what })
}

type Said = (String, String, Event);

fn from_message(message: &Message) -> Option<Said> {
    let chat = message.chat.id.to_string();
    if !message.chat.is_private() {
        // A message that says the bot was removed asks for nothing more.
        let is_common = matches!(message.kind, MessageKind::Common(_));
        return is_common.then(|| (account_or(message.from.as_ref(), &chat), chat, Event::NotPrivate));
    }
    let account = message.from.as_ref()?.id.to_string();
    let MessageKind::Common(common) = &message.kind else { return None };
    let what = match &common.media_kind {
        MediaKind::Text(text) => from_text(&text.text),
        media => file(media, message).map_or(Event::Unsupported, Event::File),
    };
    Some((account, chat, what))
}

/// «Старт», with or without the code of a deep link; anything else is text.
fn from_text(text: &str) -> Event {
    let mut words = text.split_whitespace();
    if words.next() != Some("/start") {
        return Event::Text { text: text.to_owned() };
    }
    Event::Started { payload: words.next().map(str::to_owned) }
}

/// The file of a message; of a photo the largest size (PT-124).
fn file(media: &MediaKind, message: &Message) -> Option<IncomingFile> {
    let (meta, name, media_type): (&FileMeta, Option<&String>, Option<String>) = match media {
        MediaKind::Document(it) => {
            (&it.document.file, it.document.file_name.as_ref(), it.document.mime_type.as_ref().map(ToString::to_string))
        }
        MediaKind::Photo(it) => {
            let largest = it.photo.iter().max_by_key(|size| (size.width, size.height))?;
            (&largest.file, None, Some("image/jpeg".to_owned()))
        }
        MediaKind::Video(it) => {
            (&it.video.file, it.video.file_name.as_ref(), it.video.mime_type.as_ref().map(ToString::to_string))
        }
        MediaKind::VideoNote(it) => (&it.video_note.file, None, Some("video/mp4".to_owned())),
        MediaKind::Voice(it) => (
            &it.voice.file,
            None,
            it.voice.mime_type.as_ref().map_or(Some("audio/ogg".to_owned()), |it| Some(it.to_string())),
        ),
        MediaKind::Audio(it) => {
            (&it.audio.file, it.audio.file_name.as_ref(), it.audio.mime_type.as_ref().map(ToString::to_string))
        }
        MediaKind::Animation(it) => (
            &it.animation.file,
            it.animation.file_name.as_ref(),
            it.animation.mime_type.as_ref().map(ToString::to_string),
        ),
        _ => return None,
    };
    Some(IncomingFile {
        source: meta.id.0.clone(),
        name: name.cloned(),
        media_type,
        // teloxide writes the largest number when Telegram does not tell.
        size: Some(u64::from(meta.size)).filter(|size| *size != u64::from(u32::MAX)),
        caption: message.caption().map(str::to_owned),
        album: message.media_group_id().map(|album| album.0.clone()),
    })
}

fn from_press(query: &CallbackQuery) -> Option<Said> {
    let message = query.message.as_ref();
    if message.is_some_and(|message| !message.chat().is_private()) {
        return None;
    }
    let account = query.from.id.to_string();
    let chat = message.map_or_else(|| account.clone(), |message| message.chat().id.to_string());
    let text = match message {
        Some(MaybeInaccessibleMessage::Regular(message)) => message.text().map(str::to_owned),
        _ => None,
    };
    let what = Event::Pressed {
        press: query.id.0.clone(),
        data: query.data.clone().unwrap_or_default(),
        message: message.map(|message| message.id().to_string()),
        text,
    };
    Some((account, chat, what))
}

fn from_membership(change: &ChatMemberUpdated) -> Option<Said> {
    let (chat, account) = (change.chat.id.to_string(), change.from.id.to_string());
    let is_gone = matches!(change.new_chat_member.kind, ChatMemberKind::Banned(_) | ChatMemberKind::Left);
    let what = match (is_private(&change.chat), is_gone) {
        (true, true) => Event::Blocked,
        (true, false) => Event::Unblocked,
        (false, false) => Event::NotPrivate,
        (false, true) => return None,
    };
    Some((account, chat, what))
}

fn is_private(chat: &Chat) -> bool {
    chat.is_private()
}

fn account_or(from: Option<&User>, chat: &str) -> String {
    from.map_or_else(|| chat.to_owned(), |user| user.id.to_string())
}
