//! Explaining a week of a series: the page, and the form that adds a sentence.

use app::backend::{Backend, ExplanationQuery};
use app::pages::Page;
use app::routes;
use app::view::explanation::{Asked, Cause, Explanation};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::explanations::{self, Error, Word};
use crate::http::form::{Form, Path, Query};
use crate::http::pages::page;
use crate::http::{AppState, Problem, Visitor};
use crate::store::explanations::Subject;

type Answer = Result<Response, Problem>;

/// Which week of a metric, and of what.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    scope: Option<String>,
    week: Option<String>,
}

async fn find(
    state: &AppState,
    visitor: &Visitor,
    (metric, which): (String, Which),
) -> Result<Explanation, Problem> {
    let query = ExplanationQuery {
        metric,
        scope: which.scope,
        week: which.week,
    };
    state.refresher.current().await;
    Ok(state.pages.explanation(&query, &visitor.reader()).await?)
}

/// `GET /explanations/{metric}`
pub async fn open(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(metric): Path<String>,
    Query(which): Query<Which>,
) -> Answer {
    let shown = find(&state, &visitor, (metric, which)).await?;
    let shown = Page::Explanation(Box::new(shown));
    page(&state, &visitor, (StatusCode::OK, shown)).await
}

/// The form's fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    said: String,
    cause: String,
}

/// `POST /explanations/{metric}`: adds what is said, or says why it is not taken.
pub async fn write(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(metric): Path<String>,
    Query(which): Query<Which>,
    Form(sent): Form<Sent>,
) -> Answer {
    let shown = find(&state, &visitor, (metric, which)).await?;
    if let Some(who) = shown.closed_to_reader {
        return Err(Problem::open_to(who));
    }
    let figure = &shown.row.figure;
    let word = Word {
        subject: Subject {
            metric: &figure.metric,
            scope: &figure.scope,
            week: &figure.week,
        },
        said: &sent.said,
        cause: &sent.cause,
        by: &visitor.reader().email,
    };
    let refused = match explanations::write(&state.db, word, state.now()).await {
        Ok(()) => {
            let kept = routes::explanation(&figure.metric, &figure.week, &figure.scope);
            return Ok(Redirect::to(&kept).into_response());
        }
        Err(Error::Refused(why)) => why,
        Err(Error::Store(error)) => return Err(error.into()),
    };
    let asked = Asked {
        cause: match sent.cause.as_str() {
            "known_cause" => Some(Cause::KnownCause),
            "still_looking" => Some(Cause::StillLooking),
            _ => None,
        },
        said: sent.said,
        refused,
    };
    let shown = Page::Explanation(Box::new(Explanation {
        asked: Some(asked),
        ..shown
    }));
    page(&state, &visitor, (StatusCode::UNPROCESSABLE_ENTITY, shown)).await
}
