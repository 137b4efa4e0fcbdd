//! Reading a connected source now instead of when it is due.

use app::routes;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::http::form::Form;
use crate::http::{AppState, Problem};
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
    Ok(Redirect::to(routes::SOURCES).into_response())
}
