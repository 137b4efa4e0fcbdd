//! Single keys: `?` lists them, `/` finds, `g` and a letter goes to a page, `[` and `]` go through
//! the weeks. Each only presses a link that stands on the page or could; `/keys` says them all, and
//! switches them off.

use leptos::prelude::*;

use crate::routes;

/// What the keys do, in the order they are told.
const KEYS: [(&str, &str); 8] = [
    (
        "Ctrl K or ⌘ K",
        "find a page, workflow, metric, week, or a record by a pasted link",
    ),
    ("/", "the same"),
    ("g r", "the review"),
    ("g w", "workflows"),
    ("g s", "sources"),
    ("[", "the week before"),
    ("]", "the week after"),
    ("?", "these keys"),
];

/// What a key asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A key may follow.
    Wait,
    Go(String),
    /// Presses the first link that this selector finds.
    Press(&'static str),
    Tell,
}

/// What a key asks for, after `g` or alone.
///
/// ```
/// use app::islands::shortcuts::{Act, act};
/// assert_eq!(act(false, "g"), Some(Act::Wait));
/// assert_eq!(act(true, "w"), Some(Act::Go("/workflows".to_owned())));
/// assert_eq!(act(false, "w"), None);
/// ```
pub fn act(after_g: bool, key: &str) -> Option<Act> {
    Some(match (after_g, key) {
        (true, "r") => Act::Go(routes::review(None, None)),
        (true, "w") => Act::Go(routes::WORKFLOWS.to_owned()),
        (true, "s") => Act::Go(routes::SOURCES.to_owned()),
        (_, "g") => Act::Wait,
        (_, "/") => Act::Press("#find"),
        (_, "[") => Act::Press("a[rel~=prev]"),
        (_, "]") => Act::Press("a[rel~=next]"),
        (_, "?") => Act::Tell,
        _ => return None,
    })
}

/// The keys and what each does.
pub fn key_list() -> AnyView {
    let row = |(key, does): (&'static str, &'static str)| {
        view! { <tr><th scope="row"><kbd>{key}</kbd></th><td>{does}</td></tr> }
    };
    view! {
        <table class="list keys">
            <thead><tr><th scope="col">"Key"</th><th scope="col">"Goes to"</th></tr></thead>
            <tbody>{KEYS.map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// The link to the keys; with script, `?` shows them at once, and the keys work where they are on.
#[island]
pub fn Shortcuts(on: bool) -> impl IntoView {
    let dialog = NodeRef::new();
    if on {
        Effect::new(move |_| listen(dialog));
    }
    view! {
        <a href=routes::KEYS>"Keys"</a>
        <dialog class="key-dialog" node_ref=dialog aria-label="Keys">
            {key_list()}
            <form method="dialog"><button type="submit">"Close"</button></form>
        </dialog>
    }
}

type Dialog = NodeRef<leptos::html::Dialog>;

#[cfg(feature = "hydrate")]
fn listen(dialog: Dialog) {
    let after_g = StoredValue::new(false);
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || is_taken(&event) {
            return;
        }
        let asked = act(after_g.get_value(), &event.key());
        after_g.set_value(asked == Some(Act::Wait));
        let Some(asked) = asked else { return };
        event.prevent_default();
        match asked {
            Act::Wait => {}
            // Neither can fail: the address is our own, and the dialog stands closed on the page.
            Act::Go(address) => {
                let _ = window().location().assign(&address);
            }
            Act::Tell => {
                let _ = dialog.get_untracked().map(|dialog| dialog.show_modal());
            }
            Act::Press(link) => press(link),
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether the key belongs to what has the focus, or to an open dialog.
#[cfg(feature = "hydrate")]
fn is_taken(event: &leptos::ev::KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;

    let types = "input, textarea, select, [contenteditable]";
    let target = event.target();
    let types = target
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.matches(types).unwrap_or(false));
    types || matches!(document().query_selector("dialog[open]"), Ok(Some(_)))
}

#[cfg(feature = "hydrate")]
fn press(link: &str) {
    use wasm_bindgen::JsCast;

    let found = document().query_selector(link).ok().flatten();
    if let Some(link) = found.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        link.click();
    }
}

/// On the server nobody presses a key.
#[cfg(not(feature = "hydrate"))]
fn listen(_: Dialog) {}
