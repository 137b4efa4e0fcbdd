//! A chart's numbers as a table, folded away until asked for and open in print.

use leptos::prelude::*;

use crate::format::{self, Sample};
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

/// Week, value and sample, oldest first.
pub fn table(caption: Option<String>, points: &[Point], unit: Unit) -> AnyView {
    let row = |point: &Point| {
        let said = match point.value {
            Some(value) => format::value(value, unit, Sample(point.sample)),
            None => format!("{} no value", format::ABSENT),
        };
        let class = if point.value.is_none() {
            "number absent"
        } else {
            "number"
        };
        let sample = match point.sample {
            0 if point.value.is_none() => format::ABSENT.to_owned(),
            sample => format::count(sample),
        };
        let few = point.hollow.then_some(" too few to judge");
        view! {
            <tr>
                <th scope="row">{format::week(&point.week)}</th>
                <td class=class>{said}</td>
                <td class="number">{sample}{few.map(|few| view! { <small>{few}</small> })}</td>
            </tr>
        }
    };
    view! {
        <table>
            {caption.map(|caption| view! { <caption>{caption}</caption> })}
            <thead>
                <tr>
                    <th scope="col">"Week"</th>
                    <th scope="col" class="number">"Value"</th>
                    <th scope="col" class="number">"Records"</th>
                </tr>
            </thead>
            <tbody>{points.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
