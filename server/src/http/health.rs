//! Whether this server lives, and whether it can do its work; for machines, without outside services.

use axum::extract::State;
use axum::http::StatusCode;

use crate::http::AppState;

/// It answers.
pub async fn live() -> &'static str {
    "alive\n"
}

/// It answers, and so does its database.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match state.db.read().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}
