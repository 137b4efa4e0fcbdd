//! What the registry's file declares: read here, changed there.

use leptos::prelude::*;

use super::ROLES;
use crate::format;
use crate::view::settings::{Agent, Company, Registry, Service, Workflow};

/// The company, with the lines of the file that say the same.
pub(super) fn company(company: &Company) -> AnyView {
    let facts = company.facts.iter().map(|fact| {
        let usual = fact.is_usual.then_some("nobody has set another");
        view! {
            <dt>{fact.name.clone()}</dt>
            <dd>{fact.said.clone()} " " <small>{usual.unwrap_or("set by apply")}</small></dd>
        }
    });
    view! {
        <section aria-labelledby="company">
            <h2 id="company">"Company"</h2>
            <p class="told">"Declared in the registry’s file and set by "<code>"onehop apply company.toml"</code>". To change it, edit these lines there and apply again."</p>
            <dl class="facts">{facts.collect_view()}</dl>
            <pre tabindex="0" aria-label="The lines of the registry’s file"><code>{company.toml.clone()}</code></pre>
        </section>
    }
    .into_any()
}

/// Services, workflows, agents, and how many people there are of each role.
pub(super) fn section(registry: &Registry) -> AnyView {
    view! {
        <section aria-labelledby="registry">
            <h2 id="registry">"Registry"</h2>
            <p class="told">
                "Reviewed like code: "<code>"[[service]]"</code>", "<code>"[[workflow]]"</code>" and "<code>"[[agent]]"</code>" tables in the registry’s file, then "<code>"onehop apply company.toml"</code>". What a file does not name stays as it is."
            </p>
            {services(&registry.services)}
            {workflows(&registry.workflows)}
            {agents(&registry.agents)}
            <p class="legend">{people(registry)}</p>
        </section>
    }
    .into_any()
}

/// "People: 2 executives, 3 DRIs, none of finance, 1 operator".
fn people(registry: &Registry) -> String {
    let said = ROLES.map(|(word, said)| {
        let count = registry.roles.get(word).copied().unwrap_or(0);
        format!("{said} {}", format::count(count))
    });
    format!("People by role: {}.", said.join(", "))
}

fn named(id: &str, name: Option<&String>) -> AnyView {
    let slug = name
        .is_some()
        .then(|| view! { <small>{id.to_owned()}</small> });
    view! { {name.cloned().unwrap_or_else(|| id.to_owned())} {slug} }.into_any()
}

fn none(what: &'static str) -> AnyView {
    view! { <p class="absent">{what}</p> }.into_any()
}

fn services(services: &[Service]) -> AnyView {
    if services.is_empty() {
        return none("No service is registered: records count in the company only.");
    }
    let row = |own: &Service| {
        view! {
            <tr>
                <th scope="row">{named(&own.slug, own.name.as_ref())}</th>
                <td>{own.delivered_by.clone()}</td>
            </tr>
        }
    };
    view! {
        <table class="list moved">
            <caption>"Services"</caption>
            <thead><tr><th scope="col">"Service"</th><th scope="col">"Delivered by"</th></tr></thead>
            <tbody>{services.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn workflows(workflows: &[Workflow]) -> AnyView {
    if workflows.is_empty() {
        return none("No workflow is registered: nobody answers for anything yet.");
    }
    let row = |own: &Workflow| {
        let covers = match own.covers.as_slice() {
            [] => view! { <span class="absent">"nothing yet"</span> }.into_any(),
            covers => covers
                .iter()
                .map(|line| view! { <span class="raised">{line.clone()}</span> })
                .collect_view()
                .into_any(),
        };
        view! {
            <tr>
                <th scope="row">{named(&own.slug, own.name.as_ref())}</th>
                <td>{own.dri.clone().unwrap_or_else(|| "no DRI".to_owned())}</td>
                <td>{tier(own.tier)}</td>
                <td>{covers}</td>
            </tr>
        }
    };
    view! {
        <table class="list moved">
            <caption>"Workflows"</caption>
            <thead>
                <tr>
                    <th scope="col">"Workflow"</th>
                    <th scope="col">"DRI"</th>
                    <th scope="col">"Tier"</th>
                    <th scope="col">"Covers"</th>
                </tr>
            </thead>
            <tbody>{workflows.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn tier(tier: Option<u8>) -> String {
    tier.map_or_else(|| "no tier".to_owned(), |tier| format!("tier {tier}"))
}

fn agents(agents: &[Agent]) -> AnyView {
    if agents.is_empty() {
        return none("No agent is registered: their work is told by its marks alone.");
    }
    let row = |own: &Agent| {
        view! {
            <tr>
                <th scope="row">{named(&own.id, own.name.as_ref())}</th>
                <td>{own.workflow.clone().unwrap_or_else(|| "no workflow of its own".to_owned())}</td>
                <td>{tier(own.tier)}</td>
            </tr>
        }
    };
    view! {
        <table class="list moved">
            <caption>"Agents"</caption>
            <thead>
                <tr>
                    <th scope="col">"Agent"</th>
                    <th scope="col">"Workflow"</th>
                    <th scope="col">"Tier"</th>
                </tr>
            </thead>
            <tbody>{agents.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
