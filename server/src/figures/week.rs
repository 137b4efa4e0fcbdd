//! All figures of one week, from the links that stand in it.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::restated::{Because, restate};
use super::{calendar, facts};
use crate::links::{Item, Segment};
use crate::metrics::catalogue::{CATALOGUE, Kind, Metric, Of};
use crate::metrics::defect::Place;
use crate::metrics::pool::{Beside, pool};
use crate::metrics::week::Week;
use crate::metrics::{Computed, Contribution, Sums, incident};
use crate::store::figures::{self as stored, Figure};
use crate::store::links::changes::{self, Delivered};
use crate::store::links::{
    approvals, artifacts, defects, deployments, incidents, runs, suite_runs,
};
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
    gathering.artifacts(tx, span).await?;
    gathering.runs(tx, span).await?;
    gathering.suite_runs(tx, span).await?;
    gathering.approvals(tx, span).await?;
    Ok(gathering)
}

/// What a scope and segment gathered in one week, by metric in the catalogue's order.
struct Gathered(Vec<Own>);

/// What one metric gathered.
#[derive(Clone, Default)]
struct Own {
    contributions: Vec<i64>,
    /// When each happened, of events.
    instants_ms: Vec<i64>,
    /// Of the records behind the contributions, where they are asked for.
    ids: Vec<String>,
    left_out: u64,
    /// Of those left out, how many widen its bounds.
    unknown: u64,
    /// Of sums, what the contributions are parts of, together.
    whole: u64,
    /// Whether there is anything that could have counted.
    has_seen: bool,
    /// What is told beside the value, by name: how much, and of how much where that differs.
    parts: BTreeMap<&'static str, [u64; 2]>,
}

/// What a record adds to a metric.
#[derive(Clone, Copy)]
enum Adds {
    One(Contribution),
    Sums(Sums),
    /// It is of the kind that is counted, and does not count.
    Nothing,
}

/// What a record adds to what a metric tells beside its value.
struct Part {
    metric: &'static str,
    name: &'static str,
    part: u64,
    /// Zero where nothing is measured against.
    whole: u64,
}

impl Default for Gathered {
    fn default() -> Gathered {
        Gathered(vec![Own::default(); CATALOGUE.len()])
    }
}

impl Gathered {
    fn tell(&mut self, told: &Part) {
        let own = CATALOGUE.iter().zip(&mut self.0);
        for (_, own) in own.filter(|(metric, _)| metric.id == told.metric) {
            let [part, whole] = own.parts.entry(told.name).or_default();
            *part += told.part;
            *whole += told.whole;
        }
    }
}

impl Own {
    fn add(&mut self, metric: &Metric, adds: Adds, (at_ms, id): (Option<i64>, Option<&str>)) {
        self.has_seen = true;
        let (contribution, whole) = match adds {
            Adds::One(contribution) => (contribution, 0),
            Adds::Sums(Ok([part, whole])) => (Ok(part), whole.unsigned_abs()),
            Adds::Sums(Err(reason)) => (Err(reason), 0),
            Adds::Nothing => return,
        };
        self.whole += whole;
        match contribution {
            Ok(own) => {
                self.contributions.push(own);
                self.instants_ms
                    .extend(at_ms.filter(|_| metric.kind == Kind::Events));
                self.ids.extend(id.map(str::to_owned));
            }
            Err(reason) => {
                self.left_out += 1;
                self.unknown += u64::from(metric.widened_by == Some(reason));
            }
        }
    }

    fn sorted_instants(&mut self) -> Vec<i64> {
        let mut instants_ms = std::mem::take(&mut self.instants_ms);
        instants_ms.sort_unstable();
        instants_ms
    }

    fn is_empty(&self) -> bool {
        !self.has_seen && self.parts.is_empty()
    }

