//! All figures of one week, from the links that stand in it.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::restated::{Because, restate};
use super::{calendar, facts};
use crate::links::Segment;
use crate::metrics::catalogue::{CATALOGUE, Kind, Metric, Of};
use crate::metrics::defect::Place;
use crate::metrics::pool::{Beside, pool};
use crate::metrics::week::Week;
use crate::metrics::{Computed, Contribution, incident};
use crate::store::figures::{self as stored, Figure};
use crate::store::links::changes::{self, Delivered};
use crate::store::links::{defects, deployments, incidents};
use crate::store::registry::{self, Registry};
use crate::store::values::{self, Values};
use crate::store::{self, Tx, from_json, to_json};

/// Computes all figures of a week again; what moves of a frozen one is restated.
pub(super) async fn compute(tx: &mut Tx, week: &str, because: &Because) -> store::Result<()> {
    let registry = registry::load(tx).await?;
    let Ok(parsed) = Week::from_str(week) else {
        return stored::replace_week(tx, week, &[]).await;
    };
    let gathering = gather(tx, &registry, parsed, false).await?;
    let (figures, values) = gathering.figures(week)?;
    stored::replace_week(tx, week, &figures).await?;
    values::replace_week(tx, week, &values).await?;
    restate(tx, (&registry, parsed), &figures, because).await
}

/// A hash of the sorted ids of the records behind each figure of a week, by metric, scope and segment.
pub async fn record_hashes(
    tx: &mut Tx,
    registry: &Registry,
    week: Week,
) -> store::Result<BTreeMap<[String; 3], String>> {
    gather(tx, registry, week, true).await?.record_hashes()
}

async fn gather<'a>(
    tx: &mut Tx,
    registry: &'a Registry,
    week: Week,
    keeps_ids: bool,
) -> store::Result<Gathering<'a>> {
    let calendar = calendar(&registry.company);
    let span = (calendar.start_ms(week), calendar.end_ms(week));
    let mut gathering = Gathering::of(registry, keeps_ids);
    gathering.changes(tx, span).await?;
    gathering.deployments(tx, span).await?;
    gathering.incidents_and_defects(tx, span).await?;
    Ok(gathering)
}

/// What a scope and segment gathered in one week, by metric in the catalogue's order.
struct Gathered(Vec<Own>);

/// What one metric gathered.
#[derive(Clone, Default)]
struct Own {
    contributions: Vec<i64>,
    /// Of the records behind the contributions, where they are asked for.
    ids: Vec<String>,
    left_out: u64,
    /// Of those left out, how many widen its bounds.
    unknown: u64,
}

impl Default for Gathered {
    fn default() -> Gathered {
        Gathered(vec![Own::default(); CATALOGUE.len()])
    }
}

impl Own {
    fn add(&mut self, metric: &Metric, contribution: Contribution, id: Option<&str>) {
        match contribution {
            Ok(own) => {
                self.contributions.push(own);
                self.ids.extend(id.map(str::to_owned));
            }
            Err(reason) => {
                self.left_out += 1;
                self.unknown += u64::from(metric.widened_by == Some(reason));
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.contributions.is_empty() && self.left_out == 0
    }
}

/// A record and where it counts: its service, the workflows over it in JSON, and its segment.
struct Counted<'a> {
    id: &'a str,
    service: &'a str,
    workflows: &'a str,
    segment: Option<&'static str>,
}

struct Gathering<'a> {
    registered: BTreeSet<&'a str>,
    keeps_ids: bool,
    by_scope: BTreeMap<String, BTreeMap<&'static str, Gathered>>,
}

