//! A figure's number as the link to its records, and its other parts in words.
//!
//! What is absent is a dash and a word, never a zero.

use chrono::NaiveDate;
use leptos::prelude::*;

use crate::format::{self, Sample};
use crate::view::figure::{Figure, State, Unit};

/// The number, opening the list of its records; reads aloud as one sentence.
pub fn number(figure: &Figure, name: &str, noun: &str) -> AnyView {
    let url = figure.records_url.clone();
    let week = format::week_name(&figure.week);
    match format::figure(figure) {
        Some(value) => {
            let before = format!("{name}, {week}: ");
            let after = format!(
                ", from {}: open the list",
                format::counted(figure.sample, noun)
            );
            let class = match figure.state {
                State::Stale => "value stale",
                _ => "value",
            };
            view! {
                <a class=class href=url>
                    <span class="unseen">{before}</span>
                    {value}
                    <span class="unseen">{after}</span>
                </a>
            }
        }
        .into_any(),
        None => {
            let before = format!("{name}, {week}: ");
            view! {
                <a class="value absent" href=url>
                    <span class="unseen">{before}</span>
                    <span aria-hidden="true">{format::ABSENT}" "</span>
                    "No value"
                </a>
            }
        }
        .into_any(),
    }
}

/// The 95 % interval, or why there is none. A count is complete and has none, but for events that
/// come by chance.
pub fn interval(figure: &Figure, noun: &str) -> Option<String> {
    figure.value?;
    match figure.interval {
        Some([low, high]) if figure.unit == Unit::Count && low.fract() + high.fract() > 0.0 => {
            Some(format!("{low:.1}–{high:.1}"))
        }
        Some(bounds) => Some(format::range(bounds, figure.unit, Sample(figure.sample))),
        None if figure.unit == Unit::Seconds && figure.sample < 6 => {
            Some(format!("no interval under 6 {noun}"))
        }
        None => None,
    }
}

/// The normal range, if enough weeks make one; of rare events that of the time between them.
pub fn normal_range(figure: &Figure) -> Option<String> {
    const DAY_SECONDS: f64 = 86_400.0;
    if let Some(usual) = figure.usual_days_between() {
        let between = usual?.map(|days| days * DAY_SECONDS);
        let said = format::range(between, Unit::Seconds, Sample(figure.sample));
        return Some(format!("one every {said}"));
    }
    let bounds = figure.normal_range?;
    Some(format::range(bounds, figure.unit, Sample(figure.sample)))
}

/// How far the figure may be trusted, where its signal does not say so already; the day is the
/// company's.
pub fn state(figure: &Figure, settles_on: NaiveDate) -> Option<String> {
    let because = |word: &str| match &figure.reason {
        Some(reason) => format!("{word}: {reason}"),
        None => word.to_owned(),
    };
    match figure.state {
        State::None => figure.reason.clone(),
        State::Stale => Some(because("stale")),
        State::Partial => Some(because("partial")),
        State::Restated => Some(because("restated")),
        State::Maturing => Some(format!("settles {}", format::day(settles_on))),
        State::Estimated => Some(because("holds an estimate")),
        State::TooFew | State::Provisional | State::Exact => figure.reason.clone(),
    }
}
