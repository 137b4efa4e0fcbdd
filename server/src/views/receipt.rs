//! A receipt: what is known of one thing and how well, and every number it went into.
//!
//! What it counts in is asked of the same links and the same functions that figures are made of, so
//! that a receipt and the list behind a figure cannot disagree.

mod answers;
mod artifact;
mod change;
mod computed;
mod cost;
mod counted;
mod defect;
mod deployment;
mod draft;
mod draws;
mod incident;
mod known;
mod raw;
mod reviews;
mod run;
mod timeline;
mod words;

use std::collections::BTreeSet;

use app::routes;
use app::view::receipt::{Accountable, Agent, Attribution, Kind, Receipt, Source, State};

use super::people::Names;
use super::{Error, Result, corrections, figure, rfc3339};
use crate::figures;
use crate::metrics::catalogue::Metric;
use crate::metrics::week::Calendar;
use crate::store::corrections as stored;
use crate::store::registry::{self, Registry};
use crate::store::{Db, Tx, told};
use draft::Draft;
use draws::Draws;

/// Kinds of artifacts, each of which is a kind of receipt as well.
const ARTIFACTS: [&str; 4] = ["reply", "ticket", "configuration", "other"];

/// The address of the receipt of a record of this kind, if there is one.
pub fn url(kind: &str, id: &str) -> Option<String> {
    let known = Kind::ALL.into_iter().any(|own| own.name() == kind) || ARTIFACTS.contains(&kind);
    known.then(|| routes::receipt(kind, id))
}

/// What every part of a receipt is read with.
struct Reading<'a> {
    registry: &'a Registry,
    names: &'a Names,
    calendar: &'a Calendar,
    /// The streams that have brought anything.
    arrived: &'a BTreeSet<String>,
}

impl Reading<'_> {
    /// Whether figures of a metric are told: of what it waits for something has come.
    fn is_told(&self, metric: &Metric) -> bool {
        figures::still_awaited(metric, self.arrived).is_empty()
    }
}

/// The receipt of one thing.
pub async fn receipt(db: &Db, kind: &str, id: &str) -> Result<Receipt> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let names = Names::load(&mut tx).await?;
    let calendar = figures::calendar(&registry.company);
    let arrived = figures::arrived(&mut tx).await?;
    let reading = Reading {
        registry: &registry,
        names: &names,
        calendar: &calendar,
        arrived: &arrived,
    };
    let drawn = match kind {
        "change" => change::draft(&mut tx, &reading, id).await?,
        "run" => run::draft(&mut tx, &reading, id).await?,
        "deployment" => deployment::draft(&mut tx, &reading, id).await?,
        "incident" => incident::draft(&mut tx, &reading, id).await?,
        "defect" => defect::draft(&mut tx, &reading, id).await?,
        "artifact" => match artifact::draft(&mut tx, &reading, (None, id)).await? {
            Some(draft) => Some(draft),
            None => change::draft(&mut tx, &reading, id).await?,
        },
        kind if ARTIFACTS.contains(&kind) => {
            artifact::draft(&mut tx, &reading, (Some(kind), id)).await?
        }
        _ => return Err(no_kind(kind)),
    };
    let draft = drawn.ok_or_else(|| not_found(kind, id))?;
    finish(&mut tx, &reading, draft).await
}

/// A receipt as it leaves, with the instant at which it does.
pub fn exported(receipt: &Receipt, at_ms: i64) -> serde_json::Result<serde_json::Value> {
    let mut receipt = serde_json::to_value(receipt)?;
    receipt["exported_at"] = rfc3339(at_ms).into();
    Ok(receipt)
}

fn no_kind(kind: &str) -> Error {
    let kinds = Kind::ALL.map(Kind::name).join(", ");
    Error::NotFound(format!(
        "receipts of the kind {kind:?}, while there are receipts of these: {kinds}"
    ))
}

fn not_found(kind: &str, id: &str) -> Error {
    Error::NotFound(format!("the {kind} {id:?} among all records that came"))
}

