//! Speed and sloppiness side by side, each by the metric that decides and one that stands beside it.

use leptos::prelude::*;

use crate::charts::sparkline::sparkline;
use crate::components::{figure, signal_mark::signal_mark};
use crate::format;
use crate::view::review::{Review, Row};

/// Beside the speed that decides, and beside the quality.
const DELIVERED: &str = "changes_delivered";
const DEFECTS: &str = "escaped_defects_per_100";
const INCIDENTS: &str = "incident_frequency";

/// Both halves; nothing before there is a figure to show.
pub fn halves(review: &Review) -> Option<AnyView> {
    let rows = || review.groups.iter().flat_map(|group| &group.rows);
    let row = |metric: &str| rows().find(|row| row.figure.metric == metric);
    let answer = &review.answer;
    // Defects count from the first that was classified; before it, incidents stand in.
    let bad = row(DEFECTS)
        .filter(|row| row.figure.value.is_some())
        .or_else(|| row(INCIDENTS));
    let speed = [row(&answer.speed.metric), row(DELIVERED)];
    let quality = [row(&answer.quality.metric), bad];
    if speed.iter().chain(&quality).all(Option::is_none) {
        return None;
    }
    // The sentence above compares spans of weeks.
    let week = format!("{} alone", format::week_name(&review.week));
    Some(
        view! {
            <section class="halves" aria-label="Speed and sloppiness">
                {half(("speed", "Speed"), &week, speed)}
                {half(("sloppiness", "Sloppiness"), &week, quality)}
            </section>
        }
        .into_any(),
    )
}

fn half((id, name): (&'static str, &'static str), week: &str, rows: [Option<&Row>; 2]) -> AnyView {
    let shown = |(place, row): (usize, &Row)| {
        let decides = (place == 0).then(|| view! { " " <small>"decides the sentence"</small> });
        let interval = figure::interval(&row.figure, &row.records_noun);
        let state = figure::state(&row.figure, row.settles_on);
        view! {
            <div class="half-row">
                <h3>{row.name.clone()}{decides}</h3>
                <p class="half-value">
                    {figure::number(&row.figure, &row.name, &row.records_noun)}
                    {interval.map(|interval| view! { " " <small>{interval}</small> })}
                    " "
                    <small>{format::counted(row.figure.sample, &row.records_noun)}</small>
                    {state.map(|state| view! { " " <small>{state}</small> })}
                </p>
                <p class="half-signal">{signal_mark(&row.figure, row.usable_weeks)}</p>
                <div class="half-line">{sparkline(row)}</div>
            </div>
        }
    };
    view! {
        <div class="half">
            <h2 id=id>{name}" "<small>{week.to_owned()}</small></h2>
            {rows.into_iter().flatten().enumerate().map(shown).collect_view()}
        </div>
    }
    .into_any()
}
