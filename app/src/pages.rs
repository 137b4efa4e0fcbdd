//! One file a page: composition only, from a view model to markup.

use leptos::prelude::*;

use crate::error::PageError;
use crate::format;
use crate::view::{
    actions::Actions,
    answer::AnswerDefinition,
    bodies::Bodies,
    connect::Connect,
    correction::{Correction, Corrections},
    definition::Definition,
    demo::Demo,
    explanation::Explanation,
    frame::Frame,
    limits::Limits,
    receipt::Receipt,
    records::Records,
    review::Review,
    search::Search,
    settings::Settings,
    sign_in::SignIn,
    sources::Sources,
    workflow::{Workflow, Workflows},
    workflow_form::WorkflowForm,
};

pub mod actions;
pub mod answer;
pub mod bodies;
pub mod connect;
pub mod correction;
pub mod corrections;
pub mod definition;
pub mod demo;
pub mod error;
pub mod explanation;
pub mod keys;
pub mod limits;
pub mod receipt;
pub mod records;
pub mod review;
pub mod search;
pub mod settings;
pub mod sign_in;
pub mod sources;
pub mod workflow;
pub mod workflow_form;
pub mod workflows;

/// A page with what it shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    Review(Box<Review>),
    Records(Records),
    Bodies(Bodies),
    Receipt(Box<Receipt>),
    Definition(Definition),
    Answer(AnswerDefinition),
    Workflows(Workflows),
    Workflow(Box<Workflow>),
    WorkflowForm(WorkflowForm),
    Limits(Limits),
    Demo(Demo),
    Sources(Box<Sources>),
    Connect(Connect),
    Settings(Box<Settings>),
    Corrections(Corrections),
    Correction(Correction),
    Explanation(Box<Explanation>),
    Actions(Box<Actions>),
    Search(Search),
    Keys,
    SignIn(SignIn),
    Error(PageError),
}

/// The document's title: what the page says first.
pub fn title(page: &Page) -> String {
    let said = match page {
        Page::Review(review) => format!(
            "{}: {}",
            format::week_name(&review.week),
            review.answer.sentence.trim_end_matches('.')
        ),
        Page::Records(records) => format!(
            "{}, {}",
            records.name,
            format::week_name(&records.figure.week)
        ),
        Page::Bodies(bodies) => format!("Inputs and outputs: {}", bodies.title),
        Page::Receipt(receipt) => format!("Receipt: {}", receipt.title),
        Page::Definition(definition) => definition.name.clone(),
        Page::Answer(_) => "How the answer is reached".to_owned(),
        Page::Workflows(_) => "Workflows".to_owned(),
        Page::Workflow(workflow) => {
            format!("{}, {}", workflow.name, format::week_name(&workflow.week))
        }
        Page::WorkflowForm(form) => match form.slug {
            Some(_) => format!("Edit {}", form.sent.name),
            None => "Add a workflow".to_owned(),
        },
        Page::Limits(limits) => format!("New limits: {}", limits.name),
        Page::Demo(_) => "What is really true here".to_owned(),
        Page::Sources(sources) => sources::answer(sources).trim_end_matches('.').to_owned(),
        Page::Connect(_) => "Connect a system".to_owned(),
        Page::Settings(_) => "Settings".to_owned(),
        Page::Corrections(_) => "To put right".to_owned(),
        Page::Correction(correction) => format!(
            "Put right: {}",
            correction.title.as_ref().unwrap_or(&correction.id)
        ),
        Page::Explanation(explanation) => format!(
            "Explain: {}, {}",
            explanation.row.name,
            format::week_name(&explanation.row.figure.week)
        ),
        Page::Actions(_) => "Actions".to_owned(),
        Page::Search(_) => "Find".to_owned(),
        Page::Keys => "Keys".to_owned(),
        Page::SignIn(_) => "Sign in".to_owned(),
        Page::Error(error) => error::heading(error).to_owned(),
    };
    format!("{said} · Onehop")
}

/// What stands inside `<main>`.
pub fn body(page: Page, frame: &Frame) -> AnyView {
    match page {
        Page::Review(review) => review::page(&review, frame),
        Page::Records(records) => records::page(&records, frame),
        Page::Bodies(bodies) => bodies::page(&bodies),
        Page::Receipt(receipt) => receipt::page(&receipt, frame),
        Page::Definition(definition) => definition::page(&definition),
        Page::Answer(definition) => answer::page(&definition),
        Page::Workflows(workflows) => workflows::page(&workflows),
        Page::Workflow(workflow) => workflow::page(&workflow, frame),
        Page::WorkflowForm(form) => workflow_form::page(&form, frame),
        Page::Limits(limits) => limits::page(&limits, frame),
        Page::Demo(demo) => demo::page(&demo),
        Page::Sources(sources) => sources::page(&sources, frame),
        Page::Connect(connect) => connect::page(&connect, frame),
        Page::Settings(settings) => settings::page(&settings, frame),
        Page::Corrections(corrections) => corrections::page(&corrections),
        Page::Correction(correction) => correction::page(&correction, frame),
        Page::Explanation(explanation) => explanation::page(&explanation, frame),
        Page::Actions(actions) => actions::page(&actions, frame),
        Page::Search(search) => search::page(&search),
        Page::Keys => keys::page(frame),
        Page::SignIn(sign_in) => sign_in::page(&sign_in, frame),
        Page::Error(error) => error::page(&error, frame),
    }
}

#[cfg(test)]
mod tests;
