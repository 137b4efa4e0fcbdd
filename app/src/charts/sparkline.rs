//! Twelve weeks in the size of a word, the normal range shaded behind them.
//!
//! Decoration for who sees it: the numbers stand in the page's table. Colour only at the shown
//! week, and only when it is a signal.

use leptos::prelude::*;

use super::scale::{Place, Scale, neighbours, percent};
use crate::view::{
    figure::{Figure, State},
    review::Row,
    signal::Signal,
};

/// The row's weeks; dots without a line while there are five or fewer.
pub fn sparkline(row: &Row) -> Option<AnyView> {
    let range = row.figure.normal_range;
    let scale = Scale::of(&row.points, range);
    let places = scale.places(&row.points);
    if places.is_empty() {
        return None;
    }
    let joined = places.len() > 5;
    let lines = neighbours(&places)
        .filter(|_| joined)
        .map(line)
        .collect_view();
    let last = row.points.len().saturating_sub(1);
    let dots = places
        .iter()
        .filter(|place| !joined || place.hollow || place.week == last)
        .map(|place| {
            dot(
                *place,
                look(*place, (place.week == last).then_some(&row.figure)),
            )
        })
        .collect_view();
    Some(
        view! {
            <svg class="sparkline" aria-hidden="true" focusable="false">
                {range.map(|range| band(&scale, range, row.usable_weeks))}
                {lines}
                {dots}
            </svg>
        }
        .into_any(),
    )
}

/// The normal range as a shaded band, dashed while it rests on fewer than twelve weeks.
pub fn band(scale: &Scale, [low, high]: [f64; 2], usable_weeks: u32) -> AnyView {
    let (top, bottom) = (scale.y(high), scale.y(low));
    let class = if usable_weeks < 12 {
        "band provisional"
    } else {
        "band"
    };
    view! {
        <rect
            class=class
            x="0"
            y=percent(top)
            width="100%"
            height=percent((bottom - top).max(0.0))
            rx="2"
        ></rect>
    }
    .into_any()
}

/// The line between two weeks.
pub fn line((from, to): (Place, Place)) -> AnyView {
    view! {
        <line x1=percent(from.x) y1=percent(from.y) x2=percent(to.x) y2=percent(to.y)></line>
    }
    .into_any()
}

/// How a week's point is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Plain,
    /// It takes part in no rule, has not settled or is stale.
    Hollow,
    Better,
    Worse,
}

/// How a week's point is drawn; the shown week comes with its figure, and has colour when it stands out.
pub fn look(place: Place, shown: Option<&Figure>) -> Look {
    let is_open = |figure: &Figure| matches!(figure.state, State::Maturing | State::Stale);
    match shown.map(|figure| figure.signal) {
        _ if place.hollow || shown.is_some_and(is_open) => Look::Hollow,
        Some(Signal::Better) => Look::Better,
        Some(Signal::Worse) => Look::Worse,
        _ => Look::Plain,
    }
}

/// A week's point.
pub fn dot(place: Place, look: Look) -> AnyView {
    let class = match look {
        Look::Plain => "dot",
        Look::Hollow => "dot hollow",
        Look::Better => "dot better",
        Look::Worse => "dot worse",
    };
    view! { <circle class=class cx=percent(place.x) cy=percent(place.y) r="2.5"></circle> }
        .into_any()
}
