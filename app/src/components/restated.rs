//! A table of what was restated: when, from what, to what, why.

use leptos::prelude::*;

use crate::format;
use crate::view::correction::Standing;
use crate::view::restated::Restatement;

/// The table under its heading; nothing where nothing was restated.
pub fn restated(heading: &'static str, restatements: &[Restatement]) -> Option<AnyView> {
    if restatements.is_empty() {
        return None;
    }
    let row = |one: &Restatement| {
        let said = |standing: &Option<Standing>| {
            let said = standing.and_then(|standing| format::standing_in(&standing, one.unit));
            said.unwrap_or_else(|| "no value".to_owned())
        };
        view! {
            <tr>
                <th scope="row"><a href=one.records_url.clone()>{one.name.clone()}</a></th>
                <td class="when"><time datetime=one.at.to_rfc3339()>{format::local(one.at)}</time></td>
                <td>{said(&one.before)}</td>
                <td>{said(&one.after)}</td>
                <td>{one.reason.clone()}</td>
            </tr>
        }
    };
    let table = view! {
        <section aria-labelledby="restated">
            <h2 id="restated">{heading}</h2>
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">"Metric"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"From"</th>
                        <th scope="col">"To"</th>
                        <th scope="col">"Why"</th>
                    </tr>
                </thead>
                <tbody>{restatements.iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    };
    Some(table.into_any())
}
