//! Incidents, each laid to a deployment or left with the reason why not.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::blame::{self, Found, Laid};
use super::holders::Holders;
use super::production::Ways;
use super::segment::Evidence;
use super::{VERSION, work};
use crate::store::blame as blamed;
use crate::store::incidents::{self, Incident, Kind as IncidentKind};
use crate::store::links::changes::{self as change_links, Merged};
use crate::store::links::deployments::{self as deployment_links, DeploymentLink, Latest};
use crate::store::links::incidents::{self as stored, IncidentLink};
use crate::store::registry::Registry;
use crate::store::touched::{self, Kind};
use crate::store::{self, Tx, commits, corrections, deployments, to_json};

/// How many are linked in one step.
const STEP: i64 = 500;
/// What a correction says of an incident that no deployment caused.
pub const NO_DEPLOYMENT: &str = "none";

/// Links some incidents; answers the instants whose weeks moved, and nothing once none is marked.
pub(super) async fn link_next(tx: &mut Tx, registry: &Registry) -> store::Result<Option<Vec<i64>>> {
    let taken = touched::take(tx, Kind::Incident, STEP).await?;
    if taken.is_empty() {
        return Ok(None);
    }
    let keys: Vec<(&str, &str)> = taken
        .iter()
        .map(|(service, id)| (service.as_str(), id.as_str()))
        .collect();
    let ids: Vec<&str> = keys.iter().map(|(_, id)| *id).collect();
    let marked: BTreeSet<(&str, &str)> = keys.iter().copied().collect();
    let mut rows = incidents::find(tx, &ids).await?;
    rows.retain(|row| marked.contains(&(row.version.home.as_str(), row.version.id.as_str())));
    let old: BTreeMap<(String, String), IncidentLink> = stored::find(tx, &keys)
        .await?
        .into_iter()
        .map(|link| ((link.service.clone(), link.incident_id.clone()), link))
        .collect();
    let named = Named::load(tx, registry, &rows).await?;
    let mut fresh = Vec::new();
    for row in &rows {
        fresh.push(named.link(registry, row)?);
    }
    write(tx, old, fresh).await.map(Some)
}

/// Writes what came out differently, and marks the deployments that it points at, or did.
async fn write(
    tx: &mut Tx,
    mut old: BTreeMap<(String, String), IncidentLink>,
    mut fresh: Vec<IncidentLink>,
) -> store::Result<Vec<i64>> {
    let mut moved = Vec::new();
    let mut differing: Vec<IncidentLink> = Vec::new();
    fresh.retain(|link| {
        let key = (link.service.clone(), link.incident_id.clone());
        let was = old.remove(&key);
        let differs = was.as_ref() != Some(link);
        if differs {
            differing.extend(was);
        }
        differs
    });
    for ((service, id), gone) in old {
        stored::remove(tx, &service, &id).await?;
        differing.push(gone);
    }
    stored::put(tx, &fresh).await?;
    differing.extend(fresh);
    let mut ended: BTreeSet<(&str, &str)> = BTreeSet::new();
    for link in &differing {
        moved.push(link.started_at);
        let service = link.deployment_service.as_deref();
        ended.extend(service.zip(link.deployment_id.as_deref()));
    }
    let ended: Vec<(&str, &str)> = ended.into_iter().collect();
    touched::things(tx, Kind::Outcome, &ended).await?;
    Ok(moved)
}

/// What the names that some incidents give lead to, and what ran where others started.
struct Named {
    /// Attempts to deploy to production, by id.
    deployments: HashMap<String, DeploymentLink>,
    /// The id of the latest deployment, by service and start.
    latest: HashMap<(String, i64), String>,
    /// By id.
    changes: HashMap<String, Merged>,
    holders: Holders,
    /// Ids of the attempts of a commit, by commit and service, in their order.
    of_commits: Vec<(String, String, String)>,
    /// The deployments that people have named, by incident.
    corrected: HashMap<String, String>,
}

impl Named {
    async fn load(tx: &mut Tx, registry: &Registry, rows: &[Incident]) -> store::Result<Named> {
        let names = |kind: blamed::Kind| -> Vec<&str> {
            rows.iter()
                .filter_map(|row| row.caused_by.as_ref())
                .filter(|blamed| blamed.kind == kind)
                .map(|blamed| blamed.id.as_str())
                .collect()
        };
        let corrected = corrected(tx, rows).await?;
        let shas = names(blamed::Kind::Commit);
        let holders = commits::holders(tx, &shas).await?;
        let mut changes = names(blamed::Kind::Change);
        changes.extend(holders.iter().map(|holder| holder.change_id.as_str()));
        let changes = change_links::merged(tx, &changes).await?;
        let pushed = deployments::of_commits(tx, &shas).await?;
        let of_commits: Vec<(String, String, String)> = pushed
            .into_iter()
            .filter(|pushed| {
                let ways = Ways::of(registry.service(&pushed.version.home));
                ways.is_production(&pushed.environment)
            })
            .map(|pushed| (pushed.commit_sha, pushed.version.home, pushed.version.id))
            .collect();
        let mut ids = names(blamed::Kind::Deployment);
        ids.extend(of_commits.iter().map(|(_, _, id)| id.as_str()));
        ids.extend(corrected.values().map(String::as_str));
        ids.extend(
            changes
                .iter()
                .filter_map(|change| change.delivery.deployment_id.as_deref()),
        );
        let found = deployment_links::find(tx, &ids).await?;
        let latest = deployment_links::latest_done(tx, &unnamed(rows)).await?;
        let found = found.into_iter().map(|ended| ended.link);
        let running = latest.iter().map(|latest| latest.link.clone());
        Ok(Named {
            deployments: found
                .chain(running)
                .map(|link| (link.deployment_id.clone(), link))
                .collect(),
            latest: latest
                .into_iter()
                .map(|Latest { by_ms, link }| ((link.service, by_ms), link.deployment_id))
                .collect(),
            changes: changes
                .into_iter()
                .map(|change| (change.change_id.clone(), change))
                .collect(),
            holders: Holders::of(holders),
            of_commits,
            corrected,
        })
    }

