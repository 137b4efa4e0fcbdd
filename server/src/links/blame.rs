//! Which deployment an incident is laid to.
//!
//! What its sender names wins, wherever it leads; when it leads nowhere, nothing is guessed in its
//! place. Without a name it is the service's latest deployment to production within the window.

use super::segment::{Evidence, Level};
use crate::store::blame::{Blamed, Kind};
use crate::store::commits::Holder;
use crate::store::links::changes::{Delivery, Merged};
use crate::store::links::deployments::DeploymentLink;

/// The deployment an incident is laid to, or why to none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Laid {
    To {
        service: String,
        deployment_id: String,
        evidence: Evidence,
    },
    Nowhere {
        reason: String,
    },
}

/// What is found for the name that an incident gives.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found<'a> {
    /// The attempt to deploy to production with the named id, or the first one of the named commit.
    pub deployment: Option<&'a DeploymentLink>,
    /// The named change, or the one that holds the named commit.
    pub change: Option<&'a Merged>,
    pub holder: Option<&'a Holder>,
}

/// By what its sender names.
pub(super) fn named(blamed: &Blamed, found: Found<'_>) -> Laid {
    let id = &blamed.id;
    let by_deployment = |what: String| match found.deployment {
        Some(link) if link.standing != "ignored" => Laid::To {
            service: link.service.clone(),
            deployment_id: link.deployment_id.clone(),
            evidence: declared(what),
        },
        _ => nowhere(format!(
            "it names {} {id}, which is no known deployment to production",
            blamed.kind.as_str()
        )),
    };
    match blamed.kind {
        Kind::Deployment => by_deployment(format!("it names deployment {id}")),
        Kind::Commit if found.holder.is_none() => {
            by_deployment(format!("it names commit {id}, which was deployed"))
        }
        Kind::Change | Kind::Commit => by_change(blamed, found),
        Kind::Release => nowhere(format!(
            "it names release {id}, which leads to no deployment"
        )),
    }
}

fn by_change(blamed: &Blamed, found: Found<'_>) -> Laid {
    let (kind, id) = (blamed.kind.as_str(), &blamed.id);
    let Some(change) = found.change else {
        return nowhere(format!(
            "it names {kind} {id}, which no known deployment delivered"
        ));
    };
    match &change.delivery {
        Delivery {
            deployment_id: Some(deployment_id),
            delivered_at: Some(_),
            ..
        } => Laid::To {
            service: change.service.clone(),
            deployment_id: deployment_id.clone(),
            evidence: declared(match blamed.kind {
                Kind::Commit => format!("it names commit {id} of {}", change.change_id),
                _ => format!("it names change {id}"),
            }),
        },
        Delivery {
            deployment_id: Some(_),
            ..
        } => nowhere(format!(
            "it names {kind} {id}, which was in the first known deployment of its service"
        )),
        _ => nowhere(format!(
            "it names {kind} {id}, which no known deployment delivered"
        )),
    }
}

/// Without a name: by the latest deployment of its service at or before its start.
pub(super) fn by_window(started_at: i64, window_ms: i64, latest: Option<&DeploymentLink>) -> Laid {
    match latest {
        Some(link) if started_at.saturating_sub(link.finished_at) <= window_ms => Laid::To {
            service: link.service.clone(),
            deployment_id: link.deployment_id.clone(),
            evidence: Evidence {
                level: Level::Inferred,
                what: format!(
                    "deployment {} was the latest of its service, within {} h before it",
                    link.deployment_id,
                    window_ms / 3_600_000
                ),
            },
        },
        Some(_) => nowhere(format!(
            "no deployment of its service within {} h before it",
            window_ms / 3_600_000
        )),
        None => nowhere("no deployment of its service before it".to_owned()),
    }
}

fn nowhere(reason: String) -> Laid {
    Laid::Nowhere { reason }
}

fn declared(what: String) -> Evidence {
    Evidence {
        level: Level::Declared,
        what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn link(finished_at: i64, standing: &str) -> DeploymentLink {
        DeploymentLink {
            service: "shop".to_owned(),
            deployment_id: "d".to_owned(),
            version: 1,
            finished_at,
            standing: standing.to_owned(),
            is_first: 0,
            kind: "planned".to_owned(),
            is_rework: 0,
            next_is_remedy: 0,
            reach: None,
            evidence: "[]".to_owned(),
            reason: None,
            workflows: "[]".to_owned(),
        }
    }

    fn is_laid(laid: &Laid) -> bool {
        matches!(laid, Laid::To { .. })
    }

    #[test]
    fn the_window_includes_its_last_instant_and_the_deployments_finish() {
        let latest = link(0, "success");
        let at = |started_at| is_laid(&by_window(started_at, 72 * HOUR, Some(&latest)));
        assert!(at(0) && at(72 * HOUR) && !at(72 * HOUR + 1));
        assert!(!is_laid(&by_window(0, 72 * HOUR, None)));
    }

    #[test]
    fn a_name_that_leads_nowhere_is_not_replaced_by_a_guess() {
        for kind in [Kind::Deployment, Kind::Change, Kind::Commit] {
            let id = "x".to_owned();
            let laid = named(&Blamed { kind, id }, Found::default());
            let Laid::Nowhere { reason } = laid else {
                panic!("{laid:?}");
            };
            assert!(reason.starts_with(&format!("it names {} x", kind.as_str())));
        }
    }

    #[test]
    fn a_failed_rollout_can_be_named_and_an_ignored_deployment_cannot() {
        let blamed = Blamed {
            kind: Kind::Deployment,
            id: "d".to_owned(),
        };
        for (standing, counts) in [("success", true), ("failure", true), ("ignored", false)] {
            let found = link(0, standing);
            let found = Found {
                deployment: Some(&found),
                ..Found::default()
            };
            assert_eq!(is_laid(&named(&blamed, found)), counts, "{standing}");
        }
    }
}
