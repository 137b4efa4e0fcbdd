//! Artifacts: agent or assisted work that landed, its run known or not. A merged change is one when it is
//! no unmarked one; anything else when a platform or a run says when it landed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::agents::Agents;
use super::audit::{self, Claimed, Item, Landed};
use super::evaluated::{Evaluated, evaluated};
use super::joined::{Joined, joined};
use super::runs::{Decisions, workflow};
use super::segment::{Level, Segment};
use super::{VERSION, agent_work};
use crate::store::approvals::{self, Approval};
use crate::store::artifacts::{self as told, Artifact};
use crate::store::changes::{self as change_rows, Change};
use crate::store::evaluations::{self, Given};
use crate::store::links::artifacts::{self as stored, ArtifactLink};
use crate::store::links::changes::{self as change_links, ChangeLink};
use crate::store::registry::{Registry, Workflow};
use crate::store::reviews::{self, Reviewed};
use crate::store::runs::{self as run_rows, Claim, Run};
use crate::store::suite_runs::{self, SuiteRun};
use crate::store::touched::{self, Kind};
use crate::store::{self, Tx, from_json, to_json};

/// How many are linked in one step.
const STEP: i64 = 500;

/// Links some artifacts; answers the instants whose weeks moved, and nothing once none is marked.
pub(super) async fn link_next(tx: &mut Tx, registry: &Registry) -> store::Result<Option<Vec<i64>>> {
    let taken = touched::take(tx, Kind::Artifact, STEP).await?;
    if taken.is_empty() {
        return Ok(None);
    }
    let keys: Vec<(&str, &str)> = taken
        .iter()
        .map(|(kind, reference)| (kind.as_str(), reference.as_str()))
        .collect();
    let facts = Facts::load(tx, registry, &keys).await?;
    let mut old: BTreeMap<(String, String), ArtifactLink> = stored::find(tx, &keys)
        .await?
        .into_iter()
        .map(|link| ((link.kind.clone(), link.reference.clone()), link))
        .collect();
    let mut moved = Vec::new();
    let mut fresh = Vec::new();
    let mut differing = BTreeSet::new();
    for (kind, reference) in keys {
        let was = old.remove(&(kind.to_owned(), reference.to_owned()));
        let now = facts.link(kind, reference)?;
        if was == now {
            continue;
        }
        differing.insert(reference);
        moved.extend(was.iter().chain(&now).map(|link| link.landed_at));
        match now {
            Some(link) => fresh.push(link),
            None => stored::remove(tx, kind, reference).await?,
        }
    }
    stored::put(tx, &fresh).await?;
    let differing: Vec<&str> = differing.into_iter().collect();
    agent_work::artifacts_moved(tx, &differing).await?;
    Ok(Some(moved))
}

/// All that some artifacts are derived from.
struct Facts<'a> {
    registry: &'a Registry,
    agents: Agents,
    /// Merged ones in which an agent had a hand, by id.
    changes: HashMap<String, (Change, ChangeLink)>,
    reviews: Vec<Reviewed>,
    claims: Vec<Claim>,
    told: Vec<Artifact>,
    runs: BTreeMap<String, Run>,
    decisions: Decisions,
    approvals: Vec<Approval>,
    evaluations: Vec<Given>,
    suites: Vec<SuiteRun>,
    /// The runs joined to a change otherwise than by naming it, by change.
    joined: HashMap<String, Vec<Joined>>,
}

