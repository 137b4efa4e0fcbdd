//! Putting things right: the list, one thing, and the form that is first tried and then kept.

use app::backend::Backend;
use app::pages::Page;
use app::routes;
use app::view::correction::{Asked, Correction, Outcome};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::corrections::{self, Kind, Word};
use crate::http::form::{Form, Path};
use crate::http::pages::page;
use crate::http::{AppState, Problem, Visitor};

type Answer = Result<Response, Problem>;

/// `GET /corrections`
pub async fn list(State(state): State<AppState>, visitor: Visitor) -> Answer {
    state.refresher.current().await;
    let corrections = state.pages.corrections().await?;
    page(
        &state,
        &visitor,
        (StatusCode::OK, Page::Corrections(corrections)),
    )
    .await
}

/// `GET /corrections/{kind}/{id}`
pub async fn open(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((kind, id)): Path<(String, String)>,
) -> Answer {
    state.refresher.current().await;
    let correction = state
        .pages
        .correction(&kind, &id, &visitor.reader())
        .await?;
    page(
        &state,
        &visitor,
        (StatusCode::OK, Page::Correction(correction)),
    )
    .await
}

/// The form's fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// `is:VALUE`, `other` (then the id stands in `other`) or `as_found`.
    choice: String,
    other: String,
    reason: String,
    /// `try` shows what it would change; `keep` keeps it.
    step: String,
}

impl Sent {
    fn value(&self) -> Option<&str> {
        match self.choice.as_str() {
            "as_found" => Some(""),
            "other" => Some(self.other.trim()).filter(|id| !id.is_empty()),
            choice => choice.strip_prefix("is:"),
        }
    }
}

/// `POST /corrections/{kind}/{id}`: shows what the answer would change, or keeps it.
pub async fn put_right(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((kind, id)): Path<(String, String)>,
    Form(sent): Form<Sent>,
) -> Answer {
    let reader = visitor.reader();
    let correction = state.pages.correction(&kind, &id, &reader).await?;
    if let Some(who) = correction.closed_to_reader {
        return Err(Problem::open_to(who));
    }
    let known = Kind::parse(&kind).ok_or_else(|| Problem::not_found(&kind))?;
    let asked = match sent.value() {
        None => Asked {
            value: String::new(),
            reason: sent.reason,
            outcome: Outcome::Refused(
                "Choose an answer; for another deployment, type its id.".to_owned(),
            ),
        },
        Some(value) => {
            let word = Word {
                kind: known,
                id: &id,
                value,
                reason: &sent.reason,
                made_by: &reader.email,
            };
            match heard(&state, word, &sent.step).await? {
                Some(asked) => asked,
                None => {
                    let kept = routes::correction(&kind, &id);
                    return Ok(Redirect::to(&kept).into_response());
                }
            }
        }
    };
    let status = match asked.outcome {
        Outcome::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Outcome::WouldMove(_) => StatusCode::OK,
    };
    let shown = Correction {
        asked: Some(asked),
        ..correction
    };
    page(&state, &visitor, (status, Page::Correction(shown))).await
}

/// What becomes of a word; nothing is left to show once it is kept.
async fn heard(state: &AppState, word: Word<'_>, step: &str) -> Result<Option<Asked>, Problem> {
    let tried = match step {
        "keep" => match corrections::keep(&state.db, word, state.now()).await {
            Ok(()) => {
                state.refresher.poke();
                return Ok(None);
            }
            Err(error) => Err(error),
        },
        _ => corrections::preview(&state.db, word, state.now()).await,
    };
    let said = (word.value, word.reason);
    Ok(Some(state.pages.tried(tried, said).await?))
}
