//! Forms with a file: read as a stream, so that no file has to fit into memory.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, FromRequestParts, Multipart, Request, multipart::Field};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::{Panel, errors::PanelError, extract::CsrfToken};

/// Bytes of a field that is no file.
const FIELD_LIMIT: usize = 16 * 1024;

/// What is read and thrown away behind the limit, so that the browser gets to see the answer.
const PATIENCE: u64 = 256 * 1024 * 1024;

/// The fields of a form with a file; put those that are no file before it.
#[derive(Debug, Default)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// A field's value; empty when it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// A file that was received.
#[derive(Debug)]
pub struct Received<W> {
    /// What the browser calls it.
    pub name: Option<String>,
    /// What kind the browser takes it for.
    pub media_type: Option<String>,
    /// Bytes; more than the limit when it is too large.
    pub size: u64,
    /// Whether it is larger than allowed; then what was written is only its beginning.
    pub is_too_large: bool,
    /// Where it went.
    pub into: W,
}

/// Reads a form of one of our own pages with one file named `file`. `open` is asked where to put it once the token has been
/// found right; an empty choice counts as no file.
pub async fn receive<W, F>(
    request: Request,
    panel: &Panel,
    limit: u64,
    open: F,
) -> Result<(Fields, Option<Received<W>>), PanelError>
where
    W: AsyncWrite + Unpin,
    F: AsyncFnOnce() -> Result<W, PanelError>,
{
    let (mut parts, body) = request.into_parts();
    let token = CsrfToken::from_request_parts(&mut parts, panel).await?;
    let mut is_ours = token.is_in(&parts.headers);
    let form = Multipart::from_request(Request::from_parts(parts, body), panel).await;
    let mut form = form.map_err(|error| if is_ours { bad(error) } else { PanelError::Forged })?;
    let mut fields = Fields::default();
    while let Some(field) = form.next_field().await.map_err(bad)? {
        if field.file_name().is_none() {
            let (name, value) = text(field).await?;
            is_ours = is_ours || (name == "csrf" && token.verify(&value).is_ok());
            fields.0.insert(name, value);
        } else if !is_ours {
            return Err(PanelError::Forged);
        } else if field.file_name() != Some("") {
            let received = file(field, open().await?, limit).await?;
            return Ok((fields, Some(received)));
        }
    }
    if is_ours { Ok((fields, None)) } else { Err(PanelError::Forged) }
}

async fn text(mut field: Field<'_>) -> Result<(String, String), PanelError> {
    let name = field.name().unwrap_or_default().to_owned();
    let mut value = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(bad)? {
        value.extend_from_slice(&chunk);
        if value.len() > FIELD_LIMIT {
            return Err(PanelError::BadForm("a field is too long".to_owned()));
        }
    }
    let value = String::from_utf8(value).map_err(bad)?;
    Ok((name, value))
}

async fn file<W: AsyncWrite + Unpin>(mut field: Field<'_>, mut into: W, limit: u64) -> Result<Received<W>, PanelError> {
    let (name, media_type) = (field.file_name().map(str::to_owned), field.content_type().map(str::to_owned));
    let mut size = 0_u64;
    while let Some(chunk) = field.chunk().await.map_err(bad)? {
        size = size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if size <= limit {
            into.write_all(&chunk).await.map_err(not_written)?;
        } else if size > limit.saturating_add(PATIENCE) {
            break;
        }
    }
    into.flush().await.map_err(not_written)?;
    Ok(Received { name, media_type, size, is_too_large: size > limit, into })
}

fn bad(error: impl std::fmt::Display) -> PanelError {
    PanelError::BadForm(error.to_string())
}

/// The disk failed us, not the visitor.
pub fn not_written(error: impl std::fmt::Display) -> PanelError {
    tracing::error!(%error, "an upload could not be written");
    PanelError::Internal
}
