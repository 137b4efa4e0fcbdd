//! Up to a year of one figure: its weeks, the limits they are judged by, and the numbers beside it.
//!
//! Weeks that stood out are ringed. Where people set a divider the limits begin anew, and the old ones
//! stay drawn; what they said about a week is marked above it.

use leptos::prelude::*;

use super::{
    drawn::{self, Dot, Drawn, Stretch, Week},
    marks,
    numbers::numbers,
    scale::{Scale, percent},
    sparkline::{dot, line},
};
use crate::format::{self, Sample};
use crate::view::chart::{Chart, Limits};
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
    let scale = drawn::scale(chart);
    let drawn = drawn::drawn(figure, chart, &scale)?;
    let class = if drawn.notes.is_empty() {
        "process"
    } else {
        "process noted"
    };
    Some(
        view! {
            <figure class=class>
                <svg aria-hidden="true" focusable="false">{markup(&drawn, &scale)}</svg>
                <figcaption>{caption(figure, chart, said)}</figcaption>
                {marks::said_of_dividers(&chart.dividers)}
                {marks::said_of_weeks(figure, &chart.notes)}
                {numbers(&chart.points, figure.unit)}
            </figure>
        }
        .into_any(),
    )
}

/// All parts of a drawing, those that lie behind first.
pub(super) fn markup(drawn: &Drawn, scale: &Scale) -> AnyView {
    let dots = drawn.dots.iter().map(|own| dot(own.place, own.look));
    view! {
        {drawn.stretches.iter().map(stretch).collect_view()}
        {drawn.dividers.iter().map(marks::divider).collect_view()}
        {drawn.notes.iter().map(marks::note).collect_view()}
        {drawn.lines.iter().copied().map(line).collect_view()}
        {drawn.dots.iter().filter_map(ring).collect_view()}
        {dots.collect_view()}
        {drawn.labels.iter().map(label).collect_view()}
        {drawn.weeks.iter().map(|week| named(week, scale)).collect_view()}
    }
    .into_any()
}

/// The band of a stretch of weeks with its centre, and faintly the lines half-way to the limits.
fn stretch(own: &Stretch) -> AnyView {
    let class = if own.is_provisional {
        "band provisional"
    } else {
        "band"
    };
    let across = |class: &'static str, height: f64| {
        let y = percent(height);
        view! {
            <line class=class x1=percent(own.left) x2=percent(own.right) y1=y.clone() y2=y></line>
        }
    };
    let halfway = own.halfway.iter().map(|height| across("quartile", *height));
    view! {
        <rect
            class=class
            x=percent(own.left)
            y=percent(own.top)
            width=percent(own.right - own.left)
            height=percent(own.bottom - own.top)
        ></rect>
        {halfway.collect_view()}
        {across("centre", own.centre)}
    }
    .into_any()
}

/// Around a week that stood out when it was the newest.
fn ring(own: &Dot) -> Option<AnyView> {
    let (x, y) = (percent(own.place.x), percent(own.place.y));
    own.ringed
        .then(|| view! { <circle class="ring" cx=x cy=y r="6"></circle> }.into_any())
}

/// A limit in words, at its own height.
fn label((height, said): &(f64, String)) -> AnyView {
    view! { <text class="limit" x="100%" dx="8" y=percent(*height) dy="4">{said.clone()}</text> }
        .into_any()
}

fn named(week: &Week, scale: &Scale) -> AnyView {
    let class = if week.between { "week between" } else { "week" };
    let x = percent(scale.x(week.place));
    view! { <text class=class x=x y="100%" dy="20">{week.name.clone()}</text> }.into_any()
}

/// What the drawing shows, and what could have been seen in it.
pub fn caption(figure: &Figure, chart: &Chart, said: Caption) -> String {
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
