//! What breaks: incidents of deployments that failed, incidents that lead to no deployment, and what
//! an incident system keeps beside them.

use serde_json::Value;

use super::chance::Chance;
use super::changes::{self, Change};
use super::company::{Site, Week};
use super::hours::{DAY, HOUR, MINUTE, rfc3339};
use super::object::object;
use super::truth::facts::Fact;

/// What a record names as the cause of something: a kind of thing, and its id.
pub(super) type Cause = (&'static str, String);

pub(super) struct Incident {
    id: String,
    /// None for one of the whole company.
    service: Option<String>,
    title: String,
    severity: &'static str,
    /// What its record says that it is, if anything.
    kind: Option<&'static str>,
    pub started: i64,
    acknowledged: Option<i64>,
    /// None when it is not over within the generated weeks.
    pub resolved: Option<i64>,
    pub cause: Option<Cause>,
}

impl Incident {
    /// One of a service's; most are over soon, some take days, and a few do not end.
    pub(super) fn of_service(
        site: &Site,
        number: usize,
        started: i64,
        chance: &mut Chance,
    ) -> Incident {
        let service = site.service;
        let thing = chance.one(&service.domain.things);
        Incident {
            id: format!("{}-incident-{}-{number}", service.slug, site.week.index),
            service: Some(service.slug.clone()),
            title: format!("Errors around {thing}"),
            ..Incident::drawn(site.week.known_until, started, chance)
        }
    }

    fn drawn(known_until: i64, started: i64, chance: &mut Chance) -> Incident {
        let took = match chance.weighted(&[0.82, 0.12, 0.06]) {
            0 => Some(chance.log_normal(80.0, 0.9) as i64 * MINUTE + MINUTE),
            1 => Some(chance.between(DAY, 12 * DAY)),
            _ => None,
        };
        let seen = started + chance.between(2 * MINUTE, 15 * MINUTE);
        Incident {
            id: String::new(),
            service: None,
            title: String::new(),
            severity: ["minor", "major", "critical"][chance.weighted(&[0.6, 0.3, 0.1])],
            kind: chance.happens(0.5).then_some("incident"),
            started,
            acknowledged: chance.happens(0.8).then_some(seen),
            resolved: took
                .map(|took| started + took)
                .filter(|at| *at < known_until),
            cause: None,
        }
    }

    /// As its source sends it at the end of a week, and again once it is over.
    pub(super) fn records(&self, week_ends: i64) -> (Value, Option<(i64, Value)>) {
        let last = self.resolved.unwrap_or(self.started);
        if last < week_ends {
            return (self.version(last, self.resolved), None);
        }
        let open = self.version(self.started, None);
        (open, Some((last, self.version(last, self.resolved))))
    }

    fn version(&self, updated_at: i64, resolved: Option<i64>) -> Value {
        let mut record = object([
            ("id", self.id.as_str().into()),
            (
                "url",
                format!("https://example.com/incidents/{}", self.id).into(),
            ),
            ("title", self.title.as_str().into()),
            ("severity", self.severity.into()),
            ("started_at", rfc3339(self.started).into()),
            ("updated_at", rfc3339(updated_at).into()),
        ]);
        let texts = [
            ("service", self.service.clone()),
            ("kind", self.kind.map(str::to_owned)),
            ("acknowledged_at", self.acknowledged.map(rfc3339)),
            ("resolved_at", resolved.map(rfc3339)),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                record[name] = text.into();
            }
        }
        if let Some((kind, id)) = &self.cause {
            record["caused_by"] = object([(kind, id.as_str().into())]);
        }
        record
    }
}

/// What happens at a service beside its deployments: alerts, drills and the like, which are no
/// incidents, and incidents whose named cause leads to no deployment.
pub(super) fn beside(
    site: &Site,
    changes: &[Change],
    taken: usize,
    chance: &mut Chance,
) -> (Vec<Incident>, Vec<Fact>) {
    let mut facts = Vec::new();
    let mut incidents: Vec<Incident> = Vec::new();
    let noise = chance.poisson(0.5);
    let unled = chance.poisson(0.06);
    for number in 0..noise + unled {
        let at = changes::some_time(site.week, chance);
        let mut incident = Incident::of_service(site, taken + number as usize + 1, at, chance);
        if number < noise {
            let kinds = ["alert", "drill", "maintenance", "declined", "merged"];
            incident.kind = Some(kinds[chance.weighted(&[0.5, 0.15, 0.2, 0.1, 0.05])]);
        } else {
            incident.cause = Some(nowhere(site, changes, chance));
            let scopes = site.company.around(site.service);
            facts.push(Fact::Incident { at, scopes });
        }
        incidents.push(incident);
    }
    (incidents, facts)
}

/// A cause that is no deployment to production, and was never part of one.
fn nowhere(site: &Site, changes: &[Change], chance: &mut Chance) -> Cause {
    let abandoned = changes.iter().find(|change| !change.is_merged);
    match abandoned.filter(|_| chance.happens(0.5)) {
        Some(change) => ("change", change.id.clone()),
        None if chance.happens(0.5) => ("commit", chance.sha()),
        None => {
            let slug = &site.service.slug;
            (
                "deployment",
                format!("{slug}-{}-staging", site.week.first_number),
            )
        }
    }
}

/// An incident of the company as a whole: it names neither a service nor a cause.
pub(super) fn of_company(week: &Week, number: usize, chance: &mut Chance) -> (Incident, Fact) {
    let at = changes::some_time(week, chance);
    let incident = Incident {
        id: format!("company-incident-{}-{number}", week.index),
        title: "The network of the data centre is slow".to_owned(),
        ..Incident::drawn(week.known_until, at, chance)
    };
    let scopes = vec!["company".to_owned()];
    (incident, Fact::Incident { at, scopes })
}

/// How long after a deployment something is seen to be wrong with it.
pub(super) fn noticed_after(chance: &mut Chance) -> i64 {
    (chance.log_normal(25.0, 0.8) as i64 * MINUTE).clamp(2 * MINUTE, 4 * HOUR)
}
