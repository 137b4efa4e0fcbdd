//! How many sources are fresh, and which are not, in words.

use leptos::prelude::*;

use crate::routes;
use crate::view::freshness::{Freshness, Source};

/// "2 of 3 sources fresh", leading to the sources; nothing where no source is judged.
pub fn counted(sources: &[Source]) -> Option<AnyView> {
    let all = sources.len();
    let fresh = sources.iter().filter(|own| is_fresh(own)).count();
    let noun = if all == 1 { "source" } else { "sources" };
    let said = format!("{fresh} of {all} {noun} fresh");
    match all {
        0 => None,
        _ => Some(view! { <span><a href=routes::SOURCES>{said}</a></span> }.into_any()),
    }
}

/// The sources that are not fresh, each with what has not come and since when.
pub fn not_fresh(sources: &[Source]) -> Option<AnyView> {
    let not_fresh: Vec<_> = sources.iter().filter(|own| !is_fresh(own)).collect();
    let item = |source: &Source| {
        let reason = source.reason.as_deref().unwrap_or_default().to_owned();
        view! {
            <li>
                <strong>{source.name.clone()}</strong>
                {format!(" {}: {reason}.", said(source.freshness))}
            </li>
        }
    };
    (!not_fresh.is_empty()).then(|| {
        view! {
            <div class="missing" id="sources">
                <h2>"Sources that are not fresh"</h2>
                <ul>{not_fresh.into_iter().map(item).collect_view()}</ul>
            </div>
        }
        .into_any()
    })
}

fn is_fresh(source: &Source) -> bool {
    source.freshness == Freshness::Fresh
}

pub(crate) fn said(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Fresh => "is fresh",
        Freshness::Late => "is late",
        Freshness::Stale => "is stale",
        Freshness::Partial => "is partial",
        Freshness::NeverLoaded => "has never delivered",
    }
}
