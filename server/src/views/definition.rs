//! A metric's definition, as the catalogue has it.

use app::view::definition::{Definition, Version};

use super::freshness::listed;
use super::{Result, metric};

pub fn definition(id: &str) -> Result<Definition> {
    let metric = metric(id)?;
    let text = &metric.definition;
    let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    Ok(Definition {
        metric: metric.id.to_owned(),
        name: metric.name.to_owned(),
        answers: text.answers.to_owned(),
        formula: own(text.formula),
        leaves_out: own(text.leaves_out),
        unit: metric.unit.name().to_owned(),
        direction: metric.better.sentence().to_owned(),
        records: text.records.to_owned(),
        week_of: text.week_of.to_owned(),
        settles: text.settles.to_owned(),
        needs: needs(metric.needs),
        statistics: own(text.statistics),
        source: text.source.to_owned(),
        versions: text
            .versions
            .iter()
            .map(|version| Version {
                version: version.version,
                since: version.since.to_owned(),
                change: version.change.to_owned(),
            })
            .collect(),
        records_url: format!("/records/{}", metric.id),
    })
}

/// The streams that a metric needs, and how it is said that they have not come.
fn needs(streams: &[&str]) -> String {
    let (noun, these, partial) = match streams.len() {
        1 => ("stream", "it", ""),
        _ => (
            "streams",
            "them",
            "; where it brought one of them and not another, partial",
        ),
    };
    format!(
        "The {noun} {}. Where a source has missed its rhythm twice and brought nothing of {these} since a week ended, the figure of that week is stale{partial}. A source without a rhythm is not waited for.",
        listed(streams, "and")
    )
}
