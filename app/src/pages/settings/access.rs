//! Tokens of scripts, for operators; and one's own sessions, for everyone.

use leptos::prelude::*;

use super::{Form, action, options};
use crate::format;
use crate::view::settings::{Part, Session, Token};

/// What a token may do, by scope.
const SCOPES: [(&str, &str); 3] = [
    ("ingest", "ingest: send records"),
    ("read", "read: figures and records"),
    ("operator", "operator: both"),
];

fn when(at: &str) -> AnyView {
    view! { <time datetime=at.to_owned()>{format::instant_text(at).replace(" UTC", "")}</time> }
        .into_any()
}

pub(super) fn tokens(tokens: &[Token], form: Form<'_>) -> AnyView {
    let name = form.typed(Part::Tokens, "name").unwrap_or_default();
    let scope = form
        .typed(Part::Tokens, "scope")
        .unwrap_or_else(|| "ingest".to_owned());
    let scopes = SCOPES.map(|(word, said)| (word.to_owned(), said.to_owned()));
    let table = (!tokens.is_empty()).then(|| {
        view! {
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">"Token"</th>
                        <th scope="col">"Made, UTC"</th>
                        <th scope="col">"Scope"</th>
                        <th scope="col">"Last used, UTC"</th>
                        <th scope="col">"Access"</th>
                    </tr>
                </thead>
                <tbody>{tokens.iter().map(|token| token_row(token, form)).collect_view()}</tbody>
            </table>
        }
    });
    view! {
        <section aria-labelledby="tokens">
            <h2 id="tokens">"Tokens" <small>"seen by operators"</small></h2>
            <p class="told">"What scripts sign in with. A token is shown once, when it is made, and kept as a hash."</p>
            {table}
            <form class="change" method="post" action=action(Part::Tokens)>
                {form.csrf()}
                <label>"Name " <input type="text" name="name" required maxlength="100" size="20" autocomplete="off" value=name/></label>
                <label>"Scope " <select name="scope">{options(&scopes, &scope)}</select></label>
                <button type="submit" name="step" value="make">"Make a token"</button>
            </form>
        </section>
    }
    .into_any()
}

fn token_row(token: &Token, form: Form<'_>) -> AnyView {
    let used = match &token.used {
        Some(at) => when(at),
        None => view! { <span class="absent">"never"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">{token.name.clone()}</th>
            <td class="when"><span class="narrow">"made "</span>{when(&token.created)}</td>
            <td>{token.scope.clone()}</td>
            <td class="when"><span class="narrow">"last used "</span>{used}</td>
            <td>
                <form class="change" method="post" action=action(Part::Tokens)>
                    {form.csrf()}
                    <input type="hidden" name="name" value=token.name.clone()/>
                    <button type="submit" name="step" value="revoke">"Revoke" <span class="unseen">{format!(" {}", token.name)}</span></button>
                </form>
            </td>
        </tr>
    }
    .into_any()
}

pub(super) fn sessions(form: Form<'_>) -> AnyView {
    let rows = form
        .settings
        .sessions
        .iter()
        .map(|session| session_row(session, form));
    view! {
        <section aria-labelledby="sessions">
            <h2 id="sessions">"Your sessions"</h2>
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">"Signed in, UTC"</th>
                        <th scope="col">"Last used, UTC"</th>
                        <th scope="col">"Access"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            <p class="legend">"A session ends by itself after 12 hours without use, and 14 days after it began."</p>
        </section>
    }
    .into_any()
}

fn session_row(session: &Session, form: Form<'_>) -> AnyView {
    let this = session.is_this.then(|| view! { <small>"this one"</small> });
    let said = format!(" of {}", format::instant_text(&session.created));
    view! {
        <tr>
            <th scope="row">{when(&session.created)}{this}</th>
            <td class="when"><span class="narrow">"last used "</span>{when(&session.seen)}</td>
            <td>
                <form class="change" method="post" action=action(Part::Sessions)>
                    {form.csrf()}
                    <input type="hidden" name="session" value=session.id.clone()/>
                    <button type="submit">"End" <span class="unseen">" the session"{said}</span></button>
                </form>
            </td>
        </tr>
    }
    .into_any()
}
