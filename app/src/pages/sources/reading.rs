//! How a connected system is read: when last, what came of it, what is in the way, and what it sends of
//! its own accord.

use leptos::prelude::*;

use super::when;
use crate::format;
use crate::routes;
use crate::view::frame::Frame;
use crate::view::sources::{Coverage, Cursor, Hooks, LimitLeft, Pulled, Source, Whose};

/// None where its records are pushed.
pub(super) fn reading(source: &Source, frame: &Frame) -> Option<AnyView> {
    let own = source.reading.as_ref()?;
    let trouble = own.trouble.as_ref().map(|trouble| {
        let whose = match trouble.whose {
            Whose::Ours => "To be mended here: ",
            Whose::WillPass => "Will pass: ",
            Whose::Theirs => "To be mended there: ",
            Whose::Unknown => "Not known whose: ",
        };
        view! { <p class="told"><strong>{whose}</strong>{trouble.said.clone()}"."</p> }
    });
    let next = own.next.map(|at| {
        view! { <p class="told">"Read again from "{when(Some(at))}" on."</p> }
    });
    Some(
        view! {
            <p class="told">{format!("Read from {}.", own.system)}</p>
            {trouble}
            {own.coverage.as_ref().map(coverage)}
            {next}
            {limits(&own.limits)}
            {acts(source, frame)}
            {pulls(&own.pulls)}
            {own.hooks.as_ref().map(hooks)}
            {cursors(&own.cursors)}
        }
        .into_any(),
    )
}

fn coverage(coverage: &Coverage) -> AnyView {
    let said = format!(
        "{} that were read whole: {} of {}.",
        coverage.in_words,
        format::count(coverage.read),
        format::count(coverage.parts)
    );
    view! { <p class="told">{said}</p> }.into_any()
}

fn limits(limits: &[LimitLeft]) -> Option<AnyView> {
    if limits.is_empty() {
        return None;
    }
    let left = limits.iter().enumerate().map(|(at, own)| {
        let before = if at == 0 {
            "Left of its limits: "
        } else {
            "; "
        };
        let counts = format!(
            "{before}{} of {} by {}, until ",
            format::count(own.remaining),
            format::count(own.most),
            own.name
        );
        view! { {counts} {when(Some(own.resets))} }
    });
    Some(view! { <p class="told">{left.collect_view()}"."</p> }.into_any())
}

fn cursors(cursors: &[Cursor]) -> Option<AnyView> {
    if cursors.is_empty() {
        return None;
    }
    let row = |own: &Cursor| {
        view! {
            <tr>
                <th scope="row">{own.of.replace('_', " ")}</th>
                <td class="when">{when(Some(own.moved))}</td>
                <td><code>{own.position.clone()}</code></td>
            </tr>
        }
    };
    let table = view! {
        <table class="list moved">
            <caption>"How far it is read, what moved last first"</caption>
            <thead>
                <tr>
                    <th scope="col">"What"</th>
                    <th scope="col">"Moved"</th>
                    <th scope="col">"Cursor"</th>
                </tr>
            </thead>
            <tbody>{cursors.iter().map(row).collect_view()}</tbody>
        </table>
    };
    Some(table.into_any())
}

/// For operators: reading it at the next minute instead of when it is due, and trying its sign-in.
fn acts(source: &Source, frame: &Frame) -> Option<AnyView> {
    frame.person.as_ref().filter(|person| person.operates)?;
    Some(
        view! {
            <form class="change" method="post" action=routes::READ_SOURCE>
                <input type="hidden" name="csrf" value=frame.csrf.clone()/>
                <input type="hidden" name="source" value=source.name.clone()/>
                <button type="submit">"Read it now"</button>
                <button type="submit" formaction=routes::CHECK_SOURCE>"Check the sign-in"</button>
                <button type="submit" formaction=routes::DISCONNECT>"Read it no more"</button>
                <span class="hint">"What was read stays and counts."</span>
            </form>
        }
        .into_any(),
    )
}

fn pulls(pulls: &[Pulled]) -> AnyView {
    if pulls.is_empty() {
        return view! { <p class="told">"It was not read yet; that begins within a minute of its being declared."</p> }
            .into_any();
    }
    let row = |own: &Pulled| {
        let ended = match own.ended {
            Some(at) => when(Some(at)),
            None if own.is_broken_off => view! { "broken off" }.into_any(),
            None => view! { "under way" }.into_any(),
        };
        view! {
            <tr>
                <td class="when">{when(Some(own.started))}</td>
                <td class="when">{ended}</td>
                <td class="number"><span class="narrow">"pages: "</span>{format::count(own.pages)}</td>
                <td class="number"><span class="narrow">"new: "</span>{format::count(own.accepted)}</td>
                <td class="number"><span class="narrow">"known already: "</span>{format::count(own.repeated)}</td>
                <td class="number"><span class="narrow">"set aside: "</span>{format::count(own.refused)}</td>
                <td>{own.said.clone()}</td>
            </tr>
        }
    };
    view! {
        <table class="list">
            <caption>"The latest times that it was read"</caption>
            <thead>
                <tr>
                    <th scope="col">"Began"</th>
                    <th scope="col">"Ended"</th>
                    <th scope="col" class="number">"Pages"</th>
                    <th scope="col" class="number">"New"</th>
                    <th scope="col" class="number">"Known already"</th>
                    <th scope="col" class="number">"Set aside"</th>
                    <th scope="col">"What was not read"</th>
                </tr>
            </thead>
            <tbody>{pulls.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn hooks(hooks: &Hooks) -> AnyView {
    let came = match hooks.deliveries {
        0 => "It sent nothing of its own accord in seven days".to_owned(),
        some => format!(
            "It sent {} of its own accord in seven days",
            format::counted(some, "deliveries")
        ),
    };
    let forged = (hooks.forgeries > 0).then(|| {
        format!(
            "; {} ever came whose signature did not hold",
            format::count(hooks.forgeries)
        )
    });
    view! { <p class="told">{came}{forged}"."</p> }.into_any()
}
