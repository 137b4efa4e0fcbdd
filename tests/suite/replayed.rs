//! The generated company, once pushed and once read from a forge that holds the same work: what changes,
//! reviews and deployments decide comes out the same.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use server::cli::apply::{Document, apply};
use server::demo::{self, Plan, Size};
use server::ingest::StreamName;
use server::store::Db;
use tests::database::Database;
use tests::forge::{Forge, Manner, Repository, connected};
use tests::{deliver, dump, read};

const OWNER: &str = "larkmoor";

fn plan() -> Plan {
    Plan {
        seed: 7,
        weeks: 14,
        size: Size::Small,
        last_monday: "2026-11-16".parse().unwrap(),
    }
}

/// The newest version of each record, by stream and id.
struct Work {
    changes: BTreeMap<String, Value>,
    reviews: BTreeMap<String, Value>,
    deployments: BTreeMap<String, Value>,
    incidents: BTreeMap<String, Value>,
    defects: BTreeMap<String, Value>,
}

fn newest<'a>(versions: impl Iterator<Item = &'a Value>) -> BTreeMap<String, Value> {
    let mut newest: BTreeMap<String, Value> = BTreeMap::new();
    for version in versions {
        let id = version["id"].as_str().unwrap().to_owned();
        let dated = |own: &Value| own["updated_at"].as_str().unwrap_or_default().to_owned();
        let is_newer = newest
            .get(&id)
            .is_none_or(|old| dated(old) <= dated(version));
        if is_newer {
            newest.insert(id, version.clone());
        }
    }
    newest
}

fn work() -> Work {
    let weeks: Vec<_> = demo::weeks(&plan()).collect();
    let mut changes = newest(weeks.iter().flat_map(|week| &week.changes));
    // Every pull request of a forge was opened at some time; what was pushed past it is none.
    changes.retain(|_, own| own["created_at"].is_string() && own["number"].is_u64());
    let mut reviews = newest(weeks.iter().flat_map(|week| &week.reviews));
    reviews.retain(|_, own| changes.contains_key(own["change"].as_str().unwrap()));
    Work {
        changes,
        reviews,
        deployments: newest(weeks.iter().flat_map(|week| &week.deployments)),
        incidents: newest(weeks.iter().flat_map(|week| &week.incidents)),
        defects: newest(weeks.iter().flat_map(|week| &week.defects)),
    }
}

/// A forge names things by numbers.
fn numbered(of: &BTreeMap<String, Value>, first: u64) -> BTreeMap<&str, u64> {
    of.keys().map(String::as_str).zip(first..).collect()
}

