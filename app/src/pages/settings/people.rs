//! Who may sign in, and as what: for operators.

use leptos::prelude::*;

use super::{Form, action, roles};
use crate::format;
use crate::view::settings::{Part, Person};

pub(super) fn section(everyone: &[Person], form: Form<'_>) -> AnyView {
    let email = form.typed(Part::People, "email").unwrap_or_default();
    let role = form
        .typed(Part::People, "role")
        .unwrap_or_else(|| "executive".to_owned());
    view! {
        <section aria-labelledby="people">
            <h2 id="people">"People" <small>"seen by operators"</small></h2>
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">"Who"</th>
                        <th scope="col">"Last sign-in, UTC"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col">"Access"</th>
                    </tr>
                </thead>
                <tbody>{everyone.iter().map(|person| row(person, form)).collect_view()}</tbody>
            </table>
            <form class="change" method="post" action=action(Part::People)>
                {form.csrf()}
                <label>"E-mail " <input type="email" name="email" required maxlength="254" size="28" autocomplete="off" value=email/></label>
                <label>"Role " <select name="role">{roles(&role)}</select></label>
                <button type="submit" name="step" value="add">"Add and make a link"</button>
            </form>
        </section>
    }
    .into_any()
}

fn row(person: &Person, form: Form<'_>) -> AnyView {
    let name = (!person.name.is_empty()).then(|| view! { <small>{person.name.clone()}</small> });
    let signed_in = match &person.signed_in {
        Some(at) => view! { <time datetime=at.clone()>{format::instant_text(at).replace(" UTC", "")}</time> }.into_any(),
        None => view! { <span class="absent">"never"</span> }.into_any(),
    };
    let hidden = || {
        view! {
            {form.csrf()}
            <input type="hidden" name="email" value=person.email.clone()/>
        }
    };
    let of = format!(" of {}", person.email);
    let to = format!(" {}", person.email);
    view! {
        <tr>
            <th scope="row">{person.email.clone()}{name}</th>
            <td class="when"><span class="narrow">"last sign-in "</span>{signed_in}</td>
            <td>
                <form class="change" method="post" action=action(Part::People)>
                    {hidden()}
                    <select name="role" aria-label=format!("Role of {}", person.email)>{roles(&person.role)}</select>
                    <button type="submit" name="step" value="role">"Change" <span class="unseen">" the role"{of}</span></button>
                </form>
            </td>
            <td>
                <form class="change" method="post" action=action(Part::People)>
                    {hidden()}
                    <button type="submit" name="step" value="link">"New link" <span class="unseen">" for"{to.clone()}</span></button>
                    <button type="submit" name="step" value="remove">"Remove" <span class="unseen">{to}</span></button>
                </form>
            </td>
        </tr>
    }
    .into_any()
}
