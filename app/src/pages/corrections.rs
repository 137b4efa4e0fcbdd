//! What waits for a person's word, and what has been put right so far.

use leptos::prelude::*;

use super::correction::{changed, kind_name, noun};
use crate::format;
use crate::routes;
use crate::view::correction::{Corrections, Kind, MadeOf, Open, Waiting};

/// `/corrections`.
pub fn page(corrections: &Corrections) -> AnyView {
    view! {
        <h1 class="name">"To put right"</h1>
        <p class="reason">
            "What the sources did not say, and nobody should guess. An answer shows which weeks it changes before it is kept."
        </p>
        {waiting(
            &corrections.incidents,
            Kind::Incident,
            "Incidents laid to no deployment",
            "Every incident is laid to a deployment.",
        )}
        {waiting(
            &corrections.defects,
            Kind::Defect,
            "Defects of which nobody says where they were found",
            "Of every defect it is known where it was found.",
        )}
        {made(&corrections.made)}
    }
    .into_any()
}

fn waiting(waiting: &Waiting, kind: Kind, heading: &'static str, none: &'static str) -> AnyView {
    let id = format!("{}s", kind_name(kind));
    if waiting.first.is_empty() {
        return view! { <section><h2>{heading}</h2><p>{none}</p></section> }.into_any();
    }
    let shown = waiting.first.len() as u64;
    let part = (shown < waiting.count).then(|| format!("the latest {}", format::count(shown)));
    view! {
        <section aria-labelledby=id.clone()>
            <h2 id=id.clone()>
                {heading}": "{format::count(waiting.count)}
                {part.map(|part| view! { " " <small>{part}</small> })}
            </h2>
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">{noun(kind)}</th>
                        <th scope="col">"When, UTC"</th>
                        <th scope="col">"Service"</th>
                        <th scope="col">"Why it is open"</th>
                    </tr>
                </thead>
                <tbody>{waiting.first.iter().map(|one| open(one, kind)).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn open(open: &Open, kind: Kind) -> AnyView {
    let named = open.title.clone().unwrap_or_else(|| open.id.clone());
    let service = match open.service.as_str() {
        "" => "none named".to_owned(),
        service => service.to_owned(),
    };
    let reason = open.reason.clone();
    view! {
        <tr>
            <th scope="row"><a href=routes::correction(kind_name(kind), &open.id)>{named}</a></th>
            <td class="when"><time datetime=open.at.clone()>{format::instant_text(&open.at).replace(" UTC", "")}</time></td>
            <td>{service}</td>
            <td>{reason.unwrap_or_else(|| "its source does not say where".to_owned())}</td>
        </tr>
    }
    .into_any()
}

fn made(made: &[MadeOf]) -> Option<AnyView> {
    if made.is_empty() {
        return None;
    }
    let row = |of: &MadeOf| {
        let address = routes::correction(kind_name(of.kind), &of.id);
        view! {
            <tr>
                <th scope="row"><a href=address>{noun(of.kind)}" "{of.id.clone()}</a></th>
                <td class="when"><time datetime=of.made.at.clone()>{format::instant_text(&of.made.at).replace(" UTC", "")}</time></td>
                <td>{changed(of.kind, &of.made)}</td>
                <td>{of.made.reason.clone()}" "<small>{of.made.by.clone()}</small></td>
            </tr>
        }
    };
    Some(
        view! {
            <section aria-labelledby="made">
                <h2 id="made">"Put right so far"</h2>
                <table class="list">
                    <thead>
                        <tr>
                            <th scope="col">"What"</th>
                            <th scope="col">"When, UTC"</th>
                            <th scope="col">"From what to what"</th>
                            <th scope="col">"Why, and by whom"</th>
                        </tr>
                    </thead>
                    <tbody>{made.iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}
