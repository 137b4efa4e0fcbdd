//! GitHub as a source: recorded work comes out as it does when it is pushed by hand, broken off anywhere
//! it goes on, and nothing new costs next to nothing.

mod app;
mod later;
mod odd;
mod open;
mod rules;
mod tasks;
mod withdrawn;

use std::process::Stdio;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use server::ingest::StreamName::{Changes, Reviews};
use server::store::Db;
use server::store::registry::Kind;
use tests::database::Database;
use tests::forge::connected::{self, SOURCE, TOKEN_ENV};
use tests::forge::{Forge, Manner, Repository, TOKEN, made};
use tests::{command, deliver, dump, recorded};

const ANTS: &str = "panjf2000/ants";

fn ants(pull_requests: Vec<Value>) -> Repository {
    Repository {
        pull_requests,
        ..Repository::default()
    }
}

async fn pushed_by_hand(db: &Db, recorded: &[Value]) {
    deliver::declare(db, Kind::Service, "ants", json!({"slug": "ants"})).await;
    let changes: Vec<Value> = recorded.iter().map(recorded::change).collect();
    let reviews: Vec<Value> = recorded.iter().flat_map(recorded::reviews).collect();
    deliver::good(db, Changes, &changes).await;
    deliver::good(db, Reviews, &reviews).await;
}

#[tokio::test]
async fn recorded_pull_requests_give_the_figures_of_those_pushed_by_hand_at_any_page_size() {
    let Some(recorded) = recorded::pull_requests() else {
        return;
    };
    for database in Database::on_each_engine().await {
        let by_hand = database.open().await;
        pushed_by_hand(&by_hand, &recorded).await;
        let expected = dump::facts(&by_hand).await;
        for (page, has_graphql) in [
            (1, true),
            (7, true),
            (100, true),
            (1, false),
            (7, false),
            (100, false),
        ] {
            let manner = Manner {
                page,
                has_graphql,
                ..Manner::default()
            };
            let forge = Forge::start(&[(ANTS, ants(recorded.clone()))], manner).await;
            let database = database.another().await;
            let db = database.open().await;
            connected::declare(&db, &forge, &[ANTS]).await;
            let pulled = connected::pull(&db).await;
            assert_eq!(pulled.failures, [], "{page} a page, GraphQL: {has_graphql}");
            let found = dump::facts(&db).await;
            for table in ["figures", "reviews"] {
                assert_eq!(
                    found.rows(table),
                    expected.rows(table),
                    "{table} with {page} a page"
                );
            }
            assert_eq!(found.rows("changes").len(), 49);
            db.close().await;
        }
        by_hand.close().await;
    }
}

#[tokio::test]
async fn what_has_no_graphql_is_read_the_same_by_rest() {
    let mut repository = made::repository(130);
    // More than one page of commits, which GraphQL does not hold in one answer.
    let commits: Vec<Value> = (0..230)
            .map(|nth| {
                json!({
                    "sha": format!("{nth:040x}"), "author": null,
                    "commit": {"message": "Step", "author": {"email": "7+ana@users.noreply.github.com", "date": "2026-08-30T10:00:00Z"}},
                })
            })
            .collect();
    repository.pull_requests[9]["commits"] = json!(commits);
    repository.pull_requests[3]["payload"]["head"]["sha"] = json!("abc");
    repository.pull_requests[3]["checks"] = json!([
        {"id": 1, "name": "unit tests", "head_sha": "abc", "conclusion": "success", "completed_at": "2026-08-30T12:00:00Z"},
        {"id": 2, "name": "lint", "head_sha": "abc", "conclusion": "failure", "completed_at": "2026-08-30T12:01:00Z"},
        {"id": 3, "name": "spelling", "head_sha": "abc", "conclusion": "skipped", "completed_at": "2026-08-30T12:01:00Z"},
    ]);
    repository.deployments = vec![json!({
        "id": 5, "node_id": "D_5", "sha": "abc", "environment": "live-eu", "production_environment": true,
        "created_at": "2026-08-30T12:00:00Z", "updated_at": "2026-08-30T12:09:00Z",
        "statuses": [
            {"state": "inactive", "created_at": "2026-08-31T12:00:00Z"},
            {"state": "success", "created_at": "2026-08-30T12:09:00Z"},
        ],
    })];
    repository.issues = vec![json!({
        "id": 6, "number": 6, "html_url": "https://forge.example/acme/shop/issues/6", "title": "Till stood still",
        "labels": [{"name": "Incident"}], "created_at": "2026-08-30T13:00:00Z",
        "updated_at": "2026-08-30T15:00:00Z", "closed_at": "2026-08-30T15:00:00Z",
    })];
    repository.pull_requests[9]["timeline"] =
        json!([{"event": "ready_for_review", "created_at": "2026-08-30T11:00:00Z"}]);
    let mut found = Vec::new();
    for has_graphql in [true, false] {
        let manner = Manner {
            has_graphql,
            ..Manner::default()
        };
        let forge = Forge::start(&[("acme/shop", repository.clone())], manner).await;
        let database = Database::sqlite();
        let fresh = database.open().await;
        connected::declare(&fresh, &forge, &["acme/shop"]).await;
        assert_eq!(connected::pull(&fresh).await.failures, []);
        found.push(dump::facts(&fresh).await);
        fresh.close().await;
    }
    assert_eq!(found[0].rows("changes").len(), 130);
    assert_eq!(found[0].rows("evaluations").len(), 2);
    for (table, rows) in [("deployments", 1), ("incidents", 1), ("defects", 0)] {
        assert_eq!(found[0].rows(table).len(), rows, "{table}");
    }
    for table in [
        "changes",
        "reviews",
        "deployments",
        "incidents",
        "evaluations",
        "figures",
    ] {
        assert_eq!(found[0].rows(table), found[1].rows(table), "{table}");
    }
}

