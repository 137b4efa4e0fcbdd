//! The seven questions, each with what was found and how well it is known.

use leptos::prelude::*;

use crate::view::receipt::{Answer, Found, Link};
use crate::view::records::Level;

pub fn answers(answers: &[Answer]) -> AnyView {
    view! { <dl class="answers">{answers.iter().map(answer).collect_view()}</dl> }.into_any()
}

fn answer(answer: &Answer) -> AnyView {
    let missing = answer.missing.clone();
    view! {
        <div>
            <dt>{answer.question.in_words()}</dt>
            <dd>
                {answer.found.iter().map(found).collect_view()}
                {missing.map(|why| view! { <p class="absent">{why}</p> })}
            </dd>
        </div>
    }
    .into_any()
}

fn found(found: &Found) -> AnyView {
    let level = level(found.level);
    let by = found.by.as_ref().map(|name| format!(" by {name}"));
    view! {
        <p class:exception=found.is_exception>
            <span>{found.what.clone()}{found.link.as_ref().map(link)}</span>
            " "
            <small>{level}{by}</small>
        </p>
    }
    .into_any()
}

/// Leads to another receipt, after the words before it.
pub fn link(link: &Link) -> AnyView {
    view! { " "<a href=link.url.clone()>{link.text.clone()}</a> }.into_any()
}

pub fn level(level: Level) -> &'static str {
    match level {
        Level::Recorded => "recorded",
        Level::Declared => "declared",
        Level::Inferred => "inferred",
    }
}
