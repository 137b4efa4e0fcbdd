//! One action: where it stands, what is to be done, whose it is and until when.

use leptos::prelude::*;

use crate::format;
use crate::view::actions::Action;

/// A line of a list; `beside` stands under it.
pub fn action(action: &Action, beside: Option<AnyView>) -> AnyView {
    let (class, word) = match (&action.done, action.overdue) {
        (Some(_), _) => ("signal", "done"),
        (None, true) => ("signal moved", "overdue"),
        (None, false) => ("signal", "open"),
    };
    let place = (action.scope != "company").then(|| format!(" · {}", action.scope_name));
    view! {
        <li>
            <p><span class=class>{word}</span></p>
            <div>
                <p>{action.said.clone()}</p>
                <p class="unexplained"><small>{action.owner.clone()}{place}" · "{when(action)}</small></p>
                {beside}
            </div>
        </li>
    }
    .into_any()
}

fn when(action: &Action) -> String {
    let due = format::day(action.due);
    match &action.done {
        Some(done) if done.by == action.owner => format!("done {}", format::local(done.at)),
        Some(done) => format!("done {} by {}", format::local(done.at), done.by),
        None if action.overdue => format!("was due {due}"),
        None => format!("due {due}"),
    }
}
