//! The records behind one figure: the number again, its weeks, and the list whose length is its
//! sample.

use leptos::prelude::*;

use crate::charts::process::{Caption, process};
use crate::components::picture::pictures;
use crate::components::restated::restated;
use crate::components::summary::{Summary, summary};
use crate::view::{
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
            <span>{format::last_data(records.data_as_of, &records.time_zone)}</span>
        </p>
        {summed(records)}
        {process(shown, &records.chart, Caption::Whole).map(|chart| charted(chart, records))}
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

fn charted(chart: AnyView, records: &Records) -> AnyView {
    view! { {chart} <p class="links">{pictures(&records.figure, &records.name)}</p> }.into_any()
}

fn summed(records: &Records) -> AnyView {
    summary(&Summary {
        figure: &records.figure,
        name: &records.name,
        records_noun: &records.records_noun,
        usable_weeks: records.chart.usable_weeks,
        settles_on: records.settles_on,
    })
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
