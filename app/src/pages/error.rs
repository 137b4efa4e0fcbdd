//! Why a page could not be shown: what failed, that nothing was lost, what to try.

use leptos::prelude::*;

use crate::error::PageError;
use crate::routes;
use crate::view::frame::Frame;

/// The heading, which is the document's title as well.
pub fn heading(error: &PageError) -> &'static str {
    match error {
        PageError::Forbidden { .. } => "Your role does not see this page.",
        PageError::NotFound { .. } => "There is no such page.",
        PageError::BadRequest { .. } => "This address cannot be read.",
        PageError::NotYet { .. } => "This week is not over yet.",
        PageError::Unavailable { .. } => "This page could not be made.",
    }
}

/// Every error page.
pub fn page(error: &PageError, frame: &Frame) -> AnyView {
    let (what, next) = match error {
        PageError::Forbidden { needs } => (
            format!("It is open to {needs}. Nothing was changed."),
            "If you need it, ask whoever gave you your account.",
        ),
        PageError::NotFound { what } => (
            format!("We looked for {what} and found nothing. Nothing was lost."),
            "Check the address, look for it by its id or its link under Find, or start from the review.",
        ),
        PageError::BadRequest { what } => (
            format!("What we could not read: {what}. Nothing was changed."),
            "Check the address, or start from the review.",
        ),
        PageError::NotYet { what } => (
            format!("We have not made {what}. Nothing was lost."),
            "Come back when the week is over, or start from the latest review.",
        ),
        PageError::Unavailable { .. } => (
            "Something broke on our side. Nothing was lost: pages only read, and the records are kept as they were.".to_owned(),
            "Try again in a minute. If it stays, give the request id to whoever runs Onehop: it finds the details in the log.",
        ),
    };
    let request = match error {
        PageError::Unavailable { request_id } => Some(request_id.clone()),
        _ => None,
    };
    let (address, label) = match frame.person {
        Some(_) => (routes::review(None, None), "Open the review"),
        None => (routes::sign_in("/review"), "Sign in"),
    };
    view! {
        <h1>{heading(error)}</h1>
        <p class="reason">{what}</p>
        <p class="reason">{next}</p>
        {request.map(|id| view! { <p class="request">"Request "<code>{id}</code></p> })}
        <p class="links"><a href=address>{label}</a></p>
    }
    .into_any()
}
