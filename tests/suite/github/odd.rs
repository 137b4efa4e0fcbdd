//! What forges and people do that nobody plans for.

use serde_json::json;
use tests::dump;
use tests::forge::connected::{self, Connected, SHOP};
use tests::forge::{Fault, Manner, made};

#[tokio::test]
async fn of_a_branch_that_was_pushed_over_only_what_stands_there_now_counts() {
    let Connected { forge, db, .. } = &Connected::to(made::repository(3), Manner::default()).await;
    assert_eq!(connected::pull(db).await.failures, []);
    forge.change(SHOP, |own| {
        let pushed_over = &mut own.pull_requests[1];
        pushed_over["commits"] = json!([{
            "sha": "f0ce", "author": {"login": "ana", "type": "User"},
            "commit": {"message": "All at once", "author": {"name": "Ana", "email": "ana@example.org", "date": "2026-08-29T10:00:00Z"}},
        }]);
        pushed_over["payload"]["head"]["sha"] = json!("f0ce");
        pushed_over["payload"]["updated_at"] = json!("2026-09-20T10:00:00Z");
    });
    let pulled = connected::pull(db).await;
    // What was said of it before is still said.
    assert_eq!((pulled.failures.len(), pulled.accepted), (0, 1));
    let dump = dump::facts(db).await;
    assert_eq!(
        (dump.rows("changes").len(), dump.rows("reviews").len()),
        (3, 3)
    );
    let change = dump
        .rows("changes")
        .iter()
        .find(|row| row.contains("f0ce"))
        .unwrap();
    assert!(
        !change.contains(&format!("{:032x}{:08x}", 2, 1)),
        "{change}"
    );
}

#[tokio::test]
async fn a_page_that_holds_nothing_and_names_a_next_one_is_gone_past() {
    let Connected { forge, db, .. } = &Connected::to(made::repository(12), Manner::default()).await;
    let next = format!(
        "{}/repos/{SHOP}/pulls?direction=desc&per_page=100&sort=updated&state=all&page=1",
        forge.url
    );
    forge.fail("/pulls?", Fault::NextAt(next));
    let pulled = connected::pull(db).await;
    assert_eq!((pulled.failures.len(), pulled.accepted), (0, 24));
}

#[tokio::test]
async fn a_repository_that_moved_to_another_owner_is_followed_and_counts_nothing_twice() {
    let Connected { forge, db, .. } = &Connected::to(made::repository(5), Manner::default()).await;
    assert_eq!(connected::pull(db).await.failures, []);
    forge.rename(SHOP, "larkmoor/shop");
    connected::declare(db, forge, &["larkmoor/shop"]).await;
    let pulled = connected::pull(db).await;
    // Read from its beginning, as another repository, every record is known.
    assert_eq!(
        (pulled.failures.len(), pulled.accepted, pulled.repeated),
        (0, 0, 10)
    );
}

#[tokio::test]
async fn a_clock_that_is_a_year_off_changes_nothing_of_what_is_read() {
    let mut found = Vec::new();
    for now_ms in [0, 1_795_000_000_000, 1_826_536_000_000] {
        let Connected { db, .. } = &Connected::to(made::repository(8), Manner::default()).await;
        let pulled = connected::pull_at(db, tests::forge::TOKEN, now_ms).await;
        assert_eq!((pulled.failures.len(), pulled.accepted), (0, 16));
        found.push(dump::facts(db).await);
    }
    for table in ["changes", "reviews"] {
        assert_eq!(found[0].rows(table), found[1].rows(table));
        assert_eq!(found[0].rows(table), found[2].rows(table));
    }
}
