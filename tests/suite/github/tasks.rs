//! Tasks of a forge's own coding agents, as the runs behind the pull requests that they made.

use serde_json::{Value, json};
use tests::dump;
use tests::forge::connected::{self, Connected};
use tests::forge::{Fault, Manner, made};

fn task(id: &str, pull: u64, updated_at: &str) -> Value {
    json!({
        "id": id, "state": "completed", "created_at": "2026-08-29T00:00:00Z", "updated_at": updated_at,
        "artifacts": [
            {"provider": "github", "type": "pull", "data": {"id": 900_000 + pull, "global_id": "x"}},
            {"provider": "github", "type": "branch", "data": {"head_ref": "copilot/1", "base_ref": "main"}},
        ],
    })
}

#[tokio::test]
async fn a_pull_request_names_the_tasks_that_made_it_and_is_assisted() {
    let mut repository = made::repository(60);
    repository.tasks = vec![
        task("first", 2, "2026-08-30T00:00:00Z"),
        task("second", 2, "2026-08-31T00:00:00Z"),
        task("third", 59, "2026-09-20T00:00:00Z"),
    ];
    let manner = Manner {
        page: 1,
        ..Manner::default()
    };
    let Connected { forge, db, .. } = &Connected::to(repository, manner).await;
    assert_eq!(connected::pull(db).await.failures, []);
    let pages = forge.asked();
    let pages = pages.iter().filter(|own| own.path.contains("/agents/"));
    assert_eq!(pages.count(), 3, "each page of tasks is read once");
    let dump = dump::facts(db).await;
    let named = dump
        .rows("changes")
        .iter()
        .filter(|row| row.contains(r#"\"second\""#));
    let named: Vec<&String> = named.collect();
    assert_eq!(named.len(), 1);
    assert!(named[0].contains(r#"\"first\""#), "{named:?}");
    assert!(
        named[0].contains("number=Some(2)") || named[0].contains("id=Some(\"900002\")"),
        "{named:?}"
    );
    let assisted = dump.rows("change_links").iter();
    let assisted = assisted.filter(|row| row.contains(r#"segment=Some("assisted")"#));
    assert_eq!(assisted.count(), 2);
}

#[tokio::test]
async fn a_sign_in_that_may_not_see_tasks_reads_everything_else() {
    let Connected { forge, db, .. } = &Connected::to(made::repository(3), Manner::default()).await;
    forge.fail("/agents/", Fault::Status(403, vec![]));
    let pulled = connected::pull(db).await;
    assert_eq!((pulled.failures.len(), pulled.accepted), (0, 6));
}
