//! Tags as deployments: when each finished, and which changes it brought.

use std::collections::BTreeSet;

use server::connectors::git::{Content, History, Release, SameBy};
use tests::database::Database;
use tests::git::{Commit, HOUR_S, MONDAY_S, Repository, Script};

use super::{dates, import, imported_with, texts, three, whole};

fn releases(clone: &Repository, glob: &str) -> Vec<Release> {
    History::read(clone.path(), glob, dates(), &|_| {})
        .unwrap()
        .releases()
}

/// Commit and changes of each deployment that is stored.
fn content(rows: &[String]) -> Vec<String> {
    let kept = |row: &String| {
        let cells = row.split(' ').filter(|cell| {
            let name = cell.split('=').next().unwrap();
            ["id", "commit_sha", "finished_at", "changes"].contains(&name)
        });
        cells.collect::<Vec<_>>().join(" ")
    };
    rows.iter().map(kept).collect()
}

/// The places of the changes of a release.
fn places(release: &Release) -> Vec<usize> {
    match &release.content {
        Content::Changes(places) => places.clone(),
        Content::First | Content::CutOff => Vec::new(),
    }
}

/// Titles of the changes of a release.
fn subjects(clone: &Repository, release: &Release) -> Vec<String> {
    let history = History::read(clone.path(), "v*", dates(), &|_| {}).unwrap();
    let places = places(release);
    let subject = |place: &usize| clone.git(&["log", "-1", "--format=%s", &history.sha(*place)]);
    places.iter().map(subject).collect()
}

fn tagged(hours: i64) -> String {
    format!("{} +0000", MONDAY_S + hours * HOUR_S)
}

#[tokio::test]
async fn a_tag_is_a_deployment_finished_when_it_was_tagged_or_else_committed() {
    let mut script = three();
    script.tag("v1", 1, None);
    script.tag("v2", 2, Some(&tagged(10)));
    script.tag("other", 3, None);
    let clone = script.build();
    let dates = clone.git(&[
        "tag",
        "--list",
        "v*",
        "--format=%(creatordate:unix) %(refname:strip=2)",
    ]);
    let releases = releases(&clone, "v*");
    let said: Vec<String> = releases
        .iter()
        .map(|release| format!("{} {}", release.finished_at_s, release.name))
        .collect();
    assert_eq!(said, dates.lines().collect::<Vec<_>>());
    let database = Database::sqlite();
    import(&database, &clone);
    let rows = whole(&database).await;
    let rows = rows.rows("deployments");
    assert_eq!(rows.len(), 2);
    let second = rows.iter().find(|row| row.contains("shop@v2")).unwrap();
    let finished = format!("finished_at=Some({})", (MONDAY_S + 10 * HOUR_S) * 1_000);
    for words in [
        "environment=Some(\"production\")",
        &finished,
        &clone.sha("v2^{}"),
        "kind=None",
    ] {
        assert!(second.contains(words), "{words} is not in {second}");
    }
    let named = format!("changes=Some(\"[\\\"shop@{}\\\"]\")", clone.sha("main~1"));
    assert!(second.contains(&named), "{second}");
    let first = rows.iter().find(|row| row.contains("shop@v1")).unwrap();
    assert!(first.contains("changes=None"), "{first}");
}

#[test]
fn a_release_holds_what_the_one_before_it_did_not_reach() {
    let mut script = Script::default();
    let mut line = Vec::new();
    for commit in 0..12 {
        let before = line[line.len().saturating_sub(1)..].to_vec();
        line.push(script.plain(&format!("commit {commit}"), &before, commit));
    }
    for (name, commit) in [("v1", 2), ("v2", 5), ("v3", 5), ("v4", 3), ("v5", 11)] {
        let at = tagged(100 + name[1..].parse::<i64>().unwrap());
        script.tag(name, line[commit], Some(&at));
    }
    let clone = script.build();
    let history = History::read(clone.path(), "v*", dates(), &|_| {}).unwrap();
    for pair in history.releases().windows(2) {
        let not_before = format!("^{}", pair[0].commit);
        let listed = clone.git(&["rev-list", "--first-parent", &pair[1].commit, &not_before]);
        let expected: BTreeSet<&str> = listed.lines().collect();
        let shas: Vec<String> = places(&pair[1])
            .iter()
            .map(|place| history.sha(*place))
            .collect();
        let named: BTreeSet<&str> = shas.iter().map(String::as_str).collect();
        assert_eq!(named, expected, "{}", pair[1].name);
    }
}

