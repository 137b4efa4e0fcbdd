//! What it cost, and what speaks for it or against it.

use leptos::prelude::*;

use super::answers::link;
use crate::format;
use crate::view::receipt::{Cost, Quality, Receipt};

/// By run, exactly.
pub fn cost(receipt: &Receipt) -> AnyView {
    let none = receipt.no_cost.clone();
    let none = none.filter(|_| receipt.cost.is_empty());
    if let Some(why) = none {
        return view! {
            <section>
                <h2>"Cost"</h2>
                <p class="told absent">"Not recorded: "{why}</p>
            </section>
        }
        .into_any();
    }
    let row = |own: &Cost| {
        let amount = own
            .amount
            .clone()
            .unwrap_or_else(|| "not recorded".to_owned());
        view! {
            <tr>
                <th scope="row"><a href=own.of.url.clone()>{own.of.text.clone()}</a></th>
                <td>{amount}</td>
                <td class="note">{own.how.clone()}</td>
            </tr>
        }
    };
    view! {
        <section aria-labelledby="cost">
            <h2 id="cost">"Cost"</h2>
            <table class="list cost">
                <thead>
                    <tr>
                        <th scope="col">"Of"</th>
                        <th scope="col">"Amount"</th>
                        <th scope="col">"How it is known"</th>
                    </tr>
                </thead>
                <tbody>{receipt.cost.iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// Reviews, evaluations, suites, incidents, reverts.
pub fn quality(quality: &[Quality]) -> AnyView {
    if quality.is_empty() {
        return view! {
            <section>
                <h2>"Quality"</h2>
                <p class="told absent">
                    "Not recorded: no review, evaluation, suite, incident or revert is known of it."
                </p>
            </section>
        }
        .into_any();
    }
    let row = |own: &Quality| {
        let at = own.at.as_deref().map(|at| {
            view! { <time datetime=at.to_owned()>{format::instant_text(at)}</time> }.into_any()
        });
        let at = at.unwrap_or_else(|| view! { {format::ABSENT} }.into_any());
        view! {
            <tr>
                <th scope="row">{own.what.clone()}</th>
                <td class:exception=own.is_bad>{own.said.clone()}{own.link.as_ref().map(link)}</td>
                <td class="when">{at}</td>
            </tr>
        }
    };
    view! {
        <section aria-labelledby="quality">
            <h2 id="quality">"Quality"</h2>
            <table class="list quality">
                <thead>
                    <tr>
                        <th scope="col">"By"</th>
                        <th scope="col">"What it says"</th>
                        <th scope="col">"When"</th>
                    </tr>
                </thead>
                <tbody>{quality.iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}