/// Puts the parts together once it is known from where each record came.
async fn finish(tx: &mut Tx, reading: &Reading<'_>, draft: Draft) -> Result<Receipt> {
    let Reading { registry, .. } = reading;
    let draws = Draws::of(tx, &draft).await?;
    let made = match draft.corrected_as {
        Some(kind) => stored::of(tx, kind, &draft.id).await?,
        None => Vec::new(),
    };
    let is_corrected = made
        .first()
        .is_some_and(|own| own.value != stored::AS_FOUND);
    let state = state(is_corrected, &draft);
    let week = draft.counts.counted.first().map(|own| own.week.clone());
    let (raw, more_raw) = raw::records(&draft, &draws);
    Ok(Receipt {
        sources: sources(tx, registry, &draws).await?,
        timeline: timeline::timeline(reading.calendar, draft.events, &draws),
        answers: draft.answers.finish(&draws),
        company: registry
            .company
            .name
            .clone()
            .unwrap_or_else(|| "The company".to_owned()),
        time_zone: words::zone(reading.calendar, draft.at_ms).to_owned(),
        service: (!draft.service.is_empty()).then(|| words::service(registry, &draft.service)),
        workflows: draft
            .workflows
            .iter()
            .map(|slug| accountable(reading, slug))
            .collect(),
        agent: draft.agent.as_deref().map(|id| agent(registry, id)),
        correction_url: draft
            .corrected_as
            .map(|kind| routes::correction(kind, &draft.id)),
        bodies_url: draft.bodies_url,
        attribution: Attribution {
            stands: draft.stands,
            evidence: draft.evidence,
            reason: draft.reason,
            made: made.into_iter().map(corrections::made).collect(),
        },
        kind: draft.kind,
        id: draft.id,
        title: draft.title,
        what: draft.what,
        url: draft.url,
        computed: draft.computed,
        items: draft.items,
        counted: draft.counts.counted,
        not_counted: draft.counts.not_counted,
        cost: draft.cost,
        no_cost: draft.no_cost,
        quality: draft.quality,
        state,
        week,
        raw,
        more_raw,
    })
}

fn state(is_corrected: bool, draft: &Draft) -> State {
    match (is_corrected, draft.counts.counted.is_empty()) {
        (true, _) => State::Corrected,
        (false, false) => State::Counted,
        (false, true) => State::NotCounted,
    }
}

fn accountable(reading: &Reading<'_>, slug: &str) -> Accountable {
    let own = reading.registry.workflow(slug);
    Accountable {
        slug: slug.to_owned(),
        name: own
            .and_then(|own| own.name.clone())
            .unwrap_or_else(|| slug.to_owned()),
        dri: own
            .and_then(|own| own.dri.as_deref())
            .map(|email| reading.names.of(email)),
        tier: own
            .and_then(|own| own.tier)
            .map(|tier| words::tier(tier).to_owned()),
    }
}

fn agent(registry: &Registry, id: &str) -> Agent {
    let own = registry.agent(id);
    Agent {
        name: own
            .and_then(|own| own.name.clone())
            .unwrap_or_else(|| id.to_owned()),
        tier: own
            .and_then(|own| own.tier)
            .map(|tier| words::tier(tier).to_owned()),
        is_registered: own.is_some(),
    }
}

/// Every source that told of it, then those that ever brought anything and told nothing.
async fn sources(tx: &mut Tx, registry: &Registry, draws: &Draws) -> Result<Vec<Source>> {
    let newest = told::newest_by_source(tx).await?;
    let newest_of = |name: &str| {
        newest
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, at)| *at)
    };
    let told = draws.by_source();
    let registered = registry.sources.iter().map(|own| own.name.as_str());
    let silent: std::collections::BTreeSet<&str> = newest
        .iter()
        .map(|(name, _)| name.as_str())
        .chain(registered)
        .filter(|name| !told.contains_key(name))
        .collect();
    let all = told.iter().map(|(name, count)| (*name, *count));
    Ok(all
        .chain(silent.into_iter().map(|name| (name, 0)))
        .map(|(name, records)| Source {
            name: name.to_owned(),
            records,
            newest_at: newest_of(name).map(rfc3339),
        })
        .collect())
}
