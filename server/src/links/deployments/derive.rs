//! From the facts of a part to its links, deliveries and remedies.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::facts::Facts;
use super::line::{Line, Part};
use crate::links::contents::{self, Contents};
use crate::links::holders::Holders;
use crate::links::production::{Attempt, Kind};
use crate::links::revert::Reverts;
use crate::links::segment::{Evidence, Level};
use crate::links::{VERSION, remedy, work};
use crate::store::changes::{self, Titled};
use crate::store::links::changes::{self as change_links, Delivery, Merged};
use crate::store::links::deployments::DeploymentLink;
use crate::store::links::remedies::Remedy;
use crate::store::{self, Tx, commits, from_json, to_json};

/// What comes of a part.
#[derive(Debug, Default)]
pub(super) struct Derived {
    pub links: Vec<DeploymentLink>,
    /// By change.
    pub deliveries: BTreeMap<String, Delivery>,
    pub remedies: Vec<Remedy>,
}

/// An attempt, and what it was the first to deliver.
struct Seen<'a> {
    attempt: &'a Attempt,
    kind: Kind,
    /// Whether a person has said what it is.
    is_corrected: bool,
    contents: Contents<'a>,
    brought: Vec<&'a Merged>,
    is_first: bool,
    reach: Option<i64>,
}

pub(super) async fn derive(
    tx: &mut Tx,
    line: &Line<'_>,
    part: &Part,
    facts: &Facts,
) -> store::Result<Derived> {
    let seen = walk(line, part, facts);
    let mut derived = Derived {
        deliveries: deliveries(&seen),
        ..Derived::default()
    };
    let mut remedies = kind_remedies(tx, line, part, (&seen, facts)).await?;
    remedies.extend(revert_remedies(tx, line, part, (&seen, &derived)).await?);
    remedies.sort_unstable();
    remedies.dedup_by(|a, b| a.remedy_id == b.remedy_id && a.remedied_id == b.remedied_id);
    let reworks: HashSet<&str> = remedies.iter().map(|one| one.remedy_id.as_str()).collect();
    let next_kinds = seen.iter().skip(1).map(|next| Some(next.kind));
    for (one, next) in seen.iter().zip(next_kinds.chain([None])) {
        let is_rework = reworks.contains(one.attempt.id.as_str())
            && said_kind(one.attempt, facts) != Some(Kind::Planned);
        let next_is_remedy = next.is_some_and(|kind| kind != Kind::Planned);
        derived
            .links
            .push(link(one, line, (is_rework, next_is_remedy))?);
    }
    for pushed in &facts.ignored {
        derived.links.push(ignored(pushed, line)?);
    }
    derived.remedies = remedies;
    Ok(derived)
}

/// What a person has put right, else what the sender says.
fn said_kind(attempt: &Attempt, facts: &Facts) -> Option<Kind> {
    facts.corrected.get(&attempt.id).copied().or(attempt.kind)
}

/// Goes through the attempts in their order, with what runs and what is in production already.
fn walk<'a>(line: &Line<'_>, part: &'a Part, facts: &'a Facts) -> Vec<Seen<'a>> {
    let merged = facts.merged();
    let mut waiting = facts.in_order(line.service).into_iter().peekable();
    let mut brought_before: HashSet<&str> = HashSet::new();
    let mut running = part.running.as_ref();
    let mut reach = facts.reached;
    let start = (part.start.0, part.start.1.as_str());
    let mut seen = Vec::with_capacity(part.attempts.len());
    for attempt in &part.attempts {
        let contents = if attempt.is_success {
            contents::contents(attempt, line.service, &merged, &facts.holders)
        } else {
            Contents::default()
        };
        let mut brought: Vec<&Merged> = contents
            .listed
            .iter()
            .filter_map(|id| merged.get(id).copied())
            .collect();
        while let Some(next) =
            waiting.next_if(|next| contents.up_to.is_some_and(|up_to| next.merged_at <= up_to))
        {
            brought.push(next);
        }
        brought.retain(|change| {
            let before = change.delivery.place().is_some_and(|place| place < start);
            !before && brought_before.insert(&change.change_id)
        });
        reach = reach.max(contents.up_to);
        let said = Attempt {
            kind: said_kind(attempt, facts),
            ..attempt.clone()
        };
        let brings_a_fix = attempt.is_success && brought.iter().any(|change| change.is_fix == 1);
        let commit = running.and_then(|running| running.commit.as_deref());
        let kind = remedy::kind(&said, (&facts.history, commit), brings_a_fix, line.ways);
        seen.push(Seen {
            attempt,
            kind,
            is_corrected: facts.corrected.contains_key(&attempt.id),
            contents,
            brought,
            is_first: attempt.is_success && running.is_none(),
            reach: reach.filter(|_| attempt.is_success),
        });
        if attempt.is_success {
            running = Some(attempt);
        }
    }
    seen
}

