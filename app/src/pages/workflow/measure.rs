//! A metric of a workflow: its number, its signal, its weeks.

use leptos::prelude::*;

use crate::backend::WorkflowQuery;
use crate::charts::process::{Caption, process};
use crate::charts::six_twelve::six_twelve;
use crate::components::{figure, picture::pictures, signal_mark::signal_mark};
use crate::view::workflow::{Group, Measure, Reach, Workflow};
use crate::{format, routes};

/// The metrics of a group.
pub fn group(group: &Group, workflow: &Workflow) -> AnyView {
    view! {
        <h3>{group.name.clone()}</h3>
        <div class="pair">
            {group.measures.iter().map(|own| measure(own, workflow, Caption::Brief)).collect_view()}
        </div>
    }
    .into_any()
}

/// One metric, with what may be done about it by those who answer for it.
pub fn measure(own: &Measure, workflow: &Workflow, said: Caption) -> AnyView {
    let figure = &own.figure;
    let head = view! { <a href=own.definition_url.clone()>{own.name.clone()}</a> };
    if let Some(why) = own.does_not_apply.clone() {
        return view! {
            <article class="measure">
                <h4>{head}</h4>
                <p class="legend">{why}</p>
            </article>
        }
        .into_any();
    }
    let interval = figure::interval(figure, &own.records_noun);
    let state = figure::state(figure, own.settles_on);
    let sample = format::counted(figure.sample, &own.records_noun);
    view! {
        <article class="measure" id=figure.metric.clone()>
            <div class="measured">
                <h4>{head}</h4>
                <p>
                    {figure::number(figure, &own.name, &own.records_noun)}
                    " "
                    <small>{interval.map(|interval| format!("{interval} · "))}{sample}</small>
                    {state.map(|state| view! { " " <small>{state}</small> })}
                </p>
                <p class="mark">{signal_mark(figure, own.chart.usable_weeks)}</p>
            </div>
            {drawn(own, said).map(|chart| view! { {chart} {links(own, workflow)} })}
        </article>
    }
    .into_any()
}

/// The weeks, beside the months where they are asked for.
fn drawn(own: &Measure, said: Caption) -> Option<AnyView> {
    match &own.months {
        Some(months) => six_twelve(&own.figure, &own.chart, months, said),
        None => process(&own.figure, &own.chart, said),
    }
}

/// The chart as a picture, and the way to new limits for those who may propose them.
fn links(own: &Measure, workflow: &Workflow) -> AnyView {
    let has_limits = workflow.may_edit && !own.chart.limits.is_empty();
    let propose = has_limits.then(|| {
        let url = routes::limits(&own.figure.metric, &own.figure.scope);
        view! { " · " <a href=url>"Propose new limits"</a> }
    });
    view! { <p class="links">{pictures(&own.figure, &own.name)} {propose}</p> }.into_any()
}

/// How far the charts reach back, and the ways to see them otherwise.
pub fn reach(workflow: &Workflow) -> AnyView {
    let choice = |(reach, said): (Reach, &'static str)| {
        if reach == workflow.reach {
            return view! { <span aria-current="true">{said}</span> }.into_any();
        }
        let query = WorkflowQuery {
            week: Some(workflow.week.clone()),
            reach,
            sort: workflow.items.as_ref().and_then(|own| own.sort.carried()),
        };
        let url = routes::workflow(&workflow.slug, &query);
        view! { <a href=url>{said}</a> }.into_any()
    };
    let choices = [
        (Reach::HalfAYear, "Half a year"),
        (Reach::Year, "A year"),
        (Reach::SixTwelve, "Six weeks beside twelve months"),
    ];
    view! {
        <nav class="reach" aria-label="How far charts reach back">
            {choices.map(choice).collect_view()}
        </nav>
    }
    .into_any()
}
