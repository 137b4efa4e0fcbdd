//! `POST /v1/traces` and `/v1/logs`: OTLP over HTTP, as any SDK or collector sends it; `/v1/metrics` is
//! answered and dropped, so that exporters stay quiet.
//!
//! Answered is durable. Two large exports are read at a time, or as many small ones as take no more memory;
//! whoever would wait long for a turn is asked to come again, before its body is read.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use http_body_util::LengthLimitError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::{AppState, INGEST_BODY_LIMIT_BYTES, body};
use crate::otlp::{self, Encoding, Reading, Refusals, Signal};
use crate::traces;

/// How long an export waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// When to come again, in seconds.
const AGAIN: &str = "2";
/// What is said to whoever waited for nothing.
pub(super) const BUSY: &str =
    "more comes than is taken at once; nothing of this was kept, send it again";
/// What is said where the store failed.
pub(super) const FAILED: &str = "it could not be kept just now; send it again";

/// Exports are read at a time as far as their megabytes fit, since each is held in memory whole.
#[derive(Clone, Debug)]
pub struct Turns(Arc<Semaphore>);

/// The megabytes of a large export, as which one counts that does not tell its size.
const LARGE_MB: u32 = 8;

impl Default for Turns {
    fn default() -> Turns {
        Turns(Arc::new(Semaphore::new(2 * LARGE_MB as usize)))
    }
}

impl Turns {
    /// Waits for the turn of an export of so many bytes.
    pub(super) async fn next(&self, told_bytes: Option<u64>) -> Option<OwnedSemaphorePermit> {
        let turn = Arc::clone(&self.0).acquire_many_owned(megabytes(told_bytes));
        tokio::time::timeout(PATIENCE, turn).await.ok()?.ok()
    }
}

fn megabytes(told_bytes: Option<u64>) -> u32 {
    let told = told_bytes.map(|bytes| bytes.div_ceil(1 << 20));
    let told = told.and_then(|own| u32::try_from(own).ok());
    told.unwrap_or(LARGE_MB).clamp(1, LARGE_MB)
}

pub fn traces_route() -> MethodRouter<AppState> {
    body::large(post(take_traces))
}

pub fn logs_route() -> MethodRouter<AppState> {
    body::large(post(take_logs))
}

pub fn metrics_route() -> MethodRouter<AppState> {
    body::large(post(drop_metrics))
}

async fn take_traces(State(state): State<AppState>, request: Request) -> Response {
    taken(&state, request, Signal::Traces).await
}

async fn take_logs(State(state): State<AppState>, request: Request) -> Response {
    taken(&state, request, Signal::Logs).await
}

async fn drop_metrics(request: Request) -> Response {
    let Some(encoding) = encoding(request.headers()) else {
        return unknown_encoding();
    };
    said(
        StatusCode::OK,
        encoding,
        otlp::answer(&Refusals::default(), Signal::Traces, encoding),
    )
}

/// Why an export was not taken.
pub(super) enum NotTaken {
    Unreadable(otlp::Unreadable),
    /// The store failed, which is logged.
    NotKept,
}

impl From<otlp::Unreadable> for NotTaken {
    fn from(error: otlp::Unreadable) -> NotTaken {
        NotTaken::Unreadable(error)
    }
}

