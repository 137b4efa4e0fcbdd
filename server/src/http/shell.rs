//! Pages as plain HTML, in the place of `app::shell` and `app::pages`.

use app::error::PageError;
use app::view::definition::Definition;
use app::view::frame::Frame;
use app::view::records::Records;
use app::view::review::Review;
use app::view::sign_in::{SignIn, SignInState};

/// A page with what it shows.
#[expect(
    clippy::large_enum_variant,
    reason = "there is one a request, and it is rendered where it was made"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    Review(Review),
    Records(Records),
    Definition(Definition),
    SignIn(SignIn),
    Error(PageError),
}

/// The complete document.
pub fn render(frame: &Frame, page: Page) -> String {
    let csrf = format!(
        "<input type=\"hidden\" name=\"csrf\" value=\"{}\">",
        frame.csrf
    );
    let body = match page {
        Page::SignIn(page) => sign_in(&page),
        Page::Error(error) => format!("<h1>{}</h1>", escape(&format!("{error:?}"))),
        Page::Review(page) => format!("<h1>{}</h1>", escape(&page.answer.sentence)),
        Page::Records(page) => format!("<h1>{}</h1>", escape(&page.name)),
        Page::Definition(page) => format!("<h1>{}</h1>", escape(&page.name)),
    };
    let leave = frame.person.as_ref().map(|person| {
        let who = escape(&person.email);
        format!("<form method=\"post\" action=\"/sign-out\">{csrf}<button>Sign out {who}</button></form>")
    });
    format!(
        "<!DOCTYPE html><html lang=\"en\"><title>Onehop</title>{}<main>{body}</main></html>",
        leave.unwrap_or_default()
    )
}

fn sign_in(page: &SignIn) -> String {
    let next = escape(&page.next);
    let next = format!("<input type=\"hidden\" name=\"next\" value=\"{next}\">");
    match &page.state {
        SignInState::Link { token, email } => format!(
            "<h1>Welcome.</h1><p>{}</p><form method=\"post\" action=\"/sign-in/link\">{next}\
             <input type=\"hidden\" name=\"token\" value=\"{}\">\
             <input type=\"password\" name=\"password\"><button>Go on</button></form>",
            escape(email),
            escape(token)
        ),
        state => format!(
            "<h1>{}</h1><form method=\"post\" action=\"/sign-in\">{next}\
             <input type=\"email\" name=\"email\" value=\"{}\">\
             <input type=\"password\" name=\"password\"><button>Sign in</button></form>",
            escape(&format!("{state:?}")),
            escape(&page.email)
        ),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
