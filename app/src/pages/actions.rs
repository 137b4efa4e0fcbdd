//! What was decided to be done: the open actions, those done, and the form that adds one.

use leptos::prelude::*;

use crate::components::action::action;
use crate::components::notice;
use crate::format;
use crate::routes;
use crate::view::actions::{Actions, Asked, Form, Listed, Owner};
use crate::view::frame::Frame;
use crate::view::review::Place;

/// The most characters an action may have.
const CHARACTERS: &str = "200";

/// `/actions`.
pub fn page(actions: &Actions, frame: &Frame) -> AnyView {
    view! {
        <h1 class="name">"Actions"</h1>
        <p class="reason">
            "What was decided over a review. An action comes back in the next ones until its owner or an executive marks it done."
        </p>
        {actions.asked.as_ref().map(|asked| notice::alert("Nothing was changed.", asked.refused.clone()))}
        {list(("Open", "Nothing is open."), &actions.open, frame)}
        {actions.form.as_ref().map(|form| add(form, actions.asked.as_ref(), frame))}
        {(!actions.done.is_empty()).then(|| list(("Done", ""), &actions.done, frame))}
    }
    .into_any()
}

fn list(
    (heading, none): (&'static str, &'static str),
    listed: &[Listed],
    frame: &Frame,
) -> AnyView {
    let id = heading.to_lowercase();
    let count = (!listed.is_empty()).then(|| format::count(listed.len() as u64));
    let rows = || listed.iter().map(|one| row(one, frame)).collect_view();
    let list = match listed {
        [] => view! { <p>{none}</p> }.into_any(),
        _ => view! { <ul class="exceptions">{rows()}</ul> }.into_any(),
    };
    view! {
        <section aria-labelledby=id.clone()>
            <h2 id=id.clone()>{heading}" "<small>{count}</small></h2>
            {list}
        </section>
    }
    .into_any()
}

fn row(listed: &Listed, frame: &Frame) -> AnyView {
    let (state, word) = match listed.action.done {
        None => ("done", "Mark done"),
        Some(_) => ("open", "Open again"),
    };
    let form = listed.may_mark.then(|| {
        view! {
            <form method="post" action=routes::action(listed.action.number)>
                <input type="hidden" name="csrf" value=frame.csrf.clone()/>
                <button type="submit" name="state" value=state>
                    {word}<span class="unseen">": "{listed.action.said.clone()}</span>
                </button>
            </form>
        }
        .into_any()
    });
    action(&listed.action, form)
}

fn add(form: &Form, asked: Option<&Asked>, frame: &Frame) -> AnyView {
    let asked = asked.cloned().unwrap_or_default();
    let owner = |one: &Owner| {
        let named = match one.name == one.email {
            true => one.name.clone(),
            false => format!("{} ({})", one.name, one.email),
        };
        let selected = one.email == asked.owner;
        view! { <option value=one.email.clone() selected=selected>{named}</option> }
    };
    let place = |one: &Place| {
        let selected = one.scope == asked.scope;
        view! { <option value=one.scope.clone() selected=selected>{one.name.clone()}</option> }
    };
    view! {
        <section aria-labelledby="add">
            <h2 id="add">"Add an action"</h2>
            <form class="choose" method="post" action=routes::ACTIONS>
                <input type="hidden" name="csrf" value=frame.csrf.clone()/>
                <p class="field">
                    <label for="said">"What is to be done, at most 200 characters"</label>
                    <input id="said" name="said" type="text" required maxlength=CHARACTERS value=asked.said.clone()/>
                </p>
                <div class="fields">
                    <p class="field">
                        <label for="owner">"Who owns it"</label>
                        <select id="owner" name="owner" required>
                            <option value="">"Choose"</option>
                            {form.owners.iter().map(owner).collect_view()}
                        </select>
                    </p>
                    <p class="field">
                        <label for="due">"Until when"</label>
                        <input id="due" name="due" type="date" required min=form.today.to_string() value=asked.due.clone()/>
                    </p>
                    <p class="field">
                        <label for="scope">"Of what"</label>
                        <select id="scope" name="scope">{form.places.iter().map(place).collect_view()}</select>
                    </p>
                </div>
                <p><button class="act" type="submit">"Add it"</button></p>
            </form>
        </section>
    }
    .into_any()
}
