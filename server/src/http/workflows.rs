//! Workflows: all of them, and one.

use app::backend::{Backend, WorkflowQuery};
use app::pages::Page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::http::form::{Path, Query};
use crate::http::pages::page;
use crate::http::{AppState, Problem, Visitor};

type Answer = Result<Response, Problem>;

/// `GET /workflows`
pub async fn list(State(state): State<AppState>, visitor: Visitor) -> Answer {
    state.refresher.current().await;
    let workflows = state.pages.workflows(&visitor.reader()).await?;
    page(
        &state,
        &visitor,
        (StatusCode::OK, Page::Workflows(workflows)),
    )
    .await
}

/// Which week, and how many of them in the charts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    week: Option<String>,
    weeks: Option<u32>,
}

/// `GET /workflows/{slug}`
pub async fn open(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(asked): Query<Which>,
) -> Answer {
    state.refresher.current().await;
    let query = WorkflowQuery {
        week: asked.week,
        weeks: asked.weeks,
    };
    let workflow = state
        .pages
        .workflow(&slug, &query, &visitor.reader())
        .await?;
    page(
        &state,
        &visitor,
        (StatusCode::OK, Page::Workflow(Box::new(workflow))),
    )
    .await
}