impl<'a> Gathering<'a> {
    fn of(registry: &'a Registry, keeps_ids: bool) -> Gathering<'a> {
        let services = registry.services.iter();
        Gathering {
            registered: services.map(|service| service.slug.as_str()).collect(),
            keeps_ids,
            by_scope: BTreeMap::new(),
        }
    }

    async fn changes(&mut self, tx: &mut Tx, (from_ms, to_ms): (i64, i64)) -> store::Result<()> {
        let reviewed = changes::reviewed_services(tx).await?;
        let is_in_week = |at: Option<i64>| at.is_some_and(|at| (from_ms..to_ms).contains(&at));
        for Delivered { link, delivery } in changes::between(tx, from_ms, to_ms).await? {
            let merged = facts::merged(&link, &reviewed).filter(|_| is_in_week(link.merged_at));
            let delivered =
                facts::delivered(&link, &delivery).filter(|_| is_in_week(delivery.deployment_at));
            let place = Counted {
                id: &link.change_id,
                service: &link.service,
                workflows: &link.workflows,
                segment: Segment::parse(&link.segment).map(Segment::as_str),
            };
            self.add(&place, |of| match of {
                Of::Merged(of_change) => merged.as_ref().map(of_change),
                Of::Delivered(of_change) => delivered.as_ref().map(of_change),
                _ => None,
            })?;
        }
        Ok(())
    }

    async fn deployments(&mut self, tx: &mut Tx, span: (i64, i64)) -> store::Result<()> {
        for by in [deployments::By::Finish, deployments::By::Recovery] {
            for ended in deployments::between(tx, by, span).await? {
                let deployed = facts::deployed(&ended);
                let place = Counted {
                    id: &ended.link.deployment_id,
                    service: &ended.link.service,
                    workflows: &ended.link.workflows,
                    segment: None,
                };
                self.add(&place, |of| match (of, by) {
                    (Of::Deployed(of), deployments::By::Finish)
                    | (Of::Recovered(of), deployments::By::Recovery) => Some(of(&deployed)),
                    _ => None,
                })?;
            }
        }
        Ok(())
    }

    async fn incidents_and_defects(
        &mut self,
        tx: &mut Tx,
        (from_ms, to_ms): (i64, i64),
    ) -> store::Result<()> {
        for link in incidents::between(tx, from_ms, to_ms).await? {
            let kind = incident::Kind::parse(link.not_an_incident.as_deref());
            let place = Counted {
                id: &link.incident_id,
                service: &link.service,
                workflows: &link.workflows,
                segment: None,
            };
            self.add(&place, |of| match of {
                Of::Incident(of_incident) => Some(of_incident(&kind)),
                _ => None,
            })?;
        }
        for link in defects::between(tx, from_ms, to_ms).await? {
            let found = Place::parse(&link.place);
            let place = Counted {
                id: &link.defect_id,
                service: &link.service,
                workflows: &link.workflows,
                segment: None,
            };
            self.add(&place, |of| match of {
                Of::Defect(of_defect) => Some(of_defect(&found)),
                _ => None,
            })?;
        }
        Ok(())
    }

    /// Adds a record to the metrics that it counts in, in every scope and segment that it is part of.
    fn add(
        &mut self,
        place: &Counted<'_>,
        contribution: impl Fn(Of) -> Option<Contribution>,
    ) -> store::Result<()> {
        let contributions: Vec<(usize, &Metric, Contribution)> = CATALOGUE
            .iter()
            .enumerate()
            .filter_map(|(at, metric)| Some((at, metric, contribution(metric.of)?)))
            .collect();
        for scope in self.scopes(place)? {
            let by_segment = self.by_scope.entry(scope).or_default();
            for segment in std::iter::once("all").chain(place.segment) {
                let gathered = by_segment.entry(segment).or_default();
                for (at, metric, contribution) in &contributions {
                    let id = self.keeps_ids.then_some(place.id);
                    gathered.0[*at].add(metric, *contribution, id);
                }
            }
        }
        Ok(())
    }

    /// The company, its service once registered, the workflows over it.
    fn scopes(&self, place: &Counted<'_>) -> store::Result<Vec<String>> {
        let mut scopes = vec!["company".to_owned()];
        if self.registered.contains(place.service) {
            scopes.push(format!("service:{}", place.service));
        }
        if place.workflows != "[]" {
            let workflows: Vec<String> = from_json("workflows", place.workflows)?;
            scopes.extend(workflows.into_iter().map(|slug| format!("workflow:{slug}")));
        }
        Ok(scopes)
    }

    /// What each scope and segment gathered.
    fn parts(self) -> impl Iterator<Item = (String, &'static str, Gathered)> {
        self.by_scope.into_iter().flat_map(|(scope, by_segment)| {
            let parts = by_segment.into_iter();
            parts.map(move |(segment, gathered)| (scope.clone(), segment, gathered))
        })
    }

    fn record_hashes(self) -> store::Result<BTreeMap<[String; 3], String>> {
        let mut hashes = BTreeMap::new();
        for (scope, segment, Gathered(own)) in self.parts() {
            for (metric, mut own) in CATALOGUE.iter().zip(own) {
                own.ids.sort_unstable();
                let ids = to_json("ids", &own.ids)?;
                let name = [metric.id.to_owned(), scope.clone(), segment.to_owned()];
                hashes.insert(name, hex::encode(Sha256::digest(ids.as_bytes())));
            }
        }
        Ok(hashes)
    }

    /// A figure of every metric that any record of its kind stands behind, or was left out of, and
    /// the values behind the medians of all segments together.
    fn figures(self, week: &str) -> store::Result<(Vec<Figure>, Vec<Values>)> {
        let mut figures = Vec::new();
        let mut values = Vec::new();
        for (scope, segment, Gathered(mut own)) in self.parts() {
            let counted: BTreeMap<&str, u64> = CATALOGUE
                .iter()
                .zip(&own)
                .map(|(metric, own)| (metric.id, own.contributions.len() as u64))
                .collect();
            for (metric, own) in CATALOGUE.iter().zip(&mut own) {
                if own.is_empty() {
                    continue;
                }
                let against = metric.per_hundred_of.and_then(|of| counted.get(of));
                let beside = Beside {
                    unknown: own.unknown,
                    against: against.copied().unwrap_or(0),
                };
                let computed = pool(metric, &mut own.contributions, beside);
                let key = (scope.as_str(), segment, week);
                figures.push(figure(metric, key, (computed, own.left_out)));
                if segment == "all" && metric.kind == Kind::Median && !own.contributions.is_empty()
                {
                    values.push(Values {
                        metric: metric.id.to_owned(),
                        scope: scope.clone(),
                        contributions: std::mem::take(&mut own.contributions),
                    });
                }
            }
        }
        Ok((figures, values))
    }
}

fn figure(
    metric: &Metric,
    (scope, segment, week): (&str, &str, &str),
    (computed, left_out): (Computed, u64),
) -> Figure {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    Figure {
        metric: metric.id.to_owned(),
        scope: scope.to_owned(),
        segment: segment.to_owned(),
        week: week.to_owned(),
        definition_version: i64::from(metric.version),
        value: computed.value,
        sample: count(computed.sample),
        numerator: computed.numerator.map(count),
        denominator: computed.denominator.map(count),
        p90: computed.p90,
        interval_low: computed.interval.map(|[low, _]| low),
        interval_high: computed.interval.map(|[_, high]| high),
        low: computed.bounds.map(|[low, _]| low),
        high: computed.bounds.map(|[_, high]| high),
        per_hundred: computed.per_hundred,
        left_out: count(left_out),
        reason: computed.reason,
    }
}
