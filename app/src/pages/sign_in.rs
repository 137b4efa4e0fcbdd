//! The sign-in page in all its states; every state is one form that works without script.

use leptos::prelude::*;

use crate::components::notice;
use crate::routes;
use crate::view::{
    frame::Frame,
    sign_in::{SignIn, SignInState},
};

/// The shortest password that is taken.
const PASSWORD_CHARACTERS: u32 = 12;

/// `/sign-in`, and `/sign-in/link` for a one-time link.
pub fn page(sign_in: &SignIn, frame: &Frame) -> AnyView {
    let heading = match sign_in.state {
        SignInState::Link { .. } => "Welcome.",
        SignInState::SignedOut => "You are signed out.",
        _ => "Sign in.",
    };
    let form = match &sign_in.state {
        SignInState::Link { token, email } => link_form(token, email, sign_in, frame),
        _ => password_form(sign_in, frame),
    };
    view! {
        <div class="door">
            <h1>{heading}</h1>
            {message(&sign_in.state)}
            {form}
        </div>
    }
    .into_any()
}

fn message(state: &SignInState) -> Option<AnyView> {
    match state {
        SignInState::Refused => Some(notice::alert(
            "That did not match.",
            "The e-mail or the password is not right. Try again, or ask your operator for a one-time link.".to_owned(),
        )),
        SignInState::Limited { minutes } => {
            let wait = match minutes {
                0 | 1 => "a minute".to_owned(),
                minutes => format!("{minutes} minutes"),
            };
            Some(notice::alert(
                "Too many tries.",
                format!("Wait {wait}, then try again. Your account is safe."),
            ))
        }
        SignInState::LinkUsed => Some(notice::alert(
            "This link no longer works.",
            "A one-time link works once and for a short while. Ask your operator for a new one, or sign in with your password.".to_owned(),
        )),
        SignInState::SignedOut => Some(notice::status(
            "Nothing else to do.",
            "You can close this page, or sign in again.".to_owned(),
        )),
        SignInState::Password | SignInState::Link { .. } => None,
    }
}

fn password_form(sign_in: &SignIn, frame: &Frame) -> AnyView {
    view! {
        <form method="post" action=routes::SIGN_IN>
            {hidden(sign_in, frame)}
            <p class="field">
                <label for="email">"E-mail"</label>
                <input id="email" name="email" type="email" autocomplete="username" required value=sign_in.email.clone()/>
            </p>
            <p class="field">
                <label for="password">"Password"</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required/>
            </p>
            <p><button class="act" type="submit">"Sign in"</button></p>
        </form>
        <p class="hint">"No password? Your operator can make a one-time link for you."</p>
    }
    .into_any()
}

/// A form, so that a link preview that opens the address does not use the link up.
fn link_form(token: &str, email: &str, sign_in: &SignIn, frame: &Frame) -> AnyView {
    view! {
        <p class="reason">"This link signs you in as "<strong>{email.to_owned()}</strong>", once."</p>
        <form method="post" action=routes::SIGN_IN_LINK>
            {hidden(sign_in, frame)}
            <input type="hidden" name="token" value=token.to_owned()/>
            <input type="text" autocomplete="username" value=email.to_owned() hidden readonly/>
            <p class="field">
                <label for="password">"New password "<small>"optional"</small></label>
                <input
                    id="password"
                    name="password"
                    type="password"
                    autocomplete="new-password"
                    minlength=PASSWORD_CHARACTERS.to_string()
                    aria-describedby="password-hint"
                />
            </p>
            <p class="hint" id="password-hint">
                {format!("At least {PASSWORD_CHARACTERS} characters. Leave it empty to go on without one; next time you then need a new link.")}
            </p>
            <p><button class="act" type="submit">"Go on"</button></p>
        </form>
    }
    .into_any()
}

fn hidden(sign_in: &SignIn, frame: &Frame) -> AnyView {
    view! {
        <input type="hidden" name="csrf" value=frame.csrf.clone()/>
        <input type="hidden" name="next" value=sign_in.next.clone()/>
    }
    .into_any()
}
