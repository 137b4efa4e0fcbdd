//! Who answers for a workflow, and what was agreed about it.

use leptos::prelude::*;

use crate::components::freshness_strip;
use crate::view::workflow::{Pattern, Workflow};
use crate::{format, routes};

/// The line under the answer.
pub fn about(workflow: &Workflow) -> AnyView {
    let about = &workflow.about;
    let fact = |name: &'static str, said: &str| {
        view! { <div><dt>{name}</dt> <dd>{said.to_owned()}</dd></div> }
    };
    let or = |said: &Option<String>, none: &'static str| said.clone().unwrap_or(none.to_owned());
    let sources = freshness_strip::counted(&workflow.sources);
    view! {
        <dl class="about">
            {fact("DRI", &or(&about.dri, "nobody yet"))}
            {fact("Tier", &or(&about.tier, "none yet"))}
            {fact("Covers", &about.covers)}
            {about.pattern.as_ref().map(pattern)}
            {baseline(workflow).map(|said| fact("Baseline", &said))}
            {sources.map(|sources| view! { <div><dt>"Sources"</dt> <dd>{sources}</dd></div> })}
        </dl>
    }
    .into_any()
}

fn pattern(pattern: &Pattern) -> AnyView {
    view! {
        <div>
            <dt>"Pattern"</dt>
            " "
            <dd>
                {pattern.name.clone()}
                <small>
                    {format!("its risk: {}. Watched by {}", pattern.risk, pattern.watched_by.join("; "))}
                </small>
            </dd>
        </div>
    }
    .into_any()
}

/// The weeks before, of the metric that decides on speed, else of the other.
fn baseline(workflow: &Workflow) -> Option<String> {
    let answer = &workflow.answer;
    let mut sides = [&answer.speed, &answer.quality].into_iter();
    let spans = sides.find_map(|side| side.spans.as_ref())?;
    Some(format::days_of_weeks(
        &spans.baseline.from,
        &spans.baseline.to,
    ))
}

/// Escalation, playbook and rules of the road, and the way to edit them.
pub fn agreed(workflow: &Workflow) -> AnyView {
    let about = &workflow.about;
    let practised = about
        .playbook_practised_on
        .as_ref()
        .map(|day| format!("practised on {day}"));
    let fact = |name: &'static str, said: &Option<String>, more: Option<String>| {
        let text = said.clone().unwrap_or_else(|| "not written yet".to_owned());
        let class = if said.is_some() { "" } else { "absent" };
        view! {
            <dt>{name}</dt>
            <dd class=class>{text}{more.map(|more| view! { " " <small>{more}</small> })}</dd>
        }
    };
    let edit = workflow.may_edit.then(|| {
        let url = routes::edit_workflow(&workflow.slug);
        view! { <p class="links"><a href=url>"Edit this workflow"</a></p> }
    });
    view! {
        <section aria-labelledby="agreed">
            <h2 id="agreed">"What was agreed"</h2>
            <dl class="facts">
                {fact("Rules of the road", &about.rules, None)}
                {fact("Escalation", &about.escalation, None)}
                {fact("Rollback playbook", &about.playbook, practised)}
            </dl>
            {edit}
        </section>
    }
    .into_any()
}
