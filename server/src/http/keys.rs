//! The keys there are, and whether single ones do something in this browser, kept in one cookie.

use app::pages::Page;
use app::routes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::http::form::Form;
use crate::http::pages::page;
use crate::http::{AppState, Problem, Visitor, cookie};

const OFF: &str = "off";

/// Whether they are on, which they are unless they were switched off.
pub fn of_cookies(jar: &CookieJar) -> bool {
    jar.get(cookie::SINGLE_KEYS)
        .is_none_or(|kept| kept.value() != OFF)
}

/// `GET /keys`
pub async fn open(State(state): State<AppState>, visitor: Visitor) -> Result<Response, Problem> {
    page(&state, &visitor, (StatusCode::OK, Page::Keys)).await
}

/// The form's field.
#[derive(Debug, Deserialize)]
pub struct Choice {
    single_keys: String,
}

/// `POST /keys`: keeps the choice and shows it.
pub async fn switch(Form(choice): Form<Choice>) -> Result<Response, Problem> {
    let to = if choice.single_keys == OFF { OFF } else { "on" };
    let set = cookie::choice(cookie::SINGLE_KEYS, to).map_err(|_| Problem::broken())?;
    let headers = AppendHeaders([(header::SET_COOKIE, set)]);
    Ok((headers, Redirect::to(routes::KEYS)).into_response())
}
