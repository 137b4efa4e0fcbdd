//! The records behind one figure: the number again, its weeks, and the list whose length is its
//! sample.

use leptos::prelude::*;

use crate::charts::process::{Caption, process};
use crate::components::{figure, restated::restated, signal_mark::signal_mark};
use crate::view::{
    figure::Unit,
    frame::Frame,
    records::{Records, SegmentLink},
};
use crate::{format, routes};

mod list;

/// `/records/{metric}`.
pub fn page(records: &Records, frame: &Frame) -> AnyView {
    let corrects = frame.person.as_ref().is_some_and(|person| person.corrects);
    let shown = &records.figure;
    let week = format::week(&shown.week);
    view! {
        <p class="crumbs">
            <a href=routes::review(Some(&shown.week), Some(&shown.scope))>{format::week_name(&shown.week)}</a>
            " / "
            <a href=records.definition_url.clone()>"What it means"</a>
        </p>
        <h1 class="name">{records.name.clone()}</h1>
        <p class="record">
            <span>{week}</span>
            <span>{records.scope_name.clone()}</span>
            <span>{format!("weeks in {} time", records.time_zone.replace('_', " "))}</span>
        </p>
        {summary(records)}
        {process(shown, &records.chart, Caption::Whole)}
        {segments(&records.segments)}
        {restated("Restated", &records.restatements)}
        {list::counted(records, corrects)}
        {list::left_out(records, corrects)}
        <p class="links">
            "The same list as "
            <a href=records.csv_url.clone()>"CSV"</a>
            " or "
            <a href=records.json_url.clone()>"JSON"</a>
            ". What waits for a person’s word stands under "
            <a href=routes::CORRECTIONS>"To put right"</a>
            "."
        </p>
    }
    .into_any()
}

/// The number with everything needed to trust it.
fn summary(records: &Records) -> AnyView {
    let shown = &records.figure;
    let interval = match (
        figure::interval(shown, &records.records_noun),
        shown.interval,
    ) {
        (Some(said), Some(_)) => Some(("95 % interval", said)),
        (Some(said), None) => Some(("Interval", said)),
        (None, _) => None,
    };
    let range = figure::normal_range(shown).map_or_else(
        || format!("none yet, from 6 {} on", shown.behind()),
        |range| match records.chart.usable_weeks {
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
                {figure::number(shown, &records.name, &records.records_noun)}
                " "
                <span class="sample">{format::counted(shown.sample, &records.records_noun)}</span>
            </p>
            <dl>
                {interval.map(|(name, said)| pair(name, said))}
                {parts.map(|said| pair("Parts", said))}
                {p90.map(|said| pair("Nine of ten within", said))}
                {pair("Normal range", range)}
                <div>
                    <dt>"Signal"</dt>
                    <dd>{signal_mark(shown, records.chart.usable_weeks)}</dd>
                </div>
                {figure::state(shown, records.settles_on).map(|said| pair("State", said))}
            </dl>
        </div>
    }
    .into_any()
}

fn pair(name: &'static str, said: String) -> AnyView {
    view! { <div><dt>{name}</dt> <dd>{said}</dd></div> }.into_any()
}

fn segments(segments: &[SegmentLink]) -> Option<AnyView> {
    if segments.len() < 2 {
        return None;
    }
    let link = |link: &SegmentLink| {
        let current = link.current.then_some("page");
        view! {
            <a href=link.url.clone() aria-current=current>
                {link.segment.clone()}" "
                <small>{format::count(link.sample)}</small>
            </a>
        }
    };
    Some(
        view! {
            <nav class="segments" aria-label="Segments">
                {segments.iter().map(link).collect_view()}
            </nav>
            <p class="legend">
                "These groups were not formed by chance. Unmarked means that no mark of an agent was found; it does not mean made by hand."
            </p>
        }
        .into_any(),
    )
}
