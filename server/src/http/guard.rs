//! Lets a request through, or not: who asks, whether the table lets them, whether a form is ours.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::auth::role::{self, ANYONE, Who};
use crate::auth::secret::Secret;
use crate::auth::{self, Caller, csrf, session, token};
use crate::http::visit::Visit;
use crate::http::{AppState, BODY_LIMIT_BYTES, Problem, cookie, hooks, return_to, sign_in};

/// The layer: a refused request never reaches its handler.
pub async fn admit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let caller = match identify(&state, request.headers()).await {
        Ok(caller) => caller,
        Err(error) => return Problem::from(error).into_response(),
    };
    let mut response = match check(&state, &caller, request).await {
        Ok(mut request) => {
            request.extensions_mut().insert(caller.clone());
            next.run(request).await
        }
        Err(refusal) => *refusal,
    };
    // For an error page, which greets whoever is signed in.
    response.extensions_mut().insert(caller);
    response
}

/// Who asks: by token when one was sent, else by cookie.
pub(super) async fn identify(state: &AppState, headers: &HeaderMap) -> auth::Result<Caller> {
    if let Some(sent) = headers.get(header::AUTHORIZATION) {
        let bearer = sent.to_str().ok().and_then(|text| text.split_once(' '));
        return match bearer {
            Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => {
                token::caller(&state.db, &Secret::received(secret.trim()), state.now()).await
            }
            _ => Ok(Caller::Nobody),
        };
    }
    match CookieJar::from_headers(headers).get(cookie::SESSION) {
        Some(cookie) => {
            session::caller(&state.db, Secret::received(cookie.value()), state.now()).await
        }
        None => Ok(Caller::Nobody),
    }
}

async fn check(
    state: &AppState,
    caller: &Caller,
    request: Request,
) -> Result<Request, Box<Response>> {
    let who = who_may(&request).map_err(refused)?;
    if !who.may(caller) {
        return Err(Box::new(turn_away(caller, &who, &request)));
    }
    let token = matches!(caller, Caller::Token { .. });
    // A delivery is signed, which its handler looks at, and carries nobody's cookie.
    let is_delivery = hooks::is_delivery(request.uri().path());
    if token || is_delivery || request.method().is_safe() {
        return Ok(request);
    }
    if !provenance(request.headers()).is_ours(&state.public_url) {
        return Err(refused(Problem::foreign_form()));
    }
    match caller {
        // A sign-in form is sent from outside of any session.
        Caller::Person(person) if !sign_in::is_sign_in(request.uri().path()) => {
            with_form_of(&person.session, request)
                .await
                .map_err(refused)
        }
        _ => Ok(request),
    }
}

fn refused(problem: Problem) -> Box<Response> {
    Box::new(problem.into_response())
}

/// What the table says of this request's route. Where there is no route there is nothing to
/// guard: an asset, or nothing at all.
fn who_may(request: &Request) -> Result<Who, Problem> {
    let Some(path) = request.extensions().get::<MatchedPath>() else {
        return Ok(ANYONE);
    };
    match role::who_may(request.method().as_str(), path.as_str()) {
        Some(who) => Ok(who),
        // The router says that the path does not take this method.
        None if role::known_path(path.as_str()) => Ok(ANYONE),
        None => {
            tracing::error!(path = path.as_str(), "a route is missing in the table");
            Err(Problem::broken())
        }
    }
}

/// A browser is led to the sign-in page and back; a script, or someone without the role, is told.
fn turn_away(caller: &Caller, who: &Who, request: &Request) -> Response {
    if !matches!(caller, Caller::Nobody) {
        return Problem::not_allowed(who).into_response();
    }
    let Some(visit) = request.extensions().get::<Visit>() else {
        return Problem::broken().into_response();
    };
    if visit.is_api() {
        return Problem::not_signed_in().into_response();
    }
    let back = match *request.method() {
        Method::GET => visit.path.as_str(),
        _ => return_to::HOME,
    };
    Redirect::to(&return_to::sign_in_address(back)).into_response()
}

fn provenance(headers: &HeaderMap) -> csrf::Provenance<'_> {
    // What is there and cannot be read is not ours.
    let said = |name| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    csrf::Provenance {
        origin: said("origin"),
        fetch_site: said("sec-fetch-site"),
        host: said("host"),
    }
}

#[derive(Deserialize)]
struct Proof {
    #[serde(default)]
    csrf: String,
}

/// Reads the form's proof and puts the body back.
async fn with_form_of(session: &Secret, request: Request) -> Result<Request, Problem> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, BODY_LIMIT_BYTES)
        .await
        .map_err(|_| Problem::too_large(BODY_LIMIT_BYTES))?;
    let copy = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
    let proof = axum::Form::<Proof>::from_request(copy, &()).await;
    match proof {
        Ok(proof) if csrf::matches(session, &proof.csrf) => {
            Ok(Request::from_parts(parts, Body::from(bytes)))
        }
        _ => Err(Problem::foreign_form()),
    }
}
