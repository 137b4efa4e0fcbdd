//! What was computed of it, and the figures that it stands behind or does not.

use leptos::prelude::*;

use super::answers::level;
use crate::format;
use crate::routes;
use crate::view::receipt::{Computed, Counted, Item, NotCounted};

/// Each formula with its own numbers.
pub fn computed(computed: &[Computed]) -> Option<AnyView> {
    if computed.is_empty() {
        return None;
    }
    let row = |own: &Computed| {
        let note = own.note.clone();
        view! {
            <tr>
                <th scope="row"><a href=routes::definition(&own.metric)>{own.name.clone()}</a></th>
                <td>{own.said.clone()}</td>
                <td class="note">{note}</td>
            </tr>
        }
    };
    Some(
        view! {
            <section aria-labelledby="computed">
                <h2 id="computed">"What was computed of it"</h2>
                <table class="list computed">
                    <thead>
                        <tr>
                            <th scope="col">"Metric"</th>
                            <th scope="col">"Formula with its numbers"</th>
                            <th scope="col">"By parts, or why not"</th>
                        </tr>
                    </thead>
                    <tbody>{computed.iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}

/// What is asked for to reconstruct it, item by item.
pub fn items(items: &[Item]) -> Option<AnyView> {
    if items.is_empty() {
        return None;
    }
    let row = |own: &Item| {
        let state = if own.is_met {
            "✓ there"
        } else {
            "✕ missing"
        };
        let how = own.level.map(level);
        view! {
            <tr>
                <th scope="row">{own.item.clone()}</th>
                <td class="state">{state}</td>
                <td>{own.what.clone()}{how.map(|how| view! { " " <small>{how}</small> })}</td>
            </tr>
        }
    };
    Some(
        view! {
            <section aria-labelledby="items">
                <h2 id="items">"What it takes to reconstruct it"</h2>
                <table class="list items">
                    <thead>
                        <tr>
                            <th scope="col">"Asked for"</th>
                            <th scope="col">"State"</th>
                            <th scope="col">"What there is, or what is missing"</th>
                        </tr>
                    </thead>
                    <tbody>{items.iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}

/// The figures it stands behind, each with the way to its list.
pub fn counted(counted: &[Counted]) -> AnyView {
    if counted.is_empty() {
        return view! {
            <section id="counted">
                <h2>"Counted in"</h2>
                <p class="told">"It stands behind no figure."</p>
            </section>
        }
        .into_any();
    }
    let row = |own: &Counted| {
        view! {
            <tr>
                <th scope="row"><a href=own.records_url.clone()>{own.name.clone()}</a></th>
                <td>{format::week(&own.week)}</td>
                <td>{own.contribution.clone()}</td>
            </tr>
        }
    };
    view! {
        <section id="counted" aria-labelledby="counted-in">
            <h2 id="counted-in">"Counted in"</h2>
            <table class="list counts">
                <thead>
                    <tr>
                        <th scope="col">"Figure"</th>
                        <th scope="col">"Week"</th>
                        <th scope="col">"What it adds"</th>
                    </tr>
                </thead>
                <tbody>{counted.iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// Those that it does not, by reason.
pub fn not_counted(not: &[NotCounted]) -> Option<AnyView> {
    let mut reasons: Vec<(&str, Vec<&NotCounted>)> = Vec::new();
    for own in not {
        match reasons.iter_mut().find(|(reason, _)| *reason == own.reason) {
            Some((_, all)) => all.push(own),
            None => reasons.push((&own.reason, vec![own])),
        }
    }
    if reasons.is_empty() {
        return None;
    }
    let row = |(reason, all): (&str, Vec<&NotCounted>)| {
        let names = all.iter().map(|own| own.name.as_str());
        let names = names.collect::<Vec<_>>().join(", ");
        view! { <tr><th scope="row">{reason.to_owned()}</th><td>{names}</td></tr> }
    };
    Some(
        view! {
            <section aria-labelledby="not-counted">
                <h2 id="not-counted">"Not counted in"</h2>
                <table class="list not-counted">
                    <thead>
                        <tr>
                            <th scope="col">"Why"</th>
                            <th scope="col">"Figures"</th>
                        </tr>
                    </thead>
                    <tbody>{reasons.into_iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}