/// Main with two changes; a release branch from the first with the second picked
/// onto it, finished so many hours after the Monday; the second was merged after two.
fn picked(message: &str, finished: i64) -> Script {
    let mut script = Script::default();
    let one = script.plain("one", &[], 0);
    let authored = tagged(1);
    let fix = Commit {
        message: "Fix rounding (#2)",
        author: "Ben <ben@example.org>",
        authored: &authored,
        committed: &tagged(2),
        parents: &[one],
        files: &[("fix", Some("fixed\n"))],
        ..Commit::default()
    };
    script.commit(fix);
    let pick = script.commit(Commit {
        branch: "release",
        message,
        committed: &tagged(3),
        ..fix
    });
    script.tag("v1", one, Some(&tagged(0)));
    script.tag("v1.1", pick, Some(&tagged(finished)));
    script
}

#[test]
fn a_picked_commit_is_the_change_it_was_picked_from() {
    let sha = picked("x", 5).build().sha("main");
    for (message, by) in [
        ("Fix rounding (#2)".to_owned(), SameBy::PullRequest),
        ("Fix it here (#2) (#7)".to_owned(), SameBy::PullRequest),
        (
            format!("Fix it here too\n\n(cherry picked from commit {sha})"),
            SameBy::CherryPick,
        ),
        ("Fix it here too".to_owned(), SameBy::Patch),
    ] {
        let clone = picked(&message, 5).build();
        let release = &releases(&clone, "v*")[1];
        assert_eq!(
            subjects(&clone, release),
            ["Fix rounding (#2)"],
            "{message}"
        );
        let said = release.picked.iter().map(|one| (&one.commit, one.by));
        let pick = clone.sha("release");
        assert_eq!(said.collect::<Vec<_>>(), [(&pick, by)], "{message}");
        assert_eq!(release.unmatched_commits, 0);
    }
}

/// Main with files as they grow, one commit each; a release branch from the first commit with one of
/// another message, author and date, that writes these files.
fn branched(main: &[&[(&str, &str)]], release: &[(&str, &str)]) -> Repository {
    let mut script = Script::default();
    let mut parents: Vec<usize> = Vec::new();
    for (at, written) in (0..).zip(main) {
        let written: Vec<_> = written
            .iter()
            .map(|(path, text)| (*path, Some(*text)))
            .collect();
        let made = script.commit(Commit {
            message: &format!("main {at}"),
            authored: &tagged(at),
            committed: &tagged(at),
            parents: &parents,
            files: &written,
            ..Commit::default()
        });
        parents = vec![made];
    }
    let written: Vec<_> = release
        .iter()
        .map(|(path, text)| (*path, Some(*text)))
        .collect();
    let made = script.commit(Commit {
        branch: "release",
        message: "on the branch",
        author: "Cleo <cleo@example.org>",
        authored: &tagged(20),
        committed: &tagged(20),
        parents: &[1],
        files: &written,
    });
    script.tag("v1", 1, Some(&tagged(0)));
    script.tag("v1.1", made, Some(&tagged(21)));
    script.build()
}

const BEGUN: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

#[test]
fn the_same_patch_is_the_same_change_wherever_its_lines_stand_and_however_they_are_indented() {
    let moved = format!("0\n0\n{BEGUN}");
    let fixed = moved.replace("5\n6", "  five\n6");
    let clone = branched(
        &[&[("file", BEGUN)], &[("file", &moved)], &[("file", &fixed)]],
        &[("file", &BEGUN.replace('5', "five"))],
    );
    let release = &releases(&clone, "v*")[1];
    assert_eq!(subjects(&clone, release), ["main 2"]);
    assert_eq!(release.picked[0].by, SameBy::Patch);
    assert_eq!(release.unmatched_commits, 0);
}

#[test]
fn a_patch_that_is_another_or_that_several_changes_share_is_no_change() {
    let (five, six) = (BEGUN.replace('5', "five"), BEGUN.replace('5', "six"));
    let other = branched(&[&[("file", BEGUN)], &[("file", &five)]], &[("file", &six)]);
    let shared = branched(
        &[
            &[("file", BEGUN)],
            &[("file", &five)],
            &[("file", BEGUN)],
            &[("file", &five)],
        ],
        &[("file", &five)],
    );
    for clone in [other, shared] {
        let release = &releases(&clone, "v*")[1];
        assert_eq!(subjects(&clone, release), Vec::<String>::new());
        assert_eq!(release.unmatched_commits, 1);
    }
}

