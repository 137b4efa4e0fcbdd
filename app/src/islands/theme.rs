//! The theme control: a plain form that the server answers, and with script a change at once.
//!
//! The choice lives in one cookie, so that the server's next page comes in the right theme.

use leptos::prelude::*;

use crate::routes;
use crate::view::frame::Theme;

/// The cookie that keeps the choice.
pub const COOKIE: &str = "onehop_theme";

const CHOICES: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

/// A theme as the form, the cookie and `<html data-theme>` write it.
///
/// ```
/// use app::{islands::theme, view::frame::Theme};
/// assert_eq!(theme::name(Theme::Dark), "dark");
/// ```
pub fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "auto",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// The theme a form or a cookie names, `Auto` for anything unknown.
///
/// ```
/// use app::{islands::theme, view::frame::Theme};
/// assert_eq!(theme::named("light"), Theme::Light);
/// assert_eq!(theme::named("<script>"), Theme::Auto);
/// ```
pub fn named(text: &str) -> Theme {
    CHOICES
        .into_iter()
        .find(|theme| name(*theme) == text)
        .unwrap_or_default()
}

/// Auto, light or dark; comes back to `next` when there is no script.
#[island]
pub fn ThemeControl(theme: Theme, csrf: String, next: String) -> impl IntoView {
    let (current, set_current) = signal(theme);
    let choices = CHOICES.map(|choice| {
        let pressed = move || {
            if current.get() == choice {
                "true"
            } else {
                "false"
            }
        };
        view! {
            <button
                type="submit"
                name="theme"
                value=name(choice)
                aria-label=format!("{} theme", label(choice))
                aria-pressed=pressed
                on:click=move |event| {
                    event.prevent_default();
                    set_current.set(choice);
                    keep(choice);
                }
            >
                {label(choice)}
            </button>
        }
    });
    view! {
        <form class="theme" method="post" action=routes::THEME>
            <input type="hidden" name="csrf" value=csrf/>
            <input type="hidden" name="next" value=next/>
            <fieldset>
                <legend>"Theme"</legend>
                {choices}
            </fieldset>
        </form>
    }
}

fn label(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "Auto",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}

/// Shows the theme at once and keeps it for a year.
#[cfg(feature = "hydrate")]
fn keep(theme: Theme) {
    use wasm_bindgen::JsCast;

    let name = name(theme);
    let document = document();
    if let Some(root) = document.document_element() {
        // Neither can fail: the name is valid, and a blocked cookie only means asking again.
        let _ = root.set_attribute("data-theme", name);
    }
    if let Some(document) = document.dyn_ref::<web_sys::HtmlDocument>() {
        let _ = document.set_cookie(&format!(
            "{COOKIE}={name}; Path=/; SameSite=Lax; Max-Age=31536000"
        ));
    }
}

/// On the server nobody clicks.
#[cfg(not(feature = "hydrate"))]
fn keep(_: Theme) {}
