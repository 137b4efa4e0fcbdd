//! What people said about a chart: where limits begin anew, under letters, and what they said about
//! single weeks, under numbers. Each is a mark in the drawing and a line in the list under it.

use leptos::prelude::*;

use super::drawn::Note;
use super::scale::percent;
use crate::components::explained;
use crate::view::chart::Divider;
use crate::view::explanation::Written;
use crate::view::figure::Figure;
use crate::{format, routes};

/// The line before the week from which on limits begin anew, with its letter.
pub fn divider((x, letter): &(f64, String)) -> AnyView {
    let x = percent(*x);
    view! {
        <line class="divider" x1=x.clone() x2=x.clone() y1="0" y2="100%"></line>
        <text class="mark" x=x y="0" dx="5" dy="10">{letter.clone()}</text>
    }
    .into_any()
}

/// The number above a week, led down to its point.
pub fn note(note: &Note) -> AnyView {
    let x = percent(note.x);
    let (up, from) = if note.is_raised {
        ("-18", "-14")
    } else {
        ("-5", "0")
    };
    let stem = note.y.map(|y| {
        view! {
            <line class="stem" x1=x.clone() x2=x.clone() y1=from y2=percent(y)></line>
        }
    });
    view! { {stem} <text class="mark note" x=x.clone() y="0" dy=up>{note.name.clone()}</text> }
        .into_any()
}

/// Why limits begin anew, by letter.
pub fn said_of_dividers(dividers: &[Divider]) -> Option<AnyView> {
    if dividers.is_empty() {
        return None;
    }
    let said = |divider: &Divider| {
        let begins = format!(
            "New limits from {}: {} ",
            format::dated_week(&divider.week),
            divider.what_changed
        );
        let because = format!(
            "{} {} {} {}, {}.",
            divider.cause,
            divider.why_wanted,
            divider.why_lasting,
            divider.set_by,
            format::day(divider.set_on)
        );
        view! { <li>{begins}<small>{because}</small></li> }
    };
    Some(
        view! { <ol class="marks dividers">{dividers.iter().map(said).collect_view()}</ol> }
            .into_any(),
    )
}

/// What was said about weeks, by number.
pub fn said_of_weeks(figure: &Figure, notes: &[Written]) -> Option<AnyView> {
    if notes.is_empty() {
        return None;
    }
    let said = |written: &Written| {
        let week = format!("{}: ", format::week_name(&written.week));
        let address = routes::explanation(&figure.metric, &written.week, &figure.scope);
        view! { <li>{week}{explained::said(written, Some(address))}</li> }
    };
    Some(view! { <ol class="marks notes">{notes.iter().map(said).collect_view()}</ol> }.into_any())
}
