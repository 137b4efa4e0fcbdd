//! Finding a place by its name or a pasted link: the page, and the data the palette shows.

use app::backend::Backend;
use app::pages::Page;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::http::form::Query;
use crate::http::pages::page;
use crate::http::{AppState, Problem, Visitor};

type Answer = Result<Response, Problem>;

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    q: String,
}

/// `GET /search`
pub async fn open(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(typed): Query<Typed>,
) -> Answer {
    let search = state.pages.search(&typed.q, &visitor.reader()).await?;
    page(&state, &visitor, (StatusCode::OK, Page::Search(search))).await
}

/// `GET /api/v1/search`
pub async fn as_json(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(typed): Query<Typed>,
) -> Answer {
    let search = state.pages.search(&typed.q, &visitor.reader()).await?;
    Ok(Json(search).into_response())
}
