//! The palette: the link to the search page, and with script a dialog over any page that finds while
//! one types. Ctrl or ⌘ with K opens it, the arrows choose, Enter goes, Esc closes.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use crate::routes;
use crate::view::search::{Place, Search};

/// The link and its dialog.
#[island]
pub fn Palette() -> impl IntoView {
    let dialog: Dialog = NodeRef::new();
    let (found, set_found) = signal(Search::default());
    let (chosen, set_chosen) = signal(0_usize);
    let (typed, set_typed) = signal(String::new());
    let ask = move |text: String| {
        set_chosen.set(0);
        set_typed.set(text.clone());
        find(text, typed, set_found);
    };
    Effect::new(move |_| listen(dialog));
    let open = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        show(dialog);
        // What was typed before still stands there.
        ask(typed.get_untracked());
    };
    let pressed = move |event: KeyboardEvent| {
        let count = found.with(|found| found.places.len());
        if let Some(next) = moved(chosen.get(), &event.key(), count) {
            event.prevent_default();
            set_chosen.set(next);
        }
    };
    // With nothing found Enter is the form's, and its page says so.
    let entered = move |event: SubmitEvent| {
        let url = found.with(|found| {
            found
                .places
                .get(chosen.get())
                .map(|place| place.url.clone())
        });
        if let Some(url) = url {
            event.prevent_default();
            go(&url);
        }
    };
    let options = move || {
        let places = found.with(|found| found.places.clone());
        let options = places.into_iter().enumerate();
        options
            .map(|(at, place)| option((at, place), chosen))
            .collect_view()
    };
    view! {
        <a id="find" href=routes::SEARCH on:click=open aria-keyshortcuts="Control+K Meta+K">"Find"</a>
        <dialog class="palette" node_ref=dialog aria-label="Find">
            <form method="get" action=routes::SEARCH role="search" on:submit=entered>
                // No search field: there Escape would empty it first, and here it closes.
                <input
                    type="text"
                    name="q"
                    role="combobox"
                    maxlength="2000"
                    autocomplete="off"
                    aria-label="A page, workflow, service, metric, week or DRI, or a pasted link to a record"
                    placeholder="Page, workflow, metric, week, or paste a link"
                    aria-autocomplete="list"
                    aria-expanded="true"
                    aria-controls="palette-places"
                    aria-activedescendant=move || format!("palette-place-{}", chosen.get())
                    on:input=move |event| ask(event_target_value(&event))
                    on:keydown=pressed
                />
            </form>
            <ul id="palette-places" role="listbox" aria-label="Places">{options}</ul>
            <p role="status">{move || found.with(said)}</p>
        </dialog>
    }
}

type Dialog = NodeRef<leptos::html::Dialog>;

fn option((at, place): (usize, Place), chosen: ReadSignal<usize>) -> impl IntoView {
    let url = place.url;
    view! {
        <li
            id=format!("palette-place-{at}")
            role="option"
            aria-selected=move || (chosen.get() == at).to_string()
            on:click=move |_| go(&url)
        >
            {place.name}
            " "
            <small>{place.kind.in_words()}</small>
        </li>
    }
}

/// Where the arrows lead: around, from the last to the first.
///
/// ```
/// use app::islands::palette::moved;
/// assert_eq!(moved(2, "ArrowDown", 3), Some(0));
/// assert_eq!(moved(0, "ArrowUp", 3), Some(2));
/// assert_eq!(moved(0, "a", 3), None);
/// ```
pub fn moved(from: usize, key: &str, count: usize) -> Option<usize> {
    match key {
        "ArrowDown" => (from + 1).checked_rem(count),
        "ArrowUp" => (from + count).checked_sub(1)?.checked_rem(count),
        _ => None,
    }
}

/// How many there are, for those who do not see them.
fn said(found: &Search) -> String {
    match found.places.len() {
        0 => "Nothing here is called so.".to_owned(),
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    }
}

#[cfg(feature = "hydrate")]
fn listen(dialog: Dialog) {
    use wasm_bindgen::JsCast;

    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let is_ours =
            (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
        if !is_ours || !event.key().eq_ignore_ascii_case("k") {
            return;
        }
        event.prevent_default();
        let is_open = dialog.get_untracked().is_some_and(|dialog| dialog.open());
        let link = document().get_element_by_id("find");
        match link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
            Some(link) if !is_open => link.click(),
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

#[cfg(feature = "hydrate")]
fn show(dialog: Dialog) {
    if let Some(dialog) = dialog.get_untracked() {
        // Fails only while it is open already.
        let _ = dialog.show_modal();
    }
}

/// Asks for the places, and shows them unless more was typed meanwhile.
#[cfg(feature = "hydrate")]
fn find(query: String, typed: ReadSignal<String>, set_found: WriteSignal<Search>) {
    leptos::task::spawn_local(async move {
        if let Some(found) = fetched(&routes::search_as_json(&query)).await
            && found.query == typed.get_untracked().trim()
        {
            set_found.set(found);
        }
    });
}

#[cfg(feature = "hydrate")]
async fn fetched(address: &str) -> Option<Search> {
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;

    let answer = JsFuture::from(window().fetch_with_str(address))
        .await
        .ok()?;
    let answer = answer.dyn_into::<web_sys::Response>().ok()?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?;
    serde_json::from_str(&text.as_string()?).ok()
}

#[cfg(feature = "hydrate")]
fn go(url: &str) {
    // Our own address; it cannot fail.
    let _ = window().location().assign(url);
}

/// On the server nobody types.
#[cfg(not(feature = "hydrate"))]
fn listen(_: Dialog) {}

#[cfg(not(feature = "hydrate"))]
fn show(_: Dialog) {}

#[cfg(not(feature = "hydrate"))]
fn find(_: String, _: ReadSignal<String>, _: WriteSignal<Search>) {}

#[cfg(not(feature = "hydrate"))]
fn go(_: &str) {}
