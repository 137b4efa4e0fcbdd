//! One thing with the seven answers first, then what happened, what was computed of it, the figures it
//! stands behind, and the records that all of it rests on.

use leptos::prelude::*;

use crate::components::evidence;
use crate::view::frame::Frame;
use crate::view::receipt::{Accountable, Kind, Receipt, State};
use crate::{backend::WorkflowQuery, format, routes};

mod answers;
mod counted;
mod quality;
mod raw;
mod timeline;

/// `/receipts/{kind}/{id}`.
pub fn page(receipt: &Receipt, frame: &Frame) -> AnyView {
    view! {
        {crumbs(receipt)}
        <h1 class="name">{receipt.title.clone()}</h1>
        {record(receipt, frame)}
        {answers::answers(&receipt.answers)}
        {timeline::timeline(receipt)}
        {counted::computed(&receipt.computed)}
        {counted::items(&receipt.items)}
        {counted::counted(&receipt.counted)}
        {counted::not_counted(&receipt.not_counted)}
        {attribution(receipt)}
        {quality::cost(receipt)}
        {quality::quality(&receipt.quality)}
        {raw::raw(receipt)}
    }
    .into_any()
}

/// Back to the week and the workflow it belongs to.
fn crumbs(receipt: &Receipt) -> Option<AnyView> {
    let week = receipt.week.clone();
    let of_week = week.clone().map(|week| {
        let url = routes::review(Some(&week), None);
        view! { <a href=url>{format::week_name(&week)}</a> }
    });
    let workflow = receipt.workflows.first().map(|own| {
        let query = WorkflowQuery {
            week: week.clone(),
            ..WorkflowQuery::default()
        };
        let url = routes::workflow(&own.slug, &query);
        let name = own.name.clone();
        let between = week.is_some().then_some(" / ");
        view! { {between}<a href=url>{name}</a> }
    });
    let is_somewhere = of_week.is_some() || workflow.is_some();
    is_somewhere.then(|| view! { <p class="crumbs">{of_week}{workflow}</p> }.into_any())
}

/// What it is, where it came from, by whom and whose.
fn record(receipt: &Receipt, frame: &Frame) -> AnyView {
    // Of those who correct, whose work it is reads them.
    let reads = frame.person.as_ref().is_some_and(|own| own.corrects);
    let bodies = receipt.bodies_url.clone().filter(|_| reads);
    let source = receipt.url.as_deref().and_then(routes::external);
    let named = receipt.title != receipt.id;
    let what = match named {
        true => format!("{} {}", receipt.what, receipt.id),
        false => receipt.what.clone(),
    };
    let what = match source {
        Some(url) => {
            view! { <a href=url.to_owned() rel="noopener noreferrer">{what}</a> }.into_any()
        }
        None => view! { {what} }.into_any(),
    };
    // A reference may be that of a ticket and of a configuration: other work is asked for by its own kind.
    let kind = match receipt.kind {
        Kind::Artifact => &receipt.what,
        own => own.name(),
    };
    let json = routes::receipt_as_json(kind, &receipt.id);
    let signed = routes::signed_receipt(kind, &receipt.id);
    view! {
        <p class="record">
            <span>{what}</span>
            {receipt.service.clone().map(|name| view! { <span>"service "<strong>{name}</strong></span> })}
            {agent(receipt)}
            {receipt.workflows.iter().map(accountable).collect_view()}
            <span>{state(receipt)}</span>
            {bodies.map(|url| view! { <span><a href=url>"Inputs and outputs"</a></span> })}
            <span><a href=signed download="receipt.json">"Signed export"</a></span>
            <span><a href=json>"JSON"</a></span>
        </p>
    }
    .into_any()
}

fn agent(receipt: &Receipt) -> Option<AnyView> {
    let own = receipt.agent.as_ref()?;
    let tier = match (&own.tier, own.is_registered) {
        (Some(tier), _) => format!(", tier {tier}"),
        (None, true) => ", tier not declared".to_owned(),
        (None, false) => ", not registered".to_owned(),
    };
    Some(view! { <span>"by "<strong>{own.name.clone()}</strong>{tier}</span> }.into_any())
}

fn accountable(own: &Accountable) -> AnyView {
    let workflow = own.name.clone();
    let dri = own.dri.clone().unwrap_or_else(|| "nobody".to_owned());
    view! { <span>{workflow}", accountable "<strong>{dri}</strong></span> }.into_any()
}

fn state(receipt: &Receipt) -> AnyView {
    let figures = format::counted(receipt.counted.len() as u64, "figures");
    let (said, figures) = match (receipt.state, receipt.counted.is_empty()) {
        (State::Counted, _) => ("counted in ", Some(figures)),
        (State::Corrected, false) => ("corrected, counted in ", Some(figures)),
        (State::Corrected, true) => ("corrected, not counted", None),
        (State::NotCounted, _) => ("not counted", None),
    };
    let figures = figures.map(|said| view! { <a href="#counted">{said}</a> });
    view! { {said}{figures} }.into_any()
}

/// For what it is taken, on what evidence, and who said otherwise.
fn attribution(receipt: &Receipt) -> AnyView {
    let own = &receipt.attribution;
    let stands = match own.stands.as_str() {
        "" => "not known".to_owned(),
        "unmarked" => {
            "unmarked: no mark of an agent was found, which is not the same as made by hand"
                .to_owned()
        }
        word => word.replace('_', " "),
    };
    let reason = own.reason.clone();
    let evidence = own
        .evidence
        .iter()
        .map(|own| view! { <p>{evidence::said(own)}</p> });
    let made = own.made.iter().map(|made| {
        let what = match made.value.as_str() {
            "" => format!("“{}” was taken back to what was found", made.was),
            value => format!("“{}” became “{value}”", made.was),
        };
        let at = format::instant_text(&made.at);
        view! { <p>{what}", because: "{made.reason.clone()}" "<small>{made.by.clone()}", "{at}</small></p> }
    });
    let correct = receipt.correction_url.clone().map(|url| {
        view! {
            <dt>"Not right?"</dt>
            <dd>
                <p>
                    <a href=url>"Correct this"</a>
                    ". The weeks that it changes are shown before anything is kept; a frozen week is restated, never overwritten."
                </p>
            </dd>
        }
    });
    let corrected = (!own.made.is_empty()).then(|| {
        view! { <dt>"Put right"</dt><dd>{made.collect_view()}</dd> }
    });
    view! {
        <section aria-labelledby="attribution">
            <h2 id="attribution">"What it is taken for"</h2>
            <dl class="facts taken">
                <dt>"Stands as"</dt>
                <dd><p>{stands}</p></dd>
                <dt>"Evidence"</dt>
                <dd>
                    {own.evidence.is_empty().then(|| view! { <p class="absent">"None recorded."</p> })}
                    {evidence.collect_view()}
                    {reason.map(|why| view! { <p>{why}</p> })}
                </dd>
                {corrected}
                {correct}
            </dl>
        </section>
    }
    .into_any()
}
