//! What handlers ask for: who works, a form that is surely ours, an id, a place in a list.

use std::{str::FromStr, sync::Arc};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, RawPathParams, Request},
    http::{HeaderMap, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use opora_core::{
    Work,
    foundation::{
        errors::{Failure, Say, StorageError},
        ids::SubmissionId,
        page::Cursor,
    },
    patronage::curators::Offered,
    people::{
        access::Actor,
        sessions::{self, Flash, Session, Tone},
    },
};
use serde::{Deserialize, de::DeserializeOwned};
use subtle::ConstantTimeEq;

use crate::{
    errors::PanelError,
    options::Options,
    page::{Shell, Wrong},
    visit::{Lang, Visit},
};

/// Header that may carry the anti-forgery token instead of the form's field `csrf`.
pub const TOKEN_HEADER: &str = "x-csrf-token";

/// Somebody signed in: the administrator or a curator.
#[derive(Clone)]
pub struct Staff {
    /// The whole visit.
    pub visit: Visit,
    /// The session.
    pub session: Arc<Session>,
}

impl Staff {
    /// On whose behalf work is done.
    pub fn actor(&self) -> Actor {
        self.session.actor.clone()
    }

    /// The reader's texts.
    pub fn lang(&self) -> &Lang {
        &self.visit.lang
    }

    /// The curators to choose from, ready for the page; `chosen` is marked.
    pub fn curator_options(&self, curators: &Offered, chosen: &str) -> Result<Options, PanelError> {
        Ok(self.visit.panel.curator_options.of(curators, chosen)?)
    }

    /// Opens work that only looks.
    pub async fn look(&self) -> Result<Work, StorageError> {
        self.visit.panel.app.look(self.actor()).await
    }

    /// Opens work that changes things.
    pub async fn begin(&self) -> Result<Work, StorageError> {
        self.visit.panel.app.begin(self.actor()).await
    }

    /// The frame of a page with this title. It takes the flash, so call it only for a page that will be shown.
    pub async fn shell(&self, title: impl ToString) -> Result<Shell, PanelError> {
        Shell::of(&self.visit, title).await
    }

    /// A fresh id for a form, so that a double click saves it once.
    pub fn new_submission(&self) -> SubmissionId {
        let app = &self.visit.panel.app;
        SubmissionId::draw(app.clock.now(), &*app.chance)
    }

    /// What to say beside the fields of a form that a use case did not take; other failures stay errors.
    pub fn wrong(&self, failure: Failure) -> Result<Wrong, PanelError> {
        Wrong::of_failure(self.lang(), failure)
    }

    /// Leads to `path` after a success, with a word about it.
    pub async fn done(&self, path: &str, say: Say) -> Result<Response, PanelError> {
        self.redirect(path, Flash { tone: Tone::Success, say }).await
    }

    /// Leads to `path` with a word of any tone.
    pub async fn redirect(&self, path: &str, flash: Flash) -> Result<Response, PanelError> {
        sessions::put_flash(&self.visit.panel.app, self.session.id, flash).await?;
        Ok(Redirect::to(path).into_response())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = PanelError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PanelError> {
        let Ok(visit) = Visit::from_request_parts(parts, state).await;
        let session = visit.session.clone().ok_or(PanelError::SignIn)?;
        Ok(Self { visit, session })
    }
}

/// The administrator.
#[derive(Clone)]
pub struct Administrator(pub Staff);

impl std::ops::Deref for Administrator {
    type Target = Staff;

    fn deref(&self) -> &Staff {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Administrator {
    type Rejection = PanelError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PanelError> {
        let staff = Staff::from_request_parts(parts, state).await?;
        if staff.visit.is_administrator() { Ok(Self(staff)) } else { Err(PanelError::Forbidden) }
    }
}

/// A form of one of our own pages: it brought the right token. Give the struct `#[serde(default)]`; fields are raw strings.
#[derive(Debug)]
pub struct CsrfForm<T>(pub T);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Token {
    csrf: String,
}

/// The number of a new thing's form, so that a double click saves it once.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Submission {
    /// As the form brought it.
    pub submission: String,
}

/// A form that is only a button.
#[derive(Debug, Default, Deserialize)]
pub struct NoFields {}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for CsrfForm<T> {
    type Rejection = PanelError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PanelError> {
        parse(&verified(request, state).await?).map(Self)
    }
}

/// Two structs read from the same form: the use case's own one, and what the page adds to it (a version, a submission).
#[derive(Debug)]
pub struct CsrfForms<A, B>(pub A, pub B);

impl<S: Send + Sync, A: DeserializeOwned, B: DeserializeOwned> FromRequest<S> for CsrfForms<A, B> {
    type Rejection = PanelError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PanelError> {
        let body = verified(request, state).await?;
        Ok(Self(parse(&body)?, parse(&body)?))
    }
}

/// The body of a form that brought the right token, in the header or in the field `csrf`.
async fn verified<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, PanelError> {
    let (mut parts, body) = request.into_parts();
    let token = CsrfToken::from_request_parts(&mut parts, state).await?;
    let is_in_header = token.is_in(&parts.headers);
    let body = Bytes::from_request(Request::from_parts(parts, body), state)
        .await
        .map_err(|error| PanelError::BadForm(error.body_text()))?;
    if !is_in_header {
        let own: Token = serde_html_form::from_bytes(&body).unwrap_or_default();
        token.verify(&own.csrf)?;
    }
    Ok(body)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, PanelError> {
    serde_html_form::from_bytes(body).map_err(|error| PanelError::BadForm(error.to_string()))
}

/// The token a form must bring, for handlers that read the body themselves (uploads).
pub struct CsrfToken(String);

impl CsrfToken {
    /// Refuses a form with another token.
    pub fn verify(&self, given: &str) -> Result<(), PanelError> {
        let is_right = !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(given.as_bytes()));
        if is_right { Ok(()) } else { Err(PanelError::Forged) }
    }

    /// Whether the header brings the right token.
    pub fn is_in(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok());
        given.is_some_and(|given| self.verify(given).is_ok())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CsrfToken {
    type Rejection = PanelError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PanelError> {
        let Ok(visit) = Visit::from_request_parts(parts, state).await;
        Ok(Self(visit.csrf.reveal().to_owned()))
    }
}

/// The one id in the path; anything that is no id is "not found".
#[derive(Debug, Clone, Copy)]
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for Id<T> {
    type Rejection = PanelError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PanelError> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| PanelError::NotFound)?;
        let text = params.iter().next().map(|(_, text)| text).ok_or(PanelError::NotFound)?;
        text.parse().map(Self).map_err(|_| PanelError::NotFound)
    }
}

/// The two ids (or an id and a number) in the path.
#[derive(Debug, Clone, Copy)]
pub struct Ids<A, B>(pub A, pub B);

impl<S: Send + Sync, A: FromStr, B: FromStr> FromRequestParts<S> for Ids<A, B> {
    type Rejection = PanelError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PanelError> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| PanelError::NotFound)?;
        let mut texts = params.iter().map(|(_, text)| text);
        let (Some(first), Some(second)) = (texts.next(), texts.next()) else { return Err(PanelError::NotFound) };
        match (first.parse(), second.parse()) {
            (Ok(first), Ok(second)) => Ok(Self(first, second)),
            _ => Err(PanelError::NotFound),
        }
    }
}

/// The place in a list: `?cursor=`. A cursor that makes no sense shows the beginning.
#[derive(Debug, Clone)]
pub struct Paging(pub Option<Cursor>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct CursorQuery {
    cursor: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = PanelError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PanelError> {
        let query: CursorQuery = serde_html_form::from_str(parts.uri.query().unwrap_or_default()).unwrap_or_default();
        Ok(Self(query.cursor.parse().ok()))
    }
}
