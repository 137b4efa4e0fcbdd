//! The sign-in page's states.

use serde::{Deserialize, Serialize};

/// What `/sign-in` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignIn {
    /// What was typed before, so that nothing is asked twice.
    pub email: String,
    pub state: SignInState,
    /// Where to go once signed in; an address below the site's root.
    pub next: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInState {
    /// Asks for e-mail and password.
    Password,
    /// E-mail or password were wrong; which, is not said.
    Refused,
    /// Too many tries; minutes until the next.
    Limited { minutes: u32 },
    /// A one-time link was opened: asks to go on (a form, so that link previews do not use it up),
    /// and offers to set a password.
    Link { token: String, email: String },
    /// The link was used, is too old or never was.
    LinkUsed,
    /// Signed out just now.
    SignedOut,
}
