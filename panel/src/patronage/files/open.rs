//! The file itself. Nothing of it may run in the browser: only pictures, PDF and plain text are shown, each as what it says it
//! is; everything else downloads (PT-095, PT-096).

use std::fmt::Write;

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use opora_core::{
    files::Store,
    foundation::ids::FileId,
    patronage::files::{self, StoredFile},
};
use tokio_util::io::ReaderStream;

use crate::{
    errors::PanelError,
    extract::{Id, Staff},
};

/// What a shown file may do: nothing.
const CAGE: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
/// The same for PDF, without `sandbox`: older browsers refuse to show it there. What may run in a PDF runs in the browser's viewer, which is
/// a process of its own without cookies and pages; the viewer is an object of this page, and its frame needs a style. Bytes that are no
/// PDF stay an error of the viewer, because nothing is guessed (`nosniff`).
const CAGE_OF_PDF: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'none'";

/// Shows the file if it is of a harmless kind, else hands it over.
pub(super) async fn show(staff: Staff, Id(id): Id<FileId>) -> Result<Response, PanelError> {
    let file = find(&staff, id).await?;
    let is_shown = file.may_be_shown();
    answer(&staff, file, is_shown).await
}

/// «Скачать»: the original bytes under the original name.
pub(super) async fn download(staff: Staff, Id(id): Id<FileId>) -> Result<Response, PanelError> {
    let file = find(&staff, id).await?;
    answer(&staff, file, false).await
}

async fn find(staff: &Staff, id: FileId) -> Result<StoredFile, PanelError> {
    let mut work = staff.look().await?;
    Ok(files::open(&mut work, id).await?)
}

async fn answer(staff: &Staff, file: StoredFile, is_shown: bool) -> Result<Response, PanelError> {
    let path = Store::under(&staff.visit.panel.app.config.data_dir).path(&file.storage_key);
    let content = tokio::fs::File::open(path).await.map_err(|error| {
        tracing::error!(%error, file = %file.id, "a stored file is not on the disk");
        PanelError::NotFound
    })?;
    let kind = match (is_shown, file.media_type.as_str()) {
        (true, "text/plain") => "text/plain; charset=utf-8",
        (true, shown) => shown,
        (false, _) => "application/octet-stream",
    };
    let cage = if kind == "application/pdf" { CAGE_OF_PDF } else { CAGE };
    let headers = [
        (header::CONTENT_TYPE, value(kind)?),
        (header::CONTENT_LENGTH, HeaderValue::from(file.size)),
        (header::CONTENT_DISPOSITION, value(&disposition(is_shown, &file.name))?),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(cage)),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(content))).into_response())
}

/// A header's value.
pub(in crate::patronage) fn value(text: &str) -> Result<HeaderValue, PanelError> {
    HeaderValue::from_str(text).map_err(|_| PanelError::Internal)
}

/// The name twice: in ASCII for old programs, and whole (RFC 5987, RFC 6266).
pub(in crate::patronage) fn disposition(is_shown: bool, name: &str) -> String {
    let how = if is_shown { "inline" } else { "attachment" };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')');
    let ascii: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            whole.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(whole, "%{byte:02X}");
        }
    }
    format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests;
