//! Goes to a page, workflow, service, metric or week by its name, and to a record by a pasted link.

use leptos::prelude::*;

use crate::format;
use crate::routes;
use crate::view::search::{Place, Search};

/// `/search`.
pub fn page(search: &Search) -> AnyView {
    view! {
        <h1 class="name">"Find"</h1>
        <form class="search" method="get" action=routes::SEARCH role="search">
            <label for="query">"A page, workflow, service, metric, week or DRI, or a pasted link to a record"</label>
            <input id="query" type="search" name="q" value=search.query.clone() maxlength="2000"/>
            <button type="submit">"Find"</button>
        </form>
        {found(search)}
    }
    .into_any()
}

fn found(search: &Search) -> AnyView {
    if search.places.is_empty() {
        return view! {
            <p>
                "Nothing here is called so. A link to a change, a deployment or an incident finds it "
                "when its source sent that address; so does its id."
            </p>
        }
        .into_any();
    }
    let row = |place: &Place| {
        view! {
            <li>
                <a href=place.url.clone()>{place.name.clone()}</a>
                " "
                <small>{place.kind.in_words()}</small>
            </li>
        }
    };
    let count = format::counted(search.places.len() as u64, "places");
    view! {
        <section aria-labelledby="found">
            <h2 id="found">{count}</h2>
            <ul class="places">{search.places.iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}
