//! Pages: ask [`views::Pages`](crate::views::Pages) for a view model, hand it to `app`, answer in
//! one go.

use app::backend::{Backend, RecordsQuery};
use app::pages::Page;
use app::shell;
use app::view::frame::Frame;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::http::form::{Path, Query};
use crate::http::return_to::HOME;
use crate::http::{AppState, Problem, Visitor};

type Answer = Result<Response, Problem>;

/// `GET /`
pub async fn home() -> Redirect {
    Redirect::to(HOME)
}

/// What a review's address may carry.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Scoped {
    pub scope: Option<String>,
}

/// `GET /review`: the latest complete week.
pub async fn review(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(asked): Query<Scoped>,
) -> Answer {
    review_shown(&state, &visitor, (None, asked.scope.as_deref())).await
}

/// `GET /review/{week}`
pub async fn review_of_week(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(week): Path<String>,
    Query(asked): Query<Scoped>,
) -> Answer {
    let of = (Some(week.as_str()), asked.scope.as_deref());
    review_shown(&state, &visitor, of).await
}

async fn review_shown(
    state: &AppState,
    visitor: &Visitor,
    (week, scope): (Option<&str>, Option<&str>),
) -> Answer {
    state.refresher.current().await;
    let review = state.pages.review(week, scope).await?;
    let frame = Frame {
        generated: review.generated,
        ..visitor.frame()
    };
    Ok(respond(
        StatusCode::OK,
        frame,
        Page::Review(Box::new(review)),
    ))
}

/// Which of a metric's records.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    week: Option<String>,
    scope: Option<String>,
    segment: Option<String>,
    sort: Option<String>,
    offset: u64,
}

impl From<Which> for RecordsQuery {
    fn from(asked: Which) -> RecordsQuery {
        RecordsQuery {
            week: asked.week,
            scope: asked.scope,
            segment: asked.segment,
            sort: asked.sort,
            offset: asked.offset,
        }
    }
}

/// `GET /records/{metric}`
pub async fn records(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(metric): Path<String>,
    Query(asked): Query<Which>,
) -> Answer {
    state.refresher.current().await;
    let records = state.pages.records(&metric, &asked.into()).await?;
    page(&state, &visitor, (StatusCode::OK, Page::Records(records))).await
}

/// `GET /receipts/{kind}/{id}`
pub async fn receipt(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((kind, id)): Path<(String, String)>,
) -> Answer {
    state.refresher.current().await;
    let receipt = Box::new(state.pages.receipt(&kind, &id).await?);
    page(&state, &visitor, (StatusCode::OK, Page::Receipt(receipt))).await
}

/// `GET /definitions/{metric}`
pub async fn definition(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(metric): Path<String>,
) -> Answer {
    let definition = state.pages.definition(&metric).await?;
    page(
        &state,
        &visitor,
        (StatusCode::OK, Page::Definition(definition)),
    )
    .await
}

/// Which week's answer, of what.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct WhichAnswer {
    week: Option<String>,
    scope: Option<String>,
}

/// `GET /definitions/answer`
pub async fn answer(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(asked): Query<WhichAnswer>,
) -> Answer {
    state.refresher.current().await;
    let (week, scope) = (asked.week.as_deref(), asked.scope.as_deref());
    let definition = state.pages.answer(week, scope).await?;
    page(&state, &visitor, (StatusCode::OK, Page::Answer(definition))).await
}

/// `GET /demo`: only where the company is generated.
pub async fn demo(State(state): State<AppState>, visitor: Visitor) -> Answer {
    state.refresher.current().await;
    let demo = state.pages.demo().await?;
    page(&state, &visitor, (StatusCode::OK, Page::Demo(demo))).await
}

/// The source that was connected, or asked to be read, just now.
#[derive(Debug, Deserialize)]
pub struct Awaited {
    awaited: Option<String>,
}

/// `GET /sources`: what is behind is said, so that nothing is waited for.
pub async fn sources(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(asked): Query<Awaited>,
) -> Answer {
    let mut sources = state.pages.sources().await?;
    let is_one = |name: &String| sources.sources.iter().any(|own| own.name == *name);
    sources.awaited = asked.awaited.filter(is_one);
    page(
        &state,
        &visitor,
        (StatusCode::OK, Page::Sources(Box::new(sources))),
    )
    .await
}

/// A page for this visitor, under the mark of a generated company.
pub async fn page(
    state: &AppState,
    visitor: &Visitor,
    (status, page): (StatusCode, Page),
) -> Answer {
    let frame = Frame {
        generated: state.pages.generated().await?,
        ..visitor.frame()
    };
    Ok(respond(status, frame, page))
}

/// A problem as a page.
pub fn error(frame: Frame, problem: &Problem, request_id: &str) -> Response {
    respond(
        problem.status,
        frame,
        Page::Error(problem.as_page(request_id)),
    )
}

/// The one place where a page becomes an answer.
fn respond(status: StatusCode, frame: Frame, page: Page) -> Response {
    (status, Html(shell::render(&frame, page))).into_response()
}
