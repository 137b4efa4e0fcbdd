//! One workflow for its DRI: the answer, what decides it week by week, where the time goes, and which
//! items show it.

use leptos::prelude::*;

use crate::backend::WorkflowQuery;
use crate::charts::process::Caption;
use crate::charts::stages::stages;
use crate::components::exceptions::exceptions;
use crate::components::hop::hops;
use crate::components::{evidence, figure, freshness_strip};
use crate::view::frame::Frame;
use crate::view::workflow::{Failure, Segment, Workflow};
use crate::{format, routes};

mod about;
mod agents;
mod items;
mod measure;

/// `/workflows/{slug}`.
pub fn page(workflow: &Workflow, frame: &Frame) -> AnyView {
    let answer = &workflow.answer;
    let scope = format!("workflow:{}", workflow.slug);
    let corrects = frame.person.as_ref().is_some_and(|person| person.corrects);
    view! {
        <div class="record">
            <p class="crumbs">
                <a href=routes::review(Some(&workflow.week), None)>{format::week_name(&workflow.week)}</a>
                " / "
                <a href=routes::WORKFLOWS>"Workflows"</a>
            </p>
            {weeks(workflow)}
        </div>
        <h1 class="name">{workflow.name.clone()}</h1>
        <p class="reason">{answer.sentence.clone()}</p>
        <p class="beside">{answer.reason.clone()}</p>
        <p class="links">
            {format!("{} · {} · ", format::week_name(&workflow.week), format::days(workflow.first_day, workflow.last_day))}
            <a href=routes::answer(&workflow.week, &scope)>"How this is reached"</a>
            " · "
            <a href=routes::review(Some(&workflow.week), Some(&scope))>"Its review"</a>
        </p>
        {about::about(workflow)}
        {freshness_strip::not_fresh(&workflow.sources)}
        <section class="deciding" aria-labelledby="deciding">
            <h2 id="deciding">"What decides"</h2>
            {workflow.deciding.iter().map(|own| measure::measure(own, workflow, Caption::Whole)).collect_view()}
            {measure::reach(workflow)}
        </section>
        {exceptions(&workflow.exceptions, frame)}
        {workflow.hops.as_ref().map(|own| hops(own, &workflow.week))}
        {parked(workflow)}
        {stages(&workflow.stages)}
        {segments(workflow)}
        {agents::suites(workflow)}
        {agents::audit(workflow)}
        {failures(workflow)}
        {items::items(workflow, corrects)}
        <section class="measures" aria-labelledby="measures">
            <h2 id="measures">"Everything else, in the review’s order"</h2>
            <p class="legend">
                "Shaded: the normal range, locked on its first 20 usable weeks. Ringed: weeks that stood out when they were the newest."
            </p>
            {workflow.groups.iter().map(|group| measure::group(group, workflow)).collect_view()}
        </section>
        {about::agreed(workflow)}
    }
    .into_any()
}

fn weeks(workflow: &Workflow) -> AnyView {
    let link = |week: &str, rel: &'static str| {
        let query = WorkflowQuery {
            week: Some(week.to_owned()),
            reach: workflow.reach,
            ..WorkflowQuery::default()
        };
        let url = routes::workflow(&workflow.slug, &query);
        view! { <a href=url rel=rel>{format::week_name(week)}</a> }
    };
    view! {
        <nav class="weeks" aria-label="Weeks">
            {workflow.previous_week.as_deref().map(|week| link(week, "prev"))}
            {workflow.next_week.as_deref().map(|week| link(week, "next"))}
        </nav>
    }
    .into_any()
}

/// What agents do here that is held against no business metric.
fn parked(workflow: &Workflow) -> Option<AnyView> {
    (!workflow.parked.is_empty()).then(|| {
        let said = format!(
            "Parked, because no business metric is named for it: {}.",
            workflow.parked.join(", ")
        );
        view! { <p class="legend">{said}</p> }.into_any()
    })
}

/// Agent and assisted changes beside unmarked ones; nothing where too few of either were delivered.
fn segments(workflow: &Workflow) -> Option<AnyView> {
    if workflow.segments.is_empty() {
        return None;
    }
    let row = |segment: &Segment| {
        let interval = figure::interval(&segment.figure, "changes");
        let rests_on = segment.evidence.map(|[recorded, declared, inferred]| {
            format!("evidence: {recorded} recorded, {declared} declared, {inferred} inferred")
        });
        view! {
            <tr>
                <th scope="row">{segment.name.clone()}<small>{rests_on}</small></th>
                <td class="number">
                    {figure::number(&segment.figure, "Change lead time", "changes")}
                    " "
                    <small>{interval}</small>
                </td>
                <td>{format::counted(segment.figure.sample, "changes")}</td>
            </tr>
        }
    };
    Some(
        view! {
            <section aria-labelledby="segments">
                <h2 id="segments">"Agent and assisted beside unmarked"</h2>
                <table class="list">
                    <thead>
                        <tr>
                            <th scope="col">"Changes"</th>
                            <th scope="col" class="number">"Lead time"</th>
                            <th scope="col">"Sample"</th>
                        </tr>
                    </thead>
                    <tbody>{workflow.segments.iter().map(row).collect_view()}</tbody>
                </table>
                <p class="legend">
                    "These groups were not formed by chance, and a difference between them is no evidence of cause. Unmarked means that no mark of an agent was found; it does not mean made by hand."
                </p>
            </section>
        }
        .into_any(),
    )
}

fn failures(workflow: &Workflow) -> AnyView {
    let row = |failure: &Failure| {
        let title = failure.title.clone();
        let title = match failure.url.as_deref().and_then(routes::external) {
            Some(url) => view! { <a href=url.to_owned() rel="noreferrer">{title}</a> }.into_any(),
            None => title.into_any(),
        };
        let why: Vec<_> = failure.evidence.iter().map(evidence::said).collect();
        let correct = workflow
            .may_edit
            .then(|| view! { " " <a class="right" href=routes::correction("deployment", &failure.id)>"put right"</a> });
        view! {
            <tr>
                <td class="when"><time datetime=failure.at.to_rfc3339()>{format::instant(failure.at).replace(" UTC", "")}</time></td>
                <td>{title}<small>{why.join("; ")}</small></td>
                <td>{correct}</td>
            </tr>
        }
    };
    let shown = workflow.failures.len() as u32;
    let more = workflow.failure_count.saturating_sub(shown);
    let list = match shown {
        0 => view! { <p class="told">"No deployment of the last four weeks is known to have failed."</p> }
            .into_any(),
        _ => view! {
            <table class="list failures">
                <caption class="unseen">"Failed deployments of the last four weeks"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Finished, UTC"</th>
                        <th scope="col">"Deployment"</th>
                        <th scope="col"><span class="unseen">"Put right"</span></th>
                    </tr>
                </thead>
                <tbody>{workflow.failures.iter().map(row).collect_view()}</tbody>
            </table>
        }
        .into_any(),
    };
    view! {
        <section aria-labelledby="failures">
            <h2 id="failures">"Failures and rework"</h2>
            {list}
            {(more > 0).then(|| view! { <p class="legend">{format!("And {more} more in these four weeks, in the lists of change fail rate.")}</p> })}
        </section>
    }
    .into_any()
}
