//! Trouble on order.

use serde::Deserialize;

use super::Shared;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// 429 Too Many Requests.
    TooMany {
        /// After how many seconds to try again.
        retry_after: u64,
    },
    /// 403: the person blocked the bot.
    Blocked,
    /// 400 with this description.
    BadRequest(String),
    /// 401: the token is wrong.
    Unauthorized,
    /// 502.
    ServerError,
    /// No answer, ever.
    Hang,
    /// The connection breaks before the call was taken.
    DropBefore,
    /// The call is taken, then the connection breaks: the bot cannot know.
    DropAfter,
    /// The call is taken, and the answer comes garbled.
    Garbage(Garbage),
    /// A proxy in between turns the call away with a page of its own: 403.
    ProxyRefuses,
    /// A portal wants somebody to sign in first: 302.
    Portal,
    /// A gateway's page says that the server behind it is away: 502, though the call may have been taken.
    Gateway {
        /// Whether it was.
        taken: bool,
    },
}

/// How an answer is garbled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Garbage {
    /// A page instead of an answer, with status 200.
    Page,
    /// Half of the answer, said to be the whole of it.
    Half,
    /// Half of the answer, then the connection breaks.
    BrokenOff,
    /// JSON, but not what was asked for.
    WrongShape,
    /// Nothing.
    Empty,
}

impl Trouble {
    /// Whether the bot cannot know what became of the call.
    pub fn leaves_doubt(&self) -> bool {
        matches!(self, Self::Hang | Self::DropBefore | Self::DropAfter | Self::Garbage(_) | Self::Gateway { .. })
    }

    /// What reports call it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::TooMany { .. } => "429",
            Self::Blocked => "403",
            Self::BadRequest(_) => "400",
            Self::Unauthorized => "401",
            Self::ServerError => "5xx",
            Self::Hang => "no answer",
            Self::DropBefore => "broken off before",
            Self::DropAfter => "broken off after",
            Self::Garbage(_) => "garbage",
            Self::ProxyRefuses | Self::Portal => "turned away by others",
            Self::Gateway { .. } => "a gateway's 502",
        }
    }

    /// Whether the call is carried out all the same.
    pub(crate) fn lets_through(&self) -> bool {
        matches!(self, Self::DropAfter | Self::Garbage(_) | Self::Gateway { taken: true })
    }
}

/// An order that stands.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    trouble: Trouble,
    chat: Option<i64>,
    method: Option<String>,
    /// How often still; `None` until told otherwise.
    times: Option<u32>,
}

/// An order being given. Without more it is for calls that address a chat; polling has to be named.
#[must_use = "say how often: once, times or until_told_otherwise"]
pub struct Order<'a> {
    shared: &'a Shared,
    standing: Standing,
}

impl<'a> Order<'a> {
    pub(crate) fn new(shared: &'a Shared, trouble: Trouble) -> Self {
        Self { shared, standing: Standing { trouble, chat: None, method: None, times: None } }
    }

    /// Only for calls about this chat.
    pub fn for_chat(mut self, chat: i64) -> Self {
        self.standing.chat = Some(chat);
        self
    }

    /// Only for this method, such as `getUpdates`; `download` means the fetching of a file.
    pub fn for_method(mut self, method: &str) -> Self {
        self.standing.method = Some(method.to_owned());
        self
    }

    /// For the next such call.
    pub fn once(self) {
        self.times(1);
    }

    /// For the next so many such calls.
    pub fn times(mut self, times: u32) {
        self.standing.times = Some(times);
        self.shared.change(|state| state.orders.push(self.standing));
    }

    /// For all such calls until [`FakeTelegram::behave`](super::FakeTelegram::behave).
    pub fn until_told_otherwise(self) {
        self.shared.change(|state| state.orders.push(self.standing));
    }
}

impl Standing {
    fn fits(&self, method: &str, chat: Option<i64>) -> bool {
        let method_fits = match &self.method {
            Some(wanted) => wanted.eq_ignore_ascii_case(method),
            None => chat.is_some(),
        };
        method_fits && (self.chat.is_none() || self.chat == chat)
    }
}

/// Takes the trouble that is due for this call, if any.
pub(crate) fn due(orders: &mut Vec<Standing>, method: &str, chat: Option<i64>) -> Option<Trouble> {
    let index = orders.iter().position(|order| order.fits(method, chat))?;
    let order = orders.get_mut(index)?;
    let trouble = order.trouble.clone();
    if let Some(times) = &mut order.times {
        *times -= 1;
        if *times == 0 {
            orders.remove(index);
        }
    }
    Some(trouble)
}