impl<'a> Facts<'a> {
    async fn load(
        tx: &mut Tx,
        registry: &'a Registry,
        keys: &[(&str, &str)],
    ) -> store::Result<Facts<'a>> {
        let of_changes = keys.iter().filter(|(kind, _)| *kind == "change");
        let change_ids: Vec<&str> = of_changes.map(|(_, id)| *id).collect();
        let references: Vec<&str> = keys.iter().map(|(_, reference)| *reference).collect();
        let changes = marked(tx, &change_ids).await?;
        let claims = run_rows::claiming(tx, &references).await?;
        let told = told::of_references(tx, &references).await?;
        let own: Vec<&Change> = changes.values().map(|(change, _)| change).collect();
        let joined = joined(tx, &own).await?;
        let named = changes.values().flat_map(|(change, _)| &change.run_ids);
        let by_keys = joined.values().flatten().map(|own| own.run_id.as_str());
        let run_ids: BTreeSet<&str> = claims
            .iter()
            .map(|own| own.run_id.as_str())
            .chain(told.iter().filter_map(|own| own.run_id.as_deref()))
            .chain(named.map(String::as_str))
            .chain(by_keys)
            .collect();
        let run_ids: Vec<&str> = run_ids.into_iter().collect();
        let runs = run_rows::find(tx, &run_ids).await?;
        let shas: BTreeSet<&str> = changes.values().flat_map(|(own, _)| heads(own)).collect();
        let shas: Vec<&str> = shas.into_iter().collect();
        let subjects = subjects(&run_ids, &references, &shas);
        let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
        Ok(Facts {
            registry,
            agents: Agents::of(registry),
            reviews: reviews::of_changes(tx, &change_ids).await?,
            decisions: Decisions::of(tx, &runs).await?,
            approvals: approvals::of_subjects(tx, &subjects).await?,
            evaluations: evaluations::of_subjects(tx, &subjects).await?,
            suites: suite_runs::on_commits(tx, &shas).await?,
            runs: runs
                .into_iter()
                .map(|run| (run.version.id.clone(), run))
                .collect(),
            changes,
            claims,
            told,
            joined,
        })
    }

    /// The artifact's link; none when it is no artifact.
    fn link(&self, kind: &str, reference: &str) -> store::Result<Option<ArtifactLink>> {
        let own = self.own(kind, reference);
        let Some(landed_at) = own.landed_at() else {
            return Ok(None);
        };
        let workflows = self.workflows(&own)?;
        let evaluated = self.evaluated(&own, &workflows, landed_at);
        let best = self.audited(&own, (&workflows, &evaluated), landed_at);
        let link = own.change.map(|(_, link)| link);
        Ok(Some(ArtifactLink {
            kind: kind.to_owned(),
            reference: reference.to_owned(),
            version: VERSION,
            landed_at,
            segment: link
                .map_or(Segment::Agent.as_str(), |link| &link.segment)
                .to_owned(),
            service: link.map(|link| link.service.clone()).unwrap_or_default(),
            run_id: best.run.map(|run| run.version.id.clone()),
            agent: own.agent(best.run).map(str::to_owned),
            tier: i64::from(best.workflow.and_then(|own| own.tier).map_or(1, u8::from)),
            evaluated: evaluated.when.as_str().to_owned(),
            has_failed_evaluation: i64::from(evaluated.has_failed),
            is_reconstructable: i64::from(best.items.iter().all(|item| item.is_met)),
            items: to_json("items", &best.items)?,
            evidence: to_json("evidence", &evaluated.evidence)?,
            workflows: to_json("workflows", &workflows)?,
        }))
    }

    fn own<'b>(&'b self, kind: &'b str, reference: &'b str) -> Own<'b> {
        let change = match kind {
            "change" => self
                .changes
                .get(reference)
                .map(|(change, link)| (change, link)),
            _ => None,
        };
        let is_own = |own: &&Claim| own.kind == kind && own.reference == reference;
        let claims: Vec<&Claim> = self.claims.iter().filter(is_own).collect();
        let told = self.told.iter();
        let told: Vec<&Artifact> = told
            .filter(|own| own.kind == kind && own.version.home == reference)
            .collect();
        let named = change.iter().flat_map(|(change, _)| &change.run_ids);
        let runs: BTreeSet<&str> = claims
            .iter()
            .map(|own| own.run_id.as_str())
            .chain(told.iter().filter_map(|own| own.run_id.as_deref()))
            .chain(named.map(String::as_str))
            .chain(
                self.joined_to(reference, change.is_some())
                    .map(|own| own.run_id.as_str()),
            )
            .collect();
        Own {
            kind,
            reference,
            change,
            claims,
            told,
            runs: runs
                .into_iter()
                .filter_map(|id| self.runs.get(id))
                .collect(),
        }
    }

    /// The runs joined to a change by keys.
    fn joined_to(&self, id: &str, is_change: bool) -> impl Iterator<Item = &Joined> {
        let own = self.joined.get(id).filter(|_| is_change);
        own.into_iter().flatten()
    }

    /// How well it is known that a run made it.
    fn level(&self, own: &Own<'_>, run: &Run) -> Level {
        let id = &run.version.id;
        let says = own.claims.iter().any(|claim| claim.run_id == *id)
            || own.told.iter().any(|told| told.run_id.as_ref() == Some(id))
            || own
                .change
                .is_some_and(|(change, _)| change.run_ids.contains(id));
        let mut joined = self.joined_to(own.reference, own.change.is_some());
        match joined.find(|joined| joined.run_id == *id) {
            Some(joined) if !says => joined.level,
            _ => Level::Declared,
        }
    }

    /// Whose work it is: of a change those who cover it, else the workflows of its runs, else of what the
    /// platform tells, else of its agents.
    fn workflows(&self, own: &Own<'_>) -> store::Result<Vec<String>> {
        if let Some((_, link)) = own.change {
            return from_json("workflows", &link.workflows);
        }
        let runs = own.runs.iter();
        let of_runs: BTreeSet<&str> = runs
            .filter_map(|run| workflow(self.registry, run))
            .collect();
        let told = own.told.iter();
        let told_ones: BTreeSet<&str> = told.filter_map(|own| own.workflow.as_deref()).collect();
        let agents = own.told.iter().filter_map(|own| own.agent.as_deref());
        let agents = agents.filter_map(|agent| self.registry.agent(agent));
        let of_agents: BTreeSet<&str> = agents.filter_map(|own| own.workflow.as_deref()).collect();
        let mut all = [of_runs, told_ones, of_agents].into_iter();
        let first = all.find(|slugs| !slugs.is_empty()).unwrap_or_default();
        let is_registered = |slug: &&str| self.registry.workflow(slug).is_some();
        Ok(first
            .into_iter()
            .filter(is_registered)
            .map(str::to_owned)
            .collect())
    }

    fn evaluated(&self, own: &Own<'_>, workflows: &[String], landed_at: i64) -> Evaluated {
        let shas: Vec<&str> = own
            .change
            .map(|(change, _)| heads(change))
            .unwrap_or_default();
        let subjects = subjects(&own.evaluated_runs(), &[own.reference], &shas);
        let evaluations = self.evaluations.iter();
        let evaluations: Vec<&Given> = evaluations
            .filter(|given| subjects.contains(&given.subject))
            .collect();
        let suites = self.suites.iter();
        let suites: Vec<&SuiteRun> = suites
            .filter(|run| {
                run.commit_sha
                    .as_deref()
                    .is_some_and(|sha| shas.contains(&sha))
            })
            .collect();
        evaluated(self.registry, workflows, (&evaluations, &suites), landed_at)
    }

    /// Under the run by which most of what is asked for is there: one run must hold all.
    fn audited<'b>(
        &'b self,
        own: &Own<'b>,
        (workflows, evaluated): (&[String], &Evaluated),
        landed_at: i64,
    ) -> Audited<'b> {
        let under = |run: Option<&'b Run>| {
            let slug = match run.and_then(|run| workflow(self.registry, run)) {
                Some(slug) => Some(slug),
                None => workflows.first().map(String::as_str),
            };
            let workflow = slug.and_then(|slug| self.registry.workflow(slug));
            let subject = format!("artifact:{}", own.reference);
            let approvals = self.approvals_of(&subject);
            let landed = Landed {
                landed_at,
                change: own.change.map(|(change, _)| change),
                reviews: &self.reviews_of(own),
                evaluated: evaluated.when,
                approvals: &approvals,
                reversal: own.reversal(run),
                workflow,
                agent: own.agent(None).or_else(|| self.author(own)),
            };
            let items = match run {
                Some(run) => self.items_under(&landed, run, self.level(own, run)),
                None => audit::items(self.registry, &self.agents, &landed, None),
            };
            Audited {
                run,
                workflow,
                items,
            }
        };
        let mut best = under(own.runs.first().copied());
        for run in own.runs.iter().skip(1) {
            let other = under(Some(run));
            if other.rank() > best.rank() {
                best = other;
            }
        }
        best
    }

    /// The registered agent whose account wrote a change.
    fn author(&self, own: &Own<'_>) -> Option<&str> {
        let (change, _) = own.change?;
        let agent = self.registry.agent(&change.author.id)?;
        Some(&agent.id)
    }

    fn items_under(&self, landed: &Landed<'_>, run: &Run, level: Level) -> Vec<Item> {
        let approvals = self.approvals_of(&format!("run:{}", run.version.id));
        let decisions = self.decisions.on(run);
        let claimed = Claimed {
            run,
            approvals: &approvals,
            decisions: &decisions,
            level,
        };
        audit::items(self.registry, &self.agents, landed, Some(&claimed))
    }

    fn approvals_of(&self, subject: &str) -> Vec<&Approval> {
        let all = self.approvals.iter();
        all.filter(|own| own.version.home == subject).collect()
    }

    fn reviews_of(&self, own: &Own<'_>) -> Vec<Reviewed> {
        let of_change =
            |review: &&Reviewed| own.change.is_some() && review.change_id == own.reference;
        self.reviews.iter().filter(of_change).cloned().collect()
    }
}

