//! What a metric means, in the words the code was written from.

use leptos::prelude::*;

use crate::view::definition::{Definition, Version};
use crate::{format, routes};

/// `/definitions/{metric}`.
pub fn page(definition: &Definition) -> AnyView {
    view! {
        <p class="crumbs"><a href=routes::review(None, None)>"Review"</a>" / Definition"</p>
        <h1 class="name">{definition.name.clone()}</h1>
        <p class="reason">{definition.answers.clone()}</p>
        <p class="links"><a href=definition.records_url.clone()>"Open the latest records"</a></p>
        <dl class="facts">
            {fact("Formula", &definition.formula)}
            {fact("Left out", &definition.leaves_out)}
            {fact("Unit", std::slice::from_ref(&definition.unit))}
            {fact("Direction", std::slice::from_ref(&definition.direction))}
            {fact("Made of", std::slice::from_ref(&definition.records))}
            {fact("Week", std::slice::from_ref(&definition.week_of))}
            {fact("Settles", std::slice::from_ref(&definition.settles))}
            {fact("Needs", std::slice::from_ref(&definition.needs))}
            {fact("Interval, range, signal", &definition.statistics)}
            {fact("Source", std::slice::from_ref(&definition.source))}
        </dl>
        <section aria-labelledby="versions">
            <h2 id="versions">"Versions"</h2>
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">"Version"</th>
                        <th scope="col">"In force since"</th>
                        <th scope="col">"What changed"</th>
                    </tr>
                </thead>
                <tbody>{definition.versions.iter().map(version).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn fact(name: &'static str, paragraphs: &[String]) -> Option<AnyView> {
    if paragraphs.is_empty() {
        return None;
    }
    let paragraphs: Vec<_> = paragraphs
        .iter()
        .cloned()
        .map(|text| view! { <p>{text}</p> })
        .collect();
    Some(view! { <dt>{name}</dt> <dd>{paragraphs}</dd> }.into_any())
}

fn version(version: &Version) -> AnyView {
    view! {
        <tr>
            <th scope="row">{version.version}</th>
            <td>{format::date_text(&version.since)}</td>
            <td>{version.change.clone()}</td>
        </tr>
    }
    .into_any()
}