/// Waits for a turn, reads the body, and answers as OTLP says.
async fn taken(state: &AppState, request: Request, signal: Signal) -> Response {
    let Some(encoding) = encoding(request.headers()) else {
        return unknown_encoding();
    };
    let told_bytes = request.body().size_hint().exact();
    let Some(_turn) = state.turns.next(told_bytes).await else {
        return again(StatusCode::TOO_MANY_REQUESTS, encoding, BUSY);
    };
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        let unknown = "the content encoding is not read; send gzip or none";
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, encoding, unknown);
    }
    let bytes = match body::read(request.into_body()).await {
        Ok(bytes) => bytes,
        Err(error) if error.is::<LengthLimitError>() => {
            let most = INGEST_BODY_LIMIT_BYTES;
            let large = format!("the body has more than {most} bytes; send smaller batches");
            return refused(StatusCode::PAYLOAD_TOO_LARGE, encoding, &large);
        }
        Err(_) => {
            let broken = "the body broke off, or it is not the gzip it says it is";
            return refused(StatusCode::BAD_REQUEST, encoding, broken);
        }
    };
    match keep(state, signal, (encoding, bytes)).await {
        Ok(refusals) => {
            let told = otlp::answer(&refusals, signal, encoding);
            said(StatusCode::OK, encoding, told)
        }
        Err(NotTaken::Unreadable(error)) => {
            refused(StatusCode::BAD_REQUEST, encoding, &error.to_string())
        }
        Err(NotTaken::NotKept) => again(StatusCode::SERVICE_UNAVAILABLE, encoding, FAILED),
    }
}

/// Keeps the good rows of an export, durably, and tells of the others. What was read is let go before it waits
/// for the store, so that memory holds little more than one export at a time.
pub(super) async fn keep(
    state: &AppState,
    signal: Signal,
    (encoding, bytes): (Encoding, Bytes),
) -> Result<Refusals, NotTaken> {
    let now_ms = state.now();
    let reading = Reading {
        received_at: now_ms,
        keeps_bodies: state.keeps_bodies,
    };
    let (rows, unread, kept) = match signal {
        Signal::Traces => {
            let read = otlp::traces(&bytes, encoding, reading)?;
            drop(bytes);
            let (rows, unread) = (read.spans.len(), read.rejected.count);
            let kept = traces::keep(&state.db, (read.spans, read.rejected), now_ms).await;
            (rows, unread, kept)
        }
        Signal::Logs => {
            let read = otlp::logs(&bytes, encoding, reading)?;
            drop(bytes);
            let (rows, unread) = (read.events.len(), read.rejected.count);
            let kept = traces::keep(&state.db, (read.events, read.rejected), now_ms).await;
            (rows, unread, kept)
        }
    };
    let refusals = kept.map_err(|error| {
        tracing::error!(%error, "an export could not be kept; its sender is asked to send it again");
        NotTaken::NotKept
    })?;
    let accepted = rows - (refusals.count - unread);
    if accepted > 0 {
        state.refresher.poke();
    }
    let refused = refusals.count as u64;
    state
        .meter
        .exported(signal.as_str(), accepted as u64, refused);
    Ok(refusals)
}

fn encoding(headers: &HeaderMap) -> Option<Encoding> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    match kind.split(';').next()?.trim() {
        "application/x-protobuf" => Some(Encoding::Protobuf),
        "application/json" => Some(Encoding::Json),
        _ => None,
    }
}

fn unknown_encoding() -> Response {
    let said = "the content type is none of application/x-protobuf and application/json";
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, said).into_response()
}

fn said(status: StatusCode, encoding: Encoding, body: Vec<u8>) -> Response {
    let kind = match encoding {
        Encoding::Protobuf => "application/x-protobuf",
        Encoding::Json => "application/json",
    };
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

fn refused(status: StatusCode, encoding: Encoding, reason: &str) -> Response {
    said(status, encoding, otlp::failure(reason, encoding))
}

fn again(status: StatusCode, encoding: Encoding, reason: &str) -> Response {
    let mut response = refused(status, encoding, reason);
    let after: HeaderName = header::RETRY_AFTER;
    response
        .headers_mut()
        .insert(after, HeaderValue::from_static(AGAIN));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_large_exports_are_read_at_a_time_or_many_small_ones() {
        let turns = Turns::default();
        let large = turns.next(Some(15 << 20)).await;
        let untold = turns.next(None).await;
        assert!(large.is_some() && untold.is_some());
        assert_eq!(turns.0.available_permits(), 0);
        drop(untold);
        let mut small = Vec::new();
        for _ in 0..LARGE_MB {
            small.extend(turns.next(Some(1_000)).await);
        }
        assert_eq!(small.len(), LARGE_MB as usize);
        assert_eq!(turns.0.available_permits(), 0);
    }
}
