//! Bodies that bring much: with a limit of their own, and compressed where the sender wants.

use std::convert::Infallible;

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::MethodRouter;
use http_body_util::{BodyExt, Limited};
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

/// All of a body, without holding it twice as collecting its parts would; fails beyond the limit.
pub(super) async fn read(body: Body) -> Result<Bytes, BoxError> {
    let told = body.size_hint().lower().min(INGEST_BODY_LIMIT_BYTES as u64);
    let mut bytes = Vec::with_capacity(told as usize);
    let mut body = Limited::new(body, INGEST_BODY_LIMIT_BYTES);
    while let Some(frame) = body.frame().await {
        if let Some(data) = frame?.data_ref() {
            bytes.extend_from_slice(data);
        }
    }
    Ok(bytes.into())
}
