//! Tells our script that the chat has something new, as server-sent events, so that reminders appear without a reload.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::Query,
    http::{HeaderMap, HeaderName},
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, stream};
use opora_core::messaging::web_chat::{self, Watch, WebChat};
use serde::Deserialize;
use tokio::time::{Instant, sleep, timeout_at};

use super::{known, must_be_on, page::revision};
use crate::{errors::PanelError, visit::Visit};

/// A connection ends after so long and the browser makes a new one: proxies and forgotten tabs do not hold it for ever.
const LONGEST: Duration = Duration::from_mins(10);
/// Nothing for so long, and a comment keeps proxies from closing the connection.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// What another process did is not heard here.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What a browser that lost the connection saw last.
const LAST_SEEN: HeaderName = HeaderName::from_static("last-event-id");

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Since {
    since: String,
}

/// An event with the chat's revision as often as it changes; 404 without a chat.
pub(super) async fn tell(
    visit: Visit,
    headers: HeaderMap,
    Query(Since { since }): Query<Since>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PanelError> {
    must_be_on(&visit)?;
    let mut work = visit.panel.app.look(visit.actor()).await?;
    let known = known(&mut work, &headers).await?.ok_or(PanelError::NotFound)?;
    drop(work);
    let seen = headers.get(LAST_SEEN).and_then(|value| value.to_str().ok()).map_or(since, ToOwned::to_owned);
    let watch = web_chat::watch(&visit.panel.app, known.chat.id);
    let reader = Reader { visit, chat: known.chat, seen, watch, until: Instant::now() + LONGEST };
    Ok(Sse::new(stream::unfold(reader, Reader::next)).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)))
}

/// Somebody whose browser shows the chat.
struct Reader {
    visit: Visit,
    chat: WebChat,
    seen: String,
    watch: Watch,
    until: Instant,
}

impl Reader {
    /// The next event; `None` when the connection shall end and be made anew.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        let end = self.visit.panel.end.clone();
        let fresh = timeout_at(self.until, end.run_until_cancelled(self.fresh())).await.ok()???;
        let event = Event::default().id(&fresh).data(&fresh);
        self.seen = fresh;
        Some((Ok(event), self))
    }

    /// Waits for a revision that was not seen yet; `None` when the database does not answer.
    async fn fresh(&mut self) -> Option<String> {
        loop {
            let mut work = self.visit.panel.app.look(self.visit.actor()).await.ok()?;
            let now = revision(&mut work, &self.chat).await.ok()?;
            drop(work);
            if now != self.seen {
                return Some(now);
            }
            tokio::select! {
                () = self.watch.changed() => {}
                () = sleep(LOOK_EVERY) => {}
            }
        }
    }
}