/// What is said of one artifact.
struct Own<'a> {
    kind: &'a str,
    reference: &'a str,
    change: Option<(&'a Change, &'a ChangeLink)>,
    claims: Vec<&'a Claim>,
    told: Vec<&'a Artifact>,
    /// The known runs that claim it, by id.
    runs: Vec<&'a Run>,
}

impl<'a> Own<'a> {
    /// A change lands at its merge; anything else when a platform says so, else when a run does, at the
    /// earliest.
    fn landed_at(&self) -> Option<i64> {
        if self.kind == "change" {
            return self.change.and_then(|(change, _)| change.merged_at);
        }
        let told = self.told.iter().map(|own| own.landed_at).min();
        told.or_else(|| self.claims.iter().filter_map(|own| own.landed_at).min())
    }

    /// The agent behind it: its run's, else the one that the platform tells.
    fn agent(&self, run: Option<&'a Run>) -> Option<&'a str> {
        let told = || self.told.iter().find_map(|own| own.agent.as_deref());
        run.map(|run| run.agent.as_str()).or_else(told)
    }

    /// The runs whose evaluations are its own: one that ended in an error is not evaluated.
    fn evaluated_runs(&self) -> Vec<&'a str> {
        let runs = self.runs.iter();
        let runs = runs.filter(|run| run.outcome.as_deref() != Some("error"));
        runs.map(|run| run.version.id.as_str()).collect()
    }

