//! One calm message above what it is about.

use leptos::prelude::*;

/// A message that is read out as soon as the page stands.
pub fn alert(heading: &str, text: String) -> AnyView {
    message("alert", heading, text)
}

/// A message that waits its turn.
pub fn status(heading: &str, text: String) -> AnyView {
    message("status", heading, text)
}

fn message(role: &'static str, heading: &str, text: String) -> AnyView {
    view! {
        <div class="notice" role=role>
            <p><strong>{heading.to_owned()}</strong>" "{text}</p>
        </div>
    }
    .into_any()
}
