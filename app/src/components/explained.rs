//! What somebody said about a week of a series: the sentence, what it claims to know, who and when.

use leptos::prelude::*;

use crate::format;
use crate::view::explanation::{Cause, Written};

/// "The importer retried. Known cause · Ana Ruiz, Tue 24 Nov 2026, 09:12".
pub fn said(written: &Written) -> AnyView {
    view! {
        {written.said.clone()}" "
        <small>
            {cause(written.cause)}" · "{written.by.clone()}", "
            <time datetime=written.at.to_rfc3339()>{format::local(written.at)}</time>
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
