//! What was decided before and comes back: "From last week".

use leptos::prelude::*;

use crate::components::action::action;
use crate::format;
use crate::routes;
use crate::view::actions::FromLastWeek;
use crate::view::frame::Frame;

/// The section; nothing where a review has no actions of its own.
pub fn from_last_week(actions: Option<&FromLastWeek>, frame: &Frame) -> Option<AnyView> {
    let actions = actions?;
    let decides = frame.person.as_ref().is_some_and(|person| person.decides);
    let rows = || {
        actions
            .shown
            .iter()
            .map(|one| action(one, None))
            .collect_view()
    };
    let list = match actions.shown.as_slice() {
        [] => view! { <p class="none">"No action is open, and none was done since the week before."</p> }.into_any(),
        _ => view! { <ul class="exceptions">{rows()}</ul> }.into_any(),
    };
    let (all, more) = match (actions.shown.len(), actions.more) {
        (0, _) => (false, None),
        (_, 0) => (true, None),
        (_, more) => (true, Some(format!("and {} more · ", format::count(more)))),
    };
    let section = view! {
        <section class="from-last-week" aria-labelledby="from-last-week">
            <h2 id="from-last-week">"From last week"</h2>
            {list}
            <p class="links">
                {more}
                {all.then(|| view! { <a href=routes::ACTIONS>"All actions"</a> " " })}
                {decides.then(|| view! { <a href=format!("{}#add", routes::ACTIONS)>"Add an action"</a> })}
            </p>
        </section>
    };
    Some(section.into_any())
}
