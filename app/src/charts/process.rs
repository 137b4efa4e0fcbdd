//! Up to a year of one figure: its weeks, the limits they are judged by, and the numbers beside it.
//!
//! Weeks that stood out are ringed. Where people set a divider the limits begin anew, and the old ones
//! stay drawn.

use leptos::prelude::*;

use super::{
    numbers::numbers,
    scale::{Place, Scale, neighbours, percent},
    sparkline::{dot, line},
};
use crate::format::{self, Sample};
use crate::view::chart::{Chart, Divider, Limits};
use crate::view::figure::{Figure, Unit};

/// How much is said under a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caption {
    /// What is drawn, and what could have been seen in it.
    Whole,
    /// Only what is not as usual, where many charts stand together.
    Brief,
}

/// The chart and, folded, its table.
pub fn process(figure: &Figure, chart: &Chart, said: Caption) -> Option<AnyView> {
    let ranges = chart.limits.iter().flat_map(|limits| limits.normal_range);
    let scale = Scale::of_values(&chart.points, ranges);
    let places = scale.places(&chart.points);
    if places.is_empty() {
        return None;
    }
    let joined = places.len() > 5;
    let lines = neighbours(&places)
        .filter(|_| joined)
        .map(line)
        .collect_view();
    let last = chart.points.len().saturating_sub(1);
    let dots = places
        .iter()
        .map(|place| dot(*place, (place.week == last).then_some(figure)))
        .collect_view();
    let stretches = chart
        .limits
        .iter()
        .filter_map(|limits| stretch(limits, chart, &scale));
    let dividers = (1..)
        .zip(&chart.dividers)
        .filter_map(|(number, own)| divider((number, own), chart, &scale));
    let rings: Vec<_> = places
        .iter()
        .filter_map(|place| ring(*place, chart))
        .collect();
    Some(
        view! {
            <figure class="process">
                <svg aria-hidden="true" focusable="false">
                    {stretches.collect_view()}
                    {dividers.collect_view()}
                    {lines}
                    {rings}
                    {dots}
                    {labels(figure, chart, &scale)}
                    {weeks(chart, &scale)}
                </svg>
                <figcaption>{caption(figure, chart, said)}</figcaption>
                {said_of_dividers(&chart.dividers)}
                {numbers(&chart.points, figure.unit)}
            </figure>
        }
        .into_any(),
    )
}

/// The band of a stretch of weeks with its centre, and faintly the lines half-way to the limits.
fn stretch(limits: &Limits, chart: &Chart, scale: &Scale) -> Option<AnyView> {
    let column = |week: &str| chart.points.iter().position(|point| point.week == week);
    let (from, to) = (column(&limits.from)?, column(&limits.to)?);
    let begins = chart.points.iter().position(|point| point.value.is_some());
    let from = from.max(begins?);
    let (left, right) = (scale.edge(from), scale.edge(to + 1));
    let [low, high] = limits.normal_range;
    let (top, bottom) = (scale.y(high), scale.y(low));
    let class = if limits.weeks < 12 {
        "band provisional"
    } else {
        "band"
    };
    let across = |class: &'static str, value: f64| {
        let y = percent(scale.y(value));
        view! { <line class=class x1=percent(left) x2=percent(right) y1=y.clone() y2=y></line> }
    };
    // Halfway to a limit, as the rule has it: also where the limit itself is drawn at 0.
    let halfway = [-1.5, 1.5]
        .map(|sigmas| limits.centre + sigmas * limits.sigma)
        .into_iter()
        .filter(|value| low < *value && *value < high)
        .map(|value| across("quartile", value));
    Some(
        view! {
            <rect
                class=class
                x=percent(left)
                y=percent(top)
                width=percent(right - left)
                height=percent((bottom - top).max(0.0))
            ></rect>
            {halfway.collect_view()}
            {across("centre", limits.centre)}
        }
        .into_any(),
    )
}

/// The line before the week from which on limits begin anew, with the number under which the reason
/// stands.
fn divider((number, divider): (usize, &Divider), chart: &Chart, scale: &Scale) -> Option<AnyView> {
    let week = chart
        .points
        .iter()
        .position(|point| point.week == divider.week)?;
    let x = percent(scale.edge(week));
    Some(
        view! {
            <line class="divider" x1=x.clone() x2=x.clone() y1="0" y2="100%"></line>
            <text class="divider-number" x=x y="0" dx="5" dy="10">{number.to_string()}</text>
        }
        .into_any(),
    )
}

