//! The conversation with citizens, the same in every messenger.
//!
//! Something was heard → [`schema`] decides what to do ([`Act`]), knowing who speaks, what arrived and where the conversation
//! stands → the act calls use cases of the core and answers through the outbox. The decision is pure and can be tested without
//! a database; the act has the unit of work.
//!
//! # Adding an ability
//!
//! 1. A variant of [`Act`] with a doc comment.
//! 2. A branch in [`schema::schema`] that leads to it.
//! 3. A function in `acts/` that does it, named in [`acts::play`].
//! 4. Its words in `locales/{ru,en}/bot.ftl`, a conversation in `bot/tests/it/conversation.rs`.

mod acts;
mod menu;
mod schema;
mod state;
mod text;

pub use menu::{Choice, Known};
pub use schema::{Act, Heard, Speaker, schema};
pub use state::{Pending, State};
pub use text::split;

use std::{ops::ControlFlow, sync::OnceLock};

use async_trait::async_trait;
use opora_core::{
    Work,
    foundation::errors::Failure,
    messaging::{
        conversations,
        inbox::Conversation,
        message::{Event, Incoming, Keyboard, Outgoing},
        outbox,
    },
    patronage::activation::{self, LinkState},
    people::access::Actor,
};

/// The bot's side of every conversation.
pub struct Talk {
    schema: schema::Tree,
    originals: OnceLock<menu::Originals>,
}

impl Talk {
    /// A conversation partner; one serves all accounts.
    pub fn new() -> Self {
        Self { schema: schema(), originals: OnceLock::new() }
    }
}

impl Default for Talk {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Conversation for Talk {
    async fn receive(&self, work: &mut Work, incoming: &Incoming) -> Result<(), Failure> {
        let speaker = who(work, incoming).await?;
        if let Speaker::Citizen { person } = speaker {
            work.actor = Actor::Citizen { person };
        }
        let remembered = conversations::load(work, incoming.messenger, &incoming.account).await?;
        let state = State::read(remembered.as_ref());
        let originals = self.originals.get_or_init(|| menu::Originals::of(&work.app.config));
        let known = menu::Known::new(work.app.house_words(), &state.menu, originals);
        let heard = Heard::new(incoming.what.clone(), speaker, known);
        let act = match self.schema.dispatch(heard.into_deps()).await {
            ControlFlow::Break(act) => act,
            // The schema's last branch takes everything; see its test.
            ControlFlow::Continue(_) => Act::Nothing,
        };
        let mut scene = Scene { work, incoming, speaker, next: state.after(&incoming.what), state };
        acts::play(&mut scene, act).await?;
        acts::ask_for_owed_consent(&mut scene).await?;
        scene.remember().await
    }
}

/// Who speaks. A citizen who blocked the bot and speaks again has come back (PT-D17).
async fn who(work: &mut Work, incoming: &Incoming) -> Result<Speaker, Failure> {
    let Some(link) = activation::link_of(&mut work.tx, incoming.messenger, &incoming.account).await? else {
        return Ok(Speaker::Stranger);
    };
    if link.state == LinkState::Blocked && incoming.what != Event::Blocked {
        activation::mark_unblocked(work, incoming.messenger, &incoming.account).await?;
    }
    Ok(Speaker::Citizen { person: link.person })
}

/// What an act works with.
pub(crate) struct Scene<'a> {
    pub work: &'a mut Work,
    pub incoming: &'a Incoming,
    pub speaker: Speaker,
    /// Where the conversation stood.
    pub state: State,
    /// Where it will stand.
    pub next: State,
}

impl Scene<'_> {
    /// The sentence `key`, without arguments.
    pub fn t(&self, key: &str) -> String {
        self.work.app.house_words().t(key).to_string()
    }

    /// Answers with a text.
    pub async fn say(&mut self, text: String) -> Result<(), Failure> {
        self.say_with(text, Keyboard::None).await
    }

    /// Answers with a text and buttons. Whoever sees an outdated menu gets the present one with it (PT-142).
    pub async fn say_with(&mut self, text: String, keyboard: Keyboard) -> Result<(), Failure> {
        let keyboard = match keyboard {
            Keyboard::None if self.sees_an_outdated_menu() => self.menu(),
            Keyboard::RemoveMenu => {
                self.next.menu.clear();
                keyboard
            }
            other => other,
        };
        self.send(Outgoing::Say { text, keyboard }).await
    }

    /// Answers with a text and the menu.
    pub async fn say_with_menu(&mut self, text: String) -> Result<(), Failure> {
        let keyboard = self.menu();
        self.send(Outgoing::Say { text, keyboard }).await
    }

    /// Puts anything into the outbox for this chat.
    pub async fn send(&mut self, what: Outgoing) -> Result<(), Failure> {
        let person = match self.speaker {
            Speaker::Citizen { person } => Some(person),
            Speaker::Stranger => None,
        };
        outbox::say(self.work, self.incoming.messenger, &self.incoming.chat, person, what).await?;
        Ok(())
    }

    /// The present menu; from now on this account sees it.
    fn menu(&mut self) -> Keyboard {
        self.next.menu = menu::labels(self.work.app.house_words());
        menu::keyboard(&self.next.menu)
    }

    fn sees_an_outdated_menu(&self) -> bool {
        !self.next.menu.is_empty() && self.next.menu != menu::labels(self.work.app.house_words())
    }

    async fn remember(self) -> Result<(), Failure> {
        if self.next != self.state {
            let value = self.next.write();
            let Incoming { messenger, account, .. } = self.incoming;
            conversations::save(self.work, *messenger, account, value.as_ref()).await?;
        }
        Ok(())
    }
}
