//! What needs attention, ranked: where, what, by which rule, since when, and what is said about it.

use leptos::prelude::*;

use super::explained;
use super::figure;
use super::signal_mark;
use crate::format;
use crate::routes;
use crate::view::exceptions::{Exception, Exceptions};
use crate::view::frame::Frame;

/// So many are read in a meeting; the rest is folded.
const SHOWN: usize = 5;

/// The list with its heading; past five the rest, folded, beside it, so that paper can have it later.
pub fn exceptions(exceptions: &Exceptions, frame: &Frame) -> AnyView {
    let exception = |one: &Exception| exception(one, frame);
    let (first, rest) = exceptions.found.split_at(exceptions.found.len().min(SHOWN));
    let more = (!rest.is_empty()).then(|| {
        view! {
            <details class="more">
                <summary>{format!("and {} more", rest.len())}</summary>
                <ol class="exceptions">{rest.iter().map(&exception).collect_view()}</ol>
            </details>
        }
    });
    view! {
        <section class="attention" aria-labelledby="attention">
            <h2 id="attention">"Needs attention" <small>{watched(exceptions)}</small></h2>
            {(!first.is_empty()).then(|| view! {
                <ol class="exceptions">{first.iter().map(&exception).collect_view()}</ol>
            })}
        </section>
        {more}
    }
    .into_any()
}

/// Of how many series; a list of none says what that means.
fn watched(exceptions: &Exceptions) -> String {
    let watched = format::count(u64::from(exceptions.watched));
    match (exceptions.found.len(), exceptions.watched) {
        (_, 0) => "Nothing is watched yet: a series is judged from 12 weeks on.".to_owned(),
        (0, 1) => "Nothing outside the normal range. 1 series watched.".to_owned(),
        (0, _) => format!("Nothing outside the normal range. {watched} series watched."),
        (found, _) => format!(
            "{} of {watched} series watched",
            format::count(found as u64)
        ),
    }
}

fn exception(exception: &Exception, frame: &Frame) -> AnyView {
    let figure = &exception.figure;
    let usual = figure::normal_range(figure).map(|range| format!(", usual {range}"));
    let rule = match exception.is_always_told {
        true => Some("each one is told".to_owned()),
        false => signal_mark::rule(figure),
    };
    let provisional = signal_mark::provisional(figure, exception.usable_weeks);
    let provisional = provisional.filter(|_| !exception.is_always_told);
    let word = match exception.is_always_told {
        true => signal_mark::told(),
        false => signal_mark::word(figure, exception.usable_weeks),
    };
    view! {
        <li>
            <p>{word}</p>
            <div>
                <p>
                    <strong>{exception.scope_name.clone()}</strong>
                    {format!(" · {} ", exception.name)}
                    {figure::number(figure, &exception.name, &exception.records_noun)}
                    <small>{usual}</small>
                    " " <small>{rule}" "{since(exception)}{provisional.map(|said| format!("; {said}"))}</small>
                </p>
                <p class="unexplained">{explanation(exception, frame)}</p>
            </div>
        </li>
    }
    .into_any()
}

/// What is said about it, or that nothing is and whose it is; a way to the form for whoever may.
fn explanation(exception: &Exception, frame: &Frame) -> AnyView {
    let figure = &exception.figure;
    let address = |week: &str| routes::explanation(&figure.metric, week, &figure.scope);
    if let Some(written) = &exception.explanation {
        return explained::said(written, Some(address(&written.week)));
    }
    let person = frame.person.as_ref().filter(|person| person.corrects);
    let may = person.is_some_and(|person| {
        person.operates || exception.explainers.contains(&person.email.to_lowercase())
    });
    let owner = exception.owner.clone();
    view! {
        "No explanation yet."
        {owner.map(|owner| view! { " " <small>{owner}</small> })}
        {may.then(|| view! { " " <a href=address(&figure.week)>"Explain it"</a> })}
    }
    .into_any()
}

/// "in week 47", or since when.
fn since(exception: &Exception) -> String {
    let week = &exception.figure.week;
    if exception.since == *week {
        format!("in {}", format::week_name(week).to_lowercase())
    } else {
        let since = format::week_name(&exception.since).to_lowercase();
        format!(
            "since {since}, up to {}",
            format::week_name(week).to_lowercase()
        )
    }
}
