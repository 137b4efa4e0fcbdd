//! The week's items, the first of them, and the way to all.

use leptos::prelude::*;

use crate::backend::{RecordsQuery, WorkflowQuery};
use crate::components::records::{Columns, Table, table};
use crate::view::records::Sort;
use crate::view::workflow::{Items, Workflow};
use crate::{format, routes};

/// The list of the metric that decides on speed, sorted on this page.
pub fn items(workflow: &Workflow, corrects: bool) -> Option<AnyView> {
    let items = workflow.items.as_ref()?;
    let list = match items.records.is_empty() {
        true => none(items),
        false => first(items, workflow, corrects),
    };
    Some(
        view! {
            <section id="records" aria-labelledby="items">
                <h2 id="items">"Records"</h2>
                {list}
            </section>
        }
        .into_any(),
    )
}

fn none(items: &Items) -> AnyView {
    let reason = items.figure.reason.as_ref();
    let why = reason.map(|reason| format!(" ({reason})"));
    let said = format!(
        "Nothing stands behind {} in this week{}.",
        items.name.to_lowercase(),
        why.unwrap_or_default()
    );
    view! { <p class="told">{said}</p> }.into_any()
}

fn first(items: &Items, workflow: &Workflow, corrects: bool) -> AnyView {
    let figure = &items.figure;
    let all = RecordsQuery {
        week: Some(figure.week.clone()),
        scope: Some(figure.scope.clone()),
        segment: Some(figure.segment.clone()),
        sort: items.sort.carried(),
        offset: 0,
    };
    let sorted = |sort: Sort| {
        format!(
            "{}#records",
            routes::workflow(&workflow.slug, &in_order(workflow, sort))
        )
    };
    let counted = format::counted(figure.sample, &items.records_noun);
    let behind = format!(
        "The {} behind {}, {}",
        items.records_noun,
        items.name.to_lowercase(),
        format::week_name(&figure.week),
    );
    let shown = items.records.len() as u64;
    let part = (shown < figure.sample).then(|| format!(": the first {}", format::count(shown)));
    view! {
        <p class="told">{behind}{part}"."</p>
        {table(&Table {
            records: &items.records,
            unit: figure.unit,
            sort: items.sort,
            sorted: &sorted,
            columns: Columns::Brief,
            corrects,
        })}
        <p class="links">
            <a href=routes::records(&figure.metric, &all)>{format!("All {counted}")}</a>
            " · "
            <a href=routes::records_as("csv", &figure.metric, &all)>"CSV"</a>
        </p>
    }
    .into_any()
}

/// The same page with its records in another order.
fn in_order(workflow: &Workflow, sort: Sort) -> WorkflowQuery {
    WorkflowQuery {
        week: Some(workflow.week.clone()),
        reach: workflow.reach,
        sort: sort.carried(),
    }
}