#[tokio::test]
async fn nothing_new_costs_one_conditional_request_a_stream_and_something_new_little_more() {
    let forge = Forge::start(&[("acme/shop", made::repository(250))], Manner::default()).await;
    let database = Database::sqlite();
    let db = database.open().await;
    connected::declare(&db, &forge, &["acme/shop"]).await;
    let first = connected::pull(&db).await;
    assert_eq!((first.accepted, first.refused), (500, 0));
    assert!(forge.asked().len() <= 30, "0.12 requests a pull request");
    let second = connected::pull(&db).await;
    let asked = forge.asked();
    assert_eq!((second.accepted, second.repeated), (0, 0));
    assert!(
        asked
            .iter()
            .all(|own| own.was_conditional && own.status == 304),
        "{asked:?}"
    );
    assert!(asked.len() <= 9, "{asked:?}");
    forge.change("acme/shop", |own| {
        own.pull_requests.push(made::pull_request(251))
    });
    let third = connected::pull(&db).await;
    assert_eq!(third.accepted, 2);
    assert!(forge.asked().len() <= 12);
    db.close().await;
}

#[tokio::test]
async fn a_renamed_repository_is_followed_and_a_deleted_one_is_told_while_the_others_go_on() {
    let repositories = [
        ("acme/gone", made::repository(3)),
        ("acme/shop", made::repository(5)),
    ];
    let forge = Forge::start(&repositories, Manner::default()).await;
    let database = Database::sqlite();
    let db = database.open().await;
    connected::declare(&db, &forge, &["acme/gone", "acme/shop"]).await;
    assert_eq!(connected::pull(&db).await.failures, []);
    forge.rename("acme/shop", "acme/store");
    forge.delete("acme/gone");
    forge.change("acme/store", |own| {
        own.pull_requests.push(made::pull_request(6))
    });
    let pulled = connected::pull(&db).await;
    assert_eq!(pulled.accepted, 2);
    let said: Vec<String> = pulled.failures.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("acme/gone: it finds nothing there (404)"),
        "{said:?}"
    );
    db.close().await;
}

/// `onehop sync` of a declared forge.
fn sync(url: &str) -> std::process::Command {
    let mut command = command::onehop(url, &["sync", SOURCE]);
    command
        .env(TOKEN_ENV, TOKEN)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

async fn facts(database: &Database) -> dump::Dump {
    let db = database.open().await;
    let dump = dump::facts(&db).await;
    db.close().await;
    dump
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_fifty_moments_and_resumed_a_sync_leaves_what_one_undisturbed_sync_leaves() {
    let manner = Manner {
        page: 10,
        answers_after: Duration::from_millis(3),
        ..Manner::default()
    };
    let forge = Forge::start(&[("acme/shop", made::repository(80))], manner).await;
    let prepared = async || {
        let database = Database::sqlite();
        let db = database.open().await;
        connected::declare(&db, &forge, &["acme/shop"]).await;
        db.close().await;
        database
    };
    let left_alone = prepared().await;
    let began = Instant::now();
    assert!(sync(&left_alone.url).status().unwrap().success());
    let took = began.elapsed();
    let expected = facts(&left_alone).await;
    assert_eq!(expected.rows("changes").len(), 80);
    let mut random = ChaCha8Rng::seed_from_u64(6);
    let mut in_time = 0;
    for _ in 0..50 {
        let after = took.mul_f64(random.random_range(0.0..1.0));
        let database = prepared().await;
        let mut child = sync(&database.url).spawn().unwrap();
        tokio::time::sleep(after).await;
        child.kill().unwrap();
        in_time += u32::from(!child.wait().unwrap().success());
        assert!(sync(&database.url).status().unwrap().success());
        let what = format!("killed after {after:?} of {took:?}");
        facts(&database).await.assert_same(&expected, &what);
    }
    assert!(
        in_time > 25,
        "{in_time} of 50 were killed before their end, of {took:?}"
    );
}
