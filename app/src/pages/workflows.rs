//! All workflows, a line each: who answers for it and what its week came to.

use leptos::prelude::*;

use crate::backend::WorkflowQuery;
use crate::view::workflow::{Listed, Workflows};
use crate::{format, routes};

/// `/workflows`.
pub fn page(workflows: &Workflows) -> AnyView {
    let count = workflows.workflows.len() as u64;
    let reason = match count {
        0 => "A workflow is work with one accountable person: it covers services, and has a tier and rules.".to_owned(),
        _ => format!("{}, each with the one person who answers for it.", format::counted(count, "workflows")),
    };
    view! {
        <p class="crumbs">
            <a href=routes::review(Some(&workflows.week), None)>{format::week_name(&workflows.week)}</a>
            " / Workflows"
        </p>
        <h1 class="name">"Workflows"</h1>
        <p class="reason">{reason}</p>
        {table(workflows)}
        {uncovered(workflows)}
        {create(workflows)}
    }
    .into_any()
}

fn table(workflows: &Workflows) -> Option<AnyView> {
    if workflows.workflows.is_empty() {
        return None;
    }
    let row = |own: &Listed| {
        let standing_out = match own.standing_out {
            0 => "nothing".to_owned(),
            count => format::count(u64::from(count)),
        };
        let query = WorkflowQuery {
            week: Some(workflows.week.clone()),
            ..WorkflowQuery::default()
        };
        let url = routes::workflow(&own.slug, &query);
        let said = |text: &Option<String>, or: &'static str| text.clone().unwrap_or(or.to_owned());
        view! {
            <tr>
                <th scope="row">
                    <a href=url>{own.name.clone()}</a>
                    <small>{own.sentence.clone()}</small>
                </th>
                <td>{said(&own.dri, "nobody yet")}</td>
                <td>{said(&own.tier, "no tier")}</td>
                <td>{said(&own.pattern, "not said")}</td>
                <td class="number"><span class="narrow">"stands out: "</span>{standing_out}</td>
            </tr>
        }
    };
    Some(
        view! {
            <section aria-label="All workflows">
                <table class="list workflows">
                    <thead>
                        <tr>
                            <th scope="col">"Workflow"</th>
                            <th scope="col">"DRI"</th>
                            <th scope="col">"Tier"</th>
                            <th scope="col">"Pattern"</th>
                            <th scope="col" class="number">"Stands out"</th>
                        </tr>
                    </thead>
                    <tbody>{workflows.workflows.iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}

fn uncovered(workflows: &Workflows) -> Option<AnyView> {
    let names = &workflows.uncovered;
    (!names.is_empty()).then(|| {
        let verb = if names.len() == 1 { "is" } else { "are" };
        let said = format!(
            "{} {verb} covered by no workflow: its figures count for the company, and nobody answers for them.",
            names.join(", ")
        );
        view! { <p class="legend">{said}</p> }.into_any()
    })
}

fn create(workflows: &Workflows) -> AnyView {
    match workflows.may_create {
        true => view! { <p class="links"><a href=routes::NEW_WORKFLOW>"Add a workflow"</a></p> }
            .into_any(),
        false => view! { <p class="links">"Operators add workflows, here or with "<code>"onehop apply"</code>"."</p> }
            .into_any(),
    }
}
