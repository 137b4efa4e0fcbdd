//! The keys there are, and the switch that turns the single ones off.

use leptos::prelude::*;

use crate::islands::shortcuts::key_list;
use crate::routes;
use crate::view::frame::Frame;

/// `/keys`.
pub fn page(frame: &Frame) -> AnyView {
    let (said, to, act) = if frame.single_keys {
        (
            "Single keys are on in this browser.",
            "off",
            "Switch single keys off",
        )
    } else {
        (
            "Single keys are off in this browser.",
            "on",
            "Switch single keys on",
        )
    };
    view! {
        <h1 class="name">"Keys"</h1>
        <p class="reason">
            "Everything here can be reached with Tab and Enter, and each key has a link that does the same."
        </p>
        {key_list()}
        <form class="keys" method="post" action=routes::KEYS>
            <input type="hidden" name="csrf" value=frame.csrf.clone()/>
            <p>
                {said}
                " Single keys are those pressed without Ctrl or ⌘; they do nothing while you type. "
                "They need script."
            </p>
            <button type="submit" name="single_keys" value=to>{act}</button>
        </form>
    }
    .into_any()
}
