//! The headers that every answer carries, and what each keeps a browser from doing.

use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::http::visit::Visit;

/// Names the request in the answer, in the log and on error pages.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Adds them; a cache rule or a policy that is there already stays.
pub fn add(response: &mut Response, visit: &Visit) {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    insert_new(headers, header::CACHE_CONTROL, "private, no-store");
    insert_new(
        headers,
        header::CONTENT_SECURITY_POLICY,
        &policy(&visit.nonce),
    );
    insert_new(headers, REQUEST_ID, &visit.id);
}

fn insert_new(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.entry(name).or_insert(value);
    }
}

/// Nothing from elsewhere, no inline style, and one inline script: the one with this nonce, which
/// starts the islands.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
}