    fn reversal(&self, run: Option<&Run>) -> Option<&'a str> {
        let told = self.told.iter().find_map(|own| own.reversal.as_deref());
        told.or_else(|| {
            let mut claims = self.claims.iter();
            let id = &run?.version.id;
            claims.find(|own| own.run_id == *id)?.reversal.as_deref()
        })
    }
}

/// What is asked for under one run.
struct Audited<'a> {
    run: Option<&'a Run>,
    workflow: Option<&'a Workflow>,
    items: Vec<Item>,
}

impl Audited<'_> {
    /// Whole ones first, then those of which most is there.
    fn rank(&self) -> (bool, usize) {
        let met = self.items.iter().filter(|item| item.is_met).count();
        (met == self.items.len(), met)
    }
}

/// The merged ones of these changes in which an agent had a hand, with their links.
async fn marked(tx: &mut Tx, ids: &[&str]) -> store::Result<HashMap<String, (Change, ChangeLink)>> {
    let changes = change_rows::find(tx, ids).await?;
    let keys: Vec<(&str, &str)> = changes
        .iter()
        .map(|own| (own.version.home.as_str(), own.version.id.as_str()))
        .collect();
    let links = change_links::find(tx, &keys).await?;
    let mut links: HashMap<String, ChangeLink> = links
        .into_iter()
        .map(|own| (own.link.change_id.clone(), own.link))
        .collect();
    let marked = changes.into_iter().filter_map(|change| {
        let link = links.remove(&change.version.id)?;
        let is_artifact = change.merged_at.is_some() && link.segment != Segment::Unmarked.as_str();
        is_artifact.then(|| (change.version.id.clone(), (change, link)))
    });
    Ok(marked.collect())
}

/// The commits under which a change is evaluated and reviewed: the last of its own, and its merge commit.
pub(super) fn heads(change: &Change) -> Vec<&str> {
    let last = change.commits.last().map(|commit| commit.sha.as_str());
    last.into_iter()
        .chain(change.merge_commit.as_deref())
        .collect()
}

/// What is said of these runs, artifacts and commits is said of these subjects.
fn subjects(runs: &[&str], references: &[&str], shas: &[&str]) -> Vec<String> {
    let named = |kind: &'static str, ids: &[&str]| -> Vec<String> {
        ids.iter().map(|id| format!("{kind}:{id}")).collect()
    };
    [
        named("run", runs),
        named("artifact", references),
        named("commit", shas),
    ]
    .concat()
}
