//! A change's link: segment, review, lines, coverage, and what it says that it mends or reverts.
//!
//! Its delivery is derived with the deployments of its service.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::agents::Agents;
use super::joined::Joined;
use super::segment::{Evidence, Level, Segment};
use super::{VERSION, deployments, joined, remedy, revert, review, segment, work};
use crate::store::changes::{self, Change};
use crate::store::links::changes::{self as stored, ChangeLink, Delivered};
use crate::store::registry::Registry;
use crate::store::reviews::{self, Reviewed};
use crate::store::touched;
use crate::store::walks::Walk;
use crate::store::{self, Tx, blame, commits, corrections, named_runs, runs, to_json};

/// Why changes are linked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// They are new, or a newer version of them came.
    TheyArrived,
    /// Something came that they are linked with.
    OthersMoved,
    /// The rules or the registry are other ones: all are, and all that rests on them is marked after.
    AllAreLinked,
}

/// Derives the links of these changes again. `before` names the keys that may hold a link already.
/// Answers the instants whose weeks moved: none when nothing came out differently, and those of the
/// whole service when its first review came or its last one went. Deployments of their services are
/// marked from their merges on, unless all are linked.
pub async fn relink(
    tx: &mut Tx,
    registry: &Registry,
    (changes, because): (&[Change], Because),
    before: &[(&str, &str)],
) -> store::Result<Vec<i64>> {
    let ids: Vec<&str> = changes
        .iter()
        .map(|change| change.version.id.as_str())
        .collect();
    let facts = Facts {
        agents: Agents::of(registry),
        reviews: by_change(reviews::of_changes(tx, &ids).await?),
        corrected: corrected(tx, &ids).await?,
        listed: listed(tx, &ids).await?,
        joined: joined::joined(tx, &changes.iter().collect::<Vec<_>>()).await?,
        registry,
    };
    let old: HashMap<(String, String), Delivered> = stored::find(tx, before)
        .await?
        .into_iter()
        .map(|old| ((old.link.service.clone(), old.link.change_id.clone()), old))
        .collect();
    let mut step = Step::default();
    for change in changes {
        let link = facts.link(change)?;
        let old = old.get(&(link.service.clone(), link.change_id.clone()));
        step.compare(old, link, because);
    }
    let now: BTreeSet<(&str, &str)> = changes
        .iter()
        .map(|change| (change.version.home.as_str(), change.version.id.as_str()))
        .collect();
    let gone = old.values().filter(|old| {
        let link = &old.link;
        !now.contains(&(link.service.as_str(), link.change_id.as_str()))
    });
    let gone: Vec<&Delivered> = gone.collect();
    gone.iter().for_each(|old| step.leave(old));

    let reviewed = if step.reviews_turned {
        Some(stored::reviewed_services(tx).await?)
    } else {
        None
    };
    stored::put(tx, &step.fresh).await?;
    for old in gone {
        stored::remove(tx, &old.link.service, &old.link.change_id).await?;
    }
    if let Some(before) = reviewed {
        step.moved.extend(merges_of_turned(tx, &before).await?);
    }
    if because == Because::TheyArrived {
        commits::replace(tx, changes, before).await?;
        named_runs::replace(tx, &joined::named(changes), before).await?;
    }
    if because != Because::AllAreLinked {
        step.mark(tx, changes).await?;
    }
    if because == Because::TheyArrived {
        deployments::merges_moved(tx, registry, &ids).await?;
    }
    Ok(step.moved.into_iter().collect())
}

/// What came out differently.
#[derive(Default)]
struct Step {
    fresh: Vec<ChangeLink>,
    moved: BTreeSet<i64>,
    reviews_turned: bool,
    /// The changes that an agent has or had a hand in.
    marked: Vec<String>,
    /// The earliest merge by service from which on deployments may see other changes.
    deployed_from: BTreeMap<String, i64>,
}

