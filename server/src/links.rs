//! What joins records of different kinds, derived by pure functions and kept with its evidence.
//!
//! Links are computed again for the keys that an arrival, a registry edit or a correction touches,
//! and always come out the same from the same facts. Nothing here computes a figure or knows a week.

mod account;
mod agents;
mod known;
pub(crate) mod marks;
mod review;
mod segment;
mod work;

use std::collections::{BTreeSet, HashMap};

use crate::store::changes::{self, Change};
use crate::store::links::{self as stored, ChangeLink};
use crate::store::registry::Registry;
use crate::store::reviews::{self, Reviewed};
use crate::store::{self, Tx, corrections, to_json};

pub use segment::{Evidence, Level, Segment};

/// Of the rules in this module; a new number is a new derivation.
pub const VERSION: i64 = 2;

/// Derives the links of these changes again. `before` names the keys that may hold a link already.
/// Answers the merge instants whose weeks moved: none when nothing came out differently, and those of
/// the whole service when its first review came or its last one went.
pub async fn relink(
    tx: &mut Tx,
    registry: &Registry,
    changes: &[Change],
    before: &[(&str, &str)],
) -> store::Result<Vec<i64>> {
    let ids: Vec<&str> = changes
        .iter()
        .map(|change| change.version.id.as_str())
        .collect();
    let facts = Facts {
        agents: agents::Agents::of(registry),
        reviews: by_change(reviews::of_changes(tx, &ids).await?),
        corrected: corrected(tx, &ids).await?,
        registry,
    };
    let old: HashMap<(String, String), ChangeLink> = stored::find(tx, before)
        .await?
        .into_iter()
        .map(|link| ((link.service.clone(), link.change_id.clone()), link))
        .collect();

    let mut moved = BTreeSet::new();
    let mut reviews_turned = false;
    let mut fresh = Vec::with_capacity(changes.len());
    for change in changes {
        let link = facts.link(change)?;
        let old = old.get(&(link.service.clone(), link.change_id.clone()));
        if old != Some(&link) {
            moved.extend(link.merged_at);
            moved.extend(old.and_then(|old| old.merged_at));
            reviews_turned |= old.map_or(0, |old| old.has_review) != link.has_review;
            fresh.push(link);
        }
    }
    let now: BTreeSet<(&str, &str)> = changes
        .iter()
        .map(|change| (change.version.home.as_str(), change.version.id.as_str()))
        .collect();
    let gone: Vec<&ChangeLink> = old
        .values()
        .filter(|link| !now.contains(&(link.service.as_str(), link.change_id.as_str())))
        .collect();
    reviews_turned |= gone.iter().any(|link| link.has_review == 1);
    let reviewed = if reviews_turned {
        Some(stored::reviewed_services(tx).await?)
    } else {
        None
    };
    stored::put(tx, &fresh).await?;
    for link in gone {
        stored::remove(tx, &link.service, &link.change_id).await?;
        moved.extend(link.merged_at);
    }
    if let Some(before) = reviewed {
        moved.extend(merges_of_turned(tx, &before).await?);
    }
    Ok(moved.into_iter().collect())
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

/// Where a walk through all changes stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    service: String,
    id: String,
    /// How many changes were linked so far.
    pub done: u64,
}

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
    let moved = relink(tx, registry, &changes, &before).await?;
    walk.service.clone_from(&last.version.home);
    walk.id.clone_from(&last.version.id);
    walk.done += changes.len() as u64;
    Ok(Some(moved))
}

/// All that a change's link is derived from, beside the change.
struct Facts<'a> {
    registry: &'a Registry,
    agents: agents::Agents,
    reviews: HashMap<String, Vec<Reviewed>>,
    corrected: HashMap<String, Segment>,
}

impl Facts<'_> {
    fn link(&self, change: &Change) -> store::Result<ChangeLink> {
        let none = Vec::new();
        let reviews = self.reviews.get(&change.version.id).unwrap_or(&none);
        let (segment, evidence) = segment::segment(change, &self.agents);
        let segment = self
            .corrected
            .get(&change.version.id)
            .copied()
            .unwrap_or(segment);
        let opened_at = review::opened_at(change);
        let first = review::first_reviews(change, opened_at, reviews, &self.agents);
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
