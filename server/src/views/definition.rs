//! A metric's definition, as the catalogue has it.

use app::view::definition::{Definition, Version};

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
