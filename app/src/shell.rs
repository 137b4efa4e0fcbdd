//! The HTML document around every page: head, skip link, navigation, footer.
//!
//! Rendered in one go, so that status and headers are known before the first byte.

use leptos::{
    config::LeptosOptions, hydration::HydrationScripts, nonce::Nonce, prelude::*,
    reactive::owner::Owner,
};

use crate::islands::theme::{self as themes, ThemeControl};
use crate::islands::{palette::Palette, shortcuts::Shortcuts};
use crate::pages::{Page, body, title};
use crate::routes;
use crate::view::frame::{Frame, Person};

pub mod file;

/// The complete document.
pub fn render(frame: &Frame, page: Page) -> String {
    written(|| {
        provide_context(Nonce::from_value(frame.nonce.as_str()));
        document(frame, page, (linked(frame), choices(frame)))
    })
}

fn written(document: impl FnOnce() -> AnyView) -> String {
    let owner = Owner::new_root(None);
    let html = owner.with(|| format!("<!DOCTYPE html>{}", document().to_html()));
    // Frees the islands' signals, which would otherwise stay for as long as the thread lives.
    owner.unset_with_forced_cleanup();
    html
}

/// Around a page: in its head where its style comes from, in its footer what can be set.
fn document(frame: &Frame, page: Page, (style, control): (AnyView, AnyView)) -> AnyView {
    let title = title(&page);
    view! {
        <html lang="en" data-theme=themes::name(frame.theme)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <title>{title}</title>
                {style}
            </head>
            <body>
                <a class="skip" href="#main">"Skip to the page"</a>
                {header(frame)}
                <main id="main" tabindex="-1">{body(page, frame)}</main>
                <footer class="bottom">
                    <p class="address">"Onehop · "{frame.path.clone()}</p>
                    {control}
                </footer>
            </body>
        </html>
    }
    .into_any()
}

/// Style, font and script, which the server answers.
fn linked(frame: &Frame) -> AnyView {
    view! {
        <link rel="preload" href=routes::FONT r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
        <link rel="stylesheet" href=routes::STYLE/>
        <link rel="stylesheet" href=routes::PRINT_STYLE media="print"/>
        <link rel="icon" href=routes::FAVICON r#type="image/svg+xml"/>
        {frame.islands.then(scripts)}
    }
    .into_any()
}

/// The one inline script, under the page's nonce: it starts the islands.
fn scripts() -> AnyView {
    let options = LeptosOptions::builder().output_name("onehop").build();
    view! { <HydrationScripts options islands=true/> }.into_any()
}

fn header(frame: &Frame) -> AnyView {
    let generated = frame.generated.map(|generated| {
        let said = generated.in_words();
        let truth = frame.person.is_some().then(|| {
            view! { " " <a href=routes::DEMO>"What is really true here"</a> }
        });
        view! { <p class="generated">{said}{truth}</p> }
    });
    let home = routes::review(None, None);
    let pages = frame.person.as_ref().map(|person| {
        view! {
            <nav aria-label="Pages">
                <a href=home.clone() aria-current=current(frame, &home)>"Review"</a>
                <a href=routes::WORKFLOWS aria-current=current(frame, routes::WORKFLOWS)>"Workflows"</a>
                <a href=routes::ACTIONS aria-current=current(frame, routes::ACTIONS)>"Actions"</a>
                <a href=routes::SOURCES aria-current=current(frame, routes::SOURCES)>"Sources"</a>
                <a href=routes::SETTINGS aria-current=current(frame, routes::SETTINGS)>"Settings"</a>
                {person.corrects.then(|| view! { <a href=routes::CORRECTIONS>"To put right"</a> })}
                {find()}
            </nav>
        }
    });
    view! {
        <header class="top">
            {generated}
            <div class="bar">
                <a class="brand" href=home.clone()>{arc()}"Onehop"</a>
                {pages}
                {frame.person.as_ref().map(|person| who(person, frame))}
            </div>
        </header>
    }
    .into_any()
}

fn find() -> AnyView {
    view! { <Palette/> }.into_any()
}

/// Whether the page stands at this address or below it.
fn current(frame: &Frame, address: &str) -> Option<&'static str> {
    let below = frame.path.strip_prefix(address)?;
    (below.is_empty() || below.starts_with(['/', '?'])).then_some("page")
}

/// The mark: two points and one hop between them.
fn arc() -> AnyView {
    view! {
        <svg class="arc" viewBox="0 0 24 16" aria-hidden="true" focusable="false">
            <path d="M4 12a8 8 0 0 1 16 0"></path>
            <circle cx="4" cy="12.5" r="2.5"></circle>
            <circle cx="20" cy="12.5" r="2.5"></circle>
        </svg>
    }
    .into_any()
}

fn who(person: &Person, frame: &Frame) -> AnyView {
    view! {
        <div class="who">
            <span>{person.email.clone()}<small>{person.role.clone()}</small></span>
            <form method="post" action=routes::SIGN_OUT>
                <input type="hidden" name="csrf" value=frame.csrf.clone()/>
                <button type="submit">"Sign out"</button>
            </form>
        </div>
    }
    .into_any()
}

/// What can be set for this browser.
fn choices(frame: &Frame) -> AnyView {
    view! {
        {frame.person.is_some().then(|| view! { <Shortcuts on=frame.single_keys/> })}
        <ThemeControl theme=frame.theme csrf=frame.csrf.clone() next=frame.path.clone()/>
    }
    .into_any()
}
