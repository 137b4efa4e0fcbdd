//! Up to half a year of one figure: its weeks, its normal range, and the numbers beside it.
//!
//! Knows only what the model says of the shown week; earlier weeks carry no verdict here, because
//! the range they were judged by may have been another.

use leptos::prelude::*;

use super::{
    numbers::numbers,
    scale::{Scale, neighbours, percent},
    sparkline::{band, dot, line},
};
use crate::format::{self, Sample};
use crate::view::{records::Records, review::Point};

/// The chart and, folded, its table.
pub fn process(records: &Records) -> Option<AnyView> {
    let figure = &records.figure;
    let scale = Scale::of(&records.points, figure.normal_range);
    let places = scale.places(&records.points);
    if places.is_empty() {
        return None;
    }
    let joined = places.len() > 5;
    let lines = neighbours(&places)
        .filter(|_| joined)
        .map(line)
        .collect_view();
    let last = records.points.len().saturating_sub(1);
    let dots = places
        .iter()
        .map(|place| dot(*place, (place.week == last).then_some(figure)))
        .collect_view();
    Some(
        view! {
            <figure class="process">
                <svg aria-hidden="true" focusable="false">
                    {figure.normal_range.map(|range| band(&scale, range, records.usable_weeks))}
                    {limits(records, &scale)}
                    {lines}
                    {dots}
                    {weeks(records, &scale)}
                </svg>
                <figcaption>{caption(records)}</figcaption>
                {numbers(&records.points, figure.unit)}
            </figure>
        }
        .into_any(),
    )
}

/// What the drawing shows, and what its shade means.
fn caption(records: &Records) -> String {
    let weeks = format::counted(records.points.len() as u64, "weeks");
    let behind = format::counted(u64::from(records.usable_weeks), "weeks");
    match records.figure.normal_range {
        Some(_) if records.usable_weeks < 12 => {
            format!("{weeks}. Dashed: a provisional normal range, from {behind} only.")
        }
        Some(_) if records.usable_weeks < 20 => {
            format!("{weeks}. Shaded: the normal range, from {behind}.")
        }
        Some(_) => format!("{weeks}. Shaded: the normal range, locked on its first 20 weeks."),
        None if records.figure.usual_days_between().is_some() => {
            format!("{weeks}. Under one a week: judged by the days between them.")
        }
        None => format!("{weeks}. A normal range needs 6 usable weeks."),
    }
}

/// The limits' values, each at its own height.
fn limits(records: &Records, scale: &Scale) -> Option<AnyView> {
    let range = records.figure.normal_range?;
    let (top, bottom) = (scale.y(range[1]), scale.y(range[0]));
    if bottom - top < 10.0 {
        return None;
    }
    let sample = Sample(records.figure.sample);
    let [low, high] = format::limits(range, records.figure.unit, sample);
    let label = |share: f64, said: String| {
        view! { <text class="limit" x="100%" dx="8" y=percent(share) dy="4">{said}</text> }
    };
    Some(view! { {label(top, high)} {label(bottom, low)} }.into_any())
}

/// Every fourth week is named, counted back from the shown one.
fn weeks(records: &Records, scale: &Scale) -> AnyView {
    let count = records.points.len();
    let named = |(place, point): (usize, &Point)| {
        let back = count - 1 - place;
        if !back.is_multiple_of(4) {
            return None;
        }
        let class = if back.is_multiple_of(8) {
            "week"
        } else {
            "week between"
        };
        let name = point.week.rsplit('-').next().unwrap_or_default().to_owned();
        Some(view! { <text class=class x=percent(scale.x(place)) y="100%" dy="20">{name}</text> })
    };
    let names: Vec<_> = records
        .points
        .iter()
        .enumerate()
        .filter_map(named)
        .collect();
    names.into_any()
}
