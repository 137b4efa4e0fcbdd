//! One figure large, with everything needed to trust it.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::figure;
use super::signal_mark::signal_mark;
use crate::format;
use crate::view::figure::{Figure, Unit};

/// What is said of a figure.
pub struct Summary<'a> {
    pub figure: &'a Figure,
    /// The metric's name in words.
    pub name: &'a str,
    /// What the sample counts, in the plural.
    pub records_noun: &'a str,
    pub usable_weeks: u32,
    pub settles_on: NaiveDate,
}

/// The number with its sample, interval, normal range, signal and state.
pub fn summary(of: &Summary<'_>) -> AnyView {
    let shown = of.figure;
    let interval = match (figure::interval(shown, of.records_noun), shown.interval) {
        (Some(said), Some(_)) => Some(("95 % interval", said)),
        (Some(said), None) => Some(("Interval", said)),
        (None, _) => None,
    };
    let range = figure::normal_range(shown).map_or_else(
        || format!("none yet, from 6 {} on", shown.behind()),
        |range| match of.usable_weeks {
            20.. => format!("{range}, locked on 20 {}", shown.behind()),
            weeks => format!(
                "{range}, from {}",
                format::counted(u64::from(weeks), shown.behind())
            ),
        },
    );
    // Nine of ten are said of ten at least.
    let p90 = shown
        .p90
        .filter(|_| shown.sample >= 10)
        .map(|p90| format::value(p90, shown.unit, format::Sample(shown.sample)));
    let parts = match (shown.unit, shown.numerator, shown.denominator) {
        (Unit::Ratio, Some(part), Some(whole)) => Some(format::fraction(part, whole)),
        _ => None,
    };
    view! {
        <div class="summary">
            <p class="figure">
                {figure::number(shown, of.name, of.records_noun)}
                " "
                <span class="sample">{format::counted(shown.sample, of.records_noun)}</span>
            </p>
            <dl>
                {interval.map(|(name, said)| pair(name, said))}
                {parts.map(|said| pair("Parts", said))}
                {p90.map(|said| pair("Nine of ten within", said))}
                {pair("Normal range", range)}
                <div>
                    <dt>"Signal"</dt>
                    <dd>{signal_mark(shown, of.usable_weeks)}</dd>
                </div>
                {figure::state(shown, of.settles_on).map(|said| pair("State", said))}
            </dl>
        </div>
    }
    .into_any()
}

fn pair(name: &'static str, said: String) -> AnyView {
    view! { <div><dt>{name}</dt> <dd>{said}</dd></div> }.into_any()
}
