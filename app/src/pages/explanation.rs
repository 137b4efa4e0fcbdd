//! A week of a series with what was said about it: the figure, the sentence that stands, the form,
//! and every edit.

use leptos::prelude::*;

use crate::components::explained;
use crate::components::notice;
use crate::components::summary::{Summary, summary};
use crate::format;
use crate::routes;
use crate::view::explanation::{Cause, Explanation, Written};
use crate::view::frame::Frame;

/// The most characters an explanation may have.
const CHARACTERS: &str = "280";

/// `/explanations/{metric}`.
pub fn page(explanation: &Explanation, frame: &Frame) -> AnyView {
    let row = &explanation.row;
    let figure = &row.figure;
    let summed = Summary {
        figure,
        name: &row.name,
        records_noun: &row.records_noun,
        usable_weeks: row.usable_weeks,
        settles_on: row.settles_on,
    };
    view! {
        <p class="crumbs">
            <a href=routes::review(Some(&figure.week), Some(&figure.scope))>{format::week_name(&figure.week)}</a>
            " / "
            <a href=row.definition_url.clone()>"What it means"</a>
        </p>
        <h1 class="name">{row.name.clone()}</h1>
        <p class="record">
            <span>{format::week(&figure.week)}</span>
            <span>{explanation.scope_name.clone()}</span>
        </p>
        {summary(&summed)}
        {stands(explanation)}
        {form(explanation, frame)}
        {history(explanation)}
    }
    .into_any()
}

fn stands(explanation: &Explanation) -> AnyView {
    let said = match explanation.written.first() {
        Some(newest) => view! { <p>{explained::said(newest, None)}</p> }.into_any(),
        None => view! { <p>"No explanation yet."</p> }.into_any(),
    };
    view! {
        <section class="explained" aria-labelledby="stands">
            <h2 id="stands">"What is said about it"</h2>
            {said}
        </section>
    }
    .into_any()
}

/// The form, or who may fill it in.
fn form(explanation: &Explanation, frame: &Frame) -> AnyView {
    if let Some(who) = &explanation.closed_to_reader {
        let said = format!("This can be explained by {who}.");
        return view! { <p class="hint">{said}</p> }.into_any();
    }
    let asked = explanation.asked.as_ref();
    let newest = explanation.written.first();
    let text = asked.map(|asked| asked.said.clone());
    let text = text.or_else(|| newest.map(|newest| newest.said.clone()));
    let chosen = match asked {
        Some(asked) => asked.cause,
        None => newest.map(|newest| newest.cause),
    };
    let heading = match newest {
        Some(_) => "Say it better",
        None => "Explain it",
    };
    view! {
        {asked.map(|asked| notice::alert("Nothing was changed.", asked.refused.clone()))}
        <section>
            <h2 id="explain">{heading}</h2>
            <form class="choose" method="post" action=address(explanation)>
                <input type="hidden" name="csrf" value=frame.csrf.clone()/>
                <p class="field">
                    <label for="said">"In a sentence or two, at most 280 characters"</label>
                    <input id="said" name="said" type="text" required maxlength=CHARACTERS value=text.unwrap_or_default()/>
                </p>
                <fieldset>
                    <legend class="unseen">"Is the cause known?"</legend>
                    {[Cause::KnownCause, Cause::StillLooking].map(|cause| choice(cause, chosen)).collect_view()}
                </fieldset>
                <p><button class="act" type="submit">"Sign it"</button></p>
                <p class="hint">"It is shown with your name and today’s date. An edit keeps what was said before."</p>
            </form>
        </section>
    }
    .into_any()
}

fn choice(cause: Cause, chosen: Option<Cause>) -> AnyView {
    let (value, said) = match cause {
        Cause::KnownCause => ("known_cause", "The cause is known"),
        Cause::StillLooking => ("still_looking", "Still looking"),
    };
    let checked = chosen == Some(cause);
    view! {
        <label class="choice">
            <input type="radio" name="cause" value=value required checked=checked/>
            <span>{said}</span>
        </label>
    }
    .into_any()
}

/// What was said before the sentence that stands.
fn history(explanation: &Explanation) -> Option<AnyView> {
    let (_, before) = explanation.written.split_first()?;
    if before.is_empty() {
        return None;
    }
    let row = |one: &Written| {
        view! {
            <tr>
                <th scope="row">{one.by.clone()}</th>
                <td class="when"><time datetime=one.at.to_rfc3339()>{format::local_in(one.at, &explanation.time_zone)}</time></td>
                <td>{one.said.clone()}" "<small>{explained::cause(one.cause)}</small></td>
            </tr>
        }
    };
    let table = view! {
        <section aria-labelledby="before">
            <h2 id="before">"Said before"</h2>
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">"Who"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"What"</th>
                    </tr>
                </thead>
                <tbody>{before.iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    };
    Some(table.into_any())
}

fn address(explanation: &Explanation) -> String {
    let figure = &explanation.row.figure;
    routes::explanation(&figure.metric, &figure.week, &figure.scope)
}
