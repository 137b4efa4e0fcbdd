//! Clones that lack something, dates that cannot be true: a reason each, and never a wrong number.

use std::fs;
use std::sync::Arc;

use clap::Parser;
use serde_json::{Value, json};
use server::cli::{self, Cli};
use tests::command;
use tests::database::Database;
use tests::git::{Commit, HOUR_S, MONDAY_S, Repository, Script};

use super::{gap, import, refusal, stored, texts, three, whole};

fn sentences(said: &Value) -> String {
    texts(&said["sentences"]).join("\n")
}

#[test]
fn an_empty_clone_and_a_folder_that_is_none_are_refused() {
    let said = refusal(&Database::sqlite(), &Repository::empty());
    assert!(said.contains("holds no commit yet"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let command = ["import", "git", path, "--service", "shop"];
    let said = command::refusal(&Database::sqlite().url, &command);
    assert!(said.contains("is no git repository"), "{said}");
    let command = ["import", "git", "nowhere/at/all", "--service", "shop"];
    let said = command::refusal(&Database::sqlite().url, &command);
    assert!(said.contains("is no git repository"), "{said}");
}

#[tokio::test]
async fn a_clone_with_files_and_a_bare_one_are_the_same() {
    let bare = three().build();
    let with_files = Repository::clone_of(&bare, &[]);
    let database = Database::sqlite();
    import(&database, &bare);
    let said = import(&database, &with_files);
    assert_eq!(said["changes"]["imported_before"], 3);
    assert_eq!(said["branch"], "main");
}

#[tokio::test]
async fn a_branch_that_is_not_the_main_one_is_said() {
    let clone = Repository::clone_of(&three().build(), &[]);
    clone.git(&["checkout", "--quiet", "-b", "topic", "main~1"]);
    let database = Database::sqlite();
    let said = sentences(&import(&database, &clone));
    assert!(
        said.contains(
            "The history read is that of topic, while the main branch of origin is main."
        ),
        "{said}"
    );
}

#[tokio::test]
async fn a_shallow_clone_tells_no_size_at_its_boundary_and_a_whole_one_mends_it() {
    let whole = three().build();
    let shallow = Repository::clone_of(&whole, &["--bare", "--depth", "2"]);
    let database = Database::sqlite();
    let said = import(&database, &shallow);
    assert_eq!(said["changes"]["on_line"], 2);
    assert!(
        sentences(&said).contains("The clone is shallow"),
        "{said:#}"
    );
    assert_eq!(
        gap(&said, "boundary")["commits"],
        json!([whole.sha("main~1")])
    );
    assert_eq!(stored(&database).await["two"].additions, None);
    assert_eq!(import(&database, &shallow)["changes"]["imported_before"], 2);
    import(&database, &whole);
    assert_eq!(stored(&database).await["two"].additions, Some(1));
    import(&database, &shallow);
    assert_eq!(stored(&database).await["two"].additions, Some(1));
    assert_eq!(stored(&database).await.len(), 3);
}

#[tokio::test]
async fn contents_that_are_missing_or_damaged_leave_the_size_unknown() {
    let clone = three().build();
    let first = clone.loose("main~2:file");
    let third = clone.loose("main:file");
    fs::remove_file(first).unwrap();
    let mut permissions = fs::metadata(&third).unwrap().permissions();
    #[allow(
        clippy::permissions_set_readonly_false,
        reason = "the file is about to go"
    )]
    permissions.set_readonly(false);
    fs::set_permissions(&third, permissions).unwrap();
    fs::write(third, b"damaged").unwrap();
    let database = Database::sqlite();
    let said = import(&database, &clone);
    assert_eq!(gap(&said, "contents are not in the clone")["changes"], 2);
    assert_eq!(
        gap(&said, "cannot be read")["commits"],
        json!([clone.sha("main")])
    );
    for change in stored(&database).await.values() {
        assert_eq!((change.additions, change.deletions), (None, None));
        assert_eq!(change.paths, ["file"]);
    }
}

#[tokio::test]
async fn a_clone_without_contents_tells_paths_and_no_sizes() {
    let whole = three().build();
    let partial = Repository::clone_of(&whole, &["--bare", "--filter=blob:none"]);
    let database = Database::sqlite();
    let said = import(&database, &partial);
    assert!(
        sentences(&said).contains("The clone is partial"),
        "{said:#}"
    );
    assert_eq!(gap(&said, "contents are not in the clone")["changes"], 3);
    assert_eq!(stored(&database).await["two"].paths, ["file"]);
}

