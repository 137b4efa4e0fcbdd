//! The weeks beside the shown one.

use leptos::prelude::*;

use crate::{format, routes};

/// Links to the weeks that have a page.
pub fn week_picker(previous: Option<&str>, next: Option<&str>, scope: &str) -> AnyView {
    let link = |week: &str, rel: &'static str| {
        view! {
            <a href=routes::review(Some(week), Some(scope)) rel=rel>
                {format::week_name(week)}
            </a>
        }
    };
    view! {
        <nav class="weeks" aria-label="Weeks">
            {previous.map(|week| link(week, "prev"))}
            {next.map(|week| link(week, "next"))}
        </nav>
    }
    .into_any()
}
