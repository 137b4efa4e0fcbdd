//! `GET /bodies/{run}`: what went into a run and came out, for operators and the DRI of its work.

use app::backend::Backend;
use app::pages::Page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::http::form::Path;
use crate::http::pages::page;
use crate::http::{AppState, Problem, Visitor};

pub async fn open(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(run): Path<String>,
) -> Result<Response, Problem> {
    state.refresher.current().await;
    let bodies = state.pages.bodies(&run, &visitor.reader()).await?;
    if let Some(who) = bodies.closed_to_reader {
        return Err(Problem::open_to(who));
    }
    page(&state, &visitor, (StatusCode::OK, Page::Bodies(bodies))).await
}
