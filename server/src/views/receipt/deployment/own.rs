//! All that is known of one deployment.

use app::view::records::{Evidence, Level};

use super::NAMED;
use crate::store::deployments::{self, Deployment};
use crate::store::incidents::{self, Incident};
use crate::store::links::deployments::{self as links, DeploymentLink, Ended, Listed, Outcome};
use crate::store::links::incidents::{self as incident_links, IncidentLink};
use crate::store::links::remedies::{self, Remedy};
use crate::store::runs;
use crate::store::told::{self, Named};
use crate::store::{Result, Tx, from_json};
use crate::views::receipt::draft::Told;
use crate::views::receipt::known::{Known, Subjects};
use crate::views::records::deployment_title;

/// What is known of one deployment.
pub(in crate::views::receipt) struct Own {
    pub listed: Listed,
    /// None where each merge is a deployment.
    pub row: Option<Deployment>,
    pub changes: Vec<Named>,
    pub incidents: Vec<IncidentLink>,
    /// As they were told.
    pub incident_rows: Vec<Incident>,
    pub remedies: Vec<Remedy>,
    /// The one before it that counts.
    pub previous: Option<Listed>,
    /// Of it, its commit, and the runs that name it.
    pub known: Known,
    /// Whether more runs name it than are told.
    pub names_more_runs: bool,
}

impl Own {
    pub(in crate::views::receipt) async fn load(tx: &mut Tx, id: &str) -> Result<Option<Own>> {
        let row = deployments::find(tx, &[id]).await?.into_iter().next();
        let listed = match (links::listed(tx, id).await?, &row) {
            (Some(listed), _) => listed,
            (None, Some(row)) => elsewhere(row),
            (None, None) => return Ok(None),
        };
        let link = &listed.ended.link;
        let before = (link.finished_at.saturating_sub(1), 1);
        let mut naming = runs::under_key(tx, &format!("deployment:{id}"), NAMED + 1).await?;
        let names_more_runs = naming.len() > NAMED;
        naming.truncate(NAMED);
        let subjects = Subjects {
            runs: naming,
            commits: listed.commit_sha.iter().cloned().collect(),
            deployments: vec![id.to_owned()],
            ..Subjects::default()
        };
        let laid = incident_links::laid_to(tx, &link.service, &[id]).await?;
        let mut previous = links::listed_before(tx, &link.service, before).await?;
        Ok(Some(Own {
            changes: told::delivered_by(tx, &link.service, (link.finished_at, id)).await?,
            incident_rows: incidents::find(tx, &ids(&laid)).await?,
            incidents: laid,
            remedies: remedies::of(tx, &link.service, &[id]).await?,
            known: Known::of(tx, &subjects).await?,
            previous: previous.pop(),
            names_more_runs,
            listed,
            row,
        }))
    }

    pub(in crate::views::receipt) fn link(&self) -> &DeploymentLink {
        &self.listed.ended.link
    }

    pub(super) fn outcome(&self) -> &Outcome {
        &self.listed.ended.outcome
    }

    pub(in crate::views::receipt) fn title(&self) -> String {
        deployment_title(&self.listed)
    }

    pub(in crate::views::receipt) fn told(&self) -> Option<Told> {
        self.row
            .as_ref()
            .map(|row| Told::of("deployments", &row.version))
    }

    /// How well it is known what is inside: the weakest of what says so.
    pub(super) fn level(&self) -> Result<Level> {
        let evidence: Vec<Evidence> = from_json("evidence", &self.link().evidence)?;
        Ok(evidence
            .iter()
            .map(|own| own.level)
            .max()
            .unwrap_or(Level::Recorded))
    }
}

fn ids(laid: &[IncidentLink]) -> Vec<&str> {
    laid.iter().map(|own| own.incident_id.as_str()).collect()
}

/// A deployment to an environment that is no production, of which nothing is derived.
fn elsewhere(row: &Deployment) -> Listed {
    Listed {
        ended: Ended {
            link: DeploymentLink {
                service: row.version.home.clone(),
                deployment_id: row.version.id.clone(),
                version: 0,
                finished_at: row.finished_at,
                standing: "ignored".to_owned(),
                is_first: 0,
                kind: row.kind.clone().unwrap_or_else(|| "planned".to_owned()),
                is_rework: 0,
                next_is_remedy: 0,
                reach: None,
                evidence: "[]".to_owned(),
                reason: Some(format!("{} is no production", row.environment)),
                workflows: "[]".to_owned(),
            },
            outcome: Outcome {
                failure: "[]".to_owned(),
                ..Outcome::default()
            },
        },
        commit_sha: Some(row.commit_sha.clone()),
        title: None,
        url: row.url.clone(),
    }
}
