//! What stands of the settings and whose word each is; forms for what the reader may change.

mod access;
mod decisions;
mod people;
mod registry;

use leptos::prelude::*;

use crate::components::notice;
use crate::routes;
use crate::view::frame::Frame;
use crate::view::settings::{Once, Part, Settings};

/// The roles, as commands write them and as people read them.
const ROLES: [(&str, &str); 4] = [
    ("executive", "executive"),
    ("dri", "DRI"),
    ("finance", "finance"),
    ("operator", "operator"),
];

/// `/settings`.
pub fn page(settings: &Settings, frame: &Frame) -> AnyView {
    let form = Form { settings, frame };
    view! {
        <h1 class="name">"Settings"</h1>
        {settings.once.as_ref().map(once)}
        {settings.refused.as_ref().map(|refused| notice::alert("Nothing was changed.", refused.why.clone()))}
        {registry::company(&settings.company)}
        {decisions::section(form)}
        {registry::section(&settings.registry)}
        {settings.people.as_deref().map(|everyone| people::section(everyone, form))}
        {settings.tokens.as_deref().map(|tokens| access::tokens(tokens, form))}
        {access::sessions(form)}
    }
    .into_any()
}

/// A secret, which will never be shown again.
fn once(once: &Once) -> AnyView {
    let (heading, what, secret) = match once {
        Once::Link { email, url } => (
            format!("The link for {email}"),
            "It signs them in once, within a day. It is shown this once: send it to them now.",
            url,
        ),
        Once::Token { name, token } => (
            format!("The token {name}"),
            "Scripts send it as Authorization: Bearer TOKEN. It is shown this once: put it where they read it now.",
            token,
        ),
    };
    view! {
        <div class="notice once" role="status">
            <p><strong>{heading}</strong></p>
            <p><code>{secret.clone()}</code></p>
            <p class="hint">{what}</p>
        </div>
    }
    .into_any()
}

/// The page's forms: where they are sent, and what was typed last.
#[derive(Clone, Copy)]
struct Form<'a> {
    settings: &'a Settings,
    frame: &'a Frame,
}

impl Form<'_> {
    fn csrf(&self) -> AnyView {
        view! { <input type="hidden" name="csrf" value=self.frame.csrf.clone()/> }.into_any()
    }

    /// What was typed into a field of a form that was refused.
    fn typed(&self, part: Part, field: &str) -> Option<String> {
        let refused = self.settings.refused.as_ref();
        let typed = refused.filter(|refused| refused.part == part)?;
        typed.typed.get(field).cloned()
    }
}

/// Where a part's forms are sent.
fn action(part: Part) -> String {
    routes::settings(part)
}

/// Choices of a select, one of them chosen.
fn options(all: &[(String, String)], chosen: &str) -> AnyView {
    let one = |(value, said): &(String, String)| {
        view! { <option value=value.clone() selected=value == chosen>{said.clone()}</option> }
    };
    all.iter().map(one).collect_view().into_any()
}

fn roles(chosen: &str) -> AnyView {
    let all = ROLES.map(|(word, said)| (word.to_owned(), said.to_owned()));
    options(&all, chosen)
}
