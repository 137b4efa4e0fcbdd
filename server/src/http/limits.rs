//! New limits for a series: the form, and what was sent with it.

use app::backend::Backend;
use app::pages::Page;
use app::routes;
use app::view::limits::{Limits, Proposal};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::http::form::{Form, Path, Query};
use crate::http::pages::{Scoped, page};
use crate::http::{AppState, Problem, Visitor};
use crate::limits::{self, Error, Of};

type Answer = Result<Response, Problem>;

/// `GET /limits/{metric}`
pub async fn open(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(metric): Path<String>,
    Query(asked): Query<Scoped>,
) -> Answer {
    state.refresher.current().await;
    let scope = asked.scope.as_deref();
    let limits = state
        .pages
        .limits(&metric, scope, &visitor.reader())
        .await?;
    page(&state, &visitor, (StatusCode::OK, Page::Limits(limits))).await
}

/// The form's fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    #[serde(flatten)]
    proposal: Proposal,
    /// `take_back` takes a divider back.
    step: String,
}

/// `POST /limits/{metric}`: sets a divider, or takes one back.
pub async fn propose(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(metric): Path<String>,
    Query(asked): Query<Scoped>,
    Form(sent): Form<Sent>,
) -> Answer {
    let reader = visitor.reader();
    let shown = state
        .pages
        .limits(&metric, asked.scope.as_deref(), &reader)
        .await?;
    if let Some(who) = shown.closed_to_reader {
        return Err(Problem::open_to(who));
    }
    let scope = shown.figure.scope.clone();
    let of = Of {
        metric: &metric,
        scope: &scope,
        by: &reader.email,
    };
    let done = match sent.step.as_str() {
        "take_back" => limits::take_back(&state.db, of, &sent.proposal.week, state.now()).await,
        _ => limits::begin_anew(&state.db, of, &sent.proposal, state.now()).await,
    };
    match done {
        Ok(()) => Ok(Redirect::to(&routes::limits(&metric, &scope)).into_response()),
        Err(Error::Store(error)) => Err(error.into()),
        Err(Error::Refused(why)) => {
            let again = Limits {
                refused: Some(why),
                sent: sent.proposal,
                ..shown
            };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(&state, &visitor, (status, Page::Limits(again))).await
        }
    }
}
