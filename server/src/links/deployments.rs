//! A service's deployments to production, linked in their order: what each is, what it was the first
//! to deliver, and which earlier ones it puts right.
//!
//! Work begins where something was touched, takes in what ran before, and goes on to the end of the
//! service's deployments, a bounded part at a time. Only what came out differently is written.

mod derive;
mod facts;
mod line;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::links::agent_work;
use crate::links::production::Ways;
use crate::store::deployments::Deployment;
use crate::store::links::changes::{self as change_links, Delivery};
use crate::store::links::deployments::{self as stored, DeploymentLink, Ended};
use crate::store::links::incidents;
use crate::store::links::remedies::{self, Remedy};
use crate::store::registry::Registry;
use crate::store::touched::{self, Kind};
use crate::store::versions::Version;
use crate::store::{self, Tx, blame, deployments};

use derive::Derived;
use facts::Facts;
use line::{Line, Part};

/// Links a part of some service's deployments; answers the instants whose weeks moved, and nothing
/// once no service is marked.
pub(super) async fn link_next(tx: &mut Tx, registry: &Registry) -> store::Result<Option<Vec<i64>>> {
    let Some(mark) = touched::next_service(tx).await? else {
        return Ok(None);
    };
    if mark.from_id.is_empty() {
        touched::incidents_from(tx, &mark.service, mark.from_at).await?;
    }
    let line = Line::of(&mark.service, registry);
    let part = line.part(tx, &mark).await?;
    let facts = Facts::load(tx, &line, &part).await?;
    let derived = derive::derive(tx, &line, &part, &facts).await?;
    let moved = Writing {
        line: &line,
        part: &part,
        facts: &facts,
    }
    .write(tx, derived)
    .await?;
    let next = part.next.as_ref().map(|(at, id)| (*at, id.as_str()));
    touched::advance(tx, &mark.service, next).await?;
    Ok(Some(moved))
}

/// Marks the services of deployments that arrived, from where they stand or stood.
pub async fn arrived(
    tx: &mut Tx,
    registry: &Registry,
    rows: &[Deployment],
    before: &HashMap<String, Version>,
) -> store::Result<()> {
    let mut from: BTreeMap<&str, i64> = BTreeMap::new();
    let mut mark = |service, at: i64| {
        let from = from.entry(service).or_insert(at);
        *from = at.min(*from);
    };
    let known: Vec<&str> = before.keys().map(String::as_str).collect();
    let old = stored::find(tx, &known).await?;
    for Ended { link, .. } in &old {
        if before
            .get(&link.deployment_id)
            .is_some_and(|old| old.home == link.service)
        {
            mark(&link.service, link.finished_at);
        }
    }
    for row in rows {
        let ways = Ways::of(registry.service(&row.version.home));
        if ways.is_production(&row.environment) {
            mark(&row.version.home, row.finished_at);
        }
    }
    for (service, from_ms) in from {
        touched::service(tx, service, from_ms).await?;
    }
    let shas: Vec<&str> = rows.iter().map(|row| row.commit_sha.as_str()).collect();
    touched::blaming(tx, blame::Kind::Commit, &shas).await?;
    // Asked for before it finished, an approval learns only now of which service it is.
    let ids: Vec<&str> = rows.iter().map(|row| row.version.id.as_str()).collect();
    agent_work::deployments_moved(tx, &ids).await
}

/// Marks the services whose merges are their deployments from where something was pushed under the id
/// of one of these changes: the merge stands for it.
pub(super) async fn merges_moved(
    tx: &mut Tx,
    registry: &Registry,
    changes: &[&str],
) -> store::Result<()> {
    let merges = |slug: &str| Ways::of(registry.service(slug)).merge_is_delivery();
    if !registry
        .services
        .iter()
        .any(|service| merges(&service.slug))
    {
        return Ok(());
    }
    for (service, at) in deployments::finishes(tx, changes).await? {
        if merges(&service) {
            touched::service(tx, &service, at).await?;
        }
    }
    Ok(())
}

/// What is compared with what is stored.
struct Writing<'a> {
    line: &'a Line<'a>,
    part: &'a Part,
    facts: &'a Facts,
}

