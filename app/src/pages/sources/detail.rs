//! One source by itself: what it feeds, what came of it lately, and what was set aside with its reason.

use leptos::prelude::*;

use super::{linked, reading, when};
use crate::format;
use crate::view::frame::Frame;
use crate::view::sources::{Aside, Delivery, Source};

/// Where a source's details stand on the page.
pub(super) fn anchor(at: usize) -> String {
    format!("source-{}", at + 1)
}

/// The sources one after another, folded.
pub(super) fn all(sources: &[Source], frame: &Frame) -> Option<AnyView> {
    if sources.is_empty() {
        return None;
    }
    let each = sources
        .iter()
        .enumerate()
        .map(|(at, own)| source(at, own, frame));
    let section = view! {
        <section aria-labelledby="by-source">
            <h2 id="by-source">"Source by source"</h2>
            {each.collect_view()}
        </section>
    };
    Some(section.into_any())
}

fn source(at: usize, source: &Source, frame: &Frame) -> AnyView {
    let aside = source.set_aside.count;
    let aside = (aside > 0).then(|| format!(", {} set aside", format::counted(aside, "records")));
    let feeds = (!source.feeds.is_empty()).then(|| {
        view! { <p class="told">"Feeds the review and its records: "{linked(&source.feeds)}"."</p> }
    });
    let reason = source.reason.clone().map(|reason| {
        view! { <p class="told">{format!("Not fresh: {reason}.")}</p> }
    });
    view! {
        <details class="source" id=anchor(at)>
            <summary><strong>{source.name.clone()}</strong>{aside}</summary>
            {reason}
            {feeds}
            {reading::reading(source, frame)}
            {deliveries(&source.deliveries)}
            {set_aside(source)}
        </details>
    }
    .into_any()
}

fn deliveries(deliveries: &[Delivery]) -> AnyView {
    if deliveries.is_empty() {
        return view! { <p class="told">"It has delivered nothing yet."</p> }.into_any();
    }
    let row = |own: &Delivery| {
        view! {
            <tr>
                <th scope="row">{own.stream.clone()}</th>
                <td class="when">{when(Some(own.at))}</td>
                <td class="number"><span class="narrow">"deliveries: "</span>{format::count(own.deliveries)}</td>
                <td class="number"><span class="narrow">"new: "</span>{format::count(own.accepted)}</td>
                <td class="number"><span class="narrow">"known already: "</span>{format::count(own.repeated)}</td>
                <td class="number"><span class="narrow">"refused: "</span>{format::count(own.refused)}</td>
            </tr>
        }
    };
    view! {
        <table class="list">
            <caption>"The latest deliveries, by the hour"</caption>
            <thead>
                <tr>
                    <th scope="col">"Stream"</th>
                    <th scope="col">"Last in the hour"</th>
                    <th scope="col" class="number">"Deliveries"</th>
                    <th scope="col" class="number">"New"</th>
                    <th scope="col" class="number">"Known already"</th>
                    <th scope="col" class="number">"Refused"</th>
                </tr>
            </thead>
            <tbody>{deliveries.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn set_aside(source: &Source) -> Option<AnyView> {
    let aside = &source.set_aside;
    if aside.latest.is_empty() {
        return None;
    }
    let shown = aside.latest.len() as u64;
    let caption = match shown < aside.count {
        true => format!(
            "Set aside: {}, of which the latest {shown}",
            format::count(aside.count)
        ),
        false => "Set aside, with the reason; mended and sent again they count".to_owned(),
    };
    let row = |own: &Aside| {
        let field = own
            .field
            .clone()
            .map(|field| format!("{field}: "))
            .unwrap_or_default();
        view! {
            <tr>
                <th scope="row">{own.id.clone().unwrap_or_else(|| "no id".to_owned())}</th>
                <td class="when">{when(Some(own.at))}</td>
                <td>{own.stream.clone()}</td>
                <td>{field}{own.reason.clone()}</td>
            </tr>
        }
    };
    let table = view! {
        <table class="list moved">
            <caption>{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"Record"</th>
                    <th scope="col">"When"</th>
                    <th scope="col">"Stream"</th>
                    <th scope="col">"Why"</th>
                </tr>
            </thead>
            <tbody>{aside.latest.iter().map(row).collect_view()}</tbody>
        </table>
    };
    Some(table.into_any())
}
