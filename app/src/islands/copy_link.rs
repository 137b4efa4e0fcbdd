//! Copies a page's permanent address. Without script there is nothing to press: the address stands
//! at the end of the page.

use leptos::prelude::*;

/// A button, once it can work.
#[island]
pub fn CopyLink(path: String) -> impl IntoView {
    let (works, set_works) = signal(false);
    let (copied, set_copied) = signal(false);
    Effect::new(move |_| set_works.set(has_clipboard()));
    let copy = move |_| copy(path.clone(), set_copied);
    view! {
        // It keeps its place while it cannot work, so that nothing moves once it can.
        <button type="button" class="copy" class:asleep=move || !works.get() on:click=copy>
            "Copy link"
        </button>
        <span role="status">{move || if copied.get() { "Copied" } else { "" }}</span>
    }
}

/// A browser gives it only to pages that nobody could have changed on their way.
#[cfg(feature = "hydrate")]
fn has_clipboard() -> bool {
    window().is_secure_context()
}

#[cfg(feature = "hydrate")]
fn copy(path: String, set_copied: WriteSignal<bool>) {
    leptos::task::spawn_local(async move {
        let window = window();
        let origin = window.location().origin().unwrap_or_default();
        let written = window.navigator().clipboard().write_text(&(origin + &path));
        let done = wasm_bindgen_futures::JsFuture::from(written).await;
        set_copied.set(done.is_ok());
    });
}

/// On the server nothing is copied.
#[cfg(not(feature = "hydrate"))]
fn has_clipboard() -> bool {
    false
}

#[cfg(not(feature = "hydrate"))]
fn copy(_: String, _: WriteSignal<bool>) {}
