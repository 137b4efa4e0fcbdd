//! Which deployments reach production, and in which order a service tried them.

use crate::store::deployments::Deployment;
use crate::store::links::changes::Merged;
use crate::store::registry::{Delivery, RuleOff, Service};

/// What production is called where a service does not say.
const PRODUCTION: [&str; 3] = ["production", "prod", "live"];
/// How long after a deployment an incident is laid to it, where a service does not say.
const WINDOW_HOURS: u32 = 72;
const HOUR_MS: i64 = 3_600_000;

/// What a service says of its deployments; all defaults for one that is not registered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways<'a> {
    service: Option<&'a Service>,
}

impl<'a> Ways<'a> {
    pub(super) fn of(service: Option<&'a Service>) -> Ways<'a> {
        Ways { service }
    }

    /// Whether an environment is production, by its name in whatever case.
    pub(super) fn is_production(self, environment: &str) -> bool {
        let name = environment.to_lowercase();
        match self.service.map(|service| service.production.as_slice()) {
            None | Some([]) => PRODUCTION.contains(&name.as_str()),
            Some(own) => own.iter().any(|own| own.to_lowercase() == name),
        }
    }

    /// Whether each merge is a deployment.
    pub(super) fn merge_is_delivery(self) -> bool {
        self.service
            .is_some_and(|service| service.delivery == Some(Delivery::Merge))
    }

    pub(super) fn finds(self, rule: RuleOff) -> bool {
        !self.service.is_some_and(|service| service.is_off(rule))
    }

    pub(super) fn incident_window_ms(self) -> i64 {
        i64::from(incident_window_hours(self.service)) * HOUR_MS
    }
}

/// How many hours after a deployment of a service an incident is laid to it.
pub fn incident_window_hours(service: Option<&Service>) -> u32 {
    let own = service.and_then(|service| service.incident_window_hours);
    own.unwrap_or(WINDOW_HOURS)
}

/// A deployment to production, tried or done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub id: String,
    pub finished_at: i64,
    pub commit: Option<String>,
    pub is_success: bool,
    /// What its sender says that it is.
    pub kind: Option<Kind>,
    /// What its sender says that it holds.
    pub changes: Option<Vec<String>>,
}

/// What a deployment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Planned,
    Rollback,
    Fix,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Planned, Kind::Rollback, Kind::Fix];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Kind::Planned => "planned",
            Kind::Rollback => "rollback",
            Kind::Fix => "fix",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl Attempt {
    /// Where it stands among those of its service.
    pub(super) fn place(&self) -> (i64, &str) {
        (self.finished_at, &self.id)
    }

    /// What was pushed, if it went to production.
    pub(super) fn pushed(deployment: Deployment, ways: Ways<'_>) -> Option<Attempt> {
        ways.is_production(&deployment.environment)
            .then(|| Attempt {
                finished_at: deployment.finished_at,
                is_success: deployment.result == "success",
                kind: deployment.kind.as_deref().and_then(Kind::parse),
                changes: deployment.changes,
                commit: Some(deployment.commit_sha),
                id: deployment.version.id,
            })
    }

    /// A merge that is a deployment.
    pub(super) fn merged(change: Merged) -> Attempt {
        Attempt {
            finished_at: change.merged_at,
            commit: None,
            is_success: true,
            kind: None,
            changes: Some(vec![change.change_id.clone()]),
            id: change.change_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_is_known_by_name_in_any_case_and_a_services_own_names_replace_them() {
        let default = Ways::of(None);
        for name in ["production", "Prod", "LIVE"] {
            assert!(default.is_production(name), "{name}");
        }
        assert!(!default.is_production("staging") && !default.is_production("production-eu"));
        let service: Service =
            serde_json::from_str(r#"{"slug": "shop", "production": ["Production-EU"]}"#).unwrap();
        let own = Ways::of(Some(&service));
        assert!(own.is_production("production-eu") && !own.is_production("production"));
    }
}
