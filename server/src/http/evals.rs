//! `POST /api/v1/evals`: the results of an evaluation tool, as its file, from a build.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use serde::Deserialize;

use crate::evals::Format;
use crate::http::form::Query;
use crate::http::{AppState, Problem, body};
use crate::store::registry::SuiteKind;
use crate::suites::{self, Error, Results};

/// The route, with a limit of its own; the body may be compressed.
pub fn evals_route() -> MethodRouter<AppState> {
    body::large(post(take))
}

/// What is said of the file beside it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    format: String,
    workflow: String,
    suite: Option<String>,
    kind: Option<SuiteKind>,
    commit: Option<String>,
    /// Whether results under their threshold are answered with 422; they are kept all the same.
    #[serde(default)]
    gate: bool,
}

async fn take(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let format: Format = asked
        .format
        .parse()
        .map_err(|error| Problem::bad_request(format!("the query: {error}")))?;
    let body = body::whole(&headers, body)?;
    let results = Results {
        format,
        bytes: &body,
        workflow: &asked.workflow,
        suite: asked.suite.as_deref(),
        kind: asked.kind,
        commit: asked.commit.as_deref(),
        source: "push",
    };
    let taken = match suites::take(&state.db, results, state.now()).await {
        Ok(taken) => taken,
        Err(Error::Store(error)) => return Err(error.into()),
        Err(error) => return Err(Problem::bad_request(error.to_string())),
    };
    state.refresher.poke();
    state.meter.pushed("suite_runs", &taken.outcome);
    let status = match asked.gate && !taken.is_met() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    Ok((status, Json(taken)).into_response())
}
