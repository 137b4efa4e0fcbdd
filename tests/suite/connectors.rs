//! What every connector keeps: pages, a place to go on from, limits, tries, and that what came once, twice
//! or in any order is the same.

use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use server::connectors::failure::{Class, Next};
use server::jobs::pull_source::Pulled;
use server::store::Db;
use server::store::raw;
use tests::dump::{self, Dump};
use tests::forge::connected::{self, Connected, SHOP, SOURCE};
use tests::forge::{Fault, Forge, Manner, made};

const LIST: &str = "/pulls?";

/// A system with so many things, and a database that is to read them.
async fn reading(things: u64, page: usize) -> Connected {
    let manner = Manner {
        page,
        ..Manner::default()
    };
    Connected::to(made::repository(things), manner).await
}

/// What one undisturbed reading of as many things leaves.
async fn undisturbed(things: u64) -> Dump {
    let read = reading(things, 100).await;
    assert_eq!(connected::pull(&read.db).await.failures, []);
    held(&read).await
}

/// What is there, whatever system it came from.
async fn held(read: &Connected) -> Dump {
    dump::without_registry(&read.db).await
}

/// The one failure, as its class and sentence.
fn failure(pulled: &Pulled) -> (Class, String) {
    assert_eq!(pulled.failures.len(), 1, "{:?}", pulled.failures);
    let failure = &pulled.failures[0];
    (failure.class, failure.to_string())
}

#[tokio::test]
async fn every_page_is_read_whatever_its_size() {
    let expected = undisturbed(45).await;
    for page in [1, 7, 100] {
        let read = reading(45, page).await;
        assert_eq!(connected::pull(&read.db).await.failures, []);
        held(&read)
            .await
            .assert_same(&expected, &format!("{page} a page"));
    }
}

#[tokio::test]
async fn what_broke_off_goes_on_where_it_was_and_asks_for_nothing_twice() {
    let expected = undisturbed(45).await;
    let read = reading(45, 10).await;
    for _ in 0..4 {
        read.forge.fail("page=4", Fault::Status(500, vec![]));
    }
    let broken = connected::pull(&read.db).await;
    let (class, said) = failure(&broken);
    assert_eq!(class, Class::WillPass);
    assert!(
        said.contains("it is not answering as it should (500)"),
        "{said}"
    );
    assert!(broken.accepted > 0);
    read.forge.asked();
    assert_eq!(connected::pull(&read.db).await.failures, []);
    let lists = read.forge.asked();
    let lists: Vec<&str> = lists
        .iter()
        .map(|own| own.path.as_str())
        .filter(|path| path.contains(LIST))
        .collect();
    assert!(lists[0].contains("page=4"), "{lists:?}");
    assert!(lists[1].contains("page=5"), "{lists:?}");
    // The checks of the same pull requests were read all the same: nothing there is new.
    assert_eq!(lists.len(), 3, "{lists:?}");
    held(&read)
        .await
        .assert_same(&expected, "after it broke off");
}

#[tokio::test]
async fn what_never_answers_keeps_nothing_else_from_being_read_and_a_system_that_is_down_is_left_alone()
 {
    let read = reading(5, 100).await;
    for _ in 0..400 {
        read.forge.fail("/pulls?", Fault::Status(502, vec![]));
    }
    read.forge.change(SHOP, |own| {
        own.issues = vec![json!({
            "id": 6, "number": 6, "html_url": "https://forge.example/6", "title": "Till stood still",
            "labels": [{"name": "incident"}], "created_at": "2026-08-30T13:00:00Z",
            "updated_at": "2026-08-30T15:00:00Z",
        })];
    });
    let pulled = connected::pull(&read.db).await;
    assert_eq!((pulled.failures.len(), pulled.accepted), (2, 1));
    read.forge.asked();
    for _ in 0..400 {
        read.forge.fail("/repos/", Fault::Status(502, vec![]));
    }
    let pulled = connected::pull(&read.db).await;
    assert_eq!(
        pulled.failures.len(),
        3,
        "then the rest is left for the next time"
    );
    assert_eq!(read.forge.asked().len(), 12, "each is tried four times");
}