    /// What is told beside the value, as it is kept.
    fn parts(&self) -> store::Result<Option<String>> {
        if self.parts.is_empty() {
            return Ok(None);
        }
        let parts: BTreeMap<&str, serde_json::Value> = self
            .parts
            .iter()
            .map(|(name, [part, whole])| match whole {
                0 => (*name, serde_json::json!(part)),
                whole => (*name, serde_json::json!({"met": part, "asked": whole})),
            })
            .collect();
        Ok(Some(to_json("parts", &parts)?))
    }
}

/// A record and where it counts: its service, the workflows over it in JSON, and its segment.
struct Counted<'a> {
    id: &'a str,
    /// When it happened, of an event.
    at_ms: Option<i64>,
    service: &'a str,
    workflows: &'a str,
    segment: Option<&'static str>,
    parts: &'a [Part],
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
                at_ms: None,
                service: &link.service,
                workflows: &link.workflows,
                segment: Segment::parse(&link.segment).map(Segment::as_str),
                parts: &[],
            };
            self.add(&place, |of| match of {
                Of::Merged(of_change) => merged.as_ref().map(of_change).map(Adds::One),
                Of::Delivered(of_change) => delivered.as_ref().map(of_change).map(Adds::One),
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
                    at_ms: None,
                    service: &ended.link.service,
                    workflows: &ended.link.workflows,
                    segment: None,
                    parts: &[],
                };
                self.add(&place, |of| match (of, by) {
                    (Of::Deployed(of), deployments::By::Finish)
                    | (Of::Recovered(of), deployments::By::Recovery) => {
                        Some(Adds::One(of(&deployed)))
                    }
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
                at_ms: Some(link.started_at),
                service: &link.service,
                workflows: &link.workflows,
                segment: None,
                parts: &[],
            };
            self.add(&place, |of| match of {
                Of::Incident(of_incident) => Some(Adds::One(of_incident(&kind))),
                _ => None,
            })?;
        }
        for link in defects::between(tx, from_ms, to_ms).await? {
            let found = Place::parse(&link.place);
            let place = Counted {
                id: &link.defect_id,
                at_ms: None,
                service: &link.service,
                workflows: &link.workflows,
                segment: None,
                parts: &[],
            };
            self.add(&place, |of| match of {
                Of::Defect(of_defect) => Some(Adds::One(of_defect(&found))),
                _ => None,
            })?;
        }
        Ok(())
    }

    async fn artifacts(&mut self, tx: &mut Tx, (from_ms, to_ms): (i64, i64)) -> store::Result<()> {
        for link in artifacts::between(tx, from_ms, to_ms).await? {
            let artifact = facts::artifact(&link);
            let parts = artifact_parts(&link)?;
            let id = format!("{} {}", link.kind, link.reference);
            let place = Counted {
                id: &id,
                at_ms: None,
                service: &link.service,
                workflows: &link.workflows,
                segment: Segment::parse(&link.segment).map(Segment::as_str),
                parts: &parts,
            };
            self.add(&place, |of| match of {
                Of::Artifact(of) => Some(Adds::One(of(&artifact))),
                Of::ArtifactThat(counts) if counts(&artifact) => Some(Adds::One(Ok(1))),
                Of::ArtifactThat(_) => Some(Adds::Nothing),
                _ => None,
            })?;
        }
        Ok(())
    }

    async fn runs(&mut self, tx: &mut Tx, span: (i64, i64)) -> store::Result<()> {
        runs::between(tx, span, |link| {
            let run = facts::run(&link);
            let unpriced = [Part {
                metric: "cost_per_run",
                name: "unpriced",
                part: u64::from(run.cost_pico.is_none()),
                whole: 0,
            }];
            let place = Counted {
                id: &link.run_id,
                at_ms: None,
                service: "",
                workflows: &link.workflows,
                segment: None,
                parts: &unpriced,
            };
            self.add(&place, |of| match of {
                Of::Run(of) => Some(Adds::One(of(&run))),
                Of::RunSums(of) => Some(Adds::Sums(of(&run))),
                Of::RunThat(counts) if counts(&run) => Some(Adds::One(Ok(1))),
                Of::RunThat(_) => Some(Adds::Nothing),
                _ => None,
            })
        })
        .await
    }

    async fn suite_runs(&mut self, tx: &mut Tx, (from_ms, to_ms): (i64, i64)) -> store::Result<()> {
        let links = suite_runs::between(tx, from_ms, to_ms).await?;
        for (link, run) in facts::suite_runs(&links) {
            let workflows = to_json("workflows", &[&link.workflow])?;
            let place = Counted {
                id: &link.suite_run_id,
                at_ms: None,
                service: "",
                workflows: &workflows,
                segment: None,
                parts: &[],
            };
            self.add(&place, |of| match of {
                Of::SuiteRun(of) => of(&run).map(Adds::Sums),
                _ => None,
            })?;
        }
        Ok(())
    }

    async fn approvals(&mut self, tx: &mut Tx, (from_ms, to_ms): (i64, i64)) -> store::Result<()> {
        for link in approvals::decided_between(tx, from_ms, to_ms).await? {
            let decided = facts::decided(&link);
            let place = Counted {
                id: &link.approval_id,
                at_ms: None,
                service: &link.service,
                workflows: &link.workflows,
                segment: None,
                parts: &[],
            };
            self.add(&place, |of| match of {
                Of::Approval(of) => decided.as_ref().map(of).map(Adds::One),
                _ => None,
            })?;
        }
        Ok(())
    }

    /// Adds a record to the metrics that it counts in, in every scope and segment that it is part of.
    fn add(&mut self, place: &Counted<'_>, adds: impl Fn(Of) -> Option<Adds>) -> store::Result<()> {
        let added: Vec<(usize, &Metric, Adds)> = CATALOGUE
            .iter()
            .enumerate()
            .filter_map(|(at, metric)| Some((at, metric, adds(metric.of)?)))
            .collect();
        for scope in self.scopes(place)? {
            let by_segment = self.by_scope.entry(scope).or_default();
            for segment in std::iter::once("all").chain(place.segment) {
                let gathered = by_segment.entry(segment).or_default();
                for (at, metric, adds) in &added {
                    let id = self.keeps_ids.then_some(place.id);
                    gathered.0[*at].add(metric, *adds, (place.at_ms, id));
                }
                for part in place.parts {
                    gathered.tell(part);
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
    /// the values behind the medians, and the instants of the events, of all segments together.
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
                    whole: own.whole,
                };
                let parts = own.parts()?;
                let computed = pool(metric, &mut own.contributions, beside);
                let key = (scope.as_str(), segment, week);
                figures.push(Figure {
                    parts,
                    ..figure(metric, key, (computed, own.left_out))
                });
                let kept = match metric.kind {
                    Kind::Median | Kind::MeanMoney => std::mem::take(&mut own.contributions),
                    Kind::Events => own.sorted_instants(),
                    Kind::Count | Kind::Ratio | Kind::Sums | Kind::PerHundred => Vec::new(),
                };
                if segment == "all" && !kept.is_empty() {
                    values.push(Values {
                        metric: metric.id.to_owned(),
                        scope: scope.clone(),
                        contributions: kept,
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
        parts: None,
        reason: computed.reason,
    }
}

/// Each item's own share, and what was evaluated too late.
fn artifact_parts(link: &artifacts::ArtifactLink) -> store::Result<Vec<Part>> {
    let items: Vec<Item> = from_json("items", &link.items)?;
    let items = items.into_iter().map(|item| Part {
        metric: "auditability",
        name: item.item.as_str(),
        part: u64::from(item.is_met),
        whole: 1,
    });
    let too_late = Part {
        metric: "evaluation_coverage",
        name: "too_late",
        part: u64::from(link.evaluated == "too_late"),
        whole: 0,
    };
    Ok(items.chain([too_late]).collect())
}
