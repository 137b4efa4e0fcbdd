//! The weekly review: one sentence, its reason, and the fixed table.

use leptos::prelude::*;

use crate::components::exceptions::exceptions;
use crate::components::hop::hops;
use crate::components::{freshness_strip, restated::restated, week_picker::week_picker};
use crate::format;
use crate::islands::copy_link::CopyLink;
use crate::routes;
use crate::view::answer::{Answer, Side, Span, Spans};
use crate::view::frame::Frame;
use crate::view::review::{ActsHead, Freeze, Place, Review};

mod actions;
mod first_hour;
mod halves;
mod table;

/// `/review` and `/review/{week}`.
pub fn page(review: &Review, frame: &Frame) -> AnyView {
    let shown = match &review.first_hour {
        Some(own) => first_hour::steps(own, frame),
        None => figures(review, frame),
    };
    view! {
        {record(review, frame)}
        {answer(review, frame)}
        {shown}
        {how(review)}
    }
    .into_any()
}

fn record(review: &Review, frame: &Frame) -> AnyView {
    view! {
        <div class="record">
            <p>
                <span>{format::week_name(&review.week)}" · "{format::days(review.first_day, review.last_day)}</span>
                {(review.scope != "company").then(|| view! { <span>{review.scope_name.clone()}</span> })}
                <span>{format::last_data(review.data_as_of, &review.time_zone)}</span>
                <span>{frozen(review.freeze)}</span>
                {freshness_strip::counted(&review.sources)}
            </p>
            {taken_along(review, frame)}
            {week_picker(review.previous_week.as_deref(), review.next_week.as_deref(), &review.scope)}
        </div>
    }
    .into_any()
}

/// Everything under the answer, in the same order every week.
fn figures(review: &Review, frame: &Frame) -> AnyView {
    view! {
        {newest(review)}
        {freshness_strip::not_fresh(&review.sources)}
        {halves::halves(review)}
        {exceptions(&review.exceptions, frame)}
        {review.hops.as_ref().map(|own| hops(own, &review.week))}
        {actions::from_last_week(review.actions.as_ref(), frame)}
        {table::table(review)}
        {restated("Restated since", &review.restatements)}
        {elsewhere(review)}
        {frame.generated.map(|_| first_hour::own_repository())}
    }
    .into_any()
}

fn how(review: &Review) -> AnyView {
    view! {
        <section class="how" aria-labelledby="how">
            <h2 id="how">"How the sentence is reached"</h2>
            <p>
                "One speed metric and one quality metric decide it, both named in advance, each by an interval against a baseline. The signals in the table do not. A signal says that a week lies outside what the weeks before it usually bring; without one there is no change we can see, which is not the same as no change."
            </p>
            <p>
                {format!("Weeks run from Monday to Sunday in {} time. ", format::place(&review.time_zone))}
                {format!("{}.", capitalised(&format::last_data(review.data_as_of, &review.time_zone)))}
            </p>
            {review.acts_head.as_ref().map(acts)}
        </section>
    }
    .into_any()
}

/// The same figures for whoever calculates, and the address that stays.
fn taken_along(review: &Review, frame: &Frame) -> AnyView {
    let scope = Some(review.scope.as_str());
    let permanent = routes::review(Some(&review.week), scope);
    let address = |format| routes::review_as(format, &review.week, &review.scope);
    view! {
        <nav class="formats" aria-label="This review elsewhere">
            <a href=address("csv")>"CSV"</a>
            <a href=address("json")>"JSON"</a>
            {frame.islands.then(|| view! { <CopyLink path=permanent/> })}
        </nav>
    }
    .into_any()
}

/// Held against the record later, it shows that nothing was taken off or changed since.
fn acts(head: &ActsHead) -> AnyView {
    let count = format::count(head.number);
    view! {
        <p class="acts">
            <small>{format!("Record of human acts: {count}, ending in ")}<code>{head.hash.clone()}</code>"…"</small>
        </p>
    }
    .into_any()
}

fn answer(review: &Review, frame: &Frame) -> AnyView {
    let answer = &review.answer;
    if review.first_hour.is_some() {
        return view! {
            <div class="answer">
                <h1>{answer.sentence.clone()}</h1>
                <p class="reason">"No record has come yet."</p>
            </div>
        }
        .into_any();
    }
    let how = match frame.generated {
        Some(_) => first_hour::tour(review),
        None => {
            let address = routes::answer(&review.week, &review.scope);
            view! { <a href=address>"How this is reached"</a> }.into_any()
        }
    };
    view! {
        <div class="answer">
            <h1>{answer.sentence.clone()}</h1>
            <p class="reason">{answer.reason.clone()}</p>
            {answer.beside.iter().cloned().map(|said| view! { <p class="beside">{said}</p> }).collect_view()}
            <p class="links">{compared(answer)}{how}</p>
            {missing(answer)}
        </div>
    }
    .into_any()
}

fn missing(answer: &Answer) -> Option<AnyView> {
    if answer.missing.is_empty() {
        return None;
    }
    let points = answer.missing.iter().cloned();
    let points = points.map(|point| view! { <li>{point}</li> });
    let view = view! {
        <div class="missing">
            <h2>"What is missing"</h2>
            <ul>{points.collect_view()}</ul>
        </div>
    };
    Some(view.into_any())
}

/// Which weeks stand against which: once, where both metrics have the same.
fn compared(answer: &Answer) -> Option<String> {
    let weeks = |spans: &Spans| {
        let span = |span: &Span| format::days_of_weeks(&span.from, &span.to);
        format!(
            "{} compared with {}",
            span(&spans.recent),
            span(&spans.baseline)
        )
    };
    let of = |side: &Side| side.spans.as_ref().map(weeks);
    let (speed, quality) = (of(&answer.speed), of(&answer.quality));
    match (speed, quality) {
        (Some(speed), Some(quality)) if speed != quality => Some(format!(
            "{}: {speed}; {}: {quality}. ",
            answer.speed.name,
            answer.quality.name.to_lowercase()
        )),
        (speed, quality) => speed.or(quality).map(|weeks| format!("{weeks}. ")),
    }
}

/// Leads to the last week that has any record, when the shown one comes after it.
fn newest(review: &Review) -> Option<AnyView> {
    let week = review.newest_week.as_deref()?;
    let url = routes::review(Some(week), Some(&review.scope));
    let view = view! {
        <p class="newest">
            "The newest record is from "
            <a href=url>{format::dated_week(week)}</a>
            ". What is shown of this week is that no record of it came, not that nothing happened."
        </p>
    };
    Some(view.into_any())
}

/// The same week of the other scopes.
fn elsewhere(review: &Review) -> Option<AnyView> {
    if review.elsewhere.is_empty() {
        return None;
    }
    let link = |place: &Place| {
        let url = routes::review(Some(&review.week), Some(&place.scope));
        view! { <li><a href=url>{place.name.clone()}</a></li> }
    };
    let view = view! {
        <nav class="elsewhere" aria-labelledby="elsewhere">
            <h2 id="elsewhere">"The same week elsewhere"</h2>
            <ul>{review.elsewhere.iter().map(link).collect_view()}</ul>
        </nav>
    };
    Some(view.into_any())
}

fn frozen(freeze: Freeze) -> String {
    match freeze {
        Freeze::Frozen(at) => format!("frozen {}", format::local(at)),
        Freeze::Freezes(at) => format!("freezes {}", format::local(at)),
        Freeze::Never => "not frozen".to_owned(),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