    fn link(&self, registry: &Registry, row: &Incident) -> store::Result<IncidentLink> {
        let kind = row.kind.filter(|kind| *kind != IncidentKind::Incident);
        let laid = match kind {
            Some(kind) => Laid::Nowhere {
                reason: not_an_incident(kind).to_owned(),
            },
            None => self.laid(registry, row),
        };
        let (to, evidence, reason) = match laid {
            Laid::To {
                service,
                deployment_id,
                evidence,
            } => (Some((service, deployment_id)), vec![evidence], None),
            Laid::Nowhere { reason } => (None, Vec::new(), Some(reason)),
        };
        let deployment = to.as_ref().and_then(|(_, id)| self.deployments.get(id));
        let covering = deployment.map(|link| link.workflows.as_str());
        let service = &row.version.home;
        let workflows = work::covering_beside(service, &registry.workflows, covering)?;
        let (deployment_service, deployment_id) = to.unzip();
        Ok(IncidentLink {
            service: service.clone(),
            incident_id: row.version.id.clone(),
            version: VERSION,
            started_at: row.started_at,
            resolved_at: row.resolved_at,
            not_an_incident: kind.map(|kind| kind.as_str().to_owned()),
            deployment_service,
            deployment_id,
            evidence: to_json("evidence", &evidence)?,
            reason,
            workflows: to_json("workflows", &workflows)?,
        })
    }

    /// A person's word, else the sender's, else the window.
    fn laid(&self, registry: &Registry, row: &Incident) -> Laid {
        if let Some(word) = self.corrected.get(&row.version.id) {
            return self.put_right(word);
        }
        if let Some(named) = &row.caused_by {
            return blame::named(named, self.found(named, &row.version.home));
        }
        let service = &row.version.home;
        if service.is_empty() {
            return Laid::Nowhere {
                reason: "it names neither a service nor a cause".to_owned(),
            };
        }
        let latest = self.latest.get(&(service.clone(), row.started_at));
        let latest = latest.and_then(|id| self.deployments.get(id));
        let window = Ways::of(registry.service(service)).incident_window_ms();
        blame::by_window(row.started_at, window, latest)
    }

    fn put_right(&self, word: &str) -> Laid {
        match self.deployments.get(word) {
            Some(link) if link.standing != "ignored" => Laid::To {
                service: link.service.clone(),
                deployment_id: link.deployment_id.clone(),
                evidence: Evidence::by_hand(),
            },
            _ if word == NO_DEPLOYMENT => Laid::Nowhere {
                reason: "put right by hand: no deployment caused it".to_owned(),
            },
            _ => Laid::Nowhere {
                reason: format!(
                    "put right by hand: {word}, which is no known deployment to production"
                ),
            },
        }
    }

    fn found(&self, named: &blamed::Blamed, service: &str) -> Found<'_> {
        match named.kind {
            blamed::Kind::Deployment => Found {
                deployment: self.deployments.get(&named.id),
                ..Found::default()
            },
            blamed::Kind::Change => Found {
                change: self.changes.get(&named.id),
                ..Found::default()
            },
            blamed::Kind::Commit => {
                let holder = self.holders.anywhere(&named.id, service);
                let of_commit = self
                    .of_commits
                    .iter()
                    .filter(|(sha, _, _)| *sha == named.id);
                let first = of_commit.min_by_key(|(_, home, _)| home != service);
                Found {
                    deployment: first.and_then(|(_, _, id)| self.deployments.get(id)),
                    change: holder.and_then(|holder| self.changes.get(&holder.change_id)),
                    holder,
                }
            }
            blamed::Kind::Release => Found::default(),
        }
    }
}

/// Where and when the incidents without a named cause started.
fn unnamed(rows: &[Incident]) -> Vec<(&str, i64)> {
    let rows = rows.iter().filter(|row| row.caused_by.is_none());
    let places: BTreeSet<(&str, i64)> = rows
        .map(|row| (row.version.home.as_str(), row.started_at))
        .collect();
    places.into_iter().collect()
}

fn not_an_incident(kind: IncidentKind) -> &'static str {
    match kind {
        IncidentKind::Incident => "an incident",
        IncidentKind::Alert => "an alert is not an incident",
        IncidentKind::Drill => "a drill is not an incident",
        IncidentKind::Declined => "a declined incident is not one",
        IncidentKind::Merged => "an incident merged into another is not one of its own",
        IncidentKind::Maintenance => "maintenance is not an incident",
    }
}

async fn corrected(tx: &mut Tx, rows: &[Incident]) -> store::Result<HashMap<String, String>> {
    if !corrections::any(tx).await? {
        return Ok(HashMap::new());
    }
    let ids: Vec<&str> = rows.iter().map(|row| row.version.id.as_str()).collect();
    let newest = corrections::newest(tx, "incident", "deployment", &ids).await?;
    let words = newest
        .into_iter()
        .map(|(id, correction)| (id, correction.value));
    Ok(words.collect())
}
