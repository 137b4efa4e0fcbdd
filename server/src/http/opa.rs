//! `POST /api/v1/opa/logs`: the decision logs of Open Policy Agent, as its own plugin sends them. Whoever
//! gets no 2xx sends a batch again, and what is known already changes nothing.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};

use crate::connectors::Read;
use crate::http::{AppState, Problem, body};
use crate::{ingest, opa};

/// What they are told to come from.
const SOURCE: &str = "opa";

/// The route, with a limit of its own; the body may be compressed.
pub fn logs_route() -> MethodRouter<AppState> {
    body::large(post(take))
}

async fn take(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body::whole(&headers, body)?;
    let text = std::str::from_utf8(&body)
        .map_err(|_| Problem::bad_request("the body: it is not UTF-8"))?;
    let decisions = opa::decisions(text)
        .map_err(|reason| Problem::bad_request(format!("the body: {reason}")))?;
    let read: Vec<Read> = decisions
        .into_iter()
        .map(|one| match one {
            Ok(record) => Read::Record {
                stream: "policy_decisions",
                body: record.to_string(),
            },
            Err(unread) => Read::Unread {
                stream: "policy_decisions",
                id: unread.id,
                body: unread.named,
                reason: unread.reason,
            },
        })
        .collect();
    let mut tx = state.db.write().await?;
    let outcome = ingest::take_page(&mut tx, SOURCE, &read, state.now()).await?;
    tx.commit().await?;
    state.refresher.poke();
    state.meter.pushed("policy_decisions", &outcome);
    Ok(Json(outcome).into_response())
}