impl Writing<'_> {
    async fn write(&self, tx: &mut Tx, derived: Derived) -> store::Result<Vec<i64>> {
        let mut moved = BTreeSet::new();
        self.deliveries(tx, &derived, &mut moved).await?;
        let mut ended: BTreeSet<String> = self.links(tx, &derived, &mut moved).await?;
        ended.extend(self.remedies(tx, &derived).await?);
        let service = self.line.service;
        let ended: Vec<(&str, &str)> = ended.iter().map(|id| (service, id.as_str())).collect();
        touched::things(tx, Kind::Outcome, &ended).await?;
        let ended: Vec<&str> = ended.iter().map(|(_, id)| *id).collect();
        agent_work::deployments_moved(tx, &ended).await?;
        Ok(moved.into_iter().collect())
    }

    /// Writes the deliveries that are other ones now.
    async fn deliveries(
        &self,
        tx: &mut Tx,
        derived: &Derived,
        moved: &mut BTreeSet<i64>,
    ) -> store::Result<()> {
        let mut writes: Vec<(&str, Delivery)> = Vec::new();
        for old in &self.facts.delivered {
            if !derived.deliveries.contains_key(&old.change_id) {
                moved.extend(old.delivery.deployment_at);
                writes.push((&old.change_id, Delivery::default()));
            }
        }
        for (id, delivery) in &derived.deliveries {
            let old = self.facts.change(id).map(|change| &change.delivery);
            if old != Some(delivery) {
                moved.extend(delivery.deployment_at);
                moved.extend(old.and_then(|old| old.deployment_at));
                writes.push((id, delivery.clone()));
            }
        }
        change_links::deliver(tx, self.line.service, &writes).await?;
        let ids: Vec<&str> = writes.iter().map(|(id, _)| *id).collect();
        touched::blaming(tx, blame::Kind::Change, &ids).await?;
        touched::blaming_commits_of(tx, self.line.service, &ids).await
    }

    /// Writes the links that are other ones now; answers the deployments whose end may be another.
    async fn links(
        &self,
        tx: &mut Tx,
        derived: &Derived,
        moved: &mut BTreeSet<i64>,
    ) -> store::Result<BTreeSet<String>> {
        let old: HashMap<&str, &DeploymentLink> = self
            .facts
            .links
            .iter()
            .map(|link| (link.deployment_id.as_str(), link))
            .collect();
        let now: BTreeSet<&str> = derived
            .links
            .iter()
            .map(|link| link.deployment_id.as_str())
            .collect();
        let gone: Vec<&DeploymentLink> = old
            .values()
            .filter(|link| !now.contains(link.deployment_id.as_str()))
            .copied()
            .collect();
        let fresh: Vec<&DeploymentLink> = derived
            .links
            .iter()
            .filter(|link| old.get(link.deployment_id.as_str()) != Some(link))
            .collect();
        let gone_ids: Vec<&str> = gone
            .iter()
            .map(|link| link.deployment_id.as_str())
            .collect();
        let elsewhere = stored::find(tx, &gone_ids).await?;
        moved.extend(
            elsewhere
                .iter()
                .filter_map(|ended| ended.outcome.well_again_at),
        );
        stored::remove(tx, self.line.service, &gone_ids).await?;
        stored::put(tx, &fresh).await?;
        let differing = gone.iter().chain(&fresh);
        moved.extend(differing.clone().map(|link| link.finished_at));
        let was = fresh
            .iter()
            .filter_map(|link| old.get(link.deployment_id.as_str()));
        moved.extend(was.map(|link| link.finished_at));
        let ids: Vec<&str> = differing.map(|link| link.deployment_id.as_str()).collect();
        touched::blaming(tx, blame::Kind::Deployment, &ids).await?;
        touched::put_right_to(tx, &ids).await?;
        touched::blaming(tx, blame::Kind::Commit, &self.part.commits()).await?;
        let service = self.line.service;
        let laid = incidents::laid_to(tx, service, &ids).await?;
        let incidents = laid
            .iter()
            .map(|laid| (laid.service.as_str(), laid.incident_id.as_str()));
        touched::things(tx, Kind::Incident, &incidents.collect::<Vec<_>>()).await?;
        let remedied = remedies::of(tx, service, &ids).await?;
        // Of most nothing points at them, and they end as they began.
        let known = fresh.iter().filter(|link| {
            link.standing == "failure" || old.contains_key(link.deployment_id.as_str())
        });
        let ended = known.map(|link| link.deployment_id.clone());
        let ended = ended.chain(laid.iter().filter_map(|laid| laid.deployment_id.clone()));
        Ok(ended
            .chain(remedied.into_iter().map(|one| one.remedied_id))
            .collect())
    }

    /// Writes the remedies that are other ones now; answers what they put right, or did.
    async fn remedies(&self, tx: &mut Tx, derived: &Derived) -> store::Result<BTreeSet<String>> {
        let old: BTreeSet<&Remedy> = self.facts.remedies.iter().collect();
        let now: BTreeSet<&Remedy> = derived.remedies.iter().collect();
        let keys: BTreeSet<(&str, &str)> = now
            .iter()
            .map(|remedy| (remedy.remedy_id.as_str(), remedy.remedied_id.as_str()))
            .collect();
        for remedy in &old {
            if !keys.contains(&(remedy.remedy_id.as_str(), remedy.remedied_id.as_str())) {
                remedies::remove(tx, remedy).await?;
            }
        }
        let fresh: Vec<&Remedy> = now.difference(&old).copied().collect();
        remedies::put(tx, &fresh).await?;
        let differing = old.symmetric_difference(&now);
        Ok(differing.map(|remedy| remedy.remedied_id.clone()).collect())
    }
}
