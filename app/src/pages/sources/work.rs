//! What works behind the pages, and where everything is kept.

use leptos::prelude::*;

use crate::format;
use crate::view::sources::{Frozen, Sources, Walk, Work};

/// The facts, a line each.
pub(super) fn work(sources: &Sources) -> AnyView {
    let (work, kept) = (&sources.work, &sources.database);
    let mut facts = vec![
        (
            "Last freeze",
            work.last_freeze
                .as_ref()
                .map_or_else(|| "none yet".to_owned(), frozen),
        ),
        ("Next freeze", next(work)),
    ];
    facts.extend(work.freeze_failed.as_ref().map(|(times, error)| {
        let times = format::counted(*times, "times");
        (
            "The freeze failed",
            format!("{times} in a row, and is tried again; last: {error}"),
        )
    }));
    facts.push((
        "Figures waiting",
        match work.weeks_waiting {
            0 => "none: all weeks are computed".to_owned(),
            weeks => format!(
                "those of {}, and are computed now",
                format::counted(weeks, "weeks")
            ),
        },
    ));
    facts.extend(work.walk.as_ref().map(|walk| ("Links", walked(walk))));
    facts.push((
        "Database",
        format!("{}, {}", kept.engine, format::bytes(kept.bytes)),
    ));
    facts.push(("Schema", kept.schema.clone()));
    facts.push(("Onehop", kept.version.clone()));
    view! {
        <section aria-labelledby="work">
            <h2 id="work">"Behind the pages"</h2>
            <dl class="facts">
                {facts
                    .into_iter()
                    .map(|(name, said)| view! { <dt>{name}</dt> <dd>{said}</dd> })
                    .collect_view()}
            </dl>
        </section>
    }
    .into_any()
}

/// "week 47 of 2026, on Mon 23 Nov 2026, 07:00".
fn frozen(frozen: &Frozen) -> String {
    format!(
        "{}, on {}",
        format::dated_week(&frozen.week),
        format::local(frozen.at)
    )
}

fn next(work: &Work) -> String {
    match (&work.next_freeze, &work.no_freeze) {
        (Some(next), _) => frozen(next),
        (None, Some(why)) => format!("none: {why}"),
        (None, None) => "none".to_owned(),
    }
}

fn walked(walk: &Walk) -> String {
    let why = match walk.is_of_registry {
        true => "after an edit of the registry",
        false => "anew",
    };
    format!(
        "all are derived {why}; {} so far",
        format::counted(walk.changes, "changes")
    )
}
