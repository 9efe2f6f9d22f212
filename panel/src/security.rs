//! What protects browsers: strict headers on every answer, and a check that changing requests come from our own pages.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{Panel, errors::PanelError, visit::Visit};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const TWO_YEARS: &str = "max-age=63072000";

/// Puts the headers on every answer. An answer that brings its own policy (a file shown in the browser) keeps it.
pub async fn headers(State(panel): State<Panel>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    strengthen(response.headers_mut(), panel.app.config.public_url().starts_with("https://"));
    response
}

/// Adds the strict headers that are not there yet; `is_https` says whether the panel is reached so.
pub fn strengthen(headers: &mut HeaderMap, is_https: bool) {
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, POLICY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(header::REFERRER_POLICY, "same-origin");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    put(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    // Pages hold personal data: no copy stays in a shared browser. Assets say otherwise themselves.
    put(header::CACHE_CONTROL, "no-store");
    if is_https {
        put(header::STRICT_TRANSPORT_SECURITY, TWO_YEARS);
    }
}

/// Refuses changing requests that another site's page sends (PT-023).
pub async fn same_origin(visit: Visit, request: Request, next: Next) -> Response {
    let is_safe = request.method().is_safe();
    if is_safe || is_own(request.headers(), &visit.panel.app.config.public_url()) {
        return next.run(request).await;
    }
    PanelError::Forged.into_response()
}

/// Whether the browser says that our own page (or nobody's page) sends the request.
fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else { return true };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == public_url || (host.is_some() && host == text("host"))
}