#[test]
fn a_merge_is_the_change_when_all_that_it_brought_stands_as_one_patch_on_the_branch() {
    let mut script = Script::default();
    let one = script.plain("one", &[], 0);
    let mut last = one;
    for (message, file) in [("begin", "a"), ("end", "b")] {
        last = script.commit(Commit {
            branch: "side",
            message,
            parents: &[last],
            files: &[(file, Some("x\n"))],
            ..Commit::default()
        });
    }
    script.commit(Commit {
        message: "Merge pull request #9 from acme/side",
        committed: &tagged(2),
        parents: &[one, last],
        files: &[("a", Some("x\n")), ("b", Some("x\n"))],
        ..Commit::default()
    });
    let backport = script.commit(Commit {
        branch: "release",
        message: "Both at once",
        committed: &tagged(3),
        parents: &[one],
        files: &[("a", Some("x\n")), ("b", Some("x\n"))],
        ..Commit::default()
    });
    script.tag("v1", one, Some(&tagged(0)));
    script.tag("v1.1", backport, Some(&tagged(4)));
    let clone = script.build();
    let release = &releases(&clone, "v*")[1];
    let merge = ["Merge pull request #9 from acme/side"];
    assert_eq!(subjects(&clone, release), merge);
}

#[tokio::test]
async fn what_says_that_a_picked_commit_is_a_change_is_told() {
    let clone = picked("Fix it here too", 5).build();
    let database = Database::sqlite();
    let said = import(&database, &clone);
    assert_eq!(said["deployments"]["picked"]["patch"], 1);
    let words = "1 change was delivered as another commit than the line's, on a release branch or in a rewritten history: 1 known by the same patch.";
    assert!(texts(&said["sentences"]).iter().any(|said| said == words));
}

#[test]
fn a_tag_on_a_branch_that_is_merged_later_holds_its_change_only_when_whole() {
    let mut script = Script::default();
    let one = script.plain("one", &[], 0);
    let begun = Commit {
        branch: "side",
        message: "begin",
        parents: &[one],
        files: &[("side", Some("a\n"))],
        ..Commit::default()
    };
    let begun = script.commit(begun);
    let ended = script.commit(Commit {
        branch: "side",
        message: "end",
        parents: &[begun],
        ..Commit::default()
    });
    script.commit(Commit {
        message: "Merge branch 'side'",
        parents: &[one, ended],
        ..Commit::default()
    });
    for (tag, commit) in [("v1", one), ("v2", begun), ("v3", ended)] {
        script.tag(tag, commit, Some(&tagged(commit as i64)));
    }
    let clone = script.build();
    let releases = releases(&clone, "v*");
    assert_eq!(subjects(&clone, &releases[1]), Vec::<String>::new());
    assert_eq!(releases[1].unmatched_commits, 1);
    assert_eq!(subjects(&clone, &releases[2]), ["Merge branch 'side'"]);
    assert_eq!(releases[2].unmatched_commits, 0);
}

#[test]
fn what_was_picked_before_is_not_brought_again_unless_it_was_merged_later() {
    for (finished, brought) in [(5, &["three"][..]), (1, &["Fix rounding (#2)", "three"])] {
        let mut script = picked("Fix rounding (#2)", finished);
        let three = script.plain("three", &[2], 9);
        script.tag("v2", three, Some(&tagged(10)));
        let clone = script.build();
        assert_eq!(subjects(&clone, &releases(&clone, "v*")[2]), brought);
    }
}

#[tokio::test]
async fn a_commit_that_no_change_accounts_for_is_said() {
    let clone = branched(&[&[("file", BEGUN)], &[("file", "x")]], &[("file", "y")]);
    let database = Database::sqlite();
    let said = import(&database, &clone);
    assert_eq!(said["deployments"]["unmatched_commits"][0][0], "v1.1");
    assert!(
        texts(&said["sentences"])
            .join("\n")
            .contains("1 deployment holds commits that are no change")
    );
}

#[tokio::test]
async fn an_older_tag_that_appears_later_changes_what_the_next_one_brought() {
    let mut script = three();
    script.tag("v1", 1, None);
    script.tag("v3", 3, None);
    let clone = script.build();
    let (in_two, at_once) = (Database::sqlite(), Database::sqlite());
    import(&in_two, &clone);
    clone.git(&["tag", "v2", "main~1"]);
    import(&in_two, &clone);
    import(&at_once, &clone);
    let (in_two, at_once) = (whole(&in_two).await, whole(&at_once).await);
    assert_eq!(
        content(in_two.rows("deployments")),
        content(at_once.rows("deployments"))
    );
    assert_eq!(in_two.rows("deployments").len(), 3);
}

