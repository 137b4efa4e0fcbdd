//! Which figures it stands behind, with what it adds, and which it does not, and why.
//!
//! Asked of the functions that the figures themselves are made of.

use app::format::{self, Sample};
use app::view::figure::Unit;
use app::view::money;
use app::view::receipt::{Counted, NotCounted};

use super::draft::Counts;
use super::{Reading, figure, words};
use crate::metrics::artifact::Artifact;
use crate::metrics::catalogue::{self, CATALOGUE, Metric, Of};
use crate::metrics::defect::Place;
use crate::metrics::delivered::Delivered;
use crate::metrics::deployed::Deployed;
use crate::metrics::merged::Merged;
use crate::metrics::pool::scale;
use crate::metrics::run::Run;
use crate::metrics::{Contribution, incident};

/// What it adds to a figure: one number, or a part and a whole.
enum Adds {
    One(i64),
    Sums([i64; 2]),
}

/// What it is to metrics, each with the instant that decides its week.
#[derive(Default)]
pub(super) struct Facts<'a> {
    pub merged: Option<(i64, &'a Merged)>,
    pub delivered: Option<(i64, &'a Delivered)>,
    /// Finish, recovery where there was one, and how it went.
    pub deployed: Option<(i64, Option<i64>, &'a Deployed)>,
    pub incident: Option<(i64, &'a incident::Kind)>,
    pub defect: Option<(i64, &'a Place)>,
    pub artifact: Option<(i64, &'a Artifact)>,
    pub run: Option<(i64, &'a Run)>,
    /// Why it is none of what a metric counts, by what that is.
    pub not_merged: Option<&'static str>,
    pub not_delivered: Option<&'static str>,
    pub no_artifact: Option<&'static str>,
}

/// Asks every metric there is, in the order of the review.
pub(super) fn counts(reading: &Reading<'_>, facts: &Facts<'_>) -> Counts {
    let mut counts = Counts::default();
    for metric in CATALOGUE {
        let Some((at_ms, adds)) = asked(metric, facts) else {
            continue;
        };
        let adds = match reading.is_told(metric) {
            true => adds,
            false => Err("nothing is known of it yet anywhere"),
        };
        match adds {
            Ok(adds) => counts.counted.push(counted(reading, metric, (at_ms, adds))),
            Err(reason) => counts.not_counted.push(NotCounted {
                metric: metric.id.to_owned(),
                name: metric.name.to_owned(),
                reason: reason.to_owned(),
            }),
        }
    }
    counts
}

type Asked = Option<(i64, Result<Adds, &'static str>)>;

/// What a metric makes of it; nothing where it counts other things.
fn asked(metric: &Metric, facts: &Facts<'_>) -> Asked {
    let one = |(at, own): (i64, Contribution)| (at, own.map(Adds::One));
    let without = |why: Option<&'static str>| why.map(|why| (0, Err(why)));
    match metric.of {
        Of::Merged(of) => {
            let own = facts.merged.map(|(at, own)| one((at, of(own))));
            own.or_else(|| without(facts.not_merged))
        }
        Of::Delivered(of) => {
            let own = facts.delivered.map(|(at, own)| one((at, of(own))));
            own.or_else(|| without(facts.not_delivered))
        }
        Of::Deployed(of) => facts.deployed.map(|(at, _, own)| one((at, of(own)))),
        // One that did not fail has nothing to recover from.
        Of::Recovered(of) => {
            let failed = facts.deployed.filter(|(_, _, own)| own.is_failed);
            failed.map(|(at, well, own)| one((well.unwrap_or(at), of(own))))
        }
        Of::Incident(of) => facts.incident.map(|(at, own)| one((at, of(own)))),
        Of::Defect(of) => facts.defect.map(|(at, own)| one((at, of(own)))),
        Of::Artifact(of) => {
            let own = facts.artifact.map(|(at, own)| one((at, of(own))));
            own.or_else(|| without(facts.no_artifact))
        }
        Of::ArtifactThat(that) => {
            let own = facts.artifact.filter(|(_, own)| that(own));
            own.map(|(at, _)| (at, Ok(Adds::One(1))))
        }
        Of::Run(of) => facts.run.map(|(at, own)| one((at, of(own)))),
        Of::RunThat(that) => {
            let own = facts.run.filter(|(_, own)| that(own));
            own.map(|(at, _)| (at, Ok(Adds::One(1))))
        }
        Of::RunSums(of) => facts.run.map(|(at, own)| (at, of(own).map(Adds::Sums))),
        Of::SuiteRun(_) | Of::Approval(_) => None,
    }
}

fn counted(reading: &Reading<'_>, metric: &Metric, (at_ms, adds): (i64, Adds)) -> Counted {
    let week = reading.calendar.week_of(at_ms).to_string();
    let unit = figure::unit(metric.unit, &reading.registry.company);
    Counted {
        metric: metric.id.to_owned(),
        name: metric.name.to_owned(),
        contribution: contribution(metric, adds, unit),
        records_url: figure::records_url(metric.id, &week, "company", "all"),
        week,
    }
}

fn contribution(metric: &Metric, adds: Adds, unit: Unit) -> String {
    match (adds, unit) {
        (Adds::One(_), _) if metric.kind.counts() => "one of them".to_owned(),
        (Adds::One(ms), Unit::Seconds) => words::exact(ms),
        (Adds::One(1), Unit::Ratio) => "yes, 1 of 1".to_owned(),
        (Adds::One(own), Unit::Ratio) => format!("no, {own} of 1"),
        (Adds::One(_), Unit::Count) if metric.kind == catalogue::Kind::PerHundred => {
            "one of them".to_owned()
        }
        (Adds::One(own), Unit::Count) => own.to_string(),
        (Adds::One(own), Unit::Money(currency)) => {
            money::named(&money::decimal(own as f64 / scale(metric.unit)), currency)
        }
        // How many tokens there were is nobody's figure here.
        (Adds::Sums([part, whole]), _) if metric.id == "cache_share" => {
            format::value(part as f64 / whole as f64, Unit::Ratio, Sample(100))
        }
        (Adds::Sums([part, whole]), _) => format!("{part} of {whole}"),
    }
}