impl Step {
    fn compare(&mut self, old: Option<&Delivered>, link: ChangeLink, because: Because) {
        let is_same = old.is_some_and(|old| old.link == link);
        let is_marked = |link: &ChangeLink| link.segment != Segment::Unmarked.as_str();
        if is_marked(&link) || old.is_some_and(|old| is_marked(&old.link)) {
            self.marked.push(link.change_id.clone());
        }
        let concerns = because == Because::TheyArrived
            || old.is_none_or(|old| deployments_see(&old.link) != deployments_see(&link));
        if concerns {
            self.deployed(&link.service, link.merged_at);
            self.deployed(&link.service, old.and_then(|old| old.link.merged_at));
        }
        if is_same {
            return;
        }
        self.moved.extend(link.merged_at);
        let old_review = old.map_or(0, |old| old.link.has_review);
        self.reviews_turned |= old_review != link.has_review;
        if let Some(old) = old {
            self.moved.extend(old.link.merged_at);
            self.moved.extend(old.delivery.deployment_at);
        }
        self.fresh.push(link);
    }

    /// A change that has moved to another service leaves the old one.
    fn leave(&mut self, old: &Delivered) {
        self.marked.push(old.link.change_id.clone());
        self.reviews_turned |= old.link.has_review == 1;
        self.moved.extend(old.link.merged_at);
        self.moved.extend(old.delivery.deployment_at);
        self.deployed(&old.link.service, old.link.merged_at);
    }

    fn deployed(&mut self, service: &str, merged_at: Option<i64>) {
        let Some(at) = merged_at else { return };
        match self.deployed_from.get_mut(service) {
            Some(from) => *from = at.min(*from),
            None => {
                self.deployed_from.insert(service.to_owned(), at);
            }
        }
    }

    /// Marks what has to be linked again because of it.
    async fn mark(&self, tx: &mut Tx, changes: &[Change]) -> store::Result<()> {
        for (service, from_ms) in &self.deployed_from {
            touched::service(tx, service, *from_ms).await?;
        }
        let marked: Vec<(&str, &str)> = self
            .marked
            .iter()
            .map(|id| ("change", id.as_str()))
            .collect();
        touched::things(tx, touched::Kind::Artifact, &marked).await?;
        let ids: Vec<&str> = self
            .fresh
            .iter()
            .map(|link| link.change_id.as_str())
            .collect();
        touched::blaming(tx, blame::Kind::Change, &ids).await?;
        let shas: Vec<&str> = changes
            .iter()
            .flat_map(|change| {
                let commits = change.commits.iter().map(|commit| commit.sha.as_str());
                commits.chain(change.merge_commit.as_deref())
            })
            .collect();
        touched::blaming(tx, blame::Kind::Commit, &shas).await
    }
}

/// All that deployments see of a change's link.
fn deployments_see(link: &ChangeLink) -> (Option<i64>, &str, i64, Option<&str>) {
    (
        link.merged_at,
        &link.workflows,
        link.is_fix,
        link.reverts.as_deref(),
    )
}

/// The merges of the services whose first review came, or whose last one went.
async fn merges_of_turned(tx: &mut Tx, before: &BTreeSet<String>) -> store::Result<Vec<i64>> {
    let after = stored::reviewed_services(tx).await?;
    let turned: BTreeSet<&str> = before
        .symmetric_difference(&after)
        .map(String::as_str)
        .collect();
    stored::merges_of(tx, &turned).await
}

/// How many changes are linked again in one step of a walk through all of them.
const WALK: i64 = 2_000;

/// One step of linking everything again; answers the merge instants that moved, and none at all
/// once there are no more changes.
pub async fn relink_next(
    tx: &mut Tx,
    registry: &Registry,
    walk: &mut Walk,
) -> store::Result<Option<Vec<i64>>> {
    let changes = changes::after(tx, &walk.service, &walk.id, WALK).await?;
    let Some(last) = changes.last() else {
        return Ok(None);
    };
    let before: Vec<(&str, &str)> = changes
        .iter()
        .map(|change| (change.version.home.as_str(), change.version.id.as_str()))
        .collect();
    let because = (changes.as_slice(), Because::AllAreLinked);
    let moved = relink(tx, registry, because, &before).await?;
    commits::restore(tx, &changes).await?;
    named_runs::restore(tx, &joined::named(&changes)).await?;
    walk.service.clone_from(&last.version.home);
    walk.id.clone_from(&last.version.id);
    walk.changes += changes.len() as i64;
    Ok(Some(moved))
}

