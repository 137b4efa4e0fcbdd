//! `POST /api/v1/records/{stream}`: records pushed in, good ones kept, each refusal answered.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};

use crate::http::form::Path;
use crate::http::{AppState, Problem, body};
use crate::ingest::{self, Delivery, StreamName};

/// The most records of one request.
const MAX_RECORDS: usize = 20_000;

/// The route, with a limit of its own; the body may be compressed.
pub fn push_route() -> MethodRouter<AppState> {
    body::large(post(push))
}

async fn push(
    State(state): State<AppState>,
    Path(stream): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let stream: StreamName = stream
        .parse()
        .map_err(|error| Problem::not_found(&format!("the {error}")))?;
    let body = body::whole(&headers, body)?;
    let text = std::str::from_utf8(&body)
        .map_err(|_| Problem::bad_request("the body: it is not UTF-8"))?;
    let records = ingest::elements(text).map_err(|error| {
        Problem::bad_request(format!(
            "the body: it is neither a JSON array nor one JSON object a line ({error})"
        ))
    })?;
    if records.is_empty() {
        return Err(Problem::bad_request("the body: it holds no record"));
    }
    if records.len() > MAX_RECORDS {
        return Err(Problem::bad_request(format!(
            "the body: it holds {} records; at most {MAX_RECORDS} are taken at once",
            records.len()
        )));
    }
    let delivery = Delivery {
        source: "push",
        records: &records,
        received_at_ms: state.now(),
    };
    let outcome = ingest::take(&state.db, stream, delivery).await?;
    state.refresher.poke();
    state.meter.pushed(stream.as_str(), &outcome);
    let none_good = outcome.accepted + outcome.repeated == 0;
    let status = if none_good {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, Json(outcome)).into_response())
}
