//! Settings: the page, and its forms. What is made and must be shown once stands in the answer itself,
//! never in an address.

use std::collections::BTreeMap;

use app::backend::Backend;
use app::pages::Page;
use app::routes;
use app::view::settings::{Once, Part};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::auth::Caller;
use crate::auth::sign_in::link_url;
use crate::http::form::Form;
use crate::http::pages::page;
use crate::http::{AppState, Problem, Visitor};
use crate::settings::accounts::{self, SESSION_LETTERS};
use crate::settings::{By, Decision, Error, decide};
use crate::views::settings::{Answered, answered};

type Answer = Result<Response, Problem>;
/// A form's fields by name.
type Sent = BTreeMap<String, String>;

/// `GET /settings`
pub async fn open(State(state): State<AppState>, visitor: Visitor) -> Answer {
    show(&state, &visitor, (StatusCode::OK, None)).await
}

/// `POST /settings/decisions`: margin, baseline or deciding metrics.
pub async fn set_decision(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(sent): Form<Sent>,
) -> Answer {
    let by = visitor.reader().email;
    let decision = match field(&sent, "what") {
        "margin" => Some(Decision::Margin {
            points: field(&sent, "points"),
        }),
        "baseline" => Some(Decision::Baseline {
            from: field(&sent, "from"),
            to: field(&sent, "to"),
        }),
        "deciding" => Some(Decision::Deciding {
            speed: field(&sent, "speed"),
            quality: field(&sent, "quality"),
        }),
        _ => None,
    };
    let done = match decision {
        Some(decision) => decide(&state.db, decision, signed(&state, &by)).await,
        None => Err(unknown()),
    };
    tell(
        &state,
        &visitor,
        (Part::Decisions, sent),
        done.map(|()| None),
    )
    .await
}

/// `POST /settings/people`: adds somebody, makes a new link, gives another role, removes.
pub async fn set_people(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(sent): Form<Sent>,
) -> Answer {
    let signer = visitor.reader().email;
    let (db, by) = (&state.db, signed(&state, &signer));
    let (email, role) = (field(&sent, "email"), field(&sent, "role"));
    let link = |email: String, secret| {
        let url = link_url(&state.public_url, &secret);
        Some(Once::Link { email, url })
    };
    let done = match field(&sent, "step") {
        "add" => accounts::add(db, (email, role), by)
            .await
            .map(|(email, secret)| link(email, secret)),
        "link" => accounts::new_link(db, email, by)
            .await
            .map(|secret| link(email.to_owned(), secret)),
        "role" => accounts::change_role(db, (email, role), by)
            .await
            .map(|()| None),
        "remove" => accounts::remove(db, email, by).await.map(|()| None),
        _ => Err(unknown()),
    };
    tell(&state, &visitor, (Part::People, sent), done).await
}

/// `POST /settings/tokens`: makes a token or takes one back.
pub async fn set_tokens(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(sent): Form<Sent>,
) -> Answer {
    let signer = visitor.reader().email;
    let (db, by) = (&state.db, signed(&state, &signer));
    let name = field(&sent, "name");
    let done = match field(&sent, "step") {
        "make" => accounts::make_token(db, (name, field(&sent, "scope")), by)
            .await
            .map(|secret| {
                Some(Once::Token {
                    name: name.trim().to_owned(),
                    token: secret.reveal().to_owned(),
                })
            }),
        "revoke" => accounts::revoke_token(db, name, by).await.map(|()| None),
        _ => Err(unknown()),
    };
    tell(&state, &visitor, (Part::Tokens, sent), done).await
}

/// `POST /settings/sessions`: ends one of one's own.
pub async fn end_session(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(sent): Form<Sent>,
) -> Answer {
    let signer = visitor.reader().email;
    let by = signed(&state, &signer);
    let done = accounts::end_session(&state.db, field(&sent, "session"), by).await;
    tell(
        &state,
        &visitor,
        (Part::Sessions, sent),
        done.map(|()| None),
    )
    .await
}

fn field<'a>(sent: &'a Sent, name: &str) -> &'a str {
    sent.get(name).map_or("", String::as_str)
}

fn unknown() -> Error {
    Error::Refused("The form did not say what to do; use the buttons of the page.".to_owned())
}

fn signed<'a>(state: &AppState, email: &'a str) -> By<'a> {
    By {
        email,
        now_ms: state.now(),
    }
}

/// Leads back to what was changed, or answers with what is shown once or why nothing was changed.
async fn tell(
    state: &AppState,
    visitor: &Visitor,
    (part, mut sent): (Part, Sent),
    done: Result<Option<Once>, Error>,
) -> Answer {
    let (status, told) = match done {
        Ok(None) => {
            let changed = format!("{}#{}", routes::SETTINGS, part.name());
            return Ok(Redirect::to(&changed).into_response());
        }
        Ok(Some(once)) => (StatusCode::OK, Answered::Once(once)),
        Err(Error::Refused(why)) => {
            sent.remove("csrf");
            let refused = Answered::Refused {
                part,
                why,
                typed: sent,
            };
            (StatusCode::UNPROCESSABLE_ENTITY, refused)
        }
        Err(Error::Store(error)) => return Err(error.into()),
        Err(Error::Auth(error)) => return Err(error.into()),
    };
    show(state, visitor, (status, Some(told))).await
}

async fn show(
    state: &AppState,
    visitor: &Visitor,
    (status, told): (StatusCode, Option<Answered>),
) -> Answer {
    let session = match &visitor.caller {
        Caller::Person(person) => person.session.hash(),
        _ => String::new(),
    };
    let id = session.get(..SESSION_LETTERS).unwrap_or_default();
    let settings = state.pages.settings(&visitor.reader(), id).await?;
    let settings = match told {
        Some(told) => answered(settings, told),
        None => settings,
    };
    // Where its forms are sent there is nothing to come back to.
    let mut visitor = visitor.clone();
    visitor.visit.path = routes::SETTINGS.to_owned();
    let shown = Page::Settings(Box::new(settings));
    page(state, &visitor, (status, shown)).await
}
