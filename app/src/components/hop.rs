//! One hop: each agent metric beside the business metric that it is meant to move, and the word for
//! what both did.

use leptos::prelude::*;

use super::{figure, signal_mark};
use crate::charts::{numbers, sparkline::sparkline};
use crate::format;
use crate::view::figure::State;
use crate::view::hop::{Hop, Hops};
use crate::view::review::Row;

/// The section with its heading, beside the review of a week.
pub fn hops(hops: &Hops, week: &str) -> AnyView {
    let more = (hops.more > 0).then(|| format!("and {} more on the workflow pages", hops.more));
    view! {
        <section class="hops" aria-labelledby="hops">
            <h2 id="hops">
                "One hop "
                <small>"each agent metric beside the business metric it is meant to move"</small>
            </h2>
            {if hops.rows.is_empty() { none() } else { table(&hops.rows, week) }}
            {more.map(|more| view! { <p class="legend">{more}</p> })}
            {left_out(hops).map(|said| view! { <p class="legend">{said}</p> })}
            {(!hops.rows.is_empty()).then(|| behind(&hops.rows))}
        </section>
    }
    .into_any()
}

fn none() -> AnyView {
    view! {
        <p class="legend">
            "No hop yet. A workflow that covers services has one by default; others are declared as "
            <code>"[[workflow.hop]]"</code>
            " in the file that "
            <code>"onehop apply"</code>
            " reads."
        </p>
    }
    .into_any()
}

fn table(rows: &[Hop], week: &str) -> AnyView {
    view! {
        <table class="hop">
            <colgroup>
                <col class="workflow"/>
                {[(); 2].map(|()| view! { <col class="name"/><col class="value"/><col class="line"/> })}
                <col class="word"/>
            </colgroup>
            <thead>
                <tr>
                    <th scope="col">"Workflow"</th>
                    <th scope="colgroup" colspan="3">"Agent metric"</th>
                    <th scope="colgroup" colspan="3" class="business">"Business metric"</th>
                    <th scope="col">"Together"</th>
                </tr>
            </thead>
            <tbody>{rows.iter().map(|hop| row(hop, week)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn row(hop: &Hop, week: &str) -> AnyView {
    let own = &hop.agent.figure.week;
    let earlier = (own != week).then(|| format::week_name(own).to_lowercase());
    let expected = hop.expected.as_ref();
    let expected = expected.map(|expected| format!("expected {expected}"));
    let word = match hop.word.clone() {
        Some(word) => view! { {word} }.into_any(),
        None => view! {
            <span aria-hidden="true">{format::ABSENT}</span>
            <span class="unseen">"no word"</span>
        }
        .into_any(),
    };
    view! {
        <tr>
            <th scope="row">{hop.workflow.clone()}</th>
            {end(&hop.agent, "agent")}
            {end(&hop.business, "business")}
            <td class="word">
                {word}
                {[expected, earlier].into_iter().flatten().map(small).collect_view()}
            </td>
        </tr>
    }
    .into_any()
}

/// Name with signal, value and line of an end.
fn end(row: &Row, end: &str) -> AnyView {
    let figure = &row.figure;
    let state = match figure.state {
        State::Partial => Some("partial".to_owned()),
        State::Restated => Some("restated".to_owned()),
        _ => None,
    };
    view! {
        <td class=format!("name {end}")>
            <a href=row.definition_url.clone()>{row.name.clone()}</a>
            <span class="did">{signal_mark::word(figure, row.usable_weeks)}</span>
            {state.map(small)}
        </td>
        <td class=format!("number {end}")>
            {figure::number(figure, &row.name, &row.records_noun)}
        </td>
        <td class=format!("line {end}")>{sparkline(row)}</td>
    }
    .into_any()
}

fn small(said: String) -> AnyView {
    view! { " " <small>{said}</small> }.into_any()
}

/// What the table does not say, and the numbers of its lines, folded.
fn behind(rows: &[Hop]) -> AnyView {
    view! {
        <p class="legend">
            "Both ends in the same week. What moved together is not evidence that one caused the other."
        </p>
        <details class="numbers">
            <summary>"Show the numbers"</summary>
            <div class="tables">{rows.iter().flat_map(numbers_of).collect_view()}</div>
        </details>
    }
    .into_any()
}

/// The numbers of both lines.
fn numbers_of(hop: &Hop) -> [AnyView; 2] {
    [&hop.agent, &hop.business].map(|row| {
        let caption = format!("{}: {}", hop.workflow, row.name);
        numbers::table(Some(caption), &row.points, row.figure.unit)
    })
}

/// What is declared and not measured yet.
fn left_out(hops: &Hops) -> Option<String> {
    let (last, others) = hops.unmeasured.split_last()?;
    let (metrics, are) = match others {
        [] => (last.clone(), "is"),
        _ => (format!("{} and {last}", others.join(", ")), "are"),
    };
    let left_out = match hops.left_out {
        1 => "1 hop is left out".to_owned(),
        count => format!("{count} hops are left out"),
    };
    Some(format!("{left_out}: {metrics} {are} not measured yet."))
}
