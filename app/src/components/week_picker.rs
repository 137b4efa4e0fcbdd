//! The weeks beside the shown one.

use leptos::prelude::*;

use crate::{format, routes};

/// Links to the weeks that have a page.
pub fn week_picker(previous: Option<&str>, next: Option<&str>, scope: &str) -> AnyView {
    let link = |week: &str, rel: &'static str| {
        let (before, after) = match rel {
            "prev" => ("← ", ""),
            _ => ("", " →"),
        };
        view! {
            <a href=routes::review(Some(week), Some(scope)) rel=rel>
                <span aria-hidden="true">{before}</span>
                {format::week_name(week)}
                <span aria-hidden="true">{after}</span>
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