#[test]
fn a_clone_that_lacks_contents_is_sent_again_only_where_it_lacks_them() {
    let mut script = three();
    let four = script.plain("four", &[3], 3);
    let lack_two = |clone: &Repository| {
        let contents = clone.git(&["log", "--format=%H", "--grep=two", "main"]);
        fs::remove_file(clone.loose(&format!("{contents}:file"))).unwrap();
    };
    let clone = script.build();
    lack_two(&clone);
    let database = Database::sqlite();
    let counts = |said: &Value| {
        let changes = &said["changes"];
        let counts = ["accepted", "repeated", "imported_before"];
        counts.map(|count| changes[count].as_u64().unwrap())
    };
    assert_eq!(counts(&import(&database, &clone)), [4, 0, 0]);
    let again = import(&database, &clone);
    assert_eq!(counts(&again), [0, 2, 2]);
    let told = "2 changes were sent again, as something was not known the last time.";
    assert!(sentences(&again).contains(told), "{again:#}");
    assert_eq!(gap(&again, "contents are not in the clone")["changes"], 2);
    script.plain("five", &[four], 4);
    clone.feed(script.text());
    lack_two(&clone);
    assert_eq!(counts(&import(&database, &clone)), [1, 2, 2]);
}

#[tokio::test]
async fn what_was_missing_is_known_once_it_is_there() {
    let clone = three().build();
    let contents = clone.loose("main~1:file");
    let away = clone.path().join("away");
    fs::rename(&contents, &away).unwrap();
    let database = Database::sqlite();
    import(&database, &clone);
    assert_eq!(stored(&database).await["two"].additions, None);
    fs::rename(&away, &contents).unwrap();
    let said = import(&database, &clone);
    assert_eq!(said["changes"]["accepted"], 2);
    assert_eq!(said["changes"]["imported_before"], 1);
    assert_eq!(stored(&database).await["two"].additions, Some(1));
    assert_eq!(import(&database, &clone)["changes"]["imported_before"], 3);
}

/// Commits at these instants, one after the other.
fn dated(instants: &[&str]) -> Repository {
    let mut script = Script::default();
    let mut last = Vec::new();
    for (at, instant) in instants.iter().enumerate() {
        let message = format!("commit {at}");
        last = vec![script.commit(Commit {
            message: &message,
            authored: instant,
            committed: instant,
            parents: &last,
            ..Commit::default()
        })];
    }
    script.build()
}

#[tokio::test]
async fn clocks_that_run_backwards_change_nothing_but_the_weeks() {
    let clone = dated(&["1767571200 +0000", "1767000000 +0000", "1767571300 +0000"]);
    let database = Database::sqlite();
    let said = import(&database, &clone);
    assert_eq!(said["changes"]["accepted"], 3);
    assert_eq!(said["gaps"], json!([]));
    let stored = stored(&database).await;
    assert_eq!(stored["commit 1"].merged_at, Some(1_767_000_000_000));
}

/// A commit of 1970, one of 2026, and ones of 2099 and beyond 2200.
fn misdated() -> Repository {
    dated(&[
        "0 +0000",
        "1767571200 +0000",
        "4070908800 +0000",
        "9000000000 +0000",
    ])
}

#[tokio::test]
async fn a_date_that_no_clock_can_have_shown_is_no_instant_of_merge() {
    let clone = misdated();
    for database in Database::on_each_engine().await {
        let said = import(&database, &clone);
        assert_eq!(said["changes"]["accepted"], 4);
        assert_eq!(said["refused"], json!([]));
        assert_eq!(said["changes"]["weeks"]["count"], 1);
        let listed = json!([
            {"sha": clone.sha("main~3"), "date": "1970-01-01T00:00:00Z"},
            {"sha": clone.sha("main~1"), "date": "2099-01-01T00:00:00Z"},
            {"sha": clone.sha("main"), "date": "2255-03-14T16:00:00Z"},
        ]);
        assert_eq!(said["changes"]["misdated"], listed);
        let told = format!(
            "3 changes have a date that no clock can have shown, before 1990 or ahead of today, and so no known instant of merge and no part in any week or deployment: {} (1970-01-01)",
            &clone.sha("main~3")[..10]
        );
        assert!(sentences(&said).contains(&told), "{said:#}");
        let stored = stored(&database).await;
        for (title, merged_at) in [
            ("commit 0", None),
            ("commit 1", Some(1_767_571_200_000)),
            ("commit 2", None),
            ("commit 3", None),
        ] {
            assert_eq!(stored[title].merged_at, merged_at, "{title}");
            assert_eq!(
                stored[title].commits.is_empty(),
                merged_at.is_none(),
                "{title}"
            );
        }
    }
}

#[test]
fn figures_begin_with_the_first_date_that_is_believed() {
    let database = Database::sqlite();
    import(&database, &misdated());
    let asked = ["export", "metric", "changes_merged", "--format", "json"];
    let figures = command::json(&database.url, &asked);
    let first = &figures["figures"][0];
    assert_eq!(
        (&first["week"], &first["value"]),
        (&json!("2026-W02"), &json!(1.0))
    );
}

