//! What was decided to be done: the list, the form that adds to it, and marking one done.

use app::backend::Backend;
use app::pages::Page;
use app::routes;
use app::view::actions::{Actions, Asked};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::actions::{self, Error, New};
use crate::http::form::{Form, Path};
use crate::http::pages::page;
use crate::http::{AppState, Problem, Visitor};

type Answer = Result<Response, Problem>;

/// `GET /actions`
pub async fn list(State(state): State<AppState>, visitor: Visitor) -> Answer {
    let actions = state.pages.actions(&visitor.reader()).await?;
    let shown = Page::Actions(Box::new(actions));
    page(&state, &visitor, (StatusCode::OK, shown)).await
}

/// The fields of the form that adds one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    said: String,
    owner: String,
    due: String,
    scope: String,
}

/// `POST /actions`: adds one, or says why it is not taken.
pub async fn add(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(sent): Form<Sent>,
) -> Answer {
    let new = New {
        said: &sent.said,
        owner: &sent.owner,
        due: &sent.due,
        scope: &sent.scope,
        by: &visitor.reader().email,
    };
    match actions::add(&state.db, new, state.now()).await {
        Ok(_) => Ok(Redirect::to(routes::ACTIONS).into_response()),
        Err(error) => {
            let asked = Asked {
                refused: refused(error)?,
                said: sent.said,
                owner: sent.owner,
                due: sent.due,
                scope: sent.scope,
            };
            again(&state, &visitor, asked).await
        }
    }
}

/// The field of the buttons.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Marked {
    /// `done` or `open`.
    state: String,
}

/// `POST /actions/{number}`: marks one done, or open again.
pub async fn mark(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(number): Path<i64>,
    Form(marked): Form<Marked>,
) -> Answer {
    let reader = visitor.reader();
    if let Some(who) = state.pages.closed_action(number, &reader).await? {
        return Err(Problem::open_to(who));
    }
    let done = match marked.state.as_str() {
        "done" => true,
        "open" => false,
        _ => return Err(Problem::bad_request("the state: it is done or open")),
    };
    match actions::mark(&state.db, (number, done), &reader.email, state.now()).await {
        Ok(()) => Ok(Redirect::to(routes::ACTIONS).into_response()),
        Err(error) => {
            let asked = Asked {
                refused: refused(error)?,
                ..Asked::default()
            };
            again(&state, &visitor, asked).await
        }
    }
}

fn refused(error: Error) -> Result<String, Problem> {
    match error {
        Error::Refused(why) => Ok(why),
        Error::NotFound => Err(Problem::not_found("this action")),
        Error::Store(error) => Err(error.into()),
    }
}

/// The list again, with what was sent and why it was not taken.
async fn again(state: &AppState, visitor: &Visitor, asked: Asked) -> Answer {
    let shown = Page::Actions(Box::new(Actions {
        asked: Some(asked),
        ..state.pages.actions(&visitor.reader()).await?
    }));
    page(state, visitor, (StatusCode::UNPROCESSABLE_ENTITY, shown)).await
}
