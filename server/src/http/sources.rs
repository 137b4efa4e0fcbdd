//! Reading a connected source now instead of when it is due, trying its sign-in, and reading it no more.

use app::backend::Backend;
use app::pages::Page;
use app::routes;
use app::view::sources::Checked;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::connections;
use crate::http::form::Form;
use crate::http::pages::page;
use crate::http::{AppState, Problem, Visitor};
use crate::store::pulls;

/// The fields of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    source: String,
}

/// `POST /sources/read`: whoever reads sources does so within a minute.
pub async fn read_now(
    State(state): State<AppState>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let mut tx = state.db.write().await?;
    pulls::make_due(&mut tx, &sent.source, state.now()).await?;
    tx.commit().await?;
    Ok(Redirect::to(&routes::awaited(&sent.source)).into_response())
}

/// `POST /sources/disconnect`: it is read no more.
pub async fn disconnect(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let by = &visitor.reader().email;
    connections::disconnect(&state.db, &sent.source, (by, state.now())).await?;
    Ok(Redirect::to(routes::SOURCES).into_response())
}

/// `POST /sources/check`: the page again, with what the system said.
pub async fn check(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let checked = connections::check(&state.db, &state.connections, &sent.source).await?;
    let mut sources = state.pages.sources().await?;
    sources.checked = Some(Checked {
        source: sent.source,
        holds: checked.is_ok(),
        said: checked.unwrap_or_else(|failure| failure.to_string()),
    });
    let shown = Page::Sources(Box::new(sources));
    page(&state, &visitor, (StatusCode::OK, shown)).await
}
