//! The stream `defects`: what was found to be wrong, where, and what came of it.

use serde::Deserialize;

use super::Arrived;
use super::incidents::{blamed, home};
use crate::ingest::instant::Instant;
use crate::ingest::json::Json;
use crate::ingest::record::{name, typed};
use crate::ingest::{Refusal, Stream, StreamName};
use crate::store::blame::{self, Blamed};
use crate::store::defects::{self, Defect, FoundIn, Resolution};
use crate::store::registry::Registry;
use crate::store::versions::Version;
use crate::store::{self, Tx, touched};

pub(crate) struct Defects;

#[derive(Deserialize)]
struct Record {
    id: String,
    service: Option<String>,
    updated_at: Option<Instant>,
    title: Option<String>,
    found_at: Instant,
    found_in: Option<FoundIn>,
    resolved_at: Option<Instant>,
    resolution: Option<Resolution>,
    severity: Option<String>,
    introduced_by: Option<IntroducedBy>,
}

#[derive(Deserialize)]
struct IntroducedBy {
    deployment: Option<String>,
    change: Option<String>,
    release: Option<String>,
}

impl IntroducedBy {
    fn read(self) -> Result<Blamed, Refusal> {
        let members = [
            (blame::Kind::Deployment, self.deployment),
            (blame::Kind::Change, self.change),
            (blame::Kind::Release, self.release),
        ];
        blamed("introduced_by", members)
    }
}

impl Stream for Defects {
    type Row = Defect;
    const NAME: StreamName = StreamName::Defects;

    fn read(record: &Json<'_>) -> Result<Defect, Refusal> {
        let record: Record = typed(record)?;
        name("id", &record.id)?;
        Ok(Defect {
            version: Version {
                home: home(record.service)?,
                id: record.id,
                updated_at: record.updated_at.map(|at| at.0),
                ..Version::default()
            },
            title: record.title,
            found_at: record.found_at.0,
            found_in: record.found_in,
            resolved_at: record.resolved_at.map(|at| at.0),
            resolution: record.resolution,
            severity: record.severity,
            introduced_by: record.introduced_by.map(IntroducedBy::read).transpose()?,
        })
    }

    fn version(row: &Defect) -> &Version {
        &row.version
    }

    fn version_mut(row: &mut Defect) -> &mut Version {
        &mut row.version
    }

    async fn put(tx: &mut Tx, rows: &[Defect]) -> store::Result<()> {
        defects::put(tx, rows).await
    }

    /// It is linked behind, also where it was before.
    async fn link(
        tx: &mut Tx,
        _registry: &Registry,
        arrived: Arrived<'_, Defect>,
    ) -> store::Result<Vec<i64>> {
        touched::things(tx, touched::Kind::Defect, &arrived.keys(Self::version)).await?;
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::{Value, json};

    fn read(field: &str, value: Value) -> Result<Defect, Refusal> {
        let mut record = json!({"id": "d", "found_at": "2026-01-02T00:00:00Z"});
        record[field] = value;
        Defects::read(&parse(&record.to_string()).unwrap())
    }

    fn refused(field: &str, value: Value) -> (String, String) {
        let refusal = read(field, value).unwrap_err();
        (refusal.field.unwrap(), refusal.reason)
    }

    #[test]
    fn a_defect_without_a_service_has_the_empty_home() {
        assert_eq!(read("service", Value::Null).unwrap().version.home, "");
        assert_eq!(read("service", json!("shop")).unwrap().version.home, "shop");
    }

    #[test]
    fn an_unknown_place_or_resolution_is_refused_with_its_field() {
        let escaped = read("found_in", json!("pre_release")).unwrap();
        assert_eq!(escaped.found_in, Some(FoundIn::PreRelease));
        let closed = read("resolution", json!("not_a_defect")).unwrap();
        assert_eq!(closed.resolution, Some(Resolution::NotADefect));
        for field in ["found_in", "resolution"] {
            let (named, reason) = refused(field, json!("staging"));
            assert_eq!(named, field);
            assert!(reason.contains("staging"), "{reason}");
        }
    }

    #[test]
    fn what_introduced_it_is_one_thing_and_may_be_a_release() {
        let release = read("introduced_by", json!({"release": "2.4"})).unwrap();
        let kind = blame::Kind::Release;
        let id = "2.4".to_owned();
        assert_eq!(release.introduced_by, Some(Blamed { kind, id }));
        for several_or_none in [
            json!({"release": "2.4", "change": "c"}),
            json!({"commit": "a"}),
        ] {
            let (field, reason) = refused("introduced_by", several_or_none);
            assert_eq!(field, "introduced_by");
            assert!(reason.contains("deployment, change, release"), "{reason}");
        }
    }

    #[test]
    fn instants_may_stand_in_any_order() {
        let defect = read("resolved_at", json!("2026-01-01T00:00:00Z")).unwrap();
        assert!(defect.resolved_at < Some(defect.found_at));
    }
}