#[tokio::test]
async fn what_will_pass_is_tried_again_and_leaves_no_mark() {
    let expected = undisturbed(25).await;
    for fault in [
        Fault::Status(500, vec![]),
        Fault::Status(502, vec![]),
        Fault::Status(503, vec![("retry-after", "0".to_owned())]),
        Fault::Status(429, vec![("retry-after", "1".to_owned())]),
        Fault::Status(
            403,
            vec![
                ("x-ratelimit-remaining", "0".to_owned()),
                ("retry-after", "1".to_owned()),
            ],
        ),
        Fault::Cut,
    ] {
        let read = reading(25, 10).await;
        read.forge.fail("page=2", fault.clone());
        read.forge.fail("graphql", fault.clone());
        let pulled = connected::pull(&read.db).await;
        assert_eq!(pulled.failures, [], "{fault:?}");
        held(&read)
            .await
            .assert_same(&expected, &format!("{fault:?}"));
    }
}

#[tokio::test]
async fn a_storm_of_refusals_is_told_as_what_will_pass_and_what_was_missed_follows() {
    let expected = undisturbed(25).await;
    for status in [403, 429] {
        let read = reading(25, 10).await;
        for _ in 0..40 {
            let now = vec![("retry-after", "0".to_owned())];
            read.forge.fail("page=2", Fault::Status(status, now));
        }
        // As long as it lasts, every reading ends with a sentence and keeps what it has.
        let mut readings = 1;
        while !read_once(&read, status).await {
            readings += 1;
        }
        assert!((2..=40).contains(&readings), "{readings} readings");
        let what = format!("after forty times {status}");
        held(&read).await.assert_same(&expected, &what);
    }
}

/// Whether a reading came to its end; one that did not says that it will.
async fn read_once(read: &Connected, status: u16) -> bool {
    let pulled = connected::pull(&read.db).await;
    if pulled.failures.is_empty() {
        return true;
    }
    let (class, said) = failure(&pulled);
    assert_eq!(class, Class::WillPass, "{status}: {said}");
    assert!(said.contains("rate limit"), "{said}");
    false
}

#[tokio::test]
async fn a_limit_is_waited_for_where_it_is_short_and_told_where_it_is_long() {
    let read = reading(5, 100).await;
    let short = vec![("retry-after", "1".to_owned())];
    read.forge.fail(LIST, Fault::Status(403, short));
    let began = Instant::now();
    assert_eq!(connected::pull(&read.db).await.failures, []);
    assert!(began.elapsed() >= Duration::from_secs(1));
    let long = vec![("retry-after", "1800".to_owned())];
    read.forge.fail(LIST, Fault::Status(429, long));
    let pulled = connected::pull(&read.db).await;
    let (class, said) = failure(&pulled);
    assert_eq!(class, Class::WillPass);
    assert_eq!(
        pulled.failures[0].next,
        Next::Wait(Duration::from_secs(1_800))
    );
    assert!(said.contains("rate limit"), "{said}");
    let pull = &latest(&read.db).await;
    let wait_ms = pull.next_at.unwrap() - pull.ended_at.unwrap();
    assert_eq!(wait_ms, 1_800_000);
}

async fn latest(db: &Db) -> server::store::pulls::Pull {
    let mut tx = db.read().await.unwrap();
    server::store::pulls::latest(&mut tx, SOURCE, 1)
        .await
        .unwrap()
        .remove(0)
}

#[tokio::test]
async fn a_revoked_token_and_a_missing_permission_are_somebodys_to_mend_and_named() {
    let read = reading(5, 100).await;
    let pulled = connected::pull_signed_in(&read.db, "revoked").await;
    let (class, said) = failure(&pulled);
    assert_eq!(class, Class::Ours);
    assert!(
        said.contains("the token is wrong, expired or revoked"),
        "{said}"
    );
    assert!(!said.contains("revoked-"), "{said}");
    let needs = vec![(
        "x-accepted-github-permissions",
        "pull_requests=read".to_owned(),
    )];
    read.forge.fail(LIST, Fault::Status(403, needs));
    let (class, said) = failure(&connected::pull(&read.db).await);
    assert_eq!(class, Class::Ours);
    assert!(said.contains("pull_requests=read"), "{said}");
    assert_eq!(connected::pull(&read.db).await.failures, []);
}

