//! Adding a workflow, or editing what was agreed about one.

use leptos::prelude::*;

use crate::components::field::{line, lines};
use crate::components::notice;
use crate::routes;
use crate::view::frame::Frame;
use crate::view::workflow_form::WorkflowForm;

const PATTERNS: [(&str, &str); 6] = [
    ("", "not said"),
    ("copilot_only", "copilot only"),
    ("guardrailed", "guardrailed agents"),
    ("autonomous_non_production", "autonomous in non-production"),
    ("autonomous_production", "autonomous in production, limited"),
    ("mesh", "cross-functional mesh"),
];
const TIERS: [(&str, &str); 5] = [
    ("", "none yet"),
    ("0", "0, read-only"),
    ("1", "1, propose only"),
    ("2", "2, execute in non-production"),
    ("3", "3, narrow production actions"),
];

/// `/workflows/new` and `/workflows/{slug}/edit`.
pub fn page(form: &WorkflowForm, frame: &Frame) -> AnyView {
    let (heading, address) = match &form.slug {
        Some(slug) => (
            format!("Edit {}", form.sent.name),
            routes::edit_workflow(slug),
        ),
        None => ("Add a workflow".to_owned(), routes::NEW_WORKFLOW.to_owned()),
    };
    let sent = &form.sent;
    let refused = form.refused.clone();
    view! {
        <p class="crumbs"><a href=routes::WORKFLOWS>"Workflows"</a></p>
        <h1 class="name">{heading}</h1>
        <p class="reason">
            "A workflow is work with one accountable person. Two paragraphs make it: what the agents in it may and may not do, and what happens when they go wrong."
        </p>
        {refused.map(|why| notice::alert("Nothing was changed.", why))}
        <form class="questions" method="post" action=address>
            <input type="hidden" name="csrf" value=frame.csrf.clone()/>
            {form.slug.is_none().then(|| line("slug", "Short name, for addresses and files: checkout", &sent.slug, true))}
            {line("name", "Name", &sent.name, true)}
            {form.may_own.then(|| owned(form))}
            {select("pattern", "How agents were adopted", &PATTERNS, &sent.pattern)}
            {form.slug.is_none().then(|| select("tier", "How far its agents may go", &TIERS, &sent.tier))}
            {paragraph("rules", "Rules of the road: what agents may do alone, what needs a person, what is never done", &sent.rules)}
            {paragraph("escalation", "When they go wrong: who is called, and how", &sent.escalation)}
            {line("playbook", "Rollback playbook: its address, or the steps in a line", &sent.playbook, false)}
            {line("playbook_practised_on", "Last practised on, such as 2026-11-20", &sent.playbook_practised_on, false)}
            <button class="act" type="submit">"Save"</button>
            <p class="hint">"Every change is kept with who made it and when. Tiers are granted by an executive."</p>
        </form>
    }
    .into_any()
}

/// Who answers for it, and what it covers.
fn owned(form: &WorkflowForm) -> AnyView {
    let service = |(slug, name): &(String, String)| {
        let field = format!("service:{slug}");
        let chosen = form.sent.services.contains(slug);
        view! {
            <label class="choice">
                <input type="checkbox" name=field value="on" checked=chosen/>
                <span>{name.clone()}</span>
            </label>
        }
    };
    let services = match form.services.is_empty() {
        true => view! { <p class="hint">"No service is registered yet: declare services with "<code>"onehop apply"</code>"."</p> }
            .into_any(),
        false => form.services.iter().map(service).collect_view().into_any(),
    };
    view! {
        {line("dri", "DRI, by e-mail: the one person who answers for it", &form.sent.dri, false)}
        <fieldset class="covered">
            <legend>"Services it covers"</legend>
            {services}
        </fieldset>
    }
    .into_any()
}

fn paragraph(name: &'static str, label: &'static str, text: &str) -> AnyView {
    lines(name, label, text, (4, 2_000))
}

fn select(
    name: &'static str,
    label: &'static str,
    options: &'static [(&'static str, &'static str)],
    chosen: &str,
) -> AnyView {
    let option = |(value, said): &(&'static str, &'static str)| {
        view! { <option value=*value selected=*value == chosen>{*said}</option> }
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name>{options.iter().map(option).collect_view()}</select>
        </div>
    }
    .into_any()
}
