//! What a person sees of Onehop.
//!
//! Pages are functions from plain view models to complete HTML. This crate does not know that
//! there is a database, a clock or a network: the server asks its [`backend::Backend`] for a view
//! model and hands it to [`render`](shell::render). Only what stands in [`islands`] reaches the
//! browser.

pub mod backend;
pub mod error;
pub mod view;