fn deliveries(seen: &[Seen<'_>]) -> BTreeMap<String, Delivery> {
    let each = seen.iter().flat_map(|one| {
        let delivery = Delivery {
            deployment_id: Some(one.attempt.id.clone()),
            deployment_at: Some(one.attempt.finished_at),
            delivered_at: (!one.is_first).then_some(one.attempt.finished_at),
        };
        let brought = one.brought.iter();
        brought.map(move |change| (change.change_id.clone(), delivery.clone()))
    });
    each.collect()
}

/// What rollbacks and fixes put right.
async fn kind_remedies(
    tx: &mut Tx,
    line: &Line<'_>,
    part: &Part,
    (seen, facts): (&[Seen<'_>], &Facts),
) -> store::Result<Vec<Remedy>> {
    let mut remedies = Vec::new();
    let mut before = part.before.as_ref();
    for one in seen {
        let attempt = one.attempt;
        let returned = facts.history.latest_before(attempt);
        let remedied = match (one.kind, returned) {
            _ if !attempt.is_success => None,
            (Kind::Planned, _) => None,
            (Kind::Rollback, Some(returned)) => {
                first_between(tx, line, part, (returned, attempt.place())).await?
            }
            (Kind::Rollback, None) | (Kind::Fix, _) => before.map(|before| before.id.clone()),
        };
        let (level, how) = match (said_kind(attempt, facts), one.kind) {
            (Some(_), kind) if one.is_corrected => (
                Level::Declared,
                format!("put right by hand: it was a {}", kind.as_str()),
            ),
            (Some(_), kind) => (
                Level::Declared,
                format!("its sender calls it a {}", kind.as_str()),
            ),
            (None, Kind::Rollback) => (
                Level::Inferred,
                "it went back to a commit that ran before".to_owned(),
            ),
            (None, _) => (
                Level::Inferred,
                "it was the first to deliver a fix".to_owned(),
            ),
        };
        remedies.extend(remedied.map(|remedied_id| Remedy {
            service: line.service.to_owned(),
            remedy_id: attempt.id.clone(),
            remedied_id,
            remedy_at: attempt.finished_at,
            level: level.as_str().to_owned(),
            what: how,
        }));
        before = Some(attempt);
    }
    Ok(remedies)
}

/// The first that was done after one place and before another; with none, the last attempt.
async fn first_between(
    tx: &mut Tx,
    line: &Line<'_>,
    part: &Part,
    (after, before): ((i64, &str), (i64, &str)),
) -> store::Result<Option<String>> {
    if after < (part.start.0, part.start.1.as_str()) {
        return line.first_between(tx, after, before).await;
    }
    let begin = part.attempts.partition_point(|one| one.place() <= after);
    let end = part.attempts.partition_point(|one| one.place() < before);
    let between = part.attempts.get(begin..end).unwrap_or_default();
    let done = between.iter().find(|one| one.is_success);
    Ok(done.or(between.last()).map(|one| one.id.clone()))
}

/// What deployments put right by being the first to deliver a revert.
async fn revert_remedies(
    tx: &mut Tx,
    line: &Line<'_>,
    part: &Part,
    (seen, derived): (&[Seen<'_>], &Derived),
) -> store::Result<Vec<Remedy>> {
    let mut reverting: Vec<(&Attempt, &Merged, Reverts)> = Vec::new();
    for one in seen {
        for change in &one.brought {
            if let Some(says) = &change.reverts {
                reverting.push((one.attempt, change, from_json("what it reverts", says)?));
            }
        }
    }
    if reverting.is_empty() {
        return Ok(Vec::new());
    }
    let targets = Targets::load(tx, line.service, &reverting).await?;
    let mut reverted: Vec<(&Attempt, &Merged, String)> = Vec::new();
    for (attempt, change, says) in &reverting {
        for id in targets.of(change, says) {
            reverted.push((attempt, change, id));
        }
    }
    let ids: Vec<&str> = reverted.iter().map(|(_, _, id)| id.as_str()).collect();
    let found = change_links::merged(tx, &ids).await?;
    let found: HashMap<&str, &Merged> = found
        .iter()
        .map(|change| (change.change_id.as_str(), change))
        .collect();
    let start = (part.start.0, part.start.1.as_str());
    let remedies = reverted.iter().filter_map(|(attempt, change, id)| {
        let target = found.get(id.as_str())?;
        let delivery = derived.deliveries.get(id).or_else(|| {
            let stored = &target.delivery;
            stored
                .place()
                .filter(|place| *place < start)
                .map(|_| stored)
        })?;
        let is_earlier = delivery.place()? < attempt.place();
        let counts = target.service == line.service
            && target.reverts.is_none()
            && delivery.delivered_at.is_some();
        (is_earlier && counts).then(|| Remedy {
            service: line.service.to_owned(),
            remedy_id: attempt.id.clone(),
            remedied_id: delivery.deployment_id.clone().unwrap_or_default(),
            remedy_at: attempt.finished_at,
            level: Level::Declared.as_str().to_owned(),
            what: format!(
                "it was the first to deliver {}, which reverts {id}",
                change.change_id
            ),
        })
    });
    Ok(remedies.collect())
}

/// What the changes lead to that others say they revert.
struct Targets<'a> {
    service: &'a str,
    /// Ids that are named and known.
    named: HashSet<String>,
    holders: Holders,
    /// By the change that names a title.
    titled: HashMap<String, String>,
}

impl<'a> Targets<'a> {
    async fn load(
        tx: &mut Tx,
        service: &'a str,
        reverting: &[(&Attempt, &Merged, Reverts)],
    ) -> store::Result<Targets<'a>> {
        let (mut shas, mut names, mut titled) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for (_, change, says) in reverting {
            shas.extend(says.commits().iter().map(String::as_str));
            match says {
                Reverts::Named(name) => {
                    names.insert(name.as_str());
                }
                Reverts::Commits(_) => {}
                Reverts::Titled(title) => titled.push(Titled {
                    change_id: &change.change_id,
                    merged_at: change.merged_at,
                    title,
                }),
            }
        }
        let shas: Vec<&str> = shas.into_iter().collect();
        let names: Vec<&str> = names.into_iter().collect();
        let named = change_links::merged(tx, &names).await?.into_iter();
        Ok(Targets {
            service,
            named: named.map(|change| change.change_id).collect(),
            holders: Holders::of(commits::holders(tx, &shas).await?),
            titled: changes::titled_before(tx, service, &titled)
                .await?
                .into_iter()
                .collect(),
        })
    }

    /// The changes that a change reverts, as far as they are known.
    fn of(&self, change: &Merged, says: &Reverts) -> Vec<String> {
        match says {
            Reverts::Named(name) if self.named.contains(name) => vec![name.clone()],
            Reverts::Named(_) | Reverts::Commits(_) => {
                let held = says.commits().iter().filter_map(|sha| {
                    let holder = self.holders.in_service(sha, self.service, i64::MAX)?;
                    Some(holder.change_id.clone())
                });
                held.collect()
            }
            Reverts::Titled(_) => {
                let found = self.titled.get(&change.change_id);
                found.cloned().into_iter().collect()
            }
        }
    }
}

fn link(
    one: &Seen<'_>,
    line: &Line<'_>,
    (is_rework, next_is_remedy): (bool, bool),
) -> store::Result<DeploymentLink> {
    // The first known one holds changes, and delivers none.
    let delivered = one.brought.iter().filter(|_| !one.is_first);
    let workflows = work::covering_deployment(
        line.service,
        &line.registry.workflows,
        delivered.map(|change| change.workflows.as_str()),
    )?;
    let mut evidence: Vec<Evidence> = Vec::new();
    evidence.extend(one.is_corrected.then(Evidence::by_hand));
    if !one.is_first {
        evidence.extend_from_slice(&one.contents.evidence);
    }
    Ok(DeploymentLink {
        service: line.service.to_owned(),
        deployment_id: one.attempt.id.clone(),
        version: VERSION,
        finished_at: one.attempt.finished_at,
        standing: match one.attempt.is_success {
            true => "success".to_owned(),
            false => "failure".to_owned(),
        },
        is_first: i64::from(one.is_first),
        kind: one.kind.as_str().to_owned(),
        is_rework: i64::from(is_rework),
        next_is_remedy: i64::from(next_is_remedy),
        reach: one.reach,
        evidence: to_json("evidence", &evidence)?,
        reason: match one.is_first {
            true => Some("the first known deployment of its service".to_owned()),
            false => one.contents.reason.map(str::to_owned),
        },
        workflows: to_json("workflows", &workflows)?,
    })
}

/// A deployment that was pushed for a service whose merges are its deployments.
fn ignored(pushed: &Attempt, line: &Line<'_>) -> store::Result<DeploymentLink> {
    let workflows =
        work::covering_deployment(line.service, &line.registry.workflows, std::iter::empty())?;
    Ok(DeploymentLink {
        service: line.service.to_owned(),
        deployment_id: pushed.id.clone(),
        version: VERSION,
        finished_at: pushed.finished_at,
        standing: "ignored".to_owned(),
        is_first: 0,
        kind: Kind::Planned.as_str().to_owned(),
        is_rework: 0,
        next_is_remedy: 0,
        reach: None,
        evidence: "[]".to_owned(),
        reason: Some("ignored: each merge of its service is a deployment".to_owned()),
        workflows: to_json("workflows", &workflows)?,
    })
}
