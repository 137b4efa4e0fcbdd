//! The form that connects a system.

use app::pages::Page;
use app::routes;
use app::view::connect::{Connect, Sent};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;

use crate::connections::{self, Connected, NotConnected};
use crate::http::form::Form;
use crate::http::pages::page;
use crate::http::{AppState, Problem, Visitor};
use crate::store::registry::Source;
use crate::views::connect;

type Answer = Result<Response, Problem>;

/// The form's fields.
#[derive(Deserialize)]
pub struct Fields {
    #[serde(flatten)]
    sent: Sent,
    #[serde(default)]
    token: String,
    #[serde(default)]
    webhook_secret: String,
}

/// `GET /sources/connect`
pub async fn begin(State(state): State<AppState>, visitor: Visitor) -> Answer {
    shown(
        &state,
        &visitor,
        (StatusCode::OK, connect::form(Sent::default(), None)),
    )
    .await
}

/// `POST /sources/connect`: the sign-in is tried, and nothing is kept of one that does not hold.
pub async fn add(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Answer {
    let reader = visitor.reader();
    let source = match source(&fields.sent) {
        Ok(source) => source,
        Err(why) => return again(&state, &visitor, (fields.sent, why.to_owned())).await,
    };
    let entered = Connected {
        source: &source,
        token: SecretString::from(fields.token.trim()),
        webhook_secret: SecretString::from(fields.webhook_secret.trim()),
        by: &reader.email,
    };
    match connections::connect(&state.db, &state.connections, entered, state.now()).await {
        Ok(_) => Ok(Redirect::to(&routes::awaited(&source.name)).into_response()),
        Err(NotConnected::Store(error)) => Err(error.into()),
        Err(why) => again(&state, &visitor, (fields.sent, why.to_string())).await,
    }
}

async fn again(state: &AppState, visitor: &Visitor, (sent, why): (Sent, String)) -> Answer {
    let form = connect::form(sent, Some(why));
    shown(state, visitor, (StatusCode::UNPROCESSABLE_ENTITY, form)).await
}

async fn shown(
    state: &AppState,
    visitor: &Visitor,
    (status, form): (StatusCode, Connect),
) -> Answer {
    page(state, visitor, (status, Page::Connect(form))).await
}

/// What was entered as a source.
fn source(sent: &Sent) -> Result<Source, &'static str> {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let lines = |text: &str| {
        let names = text.split([',', ' ', '\n', '\r', '\t']);
        names.filter_map(some).collect()
    };
    let number = |text: &str| match some(text) {
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|_| "The ids of an app are numbers."),
        None => Ok(None),
    };
    Ok(Source {
        kind: sent.kind.clone(),
        name: sent.name.trim().to_owned(),
        base_url: some(&sent.base_url),
        organisations: lines(&sent.organisations),
        repositories: lines(&sent.repositories),
        since: some(&sent.since),
        app_id: number(&sent.app_id)?,
        installation_id: number(&sent.installation_id)?,
        ..Source::default()
    })
}
