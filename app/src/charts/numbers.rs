//! A chart's numbers as a table, folded away until asked for and open in print.

use leptos::prelude::*;

use crate::format::{self, Sample};
use crate::view::months::{MadeOf, Month, Months};
use crate::view::{figure::Unit, review::Point};

/// The folded table of one chart.
pub fn numbers(points: &[Point], unit: Unit) -> AnyView {
    view! {
        <details class="numbers">
            <summary>"Show the numbers"</summary>
            {table(None, points, unit)}
        </details>
    }
    .into_any()
}

/// The folded table of weeks and the months before them.
pub fn numbers_of_months(months: &Months, points: &[Point], unit: Unit) -> AnyView {
    let month = |own: &Month| {
        let weeks = format::counted(u64::from(own.weeks), "weeks");
        let name = format!("{} · {weeks}", format::month(&own.month));
        let said = own.value.map(|value| {
            let said = format::value(value, unit, Sample(own.sample));
            match months.made_of {
                MadeOf::Weeks => format!("{said} a week"),
                MadeOf::Sums | MadeOf::Records => said,
            }
        });
        row(name, said, (own.sample, own.hollow))
    };
    let group = |name: &'static str| {
        view! { <tr class="group"><th scope="rowgroup" colspan="3">{name}</th></tr> }
    };
    view! {
        <details class="numbers">
            <summary>"Show the numbers"</summary>
            <table>
                {head("Month or week")}
                <tbody>
                    {group("Months")}
                    {months.months.iter().map(month).collect_view()}
                </tbody>
                <tbody>
                    {group("Weeks")}
                    {points.iter().map(|point| week(point, unit)).collect_view()}
                </tbody>
            </table>
        </details>
    }
    .into_any()
}

/// Week, value and sample, oldest first.
pub fn table(caption: Option<String>, points: &[Point], unit: Unit) -> AnyView {
    view! {
        <table>
            {caption.map(|caption| view! { <caption>{caption}</caption> })}
            {head("Week")}
            <tbody>{points.iter().map(|point| week(point, unit)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn head(of: &'static str) -> AnyView {
    view! {
        <thead>
            <tr>
                <th scope="col">{of}</th>
                <th scope="col" class="number">"Value"</th>
                <th scope="col" class="number">"Records"</th>
            </tr>
        </thead>
    }
    .into_any()
}

fn week(point: &Point, unit: Unit) -> AnyView {
    let said = point
        .value
        .map(|value| format::value(value, unit, Sample(point.sample)));
    row(
        format::week(&point.week),
        said,
        (point.sample, point.hollow),
    )
}

fn row(name: String, said: Option<String>, (sample, hollow): (u64, bool)) -> AnyView {
    let class = if said.is_none() {
        "number absent"
    } else {
        "number"
    };
    let sample = match sample {
        0 if said.is_none() => format::ABSENT.to_owned(),
        sample => format::count(sample),
    };
    let said = said.unwrap_or_else(|| format!("{} no value", format::ABSENT));
    let few = hollow.then_some(" too few to judge");
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class=class>{said}</td>
            <td class="number">{sample}{few.map(|few| view! { <small>{few}</small> })}</td>
        </tr>
    }
    .into_any()
}
