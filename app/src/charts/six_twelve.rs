//! Six weeks beside twelve months of one figure, on one scale of values: months to the left, weeks to
//! the right, a gap between them. Only the weeks are judged.

use leptos::prelude::*;

use super::drawn;
use super::marks;
use super::numbers::numbers_of_months;
use super::process::{Caption, caption, markup};
use super::scale::{Scale, neighbours, percent};
use super::sparkline::{Look, dot, line};
use crate::format;
use crate::view::chart::Chart;
use crate::view::figure::Figure;
use crate::view::months::{MadeOf, Months};
use crate::view::review::Point;

/// The chart and, folded, its table; nothing where neither a month nor a week has a value.
pub fn six_twelve(
    figure: &Figure,
    chart: &Chart,
    months: &Months,
    said: Caption,
) -> Option<AnyView> {
    let points = points(months);
    let [of_months, of_weeks, gap] = scales(chart, &points)?;
    let mut drawn = drawn::drawn(figure, chart, &of_weeks);
    for week in drawn.iter_mut().flat_map(|drawn| &mut drawn.weeks) {
        // That they are weeks stands under them, and there is little room.
        week.name = week.name.trim_start_matches('W').to_owned();
    }
    let noted = !chart.notes.is_empty() && drawn.is_some();
    let class = if noted {
        "process six-twelve noted"
    } else {
        "process six-twelve"
    };
    let middle = percent(gap.x(0));
    Some(
        view! {
            <figure class=class>
                <svg aria-hidden="true" focusable="false">
                    {drawn.map(|drawn| markup(&drawn, &of_weeks))}
                    <line class="gap" x1=middle.clone() x2=middle y1="0" y2="100%"></line>
                    {drawn_months(&points, &of_months)}
                    {named(months, &of_months)}
                    {group(&of_weeks, chart.points.len(), "weeks")}
                </svg>
                <figcaption>{said_of(figure, chart, months, said)}</figcaption>
                {marks::said_of_dividers(&chart.dividers)}
                {marks::said_of_weeks(figure, &chart.notes)}
                {numbers_of_months(months, &chart.points, figure.unit)}
            </figure>
        }
        .into_any(),
    )
}

/// Months as what a scale places.
fn points(months: &Months) -> Vec<Point> {
    let point = |own: &crate::view::months::Month| Point {
        week: own.month.clone(),
        value: own.value,
        sample: own.sample,
        hollow: own.hollow,
    };
    months.months.iter().map(point).collect()
}

/// The scales of months, of weeks and of the gap between them: columns of one width, heights of one
/// scale.
fn scales(chart: &Chart, months: &[Point]) -> Option<[Scale; 3]> {
    let ranges = chart.limits.iter().flat_map(|limits| limits.normal_range);
    let values = months.iter().filter_map(|month| month.value);
    let any = chart
        .points
        .iter()
        .chain(months)
        .any(|point| point.value.is_some());
    let whole = Scale::of_values(&chart.points, ranges.chain(values));
    let (left, right) = (months.len(), chart.points.len());
    let columns = (left + 1 + right) as f64;
    let at = |column: usize| 100.0 * column as f64 / columns;
    any.then(|| {
        [
            whole.within(left, [0.0, at(left)]),
            whole.within(right, [at(left + 1), 100.0]),
            whole.within(1, [at(left), at(left + 1)]),
        ]
    })
}

/// Their points, and the lines between those with no missing month between them.
fn drawn_months(points: &[Point], scale: &Scale) -> AnyView {
    let places = scale.places(points);
    let lines = neighbours(&places).map(line).collect_view();
    let dots = places.iter().map(|place| {
        let look = if place.hollow {
            Look::Hollow
        } else {
            Look::Plain
        };
        dot(*place, look)
    });
    view! { {lines} {dots.collect_view()} }.into_any()
}

/// The months by name, every other one where there is little room, and what they are.
fn named(months: &Months, scale: &Scale) -> AnyView {
    let count = months.months.len();
    let named = |(place, own): (usize, &crate::view::months::Month)| {
        let between = !(count - 1 - place).is_multiple_of(2);
        let class = if between {
            "week month between"
        } else {
            "week month"
        };
        let name = format::month(&own.month)
            .chars()
            .take(3)
            .collect::<String>();
        view! { <text class=class x=percent(scale.x(place)) y="100%" dy="20">{name}</text> }
    };
    let names: Vec<_> = months.months.iter().enumerate().map(named).collect();
    view! { {names} {group(scale, count, "months")} }.into_any()
}

/// What stands in these columns.
fn group(scale: &Scale, columns: usize, plural: &str) -> AnyView {
    let middle = (scale.edge(0) + scale.edge(columns)) / 2.0;
    let said = format::counted(columns as u64, plural);
    view! { <text class="week" x=percent(middle) y="100%" dy="38">{said}</text> }.into_any()
}

/// What a month's value is made of, and what is drawn.
fn said_of(figure: &Figure, chart: &Chart, months: &Months, said: Caption) -> String {
    let made = match months.made_of {
        MadeOf::Weeks => "A month’s value is the mean of its weeks, so that both have one scale.",
        MadeOf::Sums => "A month’s value is that of all its records together.",
        MadeOf::Records => "A month’s value is the median of all its records.",
    };
    let weeks = caption(figure, chart, said);
    let left = "Left, months that have ended; each holds the weeks whose Thursday lies in it.";
    match said {
        Caption::Whole => format!("{left} {made} Right, {weeks}"),
        Caption::Brief => format!("{made} {weeks}"),
    }
}
