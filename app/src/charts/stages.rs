//! Where the time goes: one bar of the stages of a change, the slowest in ink and named in words.

use leptos::prelude::*;

use super::scale::percent;
use crate::components::figure;
use crate::format;
use crate::view::workflow::Stage;

/// The bar and its numbers; nothing while no stage is known.
pub fn stages(stages: &[Stage]) -> Option<AnyView> {
    let medians: Vec<f64> = stages
        .iter()
        .map(|stage| stage.figure.value.unwrap_or(0.0))
        .collect();
    let total: f64 = medians.iter().sum();
    if total <= 0.0 {
        return None;
    }
    let slowest = (0..stages.len()).max_by(|one, other| medians[*one].total_cmp(&medians[*other]));
    let mut left = 0.0;
    let parts: Vec<_> = medians
        .iter()
        .enumerate()
        .map(|(place, median)| {
            let width = 100.0 * median / total;
            let class = if Some(place) == slowest { "slowest" } else { "" };
            let part = view! {
                <rect class=class x=percent(tenths(left)) width=percent(tenths(width)) y="0" height="100%"></rect>
            };
            left += width;
            part
        })
        .collect();
    let named = slowest
        .and_then(|place| stages.get(place))
        .map(|stage| format!("slowest: {}", stage.name));
    Some(
        view! {
            <section aria-labelledby="stages">
                <h2 id="stages">
                    "Where the time goes " <small>"the median of each stage"{named.map(|named| format!(" · {named}"))}</small>
                </h2>
                <svg class="stages-bar" aria-hidden="true" focusable="false">{parts}</svg>
                <dl class="stages-named">{stages.iter().map(stage).collect_view()}</dl>
                <p class="legend">"Medians of stages do not add up to the median of the whole."</p>
            </section>
        }
        .into_any(),
    )
}

fn stage(stage: &Stage) -> AnyView {
    let interval = figure::interval(&stage.figure, &stage.records_noun);
    let sample = format::counted(stage.figure.sample, &stage.records_noun);
    view! {
        <div>
            <dt>{stage.name.clone()}</dt>
            <dd>
                {figure::number(&stage.figure, &stage.name, &stage.records_noun)}
                <small>{interval.map(|interval| format!("{interval} · "))}{sample}</small>
            </dd>
        </div>
    }
    .into_any()
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
