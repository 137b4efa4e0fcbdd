//! The fixed table: the same metrics in the same order every week, and the numbers behind its
//! lines.

use leptos::prelude::*;

use crate::charts::{numbers, sparkline::sparkline};
use crate::components::{figure, signal_mark::signal_mark};
use crate::format;
use crate::view::review::{Group, Review, Row};

/// Every group with its rows.
pub fn table(review: &Review) -> AnyView {
    if review.groups.iter().all(|group| group.rows.is_empty()) {
        return view! {
            <section class="everything">
                <h2>"Everything, in the same order every week"</h2>
                <p>"No data yet. The table fills as soon as the first records arrive."</p>
            </section>
        }
        .into_any();
    }
    view! {
        <section class="everything" aria-labelledby="everything">
            <h2 id="everything">"Everything, in the same order every week"</h2>
            <table class="fixed">
                <thead>
                    <tr>
                        <th scope="col">"Metric"</th>
                        <th scope="col" class="number">{format::week_name(&review.week)}</th>
                        <th scope="col">"Normal range"</th>
                        <th scope="col">"12 weeks"</th>
                        <th scope="col">"Signal"</th>
                        <th scope="col">"Sample"</th>
                    </tr>
                </thead>
                {review.groups.iter().map(|one| group(one, review)).collect_view()}
            </table>
            {legend(review)}
            {behind(review)}
        </section>
    }
    .into_any()
}

fn group(group: &Group, review: &Review) -> AnyView {
    view! {
        <tbody>
            <tr class="group">
                <th scope="rowgroup" colspan="6">{group.name.clone()}</th>
            </tr>
            {group.rows.iter().map(|one| row(one, is_restated(one, review))).collect_view()}
        </tbody>
    }
    .into_any()
}

/// Whether a frozen figure has moved since: what is shown is what was known then.
fn is_restated(row: &Row, review: &Review) -> bool {
    let mut restated = review.restatements.iter();
    restated.any(|one| one.records_url == row.figure.records_url)
}

fn row(row: &Row, is_restated: bool) -> AnyView {
    let range = match figure::normal_range(&row.figure) {
        Some(range) => {
            let provisional = row.usable_weeks < 12;
            view! {
                <span class="narrow">"usual "</span>
                {range}
                {provisional.then(|| view! { " " <small>"provisional"</small> })}
            }
        }
        .into_any(),
        None => {
            let from = format!("from 6 {} on", row.figure.behind());
            view! { <span class="absent">{from}</span> }.into_any()
        }
    };
    let interval = figure::interval(&row.figure, &row.records_noun);
    let state = figure::state(&row.figure, row.settles_on);
    view! {
        <tr>
            <th scope="row">
                <a href=row.definition_url.clone()>{row.name.clone()}</a>
                {state.map(|state| view! { " " <small>{state}</small> })}
                {is_restated.then(|| view! { " " <small><a href="#restated">"restated since"</a></small> })}
            </th>
            <td class="number">
                {figure::number(&row.figure, &row.name, &row.records_noun)}
                {interval.map(|interval| view! { " " <small>{interval}</small> })}
            </td>
            <td class="range">{range}</td>
            <td class="line">{sparkline(row)}</td>
            <td class="signals">{signal_mark(&row.figure, row.usable_weeks)}</td>
            <td class="sample">{format::counted(row.figure.sample, &row.records_noun)}</td>
        </tr>
    }
    .into_any()
}

/// What the drawing's marks mean; hollow points are explained only where there are some.
fn legend(review: &Review) -> AnyView {
    let rows = || review.groups.iter().flat_map(|group| &group.rows);
    let hollow = rows()
        .flat_map(|row| &row.points)
        .any(|point| point.hollow && point.value.is_some());
    let hollow = hollow.then_some(" A hollow point has too few records to take part in a rule.");
    let shaded = rows()
        .any(|row| row.figure.normal_range.is_some())
        .then_some("Shaded: the normal range, from the weeks before this one.");
    let interval = rows()
        .any(|row| row.figure.interval.is_some())
        .then_some(" Under a value: its 95 % interval.");
    view! { <p class="legend">{shaded}{interval}{hollow}</p> }.into_any()
}

/// The numbers of every line, folded.
fn behind(review: &Review) -> AnyView {
    let tables = review
        .groups
        .iter()
        .flat_map(|group| &group.rows)
        .filter(|row| !row.points.is_empty())
        .map(|row| numbers::table(Some(row.name.clone()), &row.points, row.figure.unit))
        .collect_view();
    view! {
        <details class="numbers">
            <summary>"Show the numbers"</summary>
            <div class="tables">{tables}</div>
        </details>
    }
    .into_any()
}
