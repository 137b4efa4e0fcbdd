//! `POST /hooks/{source}`: what a connected system sends of its own accord.
//!
//! Open to everyone, and so nothing of it is read before its signature holds. A source that is not there
//! and one that takes nothing answer the same.

use std::convert::Infallible;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use serde_json::json;

use crate::connectors::NotHeard;
use crate::http::form::Path;
use crate::http::{AppState, Problem};
use crate::jobs::hear_source::{self, Said};

/// The most bytes of a delivery; GitHub sends no more.
const LIMIT_BYTES: usize = 25 << 20;

/// The route, with a limit of its own.
pub fn route() -> MethodRouter<AppState> {
    post(hear).layer::<_, Infallible>(DefaultBodyLimit::max(LIMIT_BYTES))
}

/// Whether a request for this path is a delivery.
pub fn is_delivery(path: &str) -> bool {
    path.starts_with("/hooks/")
}

async fn hear(
    State(state): State<AppState>,
    Path(source): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(LIMIT_BYTES),
        _ => Problem::bad_request("the body: it broke off"),
    })?;
    let call = (headers, body);
    let said =
        hear_source::hear(&state.db, &state.connections, (&source, call), state.now()).await?;
    match said {
        Said::Nobody => Err(Problem::not_found(
            "a source of this name that takes deliveries",
        )),
        Said::NotHeard(NotHeard::Forged) => Err(Problem::forged()),
        Said::NotHeard(NotHeard::Unreadable) => Err(Problem::bad_request("the delivery")),
        Said::Repeated => Ok(Json(json!({"accepted": 0, "repeated": true})).into_response()),
        Said::Heard { accepted, refused } => {
            if accepted > 0 {
                state.refresher.poke();
            }
            Ok(Json(json!({"accepted": accepted, "refused": refused})).into_response())
        }
    }
}
