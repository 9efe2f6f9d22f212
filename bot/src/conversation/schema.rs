//! What to do with what was heard: who is it → kind of event → branch. The whole tree is [`schema`].

use std::sync::Arc;

use dptree::{case, di::DependencyMap, filter, filter_map};
use opora_core::{
    foundation::ids::{OccurrenceId, PersonId},
    messaging::{
        message::{Event, IncomingFile},
        press::{Press, Reaction, TextMark},
    },
};

use super::menu::{Choice, Known};

/// A tree that decides on an act.
pub type Tree = dptree::Handler<'static, Act>;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// An account without a link.
    Stranger,
    /// A linked account.
    Citizen {
        /// Whose.
        person: PersonId,
    },
}

/// What the bot does about something heard.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Nothing at all.
    Nothing,
    /// Leave a group or channel (PT-140).
    Leave,
    /// «Введите код активации» (PT-106, PT-138).
    AskForCode,
    /// Try a message as an activation code (PT-107).
    Activate(String),
    /// «Согласен»: a stranger's code sent before is used up now; who is connected was asked anew.
    Agree(TextMark),
    /// «Этот аккаунт уже подключен» (PT-D15).
    SayConnected,
    /// Show the menu.
    ShowMenu,
    /// Remember that the citizen blocked the bot (PT-141).
    NoteBlocked,
    /// Greet the citizen who unblocked it (PT-D17).
    WelcomeBack,
    /// A button of the menu (PT-110).
    Choose(Choice),
    /// «Выполнено» or «Пропущено» (PT-131).
    React(OccurrenceId, Reaction),
    /// «Передать сообщение» (PT-139).
    PassOn(TextMark),
    /// A button that means nothing today.
    AnswerOldButton,
    /// A file (PT-123).
    TakeFile(IncomingFile),
    /// How to send files (PT-122, PT-124).
    ExplainUpload,
    /// What the bot can do (PT-014).
    Help,
    /// Free text: offer to pass it on (PT-139).
    OfferToPassOn(String),
}

/// The whole conversation on one screen.
pub fn schema() -> Tree {
    dptree::entry()
        .branch(case![Event::NotPrivate].chain(does(Act::Leave)))
        .branch(case![Event::Blocked].chain(does(Act::NoteBlocked)))
        .branch(filter(is_stranger).chain(stranger()))
        .branch(filter(is_citizen).chain(citizen()))
}

fn stranger() -> Tree {
    dptree::entry()
        .branch(case![Event::Unblocked].chain(does(Act::Nothing)))
        .branch(filter_map(start_code).endpoint(|code: String| async { Act::Activate(code) }))
        .branch(filter_map(agreed).endpoint(|mark: TextMark| async move { Act::Agree(mark) }))
        .branch(case![Event::Text { text }].chain(possible_code()))
        .branch(dptree::endpoint(|| async { Act::AskForCode }))
}

/// A label of a menu that is still on the screen is no try at a code, even with a digit in it.
fn possible_code() -> Tree {
    dptree::entry()
        .branch(filter_map(choice).chain(does(Act::AskForCode)))
        .branch(dptree::endpoint(|text: String| async { Act::Activate(text) }))
}

fn citizen() -> Tree {
    dptree::entry()
        .branch(case![Event::Unblocked].chain(does(Act::WelcomeBack)))
        .branch(filter_map(start_code).chain(does(Act::SayConnected)))
        .branch(filter_map(press).endpoint(|press: Press| async move { on_press(press) }))
        .branch(filter(is_pressed).chain(does(Act::AnswerOldButton)))
        .branch(case![Event::File(file)].endpoint(|file: IncomingFile| async { Act::TakeFile(file) }))
        .branch(case![Event::Unsupported].chain(does(Act::ExplainUpload)))
        .branch(case![Event::Text { text }].chain(message()))
        .branch(dptree::endpoint(|| async { Act::ShowMenu }))
}

fn message() -> Tree {
    dptree::entry()
        .branch(filter_map(choice).endpoint(|choice: Choice| async move { Act::Choose(choice) }))
        .branch(filter(asks_for_menu).chain(does(Act::ShowMenu)))
        .branch(filter(asks_for_help).chain(does(Act::Help)))
        .branch(filter(looks_like_code).chain(does(Act::SayConnected)))
        .branch(dptree::endpoint(|text: String| async { Act::OfferToPassOn(text) }))
}

/// Ends a branch with an act that needs nothing further.
fn does(act: Act) -> Tree {
    dptree::endpoint(move || {
        let act = act.clone();
        async { act }
    })
}

fn is_stranger(speaker: Speaker) -> bool {
    speaker == Speaker::Stranger
}

fn is_citizen(speaker: Speaker) -> bool {
    speaker != Speaker::Stranger
}

fn start_code(event: Event) -> Option<String> {
    match event {
        Event::Started { payload } => payload,
        _ => None,
    }
}

fn is_pressed(event: Event) -> bool {
    matches!(event, Event::Pressed { .. })
}

fn press(event: Event) -> Option<Press> {
    match event {
        Event::Pressed { data, .. } => data.parse().ok(),
        _ => None,
    }
}

fn agreed(event: Event) -> Option<TextMark> {
    match press(event)? {
        Press::Agree { text } => Some(text),
        Press::React { .. } | Press::PassOn { .. } => None,
    }
}

fn on_press(press: Press) -> Act {
    match press {
        Press::React { occurrence, reaction } => Act::React(occurrence, reaction),
        Press::PassOn { text } => Act::PassOn(text),
        Press::Agree { text } => Act::Agree(text),
    }
}

fn choice(text: String, labels: Arc<Known>) -> Option<Choice> {
    labels.find(&text)
}

fn asks_for_menu(text: String) -> bool {
    command(&text) == Some("/menu")
}

fn asks_for_help(text: String) -> bool {
    command(&text) == Some("/help")
}

/// The command without the bot's name.
fn command(text: &str) -> Option<&str> {
    let first = text.split_whitespace().next().filter(|word| word.starts_with('/'))?;
    first.split('@').next()
}

/// Ten digits, perhaps with spaces and hyphens between them (PT-D15).
fn looks_like_code(text: String) -> bool {
    let signs = || text.trim().chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '‑'));
    signs().count() == 10 && signs().all(|c| c.is_ascii_digit())
}

/// Everything the decision depends on.
pub struct Heard {
    event: Event,
    speaker: Speaker,
    labels: Arc<Known>,
}

impl Heard {
    /// Collects what the decision depends on.
    pub(super) fn new(event: Event, speaker: Speaker, known: Known) -> Self {
        Self { event, speaker, labels: Arc::new(known) }
    }

    /// As the tree takes it.
    pub(super) fn into_deps(self) -> DependencyMap {
        dptree::deps![self.event, self.speaker, self.labels]
    }
}

#[cfg(test)]
mod tests;
