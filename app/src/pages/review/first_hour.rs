//! What leads to the first figure: step by step where nothing has come yet, and by three links in a
//! company that is generated.

use leptos::prelude::*;

use crate::backend::RecordsQuery;
use crate::routes;
use crate::view::first_hour::FirstHour;
use crate::view::frame::Frame;
use crate::view::review::Review;

/// Whose records a newcomer opens first.
const OPENED: &str = "change_lead_time";

/// In place of figures that nobody could have.
pub fn steps(own: &FirstHour, frame: &Frame) -> AnyView {
    view! {
        <section class="first" aria-labelledby="first">
            <h2 id="first">"From here to the first figure"</h2>
            <p class="legend">
                "You are signed in. Commands are typed where this server runs, with the "
                <code>"--database"</code>" that it serves."
            </p>
            <ol>
                {declare(own)}
                {bring(own)}
                {workflow(own, frame)}
            </ol>
            <p class="verdict">
                {format!(
                    "Figures stand here as soon as records have come. The first verdict can be spoken once {} weeks hold some: with the history of a git clone at once, else {} weeks from the first record on.",
                    own.verdict_weeks, own.verdict_weeks,
                )}
            </p>
        </section>
    }
    .into_any()
}

fn declare(own: &FirstHour) -> AnyView {
    if !own.services.is_empty() {
        let said = format!("Declared: {}.", own.services.join(", "));
        return view! { <li class="done"><h3>"Declare a service"</h3><p>{said}</p></li> }
            .into_any();
    }
    view! {
        <li>
            <h3>"Declare a service"</h3>
            <p>"What is changed and deployed, in a file that is reviewed like code; "<code>"company.toml"</code>":"</p>
            <pre><code>"[company]\nname = \"Acme\"\ntime_zone = \"Europe/Berlin\"\n\n[[service]]\nslug = \"shop\"\n# delivery = \"merge\"    # where each merge goes live, or no tags are set"</code></pre>
            <pre><code>"onehop apply company.toml"</code></pre>
        </li>
    }
    .into_any()
}

fn bring(own: &FirstHour) -> AnyView {
    let service = own.services.first().map_or("shop", String::as_str);
    let import = format!("onehop import git ../{service} --service {service}");
    view! {
        <li>
            <h3>"Bring records"</h3>
            <p>"From the history of any git clone, at once:"</p>
            <pre><code>{import}</code></pre>
            <p>"Or from your scripts, with a token; "<code>"ONEHOP"</code>" is the address of this page up to its path:"</p>
            <pre><code>"onehop token create forge --scope ingest\ncurl -X POST $ONEHOP/api/v1/records/changes \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  --data-binary @changes.ndjson"</code></pre>
            <p><a href=routes::SOURCES>"Every stream, and what it adds"</a></p>
        </li>
    }
    .into_any()
}

fn workflow(own: &FirstHour, frame: &Frame) -> AnyView {
    if !own.workflows.is_empty() {
        let said = format!("Added: {}.", own.workflows.join(", "));
        return view! { <li class="done"><h3>"Add a workflow"</h3><p>{said}</p></li> }.into_any();
    }
    let operates = frame.person.as_ref().is_some_and(|own| own.operates);
    let how = match operates {
        true => view! { <a href=routes::NEW_WORKFLOW>"Add a workflow"</a> }.into_any(),
        false => "An operator adds it.".into_any(),
    };
    view! {
        <li>
            <h3>"Add a workflow"</h3>
            <p>"Work with one person who answers for it: who explains what stands out, and whose agents are held against what they were meant to move. "{how}</p>
        </li>
    }
    .into_any()
}

/// From a made-up answer to what it is made of, and to one's own.
pub fn tour(review: &Review) -> AnyView {
    let query = RecordsQuery {
        week: Some(review.week.clone()),
        scope: Some(review.scope.clone()).filter(|scope| scope != "company"),
        ..RecordsQuery::default()
    };
    view! {
        <a href=routes::answer(&review.week, &review.scope)>"Why this sentence"</a>
        " · "
        <a href=routes::records(OPENED, &query)>"Open one change’s records"</a>
        " · "
        <a href="#own">"Use your own repository"</a>
    }
    .into_any()
}

/// What is typed to see the same of one's own work.
pub fn own_repository() -> AnyView {
    view! {
        <section class="first" aria-labelledby="own">
            <h2 id="own">"Your own repository"</h2>
            <p class="legend">
                "Any git clone will do; nothing in it is run or changed. It goes into a database of its own, beside this company. Stop this server first: both listen at the same address."
            </p>
            <pre><code>"onehop --database sqlite:own.db import git PATH --service SLUG\nonehop --database sqlite:own.db user add you@example.org --role operator\nonehop --database sqlite:own.db serve"</code></pre>
        </section>
    }
    .into_any()
}
