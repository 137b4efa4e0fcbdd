//! The stream `incidents`: what broke and when, and what its sender holds to have caused it.

use serde::Deserialize;

use super::Arrived;
use crate::ingest::instant::Instant;
use crate::ingest::json::Json;
use crate::ingest::record::{name, typed};
use crate::ingest::{Refusal, Stream, StreamName};
use crate::store::blame::{self, Blamed};
use crate::store::incidents::{self, Incident, Kind};
use crate::store::registry::Registry;
use crate::store::versions::Version;
use crate::store::{self, Tx, touched};

pub(crate) struct Incidents;

#[derive(Deserialize)]
struct Record {
    id: String,
    service: Option<String>,
    updated_at: Option<Instant>,
    severity: Option<String>,
    kind: Option<Kind>,
    title: Option<String>,
    started_at: Instant,
    acknowledged_at: Option<Instant>,
    resolved_at: Option<Instant>,
    caused_by: Option<CausedBy>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct CausedBy {
    deployment: Option<String>,
    change: Option<String>,
    commit: Option<String>,
}

impl CausedBy {
    fn read(self) -> Result<Blamed, Refusal> {
        let members = [
            (blame::Kind::Deployment, self.deployment),
            (blame::Kind::Change, self.change),
            (blame::Kind::Commit, self.commit),
        ];
        blamed("caused_by", members)
    }
}

/// The service of a record that need not name one; none is the empty one.
pub(super) fn home(service: Option<String>) -> Result<String, Refusal> {
    if let Some(service) = &service {
        name("service", service)?;
    }
    Ok(service.unwrap_or_default())
}

/// The one thing that a record blames. Of several it would not be known which is meant; an object
/// that names none would be lost without a word.
pub(super) fn blamed(
    field: &str,
    members: [(blame::Kind, Option<String>); 3],
) -> Result<Blamed, Refusal> {
    let known = members.each_ref().map(|(kind, _)| kind.as_str()).join(", ");
    let mut named = members
        .into_iter()
        .filter_map(|(kind, id)| Some(Blamed { kind, id: id? }));
    let how_many = match (named.next(), named.next()) {
        (Some(blamed), None) => {
            name(&format!("{field}.{}", blamed.kind.as_str()), &blamed.id)?;
            return Ok(blamed);
        }
        (Some(_), Some(_)) => "more than one",
        (None, _) => "none",
    };
    let reason = format!("names {how_many} of {known}; name exactly one, or leave {field} out");
    Err(Refusal::field(field, reason))
}

impl Stream for Incidents {
    type Row = Incident;
    const NAME: StreamName = StreamName::Incidents;

    fn read(record: &Json<'_>) -> Result<Incident, Refusal> {
        let record: Record = typed(record)?;
        name("id", &record.id)?;
        Ok(Incident {
            version: Version {
                home: home(record.service)?,
                id: record.id,
                updated_at: record.updated_at.map(|at| at.0),
                ..Version::default()
            },
            severity: record.severity,
            kind: record.kind,
            title: record.title,
            started_at: record.started_at.0,
            acknowledged_at: record.acknowledged_at.map(|at| at.0),
            resolved_at: record.resolved_at.map(|at| at.0),
            caused_by: record.caused_by.map(CausedBy::read).transpose()?,
            url: record.url,
        })
    }

    fn version(row: &Incident) -> &Version {
        &row.version
    }

    fn version_mut(row: &mut Incident) -> &mut Version {
        &mut row.version
    }

    async fn put(tx: &mut Tx, rows: &[Incident]) -> store::Result<()> {
        incidents::put(tx, rows).await
    }

    /// It is linked behind, also where it was before.
    async fn link(
        tx: &mut Tx,
        _registry: &Registry,
        arrived: Arrived<'_, Incident>,
    ) -> store::Result<Vec<i64>> {
        touched::things(tx, touched::Kind::Incident, &arrived.keys(Self::version)).await?;
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::{Value, json};

    fn read(field: &str, value: Value) -> Result<Incident, Refusal> {
        let mut record = json!({"id": "i", "started_at": "2026-01-02T00:00:00Z"});
        record[field] = value;
        Incidents::read(&parse(&record.to_string()).unwrap())
    }

    fn refused(field: &str, value: Value) -> (String, String) {
        let refusal = read(field, value).unwrap_err();
        (refusal.field.unwrap(), refusal.reason)
    }

    #[test]
    fn an_incident_without_a_service_has_the_empty_home_and_an_empty_service_is_refused() {
        assert_eq!(read("service", Value::Null).unwrap().version.home, "");
        assert_eq!(read("service", json!("shop")).unwrap().version.home, "shop");
        assert_eq!(refused("service", json!("")).0, "service");
    }

    #[test]
    fn an_unknown_kind_is_refused_with_its_field() {
        let drill = read("kind", json!("drill")).unwrap();
        assert_eq!(drill.kind, Some(Kind::Drill));
        let (field, reason) = refused("kind", json!("outage"));
        assert_eq!(field, "kind");
        assert!(reason.contains("outage"), "{reason}");
    }

    #[test]
    fn the_one_thing_that_caused_it_is_read_by_its_kind() {
        let blamed = |member: &str| read("caused_by", json!({member: "x"})).unwrap().caused_by;
        for (member, kind) in [
            ("deployment", blame::Kind::Deployment),
            ("change", blame::Kind::Change),
            ("commit", blame::Kind::Commit),
        ] {
            let id = "x".to_owned();
            assert_eq!(blamed(member), Some(Blamed { kind, id }));
        }
        assert_eq!(read("caused_by", Value::Null).unwrap().caused_by, None);
    }

    #[test]
    fn a_cause_that_names_several_things_or_none_is_refused_with_what_to_do() {
        for (cause, words) in [
            (json!({"change": "c", "commit": "a"}), "more than one of"),
            (json!({}), "none of"),
            (json!({"release": "r"}), "none of"),
        ] {
            let (field, reason) = refused("caused_by", cause);
            assert_eq!(field, "caused_by");
            assert!(reason.contains(words), "{reason}");
            assert!(reason.contains("deployment, change, commit"), "{reason}");
        }
        assert_eq!(
            refused("caused_by", json!({"change": " "})).0,
            "caused_by.change"
        );
    }

    #[test]
    fn instants_may_stand_in_any_order() {
        let incident = read("resolved_at", json!("2026-01-01T00:00:00Z")).unwrap();
        assert!(incident.resolved_at < Some(incident.started_at));
    }
}