#[tokio::test]
async fn a_next_page_at_another_address_is_not_followed() {
    let elsewhere = Forge::start(&[(SHOP, made::repository(3))], Manner::default()).await;
    let read = reading(3, 100).await;
    let next = format!("{}/repos/{SHOP}/pulls?page=2", elsewhere.url);
    read.forge.fail(LIST, Fault::NextAt(next));
    let (class, said) = failure(&connected::pull(&read.db).await);
    assert_eq!(class, Class::Theirs);
    assert!(said.contains("another address than its own"), "{said}");
    assert_eq!(elsewhere.asked(), []);
}

#[tokio::test]
async fn what_cannot_be_read_is_set_aside_with_its_reason_and_the_rest_is_taken() {
    let read = reading(5, 100).await;
    read.forge.change(SHOP, |own| {
        own.pull_requests[2]["payload"]["created_at"] = json!("yesterday");
    });
    let pulled = connected::pull(&read.db).await;
    assert_eq!(
        (pulled.failures.len(), pulled.accepted, pulled.refused),
        (0, 8, 1)
    );
    let mut tx = read.db.read().await.unwrap();
    let (aside, count) = raw::set_aside(&mut tx, SOURCE, 5).await.unwrap();
    assert_eq!((aside.len(), count), (1, 1));
    assert!(
        aside[0].reason.contains("another form than it declares"),
        "{:?}",
        aside[0]
    );
}

#[tokio::test]
async fn an_answer_of_another_form_is_theirs_and_loses_nothing() {
    for text in [
        "<html>down for maintenance</html>",
        "{\"message\": 7}",
        "[[]",
        "",
    ] {
        let read = reading(5, 100).await;
        read.forge.fail(LIST, Fault::Text(text.to_owned()));
        let (class, said) = failure(&connected::pull(&read.db).await);
        assert_eq!(class, Class::Theirs, "{said}");
        assert_eq!(connected::pull(&read.db).await.accepted, 10);
    }
}

#[tokio::test]
async fn what_comes_twice_and_in_another_order_changes_nothing() {
    let expected = undisturbed(30).await;
    let read = reading(30, 7).await;
    read.forge.change(SHOP, |own| {
        let twice = own.pull_requests.clone();
        own.pull_requests.extend(twice);
        own.pull_requests.shuffle(&mut ChaCha8Rng::seed_from_u64(3));
    });
    assert_eq!(connected::pull(&read.db).await.failures, []);
    held(&read)
        .await
        .assert_same(&expected, "twice and shuffled");
}

#[tokio::test]
async fn words_that_nobody_knows_yet_are_no_error() {
    let read = reading(4, 100).await;
    read.forge.change(SHOP, |own| {
        own.pull_requests[1]["payload"]["state"] = json!("paused");
        own.pull_requests[1]["payload"]["moon"] = json!({"phase": "new"});
        own.pull_requests[1]["reviews"][0]["state"] = json!("ENDORSED");
        own.pull_requests[1]["payload"]["user"] = json!(null);
    });
    let pulled = connected::pull(&read.db).await;
    assert_eq!(
        (pulled.failures.len(), pulled.accepted, pulled.refused),
        (0, 7, 0)
    );
}

#[tokio::test]
async fn what_a_token_may_not_see_leaves_all_else_open() {
    let read = reading(4, 100).await;
    read.forge.change(SHOP, |own| {
        own.issues = vec![json!({
            "id": 6, "number": 6, "html_url": "https://forge.example/6", "title": "Till stood still",
            "labels": [{"name": "incident"}], "created_at": "2026-08-30T13:00:00Z",
            "updated_at": "2026-08-30T15:00:00Z",
        })];
    });
    let refused = r#"{"data": {"nodes": [null]}, "errors": [{"type": "FORBIDDEN"}]}"#;
    read.forge.fail("graphql", Fault::Text(refused.to_owned()));
    let pulled = connected::pull(&read.db).await;
    let (class, said) = failure(&pulled);
    assert_eq!(class, Class::Ours);
    assert!(said.contains("lacks a permission"), "{said}");
    let held = held(&read).await;
    assert_eq!(
        (held.rows("changes").len(), held.rows("incidents").len()),
        (0, 1)
    );
}
