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
    let (shown, more) = (actions.shown.len() as u64, actions.more);
    let part = (more > 0).then(|| format::fraction(shown, shown + more));
    let section = view! {
        <section class="from-last-week" aria-labelledby="from-last-week">
            <h2 id="from-last-week">"From last week" <small>{part}</small></h2>
            {list}
            {(shown > 0 || decides).then(|| view! {
                <p class="links">
                    {(shown > 0).then(|| view! { <a href=routes::ACTIONS>"All actions"</a> " " })}
                    {decides.then(|| view! { <a href=format!("{}#add", routes::ACTIONS)>"Add an action"</a> })}
                </p>
            })}
        </section>
    };
    Some(section.into_any())
}
