//! All that a part of a service's deployments is derived from, and what is stored of it.

use std::collections::{BTreeSet, HashMap};

use super::line::{Line, Part};
use crate::links::holders::Holders;
use crate::links::production::{Attempt, Kind};
use crate::links::remedy::History;
use crate::store::links::changes::{self as change_links, Merged};
use crate::store::links::deployments::{self as stored, DeploymentLink};
use crate::store::links::remedies::{self, Remedy};
use crate::store::{self, Tx, commits, corrections, deployments};

pub(super) struct Facts {
    /// The merged ones of the changes that attempts list, and those merged since the last that is
    /// known to have reached production, up to the last that is known to be held.
    changes: HashMap<String, Merged>,
    /// Who holds the commits of the attempts.
    pub holders: Holders,
    /// When the commits of the attempts, and the one that ran before, reached production.
    pub history: History,
    /// Everything merged up to here was in production before.
    pub reached: Option<i64>,
    /// Kinds that people have put right, by deployment.
    pub corrected: HashMap<String, Kind>,
    /// What is stored of this part.
    pub links: Vec<DeploymentLink>,
    pub delivered: Vec<Merged>,
    pub remedies: Vec<Remedy>,
    /// Where each merge is a deployment: those that were pushed all the same, under ids of their own.
    pub ignored: Vec<Attempt>,
}

impl Facts {
    pub(super) async fn load(tx: &mut Tx, line: &Line<'_>, part: &Part) -> store::Result<Facts> {
        let service = line.service;
        let mut shas: Vec<&str> = part.commits();
        let holders = Holders::of(commits::holders(tx, &shas).await?);
        shas.extend(
            part.running
                .as_ref()
                .and_then(|running| running.commit.as_deref()),
        );
        let done = deployments::of_commits(tx, &shas).await?.into_iter();
        let done = done
            .filter(|pushed| pushed.version.home == service)
            .filter_map(|pushed| Attempt::pushed(pushed, line.ways))
            .filter(|attempt| attempt.is_success);
        let history = History::of(done);
        let reached = reached(tx, service, part).await?;
        let changes = changes(tx, line, part, (&holders, reached)).await?;
        let in_part = |place: (i64, &str)| part.holds(place);
        let mut links = stored::of_service(tx, service, part.span()).await?;
        links.retain(|link| in_part((link.finished_at, &link.deployment_id)));
        let mut delivered = change_links::delivered_from(tx, service, part.span()).await?;
        delivered.retain(|change| change.delivery.place().is_some_and(in_part));
        let ignored = match line.ways.merge_is_delivery() {
            true => {
                let pushed = pushed_all_the_same(tx, line, part).await?;
                beside_merges(tx, service, pushed).await?
            }
            false => Vec::new(),
        };
        let remedy_ids: BTreeSet<&str> = links
            .iter()
            .map(|link| link.deployment_id.as_str())
            .chain(part.attempts.iter().map(|attempt| attempt.id.as_str()))
            .collect();
        let remedy_ids: Vec<&str> = remedy_ids.into_iter().collect();
        let remedies = remedies::by(tx, service, &remedy_ids).await?;
        Ok(Facts {
            changes,
            holders,
            history,
            reached,
            corrected: corrected(tx, part).await?,
            links,
            delivered,
            remedies,
            ignored,
        })
    }

    pub(super) fn change(&self, id: &str) -> Option<&Merged> {
        self.changes.get(id)
    }

    /// By id.
    pub(super) fn merged(&self) -> HashMap<&str, &Merged> {
        let all = self.changes.iter();
        all.map(|(id, change)| (id.as_str(), change)).collect()
    }

    /// The service's changes by merge, then id.
    pub(super) fn in_order(&self, service: &str) -> Vec<&Merged> {
        let own = self.changes.values();
        let mut own: Vec<&Merged> = own.filter(|change| change.service == service).collect();
        own.sort_unstable_by_key(|change| (change.merged_at, &change.change_id));
        own
    }
}

/// Everything merged up to here was in production when a part begins.
async fn reached(tx: &mut Tx, service: &str, part: &Part) -> store::Result<Option<i64>> {
    let Some(running) = &part.running else {
        return Ok(None);
    };
    let found = stored::find(tx, &[&running.id]).await?;
    let own = found
        .into_iter()
        .find(|ended| ended.link.service == service);
    Ok(own.and_then(|ended| ended.link.reach))
}

async fn changes(
    tx: &mut Tx,
    line: &Line<'_>,
    part: &Part,
    (holders, reached): (&Holders, Option<i64>),
) -> store::Result<HashMap<String, Merged>> {
    let listed: BTreeSet<&str> = part
        .attempts
        .iter()
        .flat_map(|attempt| attempt.changes.iter().flatten())
        .map(String::as_str)
        .collect();
    let listed: Vec<&str> = listed.into_iter().collect();
    let mut changes = change_links::merged(tx, &listed).await?;
    let anchors = part
        .attempts
        .iter()
        .filter(|attempt| attempt.changes.is_none());
    let up_to = anchors
        .filter_map(|attempt| {
            let sha = attempt.commit.as_deref()?;
            holders.in_service(sha, line.service, attempt.finished_at)
        })
        .map(|holder| holder.merged_at)
        .max();
    if let Some(up_to) = up_to {
        let span = (reached.unwrap_or(i64::MIN), up_to);
        changes.extend(change_links::merged_up_to(tx, line.service, span).await?);
    }
    let by_id = changes
        .into_iter()
        .map(|change| (change.change_id.clone(), change));
    Ok(by_id.collect())
}

async fn pushed_all_the_same(
    tx: &mut Tx,
    line: &Line<'_>,
    part: &Part,
) -> store::Result<Vec<Attempt>> {
    let mut found = Vec::new();
    let mut place = part.start.clone();
    loop {
        const ROWS: i64 = 1_000;
        let at = (place.0, place.1.as_str());
        let mut pushed = deployments::from_place(tx, line.service, at, ROWS).await?;
        let is_last = pushed.len() < ROWS as usize;
        if !is_last && let Some(last) = pushed.pop() {
            place = (last.finished_at, last.version.id);
        }
        for pushed in pushed {
            if !part.holds(pushed.place()) {
                return Ok(found);
            }
            found.extend(Attempt::pushed(pushed, line.ways));
        }
        if is_last {
            return Ok(found);
        }
    }
}

/// Those of which no merge of the service has the id.
async fn beside_merges(
    tx: &mut Tx,
    service: &str,
    mut pushed: Vec<Attempt>,
) -> store::Result<Vec<Attempt>> {
    let ids: Vec<&str> = pushed.iter().map(|pushed| pushed.id.as_str()).collect();
    let mut merges = change_links::merged(tx, &ids).await?;
    merges.retain(|merge| merge.service == service);
    pushed.retain(|pushed| merges.iter().all(|merge| merge.change_id != pushed.id));
    Ok(pushed)
}

async fn corrected(tx: &mut Tx, part: &Part) -> store::Result<HashMap<String, Kind>> {
    if !corrections::any(tx).await? {
        return Ok(HashMap::new());
    }
    let attempts = part.attempts.iter();
    let ids: Vec<&str> = attempts.map(|attempt| attempt.id.as_str()).collect();
    let newest = corrections::newest(tx, "deployment", "kind", &ids).await?;
    let kinds = newest
        .into_iter()
        .filter_map(|(id, correction)| Some((id, Kind::parse(&correction.value)?)));
    Ok(kinds.collect())
}
