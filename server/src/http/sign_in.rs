//! The door: the sign-in page and its two forms, and signing out.

use app::view::sign_in::{SignIn, SignInState};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::auth::secret::Secret;
use crate::auth::session::LONGEST_MS;
use crate::auth::sign_in::{self, Opened, Outcome, Try};
use crate::auth::{self, Caller, password, session};
use crate::http::form::{Form, Query};
use crate::http::return_to::local_path;
use crate::http::{AppState, Problem, Visitor, cookie, pages};
use app::pages::Page;

type Answer = Result<Response, Problem>;

/// Whether a path takes the forms that open a session.
pub fn is_sign_in(path: &str) -> bool {
    matches!(path, "/sign-in" | "/sign-in/link")
}

/// What the sign-in page's address may carry.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    token: Option<String>,
    next: String,
    signed_out: Option<String>,
}

/// `GET /sign-in`: asks for a password, or shows what a link opens.
pub async fn open(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Answer {
    let next = local_path(&asked.next).to_owned();
    let Some(token) = asked.token else {
        if matches!(visitor.caller, Caller::Person(_)) {
            return Ok(Redirect::to(&next).into_response());
        }
        let page = match asked.signed_out {
            Some(_) => SignInState::SignedOut,
            None => SignInState::Password,
        };
        return show(
            &state,
            &visitor,
            (StatusCode::OK, page, String::new(), next),
        )
        .await;
    };
    let secret = Secret::received(&token);
    let address = visitor.visit.address;
    let (status, page) = match sign_in::open_link(&state.db, &secret, address, state.now()).await? {
        Opened::Good { email } => (StatusCode::OK, SignInState::Link { token, email }),
        Opened::Used => (StatusCode::GONE, SignInState::LinkUsed),
        Opened::Limited { minutes } => (
            StatusCode::TOO_MANY_REQUESTS,
            SignInState::Limited { minutes },
        ),
    };
    show(&state, &visitor, (status, page, String::new(), next)).await
}

/// The password form.
#[derive(Debug, Deserialize)]
pub struct PasswordForm {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in`
pub async fn with_password(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(form): Form<PasswordForm>,
) -> Answer {
    let tried = Try {
        email: auth::email(&form.email),
        password: form.password,
        address: visitor.visit.address,
    };
    let outcome = sign_in::with_password(&state.db, tried, state.now()).await?;
    finish(&state, &visitor, outcome, (form.email, form.next)).await
}

/// The form of an opened link.
#[derive(Debug, Deserialize)]
pub struct LinkForm {
    token: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in/link`
pub async fn with_link(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(form): Form<LinkForm>,
) -> Answer {
    let chosen = Some(form.password).filter(|password| !password.is_empty());
    if let Some(objection) = chosen.as_deref().and_then(password::objection) {
        return Err(Problem::bad_request(objection));
    }
    let secret = Secret::received(&form.token);
    let opened = sign_in::open_link(&state.db, &secret, visitor.visit.address, state.now()).await?;
    let outcome = match opened {
        Opened::Good { .. } => sign_in::with_link(&state.db, &secret, chosen, state.now()).await?,
        Opened::Used => Outcome::LinkUsed,
        Opened::Limited { minutes } => Outcome::Limited { minutes },
    };
    finish(&state, &visitor, outcome, (String::new(), form.next)).await
}

/// `POST /sign-out`
pub async fn sign_out(State(state): State<AppState>, visitor: Visitor) -> Answer {
    if let Caller::Person(person) = &visitor.caller {
        session::close(&state.db, &person.session).await?;
    }
    let gone = set_cookie(&state, "", 0)?;
    let headers = AppendHeaders([(header::SET_COOKIE, gone)]);
    Ok((headers, Redirect::to("/sign-in?signed_out=1")).into_response())
}

async fn finish(
    state: &AppState,
    visitor: &Visitor,
    outcome: Outcome,
    (email, next): (String, String),
) -> Answer {
    let next = local_path(&next).to_owned();
    let (status, page) = match outcome {
        Outcome::SignedIn(secret) => {
            if let Caller::Person(before) = &visitor.caller {
                session::close(&state.db, &before.session).await?;
            }
            let set = set_cookie(state, secret.reveal(), LONGEST_MS / 1000)?;
            let headers = AppendHeaders([(header::SET_COOKIE, set)]);
            return Ok((headers, Redirect::to(&next)).into_response());
        }
        Outcome::Refused => (StatusCode::UNPROCESSABLE_ENTITY, SignInState::Refused),
        Outcome::LinkUsed => (StatusCode::GONE, SignInState::LinkUsed),
        Outcome::Limited { minutes } => (
            StatusCode::TOO_MANY_REQUESTS,
            SignInState::Limited { minutes },
        ),
    };
    show(state, visitor, (status, page, email, next)).await
}

async fn show(
    state: &AppState,
    visitor: &Visitor,
    (status, shown, email, next): (StatusCode, SignInState, String, String),
) -> Answer {
    let wait = match shown {
        SignInState::Limited { minutes } => Some(minutes * 60),
        _ => None,
    };
    let page = Page::SignIn(SignIn {
        email,
        state: shown,
        next,
    });
    let mut response = pages::page(state, visitor, (status, page)).await?;
    if let Some(seconds) = wait {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

fn set_cookie(state: &AppState, secret: &str, lasts_s: i64) -> Result<HeaderValue, Problem> {
    cookie::session(secret, lasts_s, state.is_https()).map_err(|_| Problem::broken())
}
