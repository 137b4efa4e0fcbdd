//! What a person sees of Onehop.
//!
//! Pages are functions from plain view models to complete HTML. This crate does not know that
//! there is a database, a clock or a network: the server asks its [`backend::Backend`] for a view
//! model and hands it to `shell::render`. Only what stands in [`islands`] reaches the browser.

pub mod backend;
pub mod error;
pub mod islands;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
pub mod charts;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod format;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod shell;

#[cfg(all(test, feature = "ssr"))]
mod samples;

/// The browser's one entry point: wakes the islands of the page that stands already.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