/// All that a change's link is derived from, beside the change.
struct Facts<'a> {
    registry: &'a Registry,
    agents: Agents,
    reviews: HashMap<String, Vec<Reviewed>>,
    corrected: HashMap<String, Segment>,
    /// The runs that list a change, by change.
    listed: HashMap<String, Vec<String>>,
    /// The runs joined to it otherwise, by change.
    joined: HashMap<String, Vec<Joined>>,
}

impl Facts<'_> {
    /// What runs say of a change.
    fn of_runs(&self, change: &Change) -> Vec<Evidence> {
        let id = &change.version.id;
        let listed = self.listed.get(id).into_iter().flatten();
        let listed = listed.map(|run| Evidence {
            level: Level::Declared,
            what: format!("run {run} lists it"),
        });
        let joined = self.joined.get(id).into_iter().flatten();
        let joined = joined.map(|own| Evidence {
            level: own.level,
            what: own.what.clone(),
        });
        listed.chain(joined).collect()
    }

    fn link(&self, change: &Change) -> store::Result<ChangeLink> {
        let none = Vec::new();
        let reviews = self.reviews.get(&change.version.id).unwrap_or(&none);
        let (mut segment, mut evidence) =
            segment::segment(change, self.of_runs(change), &self.agents);
        if let Some(corrected) = self.corrected.get(&change.version.id) {
            segment = *corrected;
            evidence.insert(0, Evidence::by_hand());
        }
        let opened_at = review::opened_at(change);
        let first = review::first_reviews(change, opened_at, reviews, &self.agents);
        let service = self.registry.service(&change.version.home);
        Ok(ChangeLink {
            service: change.version.home.clone(),
            change_id: change.version.id.clone(),
            version: VERSION,
            segment: segment.as_str().to_owned(),
            evidence: to_json("evidence", &evidence)?,
            workflows: to_json(
                "workflows",
                &work::covering(change, &self.registry.workflows),
            )?,
            created_at: change.created_at,
            first_commit_at: change.commits.iter().map(|commit| commit.authored_at).min(),
            opened_at,
            first_review_at: first.by_person_at,
            agent_review_at: first.by_agent_at,
            merged_at: change.merged_at,
            lines: lines(change),
            has_review: i64::from(!reviews.is_empty()),
            is_fix: i64::from(remedy::is_fix(change, service)),
            reverts: revert::says(change, service)
                .map(|says| to_json("what it reverts", &says))
                .transpose()?,
        })
    }
}

/// Lines added and deleted, when both are known.
fn lines(change: &Change) -> Option<i64> {
    change.additions?.checked_add(change.deletions?)
}

fn by_change(reviews: Vec<Reviewed>) -> HashMap<String, Vec<Reviewed>> {
    let mut by_change: HashMap<String, Vec<Reviewed>> = HashMap::new();
    for review in reviews {
        by_change
            .entry(review.change_id.clone())
            .or_default()
            .push(review);
    }
    by_change
}

/// The runs that list these changes, by change.
async fn listed(tx: &mut Tx, ids: &[&str]) -> store::Result<HashMap<String, Vec<String>>> {
    let mut listed: HashMap<String, Vec<String>> = HashMap::new();
    for claim in runs::claiming(tx, ids).await? {
        if claim.kind == "change" {
            listed
                .entry(claim.reference)
                .or_default()
                .push(claim.run_id);
        }
    }
    Ok(listed)
}

/// The segments that people have put right, by change.
async fn corrected(tx: &mut Tx, ids: &[&str]) -> store::Result<HashMap<String, Segment>> {
    if !corrections::any(tx).await? {
        return Ok(HashMap::new());
    }
    let newest = corrections::newest(tx, "change", "segment", ids).await?;
    Ok(newest
        .into_iter()
        .filter_map(|(id, correction)| Some((id, Segment::parse(&correction.value)?)))
        .collect())
}
