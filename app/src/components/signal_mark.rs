//! Whether a week stands out, as a shape, a word and, where one spoke, the rule.
//!
//! Colour repeats what shape and word say already; metrics without a better side stay in ink.

use leptos::prelude::*;

use crate::format;
use crate::view::{
    figure::{Figure, State},
    signal::{Rule, Signal},
};

/// Weeks behind the first verdict, and behind one that is no longer provisional.
const VERDICT_WEEKS: u32 = 12;
const FULL_WEEKS: u32 = 20;

/// A figure's signal with what limits it.
pub fn signal_mark(figure: &Figure, usable_weeks: u32) -> AnyView {
    view! {
        {word(figure, usable_weeks)}
        {limit(figure, usable_weeks).map(|limit| view! { " " <small>{limit}</small> })}
    }
    .into_any()
}

/// Shape and word.
pub fn word(figure: &Figure, usable_weeks: u32) -> AnyView {
    let (class, shown) = match figure.signal {
        _ if figure.state == State::Stale => ("signal", Signal::None),
        Signal::Better => ("signal better", Signal::Better),
        Signal::Worse => ("signal worse", Signal::Worse),
        Signal::Up | Signal::Down => ("signal moved", figure.signal),
        signal => ("signal", signal),
    };
    view! { <span class=class>{shape(shown)}{in_a_word(figure, usable_weeks)}</span> }.into_any()
}

/// The mark of what is told each time, whatever its weeks say.
pub fn told() -> AnyView {
    view! { <span class="signal worse">{shape(Signal::Worse)}"told"</span> }.into_any()
}

/// The word alone; of a stale figure nothing is said, whatever its weeks would say.
pub fn in_a_word(figure: &Figure, usable_weeks: u32) -> &'static str {
    match figure.signal {
        _ if figure.state == State::Stale => "can’t tell",
        Signal::Better => "better",
        Signal::Worse => "worse",
        Signal::Up => "up",
        Signal::Down => "down",
        Signal::Routine => "routine",
        Signal::TooFew => too_few(figure, usable_weeks),
        Signal::None if figure.state == State::Maturing => "not yet",
        Signal::None => "none",
    }
}

fn too_few(figure: &Figure, usable_weeks: u32) -> &'static str {
    match figure.state {
        State::TooFew => "too few",
        _ if usable_weeks < 6 => "collecting",
        _ => "value only, no verdict",
    }
}

/// By which rule, or how far the data reaches yet.
pub fn limit(figure: &Figure, usable_weeks: u32) -> Option<String> {
    match figure.signal {
        _ if figure.state == State::Stale => None,
        Signal::None => None,
        Signal::TooFew if figure.state == State::TooFew => Some("under 5 records".to_owned()),
        Signal::TooFew => Some(format!(
            "{usable_weeks} of {VERDICT_WEEKS} {}",
            figure.behind()
        )),
        _ => {
            let parts = [rule(figure), provisional(figure, usable_weeks)];
            let said: Vec<String> = parts.into_iter().flatten().collect();
            (!said.is_empty()).then(|| said.join("; "))
        }
    }
}

/// The rule that spoke, in words.
pub fn rule(figure: &Figure) -> Option<String> {
    Some(said(figure.rule?).replace("weeks", figure.behind()))
}

/// What a verdict from few weeks is.
pub fn provisional(figure: &Figure, usable_weeks: u32) -> Option<String> {
    let behind = figure.behind();
    (usable_weeks < FULL_WEEKS).then(|| format!("provisional, from {usable_weeks} {behind}"))
}

/// A rule in words.
fn said(rule: Rule) -> &'static str {
    match rule {
        Rule::OutsideLimits => "outside its limits",
        Rule::ThreeOfFourNearLimit => "three of four weeks near a limit",
        Rule::EightOnOneSide => "eight weeks on one side of the average",
    }
}

/// Filled triangles for better and worse, hollow ones where neither side is better.
pub fn shape(signal: Signal) -> AnyView {
    const UP: &str = "M5 1.5 9 8.5 1 8.5Z";
    const DOWN: &str = "M5 8.5 9 1.5 1 1.5Z";
    let drawing = match signal {
        Signal::Better => view! { <path d=UP></path> }.into_any(),
        Signal::Worse => view! { <path d=DOWN></path> }.into_any(),
        Signal::Up => view! { <path class="open" d=UP></path> }.into_any(),
        Signal::Down => view! { <path class="open" d=DOWN></path> }.into_any(),
        Signal::Routine => view! { <circle cx="5" cy="5" r="3"></circle> }.into_any(),
        Signal::TooFew => view! { <circle class="open" cx="5" cy="5" r="3"></circle> }.into_any(),
        Signal::None => return view! { {format::ABSENT} " " }.into_any(),
    };
    view! { <svg class="shape" viewBox="0 0 10 10" aria-hidden="true" focusable="false">{drawing}</svg> }
        .into_any()
}