fn said_of_dividers(dividers: &[Divider]) -> Option<AnyView> {
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
    Some(view! { <ol class="dividers">{dividers.iter().map(said).collect_view()}</ol> }.into_any())
}

/// Around a week that stood out when it was the newest.
fn ring(place: Place, chart: &Chart) -> Option<AnyView> {
    let week = &chart.points.get(place.week)?.week;
    chart.signals.iter().find(|marked| marked.week == *week)?;
    Some(
        view! { <circle class="ring" cx=percent(place.x) cy=percent(place.y) r="6"></circle> }
            .into_any(),
    )
}

/// The newest limits by name and value, each at its own height.
fn labels(figure: &Figure, chart: &Chart, scale: &Scale) -> Option<AnyView> {
    let limits = chart.limits.last()?;
    let [low, high] = limits.normal_range;
    let sample = Sample(figure.sample);
    let [low_said, high_said] = format::limits(limits.normal_range, figure.unit, sample);
    let (top, bottom) = (scale.y(high), scale.y(low));
    if bottom - top < 10.0 {
        return None;
    }
    let label = |share: f64, said: String| {
        view! { <text class="limit" x="100%" dx="8" y=percent(share) dy="4">{said}</text> }
    };
    let middle = scale.y(limits.centre);
    let has_room = middle - top > 10.0 && bottom - middle > 10.0;
    let centre = has_room.then(|| {
        let said = format::limits([limits.centre, limits.centre], figure.unit, sample);
        label(middle, format!("average {}", said[0]))
    });
    Some(view! { {label(top, high_said)} {centre} {label(bottom, low_said)} }.into_any())
}

/// What the drawing shows, and what could have been seen in it.
fn caption(figure: &Figure, chart: &Chart, said: Caption) -> String {
    let brief = said == Caption::Brief;
    let weeks = format::counted(chart.points.len() as u64, "weeks");
    let Some(limits) = chart.limits.last() else {
        return match figure.usual_days_between() {
            Some(_) => format!("{weeks}. Under one a week: judged by the days between them."),
            None => format!("{weeks}. A normal range needs 6 usable weeks."),
        };
    };
    let behind = format::counted(u64::from(limits.weeks), "weeks");
    let shaded = match (&limits.locked_with, limits.weeks) {
        (Some(_), _) if brief => return String::new(),
        (Some(week), _) => format!(
            "Shaded: the normal range, locked on 20 weeks up to {}.{}",
            format::dated_week(week),
            seen(limits, figure.unit)
        ),
        (None, 12..) => format!("Shaded: the normal range, from {behind}."),
        (None, _) => format!("Dashed: a provisional normal range, from {behind} only."),
    };
    let ringed = match chart.signals.len() {
        0 => String::new(),
        _ if brief => String::new(),
        _ => " Ringed: weeks that stood out when they were the newest.".to_owned(),
    };
    format!("{weeks}. {shaded}{ringed}")
}

/// Which lasting shift would show: one and a half standard deviations after five weeks, as simulated
/// for limits from twenty points.
fn seen(limits: &Limits, unit: Unit) -> String {
    let shift = 1.5 * limits.sigma;
    if shift <= 0.0 {
        return String::new();
    }
    let size = match unit {
        Unit::Ratio => format!("{} points", format::points(shift)),
        unit => format::value(shift, unit, Sample(20)),
    };
    format!(" A lasting shift of {size} would show within 5 weeks, as often as not.")
}

/// Every fourth week is named, counted back from the shown one.
fn weeks(chart: &Chart, scale: &Scale) -> AnyView {
    let count = chart.points.len();
    let every = if count > 26 { 8 } else { 4 };
    let named = |(place, point): (usize, &crate::view::review::Point)| {
        let back = count - 1 - place;
        if !back.is_multiple_of(every) {
            return None;
        }
        let class = if back.is_multiple_of(2 * every) {
            "week"
        } else {
            "week between"
        };
        let name = point.week.rsplit('-').next().unwrap_or_default().to_owned();
        Some(view! { <text class=class x=percent(scale.x(place)) y="100%" dy="20">{name}</text> })
    };
    let names: Vec<_> = chart.points.iter().enumerate().filter_map(named).collect();
    names.into_any()
}