fn account(person: &Value) -> Value {
    let kind = if person["kind"] == "agent" {
        "Bot"
    } else {
        "User"
    };
    json!({"login": person["id"], "type": kind})
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn pull_request(own: &Value, id: u64) -> Value {
    let commits = list(&own["commits"]).iter().map(|commit| {
        json!({
            "sha": commit["sha"],
            "author": commit["author"].is_object().then(|| account(&commit["author"])),
            "commit": {"message": commit["message"], "author": {"date": commit["authored_at"]}},
        })
    });
    // What a sender says in a field, a forge says in the text.
    let body = match own["reverts"].as_str() {
        Some(sha) => format!(
            "{}\n\nThis reverts commit {sha}.",
            own["body"].as_str().unwrap_or_default()
        ),
        None => own["body"].as_str().unwrap_or_default().to_owned(),
    };
    let ready = own["ready_at"]
        .as_str()
        .map(|at| json!({"event": "ready_for_review", "created_at": at}));
    json!({
        "payload": {
            "id": id, "node_id": format!("PR_{id}"), "number": own["number"], "html_url": own["url"],
            "title": own["title"], "body": body, "user": account(&own["author"]),
            "head": {"ref": own["branch"]}, "created_at": own["created_at"], "updated_at": own["updated_at"],
            "merged_at": own["merged_at"], "closed_at": own["closed_at"],
            "merge_commit_sha": own["merge_commit"],
            "labels": list(&own["labels"]).iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
            "additions": own["additions"], "deletions": own["deletions"],
        },
        "commits": commits.collect::<Vec<_>>(),
        "files": list(&own["paths"]).iter().map(|path| json!({"filename": path})).collect::<Vec<_>>(),
        "timeline": ready.into_iter().collect::<Vec<_>>(),
        "reviews": [],
    })
}

fn deployment(own: &Value, id: u64) -> Value {
    let begun = own["started_at"].as_str().or(own["finished_at"].as_str());
    json!({
        "id": id, "node_id": format!("D_{id}"), "sha": own["commit"], "environment": own["environment"],
        "task": own["kind"].as_str().unwrap_or("deploy"), "created_at": begun, "updated_at": own["updated_at"],
        "statuses": [{"state": own["result"], "created_at": own["finished_at"]}],
    })
}

/// The same work as a forge holds it.
fn repositories(work: &Work) -> BTreeMap<String, Repository> {
    let changes = numbered(&work.changes, 1_000);
    let deployments = numbered(&work.deployments, 500_000);
    let mut all: BTreeMap<String, Repository> = BTreeMap::new();
    let name = |own: &Value| format!("{OWNER}/{}", own["service"].as_str().unwrap());
    for (id, own) in &work.changes {
        let mut pull = pull_request(own, changes[id.as_str()]);
        let reviews = work.reviews.values().zip(900_000_u64..);
        let reviews = reviews
            .filter(|(review, _)| review["change"] == own["id"])
            .map(|(review, number)| {
                json!({
                    "id": number, "user": account(&review["author"]),
                    "state": review["state"].as_str().unwrap().to_uppercase(),
                    "submitted_at": review["submitted_at"], "commit_id": review["commit"],
                })
            });
        pull["reviews"] = json!(reviews.collect::<Vec<_>>());
        all.entry(name(own)).or_default().pull_requests.push(pull);
    }
    for (id, own) in &work.deployments {
        let deployment = deployment(own, deployments[id.as_str()]);
        all.entry(name(own))
            .or_default()
            .deployments
            .push(deployment);
    }
    all
}

/// What others say of changes and deployments, by the names that these have at the forge.
fn renamed(own: &Value, work: &Work) -> Value {
    let changes = numbered(&work.changes, 1_000);
    let deployments = numbered(&work.deployments, 500_000);
    let mut own = own.clone();
    for member in ["caused_by", "introduced_by"] {
        let Some(blamed) = own[member].as_object().cloned() else {
            continue;
        };
        let named = blamed.into_iter().map(|(kind, id)| {
            let number = match kind.as_str() {
                "change" => id.as_str().and_then(|id| changes.get(id)),
                "deployment" => id.as_str().and_then(|id| deployments.get(id)),
                _ => None,
            };
            let id = number.map_or(id.clone(), |number| json!(number.to_string()));
            (kind, id)
        });
        own[member] = Value::Object(named.collect::<Map<_, _>>());
    }
    own
}

async fn declared(db: &Db) {
    let document = Document::parse(&demo::registry_toml(&plan())).unwrap();
    apply(db, document, read::NOW_MS, &|_, _, _| {})
        .await
        .unwrap();
}

async fn push(db: &Db, stream: StreamName, records: impl Iterator<Item = Value>) {
    let records: Vec<Value> = records.collect();
    deliver::good(db, stream, &records).await;
}

#[tokio::test]
async fn the_generated_company_read_from_a_forge_has_the_figures_of_the_one_that_is_pushed() {
    let work = work();
    let repositories = repositories(&work);
    let named: Vec<(&str, Repository)> = repositories
        .iter()
        .map(|(name, own)| (name.as_str(), own.clone()))
        .collect();
    let names: Vec<&str> = repositories.keys().map(String::as_str).collect();
    let manner = Manner {
        has_graphql: false,
        ..Manner::default()
    };
    let forge = Forge::start(&named, manner).await;
    for database in Database::on_each_engine().await {
        let db = database.open().await;
        declared(&db).await;
        push(&db, StreamName::Changes, work.changes.values().cloned()).await;
        push(&db, StreamName::Reviews, work.reviews.values().cloned()).await;
        push(
            &db,
            StreamName::Deployments,
            work.deployments.values().cloned(),
        )
        .await;
        push(&db, StreamName::Incidents, work.incidents.values().cloned()).await;
        push(&db, StreamName::Defects, work.defects.values().cloned()).await;
        let pushed = dump::facts(&db).await;
        assert!(
            pushed.rows("figures").len() > 3_000,
            "{}",
            pushed.rows("figures").len()
        );

        let other = database.another().await;
        let connected = other.open().await;
        declared(&connected).await;
        connected::declare_source(&connected, &forge, &names).await;
        let pulled = connected::pull(&connected).await;
        assert_eq!(
            (pulled.failures.len(), pulled.refused),
            (0, 0),
            "{:?}",
            pulled.failures
        );
        push(
            &connected,
            StreamName::Incidents,
            work.incidents.values().map(|own| renamed(own, &work)),
        )
        .await;
        push(
            &connected,
            StreamName::Defects,
            work.defects.values().map(|own| renamed(own, &work)),
        )
        .await;
        let read = dump::facts(&connected).await;
        let (mine, theirs) = (pushed.rows("figures"), read.rows("figures"));
        let other = mine.iter().find(|row| theirs.binary_search(row).is_err());
        assert_eq!((other, mine.len()), (None, theirs.len()));
        connected.close().await;
        db.close().await;
    }
}
