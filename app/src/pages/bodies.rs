//! What went into a run and came out, call by call.

use leptos::prelude::*;

use crate::view::bodies::{Bodies, Body, Step};
use crate::{format, routes};

/// `/bodies/{run}`.
pub fn page(bodies: &Bodies) -> AnyView {
    let more = (bodies.more > 0).then(|| {
        let calls = format::counted(bodies.more, "calls");
        view! { <p class="legend">"And "{calls}" more, which are not listed."</p> }
    });
    view! {
        <p class="crumbs"><a href=routes::receipt("run", &bodies.run)>"Receipt"</a></p>
        <h1 class="name">"Inputs and outputs"</h1>
        <p class="reason">
            {bodies.title.clone()}", as its traces told them: of the run as a whole and of its calls of tools. What looks like a credential or is called one is taken out, long texts are cut, and all of it goes after the days that were set for it."
        </p>
        {bodies.steps.iter().map(step).collect_view()}
        {more}
    }
    .into_any()
}

fn step(step: &Step) -> AnyView {
    let at = format::instant_text(&step.started_at);
    view! {
        <section>
            <h2>{step.name.clone()}" "<small>{at}</small></h2>
            <dl class="facts taken bodies">{step.bodies.iter().map(body).collect_view()}</dl>
        </section>
    }
    .into_any()
}

fn body(body: &Body) -> AnyView {
    let size = format::bytes(body.size);
    let kept = match &body.text {
        Some(text) => view! { <pre tabindex="0">{text.clone()}</pre> }.into_any(),
        None => view! { <p class="absent">"Its text is not kept, or is gone."</p> }.into_any(),
    };
    view! {
        <dt>{body.name.clone()}" "<small>{size}</small></dt>
        <dd>{kept}</dd>
    }
    .into_any()
}
