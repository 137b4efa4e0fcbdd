//! What goes around every answer: one log line, a time limit, headers, and problems made readable.
//!
//! The log names the route and never the query, which may hold a secret.

use std::time::Instant;

use app::view::frame::{Frame, Generated};
use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, RequestExt};
use tracing::Instrument;

use crate::auth::Caller;
use crate::http::visit::Visit;
use crate::http::{AppState, Problem, REQUEST_TIMEOUT, headers, pages};

/// Runs a request, says how it went, and dresses the answer.
pub async fn around(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let Ok(Extension(visit)) = request.extract_parts::<Extension<Visit>>().await else {
        return Problem::broken().into_response();
    };
    let began = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(no route)", MatchedPath::as_str)
        .to_owned();
    let span = tracing::info_span!("request", id = %visit.id);
    let answered = tokio::time::timeout(REQUEST_TIMEOUT, next.run(request))
        .instrument(span)
        .await
        .unwrap_or_else(|_| Problem::too_slow().into_response());
    let mut response = readable(answered, &visit, &state).await;
    headers::add(&mut response, &visit);
    let took = began.elapsed();
    state
        .meter
        .answered((&method, &route), response.status(), took);
    tracing::info!(
        id = %visit.id,
        %method,
        route,
        status = response.status().as_u16(),
        ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// A problem as JSON for scripts, as a page for people; everything else as it is.
async fn readable(mut response: Response, visit: &Visit, state: &AppState) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let mut told = if visit.is_api() {
        problem.as_json(&visit.id)
    } else {
        let caller = response.extensions_mut().remove::<Caller>();
        let frame = Frame {
            generated: mark(state, &problem).await,
            ..visit.frame(&caller.unwrap_or(Caller::Nobody))
        };
        pages::error(frame, &problem, &visit.id)
    };
    let kept = response.headers().iter();
    for (name, value) in kept.filter(|(name, _)| *name != "content-length") {
        told.headers_mut().insert(name, value.clone());
    }
    if let Ok(id) = HeaderValue::from_str(&visit.id) {
        told.headers_mut().insert(headers::REQUEST_ID, id);
    }
    told
}

/// The mark of a generated company; not asked for when the store may be what broke.
async fn mark(state: &AppState, problem: &Problem) -> Option<Generated> {
    if problem.status.is_server_error() {
        return None;
    }
    state.pages.generated().await.ok().flatten()
}
