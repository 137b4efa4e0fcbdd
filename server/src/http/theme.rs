//! The theme a person chose, kept in one cookie so that the next page comes in it at once.

use app::view::frame::Theme;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::http::form::Form;
use crate::http::return_to::local_path;
use crate::http::{Problem, cookie};

/// The theme in the cookies; as the system has it when there is none.
pub fn of_cookies(jar: &CookieJar) -> Theme {
    jar.get(cookie::THEME)
        .map_or(Theme::Auto, |kept| named(kept.value()))
}

fn named(word: &str) -> Theme {
    match word {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        _ => Theme::Auto,
    }
}

fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "auto",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// The form's fields.
#[derive(Debug, Deserialize)]
pub struct Choice {
    theme: String,
    #[serde(default)]
    next: String,
}

/// `POST /theme`: keeps the choice and goes back.
pub async fn choose(Form(choice): Form<Choice>) -> Result<Response, Problem> {
    let set =
        cookie::choice(cookie::THEME, name(named(&choice.theme))).map_err(|_| Problem::broken())?;
    let headers = AppendHeaders([(header::SET_COOKIE, set)]);
    Ok((headers, Redirect::to(local_path(&choice.next))).into_response())
}
