//! Who may come in: people, their one-time links and sessions, tokens, and failed sign-ins.
//!
//! Secrets arrive here as hashes and never otherwise; roles and scopes are words that only `auth`
//! understands. Nothing is decided here but what must be decided in one statement, so that two
//! servers over one database cannot both say yes.

pub mod attempts;
pub mod links;
pub mod people;
pub mod sessions;
pub mod tokens;
