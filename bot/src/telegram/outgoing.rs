//! From [`Outgoing`] to Telegram's requests. Texts are plain: no parse mode, so `*`, `_` and `<` stay as typed (PT-152).

use opora_core::messaging::message::{Button, Keyboard};
use teloxide::{
    payloads::{EditMessageText, EditMessageTextSetters, SendMessage, SendMessageSetters},
    types::{
        ChatId, InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, KeyboardMarkup, KeyboardRemove, MessageId,
        ReplyMarkup,
    },
};

/// A new message.
pub fn say(chat: ChatId, text: &str, keyboard: &Keyboard) -> SendMessage {
    let message = SendMessage::new(chat, text);
    match keyboard {
        Keyboard::None => message,
        Keyboard::Menu(rows) => message.reply_markup(ReplyMarkup::Keyboard(menu(rows))),
        Keyboard::RemoveMenu => message.reply_markup(ReplyMarkup::KeyboardRemove(KeyboardRemove::new())),
        Keyboard::Inline(rows) => message.reply_markup(ReplyMarkup::InlineKeyboard(inline(rows))),
    }
}

/// A new text for an earlier message; buttons other than under it cannot be changed that way.
pub fn edit(chat: ChatId, message: MessageId, text: &str, keyboard: &Keyboard) -> EditMessageText {
    let edit = EditMessageText::new(chat, message, text);
    match keyboard {
        Keyboard::Inline(rows) => edit.reply_markup(inline(rows)),
        Keyboard::None | Keyboard::Menu(_) | Keyboard::RemoveMenu => edit,
    }
}

fn menu(rows: &[Vec<String>]) -> KeyboardMarkup {
    KeyboardMarkup::new(rows.iter().map(|row| row.iter().map(KeyboardButton::new))).resize_keyboard().persistent()
}

fn inline(rows: &[Vec<Button>]) -> InlineKeyboardMarkup {
    let button = |button: &Button| InlineKeyboardButton::callback(&button.label, button.press.to_string());
    InlineKeyboardMarkup::new(rows.iter().map(|row| row.iter().map(button)))
}
