//! New limits for one series: its weeks, the four questions, and what was set so far.

use leptos::prelude::*;

use crate::backend::WorkflowQuery;
use crate::charts::process::{Caption, process};
use crate::components::{figure, notice};
use crate::view::chart::Divider;
use crate::view::frame::Frame;
use crate::view::limits::Limits;
use crate::{format, routes};

/// The most characters an answer may have.
const ANSWER_CHARACTERS: &str = "280";

/// `/limits/{metric}`.
pub fn page(limits: &Limits, frame: &Frame) -> AnyView {
    let shown = &limits.figure;
    let back = match shown.scope.strip_prefix("workflow:") {
        Some(slug) => routes::workflow(slug, &WorkflowQuery::default()),
        None => routes::review(None, Some(&shown.scope)),
    };
    let refused = limits.refused.clone();
    view! {
        <p class="crumbs"><a href=back>{limits.scope_name.clone()}</a>" / New limits"</p>
        <h1 class="name">{limits.name.clone()}</h1>
        <p class="reason">
            "Limits stay as they are, so that a slow drift shows. They begin anew only where the process itself became another one: if all four answers below can be given."
        </p>
        <p class="record">
            <span>{format::week(&shown.week)}</span>
            <span>{figure::number(shown, &limits.name, "records")}</span>
        </p>
        {refused.map(|why| notice::alert("Nothing was changed.", why))}
        {process(shown, &limits.chart, Caption::Whole)}
        {match &limits.closed_to_reader {
            Some(who) => view! { <p class="told">{format!("New limits are proposed by {who}.")}</p> }.into_any(),
            None => form(limits, frame),
        }}
        {set(limits, frame)}
    }
    .into_any()
}

fn form(limits: &Limits, frame: &Frame) -> AnyView {
    let sent = &limits.sent;
    let option = |week: &String| {
        let chosen = *week == sent.week;
        view! { <option value=week.clone() selected=chosen>{format::week(week)}</option> }
    };
    let questions = [
        (
            "what_changed",
            "What plainly changed in the process?",
            &sent.what_changed,
        ),
        ("cause", "What is the known cause?", &sent.cause),
        ("why_wanted", "Why is the change wanted?", &sent.why_wanted),
        (
            "why_lasting",
            "Why is it expected to last?",
            &sent.why_lasting,
        ),
    ];
    let question = |(name, question, answer): (&'static str, &'static str, &String)| {
        view! {
            <div class="field">
                <label for=name>{question}</label>
                <input id=name name=name type="text" required maxlength=ANSWER_CHARACTERS value=answer.clone() autocomplete="off"/>
            </div>
        }
    };
    view! {
        <section aria-labelledby="anew">
            <h2 id="anew">"Begin anew"</h2>
            <form class="questions" method="post" action=address(limits)>
                <input type="hidden" name="csrf" value=frame.csrf.clone()/>
                <div class="field">
                    <label for="week">"From which week on?"</label>
                    <select id="week" name="week">{limits.weeks.iter().map(option).collect_view()}</select>
                </div>
                {questions.map(question)}
                <button class="act" type="submit">"Set new limits"</button>
                <p class="hint">
                    "The old limits stay drawn, with a divider and your answers. From six weeks after it on new ones are drawn, from twelve on verdicts are spoken. Weeks that are frozen stay as they were."
                </p>
            </form>
        </section>
    }
    .into_any()
}

/// The dividers so far, each to be taken back.
fn set(limits: &Limits, frame: &Frame) -> Option<AnyView> {
    let dividers = &limits.chart.dividers;
    if dividers.is_empty() || limits.closed_to_reader.is_some() {
        return None;
    }
    let row = |divider: &Divider| {
        let said = format!("New limits from {}", format::dated_week(&divider.week));
        view! {
            <li>
                <form method="post" action=address(limits)>
                    <input type="hidden" name="csrf" value=frame.csrf.clone()/>
                    <input type="hidden" name="week" value=divider.week.clone()/>
                    {said}" "
                    <button class="plain" type="submit" name="step" value="take_back">"Take it back"</button>
                </form>
            </li>
        }
    };
    Some(
        view! {
            <section aria-labelledby="set">
                <h2 id="set">"Set so far"</h2>
                <ul class="tally">{dividers.iter().map(row).collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}

fn address(limits: &Limits) -> String {
    routes::limits(&limits.figure.metric, &limits.figure.scope)
}
