//! What goes wrong in the panel, and the page that says so and shows the way on.
//!
//! A handler answers with a [`PanelError`]; it travels as an extension of the response to [`dress`], which knows the reader's
//! language and makes a page of it.

use std::any::Any;

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use opora_core::foundation::errors::{Complaints, Failure, Say, StorageError};

use crate::{
    page::{Shell, html},
    paths,
    visit::Visit,
};

/// Why there is no page.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PanelError {
    /// Nobody is signed in.
    #[error("not signed in")]
    SignIn,
    /// The way leads elsewhere.
    #[error("see {0}")]
    See(&'static str),
    /// The form does not come from our own page, or its page is too old.
    #[error("forged or outdated form")]
    Forged,
    /// No such page or thing.
    #[error("not found")]
    NotFound,
    /// Not for this role.
    #[error("forbidden")]
    Forbidden,
    /// A form that our pages do not send.
    #[error("unreadable form: {0}")]
    BadForm(String),
    /// Input that breaks rules and that no page shows beside its fields.
    #[error("invalid input: {0:?}")]
    Invalid(Complaints),
    /// The state of things does not allow it.
    #[error("refused: {0:?}")]
    Refused(Say),
    /// Somebody else changed the same thing meanwhile.
    #[error("changed by somebody else")]
    Stale,
    /// The database cannot work just now; the key says why.
    #[error("the database: {0}")]
    Database(&'static str),
    /// Our own fault; the log says more.
    #[error("internal error")]
    Internal,
}

impl From<Failure> for PanelError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound => Self::NotFound,
            Failure::Forbidden => Self::Forbidden,
            Failure::Invalid(complaints) => Self::Invalid(complaints),
            Failure::Refused(say) => Self::Refused(say),
            Failure::Stale => Self::Stale,
            Failure::Storage(error) => error.into(),
        }
    }
}

impl From<StorageError> for PanelError {
    fn from(error: StorageError) -> Self {
        tracing::error!(error = %error, "the database failed a page");
        match error {
            StorageError::Busy => Self::Database("panel-error-database-busy"),
            StorageError::Unreachable(_) => Self::Database("panel-error-database-unreachable"),
            StorageError::ReadOnly | StorageError::Full => Self::Database("panel-error-database-read-only"),
            _ => Self::Internal,
        }
    }
}

impl From<askama::Error> for PanelError {
    fn from(error: askama::Error) -> Self {
        tracing::error!(error = %error, "a page could not be rendered");
        Self::Internal
    }
}

impl PanelError {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::SignIn | Self::See(_) => StatusCode::SEE_OTHER,
            Self::Forged | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BadForm(_) => StatusCode::BAD_REQUEST,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(_) | Self::Stale => StatusCode::CONFLICT,
            Self::Database(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Keys of the heading and of what to do.
    fn words(&self) -> (&'static str, Say) {
        let words = |title, text| (title, Say::key(text));
        match self {
            Self::Forged => words("panel-error-forged", "panel-error-forged-text"),
            Self::Forbidden => words("panel-error-forbidden", "panel-error-forbidden-text"),
            Self::BadForm(_) | Self::Invalid(_) => words("panel-error-form", "panel-error-form-text"),
            Self::Refused(say) => ("panel-error-refused", say.clone()),
            Self::Stale => words("panel-error-stale", "panel-error-stale-text"),
            Self::Database(text) => words("panel-error-database", text),
            Self::Internal => words("panel-error-internal", "panel-error-internal-text"),
            Self::NotFound | Self::SignIn | Self::See(_) => {
                words("panel-error-not-found", "panel-error-not-found-text")
            }
        }
    }

    /// Whether the same request may succeed when repeated.
    fn is_worth_repeating(&self) -> bool {
        matches!(self, Self::Database(_) | Self::Internal | Self::Stale)
    }
}

impl IntoResponse for PanelError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The answer to addresses that no room knows. Who is not signed in learns nothing.
pub async fn no_such_page(visit: Visit) -> PanelError {
    if visit.session.is_some() { PanelError::NotFound } else { PanelError::SignIn }
}

/// The answer after a panic: the log gets what is known of it, the reader the page of an internal error.
#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
pub fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("without words"), "a page panicked");
    PanelError::Internal.into_response()
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    shell: Shell,
    status: u16,
    text: String,
    complaints: Vec<String>,
    repeat: Option<String>,
}

/// Makes a page of an error that a handler answered with.
pub async fn dress(mut response: Response, visit: &Visit) -> Response {
    let Some(error) = response.extensions_mut().remove::<PanelError>() else { return response };
    match error {
        PanelError::SignIn => to_sign_in(visit),
        PanelError::See(path) => Redirect::to(path).into_response(),
        error => page(&error, visit).await,
    }
}

fn to_sign_in(visit: &Visit) -> Response {
    if paths::after_sign_in(&visit.target) == paths::HOME {
        return Redirect::to(paths::SIGN_IN).into_response();
    }
    let query = serde_html_form::to_string([("next", &visit.target)]).unwrap_or_default();
    Redirect::to(&format!("{}?{query}", paths::SIGN_IN)).into_response()
}

async fn page(error: &PanelError, visit: &Visit) -> Response {
    let (title, text) = error.words();
    let lang = &visit.lang;
    // When the database is the trouble, the page must do without it.
    let shell = match error {
        PanelError::Database(_) | PanelError::Internal => Shell::bare(visit, lang.t(title)),
        _ => Shell::of(visit, lang.t(title)).await.unwrap_or_else(|_| Shell::bare(visit, lang.t(title))),
    };
    let complaints = match error {
        PanelError::Invalid(complaints) => complaints.iter().map(|(_, say)| lang.say(say)).collect(),
        _ => Vec::new(),
    };
    let repeat = error.is_worth_repeating().then(|| visit.target.clone());
    let status = error.status();
    let page = ErrorPage { shell, status: status.as_u16(), text: lang.say(&text), complaints, repeat };
    let mut response = match page.render() {
        Ok(text) => (status, html(text)).into_response(),
        Err(error) => {
            tracing::error!(error = %error, "the page of an error could not be rendered");
            (status, lang.t(title).to_string()).into_response()
        }
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    response
}
