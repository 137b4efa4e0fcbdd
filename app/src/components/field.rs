//! Fields of forms, each with its label above it.

use leptos::prelude::*;

/// A line of text.
pub fn line(name: &'static str, label: &'static str, value: &str, required: bool) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input id=name name=name type="text" value=value.to_owned() required=required maxlength="200" autocomplete="off"/>
        </div>
    }
    .into_any()
}

/// Some lines of text, and the most characters there may be.
pub fn lines(
    name: &'static str,
    label: &'static str,
    text: &str,
    (rows, characters): (u32, u32),
) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <textarea id=name name=name rows=rows maxlength=characters inner_html=escaped(text)></textarea>
        </div>
    }
    .into_any()
}

/// The text of a text area is not escaped by itself.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