#[tokio::test]
async fn a_tag_that_was_moved_is_another_deployment_for_it_and_the_next() {
    for (from, to) in [(1, 2), (2, 1)] {
        let mut script = three();
        let four = script.plain("four", &[3], 9);
        script.tag("v0", 1, None);
        script.tag("v1", 1 + from, None);
        script.tag("v2", four, None);
        let clone = script.build();
        let (in_two, at_once) = (Database::sqlite(), Database::sqlite());
        import(&in_two, &clone);
        clone.git(&["tag", "--force", "v1", &format!("main~{}", 3 - to)]);
        import(&in_two, &clone);
        import(&in_two, &clone);
        import(&at_once, &clone);
        let (in_two, at_once) = (whole(&in_two).await, whole(&at_once).await);
        assert_eq!(
            content(in_two.rows("deployments")),
            content(at_once.rows("deployments"))
        );
    }
}

#[test]
fn what_a_release_brought_is_unknown_where_the_clone_is_cut_off() {
    let mut script = Script::default();
    let one = script.plain("one", &[], 0);
    let two = script.plain("two", &[one], 1);
    let begun = Commit {
        branch: "release",
        message: "begin a release",
        parents: &[one],
        ..Commit::default()
    };
    let begun = script.commit(begun);
    let ended = script.commit(Commit {
        branch: "release",
        message: "end a release",
        parents: &[begun],
        ..Commit::default()
    });
    let three = script.plain("three", &[two], 3);
    for (tag, commit) in [("v1", two), ("v2", ended), ("v3", three)] {
        script.tag(tag, commit, Some(&tagged(commit as i64)));
    }
    let options = ["--bare", "--depth", "1", "--no-single-branch"];
    let shallow = Repository::clone_of(&script.build(), &options);
    let contents: Vec<Content> = releases(&shallow, "v*")
        .into_iter()
        .map(|release| release.content)
        .collect();
    assert!(contents.len() >= 2, "{contents:?}");
    for content in &contents[1..] {
        assert_eq!(*content, Content::CutOff);
    }
}

#[tokio::test]
async fn an_older_clone_does_not_undo_what_a_newer_one_knew() {
    let mut script = three();
    script.tag("v1", 1, None);
    script.tag("v3", 3, None);
    let older = script.build();
    let newer = Repository::clone_of(&older, &["--bare"]);
    newer.git(&["tag", "v2", "main~1"]);
    let mut more = three();
    more.plain("four", &[3], 9);
    newer.feed(more.text());
    let database = Database::sqlite();
    import(&database, &newer);
    let before = whole(&database).await;
    import(&database, &older);
    assert_eq!(
        whole(&database).await.rows("deployments"),
        before.rows("deployments")
    );
}

#[tokio::test]
async fn a_tag_without_a_commit_is_passed_over_with_its_reason() {
    let clone = three().build();
    clone.git(&["tag", "v1", "main^{tree}"]);
    clone.git(&["tag", "v3", "main"]);
    let database = Database::sqlite();
    let said = import(&database, &clone);
    assert_eq!(said["deployments"]["tags"], 1);
    let passed_over = said["deployments"]["passed_over"].as_array().unwrap();
    let reasons: Vec<(&str, &str)> = passed_over
        .iter()
        .map(|tag| {
            (
                tag["name"].as_str().unwrap(),
                tag["reason"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(reasons, [("v1", "it points at no commit")]);
}

#[tokio::test]
async fn which_tags_count_is_what_git_tag_lists() {
    let mut script = three();
    for (name, commit) in [("release/1", 1), ("release/1/a", 2), ("v1", 3)] {
        script.tag(name.replace("/1/a", "-1/a").as_str(), commit, None);
    }
    let clone = script.build();
    for glob in ["release*", "v?", "*/*", "nothing"] {
        let database = Database::sqlite();
        let said = imported_with(&database, &clone, &["--tags", glob]);
        let listed = clone.git(&["tag", "--list", glob]);
        assert_eq!(
            said["deployments"]["tags"],
            listed.lines().count(),
            "{glob}"
        );
    }
}
