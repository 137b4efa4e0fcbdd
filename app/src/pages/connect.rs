//! Connecting a system: what it would add, what it needs, and the form that tries its sign-in first.

use leptos::prelude::*;

use crate::components::field::{line, lines};
use crate::components::notice;
use crate::routes;
use crate::view::connect::{Connect, System};
use crate::view::frame::Frame;

/// `/sources/connect`.
pub fn page(connect: &Connect, frame: &Frame) -> AnyView {
    let sent = &connect.sent;
    let refused = connect.refused.clone();
    let option = |own: &System| {
        view! { <option value=own.kind.clone() selected=own.kind == sent.kind>{own.name.clone()}</option> }
    };
    view! {
        <p class="crumbs"><a href=routes::SOURCES>"Sources"</a></p>
        <h1 class="name">"Connect a system"</h1>
        {refused.map(|why| notice::alert("It is not connected, and nothing was kept:", format!("{why}.")))}
        {connect.systems.iter().map(system).collect_view()}
        <form class="questions" method="post" action=routes::CONNECT>
            <input type="hidden" name="csrf" value=frame.csrf.clone()/>
            <div class="field">
                <label for="kind">"System"</label>
                <select id="kind" name="kind">{connect.systems.iter().map(option).collect_view()}</select>
            </div>
            {line("name", "A name for it here, such as forge", &sent.name, true)}
            {lines("repositories", "Repositories to read, owner/name, one a line", &sent.repositories, (3, 20_000))}
            {lines("organisations", "Organisations to read whole, one a line", &sent.organisations, (2, 20_000))}
            {secret("token", "Token; or the private key of an app, in PEM")}
            {line("app_id", "Of an app: its id", &sent.app_id, false)}
            {line("installation_id", "Of an app: the id of its installation", &sent.installation_id, false)}
            {secret("webhook_secret", "Secret of its webhooks, if it is to send any")}
            {line("base_url", "Address of its API, of an enterprise server only: https://HOST/api/v3", &sent.base_url, false)}
            {line("since", "The first day to read, such as 2026-01-01; all where it is empty", &sent.since, false)}
            <button class="act" type="submit">"Try the sign-in and connect"</button>
            <p class="hint">
                "Secrets are sealed with a key that is not in the database, and shown to nobody again. Reading begins within a minute; its progress stands under Sources. To change it later, enter it again under the same name; secrets that are left empty stay as they are. What is a deployment, the labels of incidents and defects, and the rhythm are set in the file that onehop apply takes."
            </p>
        </form>
    }
    .into_any()
}

fn system(own: &System) -> AnyView {
    let permission = |(needs, fills): &(String, String)| {
        view! { <dt>{needs.clone()}</dt> <dd>{fills.clone()}</dd> }
    };
    view! {
        <p class="reason">{format!("{}: {}", own.name, own.adds)}</p>
        <section>
            <h2>"What its token needs, and what for"</h2>
            <dl class="facts">{own.permissions.iter().map(permission).collect_view()}</dl>
        </section>
    }
    .into_any()
}

/// Never filled in again; a key in PEM has several lines.
fn secret(name: &'static str, label: &'static str) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <textarea id=name name=name rows="2" maxlength="20000" autocomplete="off" spellcheck="false"></textarea>
        </div>
    }
    .into_any()
}
