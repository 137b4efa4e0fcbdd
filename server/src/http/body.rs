//! Bodies that bring much: with a limit of their own, and compressed where the sender wants.

use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::MethodRouter;
use tower_http::decompression::RequestDecompressionLayer;

use crate::http::{AppState, INGEST_BODY_LIMIT_BYTES, Problem};

/// A route that takes a large body.
pub(super) fn large(route: MethodRouter<AppState>) -> MethodRouter<AppState> {
    let limits = (
        DefaultBodyLimit::max(INGEST_BODY_LIMIT_BYTES),
        // What it cannot unpack keeps its header, and is refused by it.
        RequestDecompressionLayer::new().pass_through_unaccepted(true),
    );
    route.layer::<_, Infallible>(limits)
}

/// The body, unpacked.
pub(super) fn whole(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Bytes, Problem> {
    if let Some(encoding) = headers.get(header::CONTENT_ENCODING) {
        return Err(Problem::unknown_encoding(encoding));
    }
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(INGEST_BODY_LIMIT_BYTES),
        _ => Problem::bad_request("the body: it broke off, or it is not the gzip it says it is"),
    })
}