#[tokio::test]
async fn a_date_that_lay_ahead_is_known_once_it_has_come() {
    let clone = dated(&["1767571200 +0000", "4070908800 +0000"]);
    let database = Database::sqlite();
    import(&database, &clone);
    assert_eq!(stored(&database).await["commit 1"].merged_at, None);
    let command = ["onehop", "--database", &database.url, "import", "git"];
    let command = [&command[..], &[clone.argument(), "--service", "shop"]].concat();
    let come = Arc::new(|| 4_070_908_800_000);
    cli::run(Cli::parse_from(command), come).await;
    let merged_at = stored(&database).await["commit 1"].merged_at;
    assert_eq!(merged_at, Some(4_070_908_800_000));
}

#[tokio::test]
async fn tags_that_no_clock_can_have_dated_are_passed_over_with_their_date() {
    let clone = misdated();
    for (tag, back) in [("v1", "main~3"), ("v2", "main~2"), ("v3", "main~1")] {
        clone.git(&["tag", tag, back]);
    }
    let said = import(&Database::sqlite(), &clone);
    assert_eq!(said["deployments"]["tags"], 1);
    let passed_over = |tag: &str, back: &str, date: &str| {
        let reason = format!("dated {date}, which no clock can have shown");
        json!({"name": tag, "commit": clone.sha(back), "reason": reason})
    };
    let expected = json!([
        passed_over("v1", "main~3", "1970-01-01"),
        passed_over("v3", "main~1", "2099-01-01")
    ]);
    assert_eq!(said["deployments"]["passed_over"], expected);
    let told = "2 tags were passed over: v1 (dated 1970-01-01, which no clock can have shown), v3 (dated 2099-01-01,";
    assert!(sentences(&said).contains(told), "{said:#}");
}

#[tokio::test]
async fn a_deployment_delivers_no_change_whose_merge_is_not_known_and_says_so() {
    let clone = dated(&["1767571200 +0000", "0 +0000", "1767571300 +0000"]);
    clone.git(&["tag", "v1", "main~2"]);
    clone.git(&["tag", "v2", "main"]);
    let database = Database::sqlite();
    import(&database, &clone);
    let whole = whole(&database).await;
    let of = |table: &str, words: &str| {
        let mut rows = whole.rows(table).iter();
        rows.find(|row| row.contains(words)).unwrap().clone()
    };
    let change = |name: &str| format!("shop@{}", clone.sha(name));
    let delivered = "deployment_id=Some(\"shop@v2\")";
    assert!(of("change_links", &change("main")).contains(delivered));
    assert!(!of("change_links", &change("main~1")).contains(delivered));
    let evidence = format!(
        "ignored of that list, being no changes of the service that are known to be merged by then: {}",
        change("main~1")
    );
    assert!(of("deployment_links", "shop@v2").contains(&evidence));
}

#[tokio::test]
async fn names_and_messages_that_are_no_utf_8_are_read() {
    let mut script = Script::default();
    script.raw(b"commit refs/heads/main\nmark :1\nauthor Andr\xe9 <A@B> 1767571200 +0000\ncommitter x <x@y> 1767571200 +0000\nencoding ISO-8859-1\ndata 5\ncaf\xe9\n\nM 100644 inline d\xe9j\xe0\ndata 2\nx\n\n");
    let database = Database::sqlite();
    let said = import(&database, &script.build());
    assert_eq!(said["changes"]["accepted"], 1, "{said:#}");
    let stored = stored(&database).await;
    assert_eq!(stored["café"].author.id, "a@b");
    assert_eq!(stored["café"].paths, ["d\u{fffd}j\u{fffd}"]);
}

#[tokio::test]
async fn a_merge_of_a_branch_beyond_the_boundary_says_that_commits_are_unknown() {
    let mut script = Script::default();
    let one = script.plain("one", &[], 0);
    let mut side = vec![one];
    for hours in 1..5 {
        let when = format!("{} +0000", MONDAY_S + hours * HOUR_S);
        let message = format!("side {hours}");
        side = vec![script.commit(Commit {
            branch: "side",
            message: &message,
            authored: &when,
            committed: &when,
            parents: &side,
            ..Commit::default()
        })];
    }
    let two = script.plain("two", &[one], 6);
    script.commit(Commit {
        message: "Merge branch 'side'",
        parents: &[two, side[0]],
        ..Commit::default()
    });
    let shallow = Repository::clone_of(&script.build(), &["--bare", "--depth", "2"]);
    let database = Database::sqlite();
    let said = import(&database, &shallow);
    assert_eq!(
        gap(&said, "parents that are not in the clone")["changes"],
        1
    );
}
