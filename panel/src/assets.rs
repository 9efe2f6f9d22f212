//! Styles, script and icons: embedded, named by their content and therefore kept by browsers for ever.
//!
//! The stylesheet is the files of `assets/css/` in the order of their names, the script those of `assets/js/`.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::{errors::PanelError, routes::Routes};

#[derive(RustEmbed)]
#[folder = "assets"]
struct Files;

/// One file as served.
#[derive(Debug)]
pub struct Asset {
    /// Its address, with a digest of its content.
    pub path: String,
    kind: &'static str,
    content: Vec<u8>,
}

/// The one stylesheet.
pub static STYLES: LazyLock<Asset> = LazyLock::new(|| Asset::joined("css", "text/css; charset=utf-8"));
/// The one script, a module.
pub static SCRIPT: LazyLock<Asset> = LazyLock::new(|| Asset::joined("js", "text/javascript; charset=utf-8"));
/// The sign of the browser's tab.
pub static SIGN: LazyLock<Asset> =
    LazyLock::new(|| Asset::of("sign", "svg", "image/svg+xml", content("icons/sign.svg")));

impl Asset {
    fn joined(folder: &'static str, kind: &'static str) -> Self {
        let prefix = format!("{folder}/");
        let mut names: Vec<_> = Files::iter().filter(|name| name.starts_with(&prefix)).collect();
        names.sort();
        let text = names.iter().flat_map(|name| content(name).into_iter().chain([b'\n'])).collect();
        Self::of("opora", folder, kind, text)
    }

    fn of(name: &str, extension: &str, kind: &'static str, content: Vec<u8>) -> Self {
        let digest: String = Sha256::digest(&content).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Self { path: format!("/assets/{name}-{digest}.{extension}"), kind, content }
    }
}

fn content(name: &str) -> Vec<u8> {
    Files::get(name).map(|file| file.data.into_owned()).unwrap_or_default()
}

/// The assets' route.
pub fn routes() -> Routes {
    Routes::for_everyone().get("/assets/{name}", serve)
}

async fn serve(Path(name): Path<String>) -> Result<Response, PanelError> {
    let path = format!("/assets/{name}");
    let asset =
        [&*STYLES, &*SCRIPT, &*SIGN].into_iter().find(|asset| asset.path == path).ok_or(PanelError::NotFound)?;
    let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.content.as_slice()).into_response())
}
