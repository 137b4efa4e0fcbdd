//! What somebody said about a week of a series: the sentence, what it claims to know, who and when.

use leptos::prelude::*;

use crate::format;
use crate::view::explanation::{Cause, Written};

/// "The importer retried. known cause · Ana Ruiz, Tue 24 Nov 2026, 09:12", dated by a link where
/// there is an address.
pub fn said(written: &Written, address: Option<String>) -> AnyView {
    let dated = view! { <time datetime=written.at.to_rfc3339()>{format::local(written.at)}</time> };
    let dated = match address {
        Some(address) => view! { <a href=address>{dated}</a> }.into_any(),
        None => dated.into_any(),
    };
    let signed = format!("{} · {}, ", cause(written.cause), written.by);
    view! {
        {written.said.clone()}" "
        <small>
            {signed}
            {dated}
        </small>
    }
    .into_any()
}

/// What it claims to know, in words.
pub fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::KnownCause => "known cause",
        Cause::StillLooking => "still looking",
    }
}
