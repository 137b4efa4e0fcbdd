//! Merges, squashes and plain commits: what each tells of its change.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use server::connectors::git::{Change, Content, History, Shape};
use tests::database::Database;
use tests::git::{Commit, HOUR_S, MONDAY_S, Repository, Script};

use super::{dates, import, stored};

fn at(hours: i64) -> String {
    format!("{} +0000", MONDAY_S + hours * HOUR_S)
}

/// All changes of a clone, oldest first.
fn read(clone: &Repository) -> Vec<Change> {
    let history = History::read(clone.path(), "v*", dates(), &|_| {}).unwrap();
    let all = std::sync::Mutex::new(Vec::new());
    let keep = |changes| {
        all.lock().unwrap().extend::<Vec<Change>>(changes);
        true
    };
    let places: Vec<usize> = (0..history.changes()).collect();
    history.read_changes(&places, &keep).unwrap();
    let mut all = all.into_inner().unwrap();
    all.sort_by_key(|change| history.place(&change.sha));
    all
}

/// Main, and a branch of two commits by Ben and Cleo that is merged as a pull request.
fn merged() -> Script {
    let mut script = Script::default();
    let one = script.plain("one", &[], 0);
    let (first, second) = (at(1), at(2));
    let begun = script.commit(Commit {
        branch: "side",
        message: "begin",
        author: "Ben <Ben@Example.org>",
        authored: &first,
        committed: &at(20),
        parents: &[one],
        files: &[("side", Some("a\nb\n"))],
    });
    let ended = script.commit(Commit {
        branch: "side",
        message: "end\n\nCo-authored-by: Claude <noreply@anthropic.com>",
        author: "Cleo <cleo@example.org>",
        authored: &second,
        committed: &at(21),
        parents: &[begun],
        files: &[("side", Some("a\nc\nd\n"))],
    });
    let two = script.plain("two", &[one], 3);
    script.commit(Commit {
        message: "Merge pull request #12 from acme/hotfix/rounding\n\nRound half up\n",
        author: "Dan <dan@example.org>",
        authored: &at(30),
        committed: &at(30),
        parents: &[two, ended],
        files: &[("side", Some("a\nc\nd\n"))],
        ..Commit::default()
    });
    script
}

#[tokio::test]
async fn a_merge_is_a_change_with_the_commits_of_its_branch() {
    let clone = merged().build();
    for database in Database::on_each_engine().await {
        import(&database, &clone);
        let stored = stored(&database).await;
        assert_eq!(stored.len(), 3);
        let change = &stored["Round half up"];
        assert_eq!(change.version.id, format!("shop@{}", clone.sha("main")));
        assert_eq!(
            (change.number, change.branch.as_deref()),
            (Some(12), Some("hotfix/rounding"))
        );
        assert_eq!(change.author.id, "cleo@example.org");
        assert_eq!(change.created_at, None);
        assert_eq!(change.merged_at, Some((MONDAY_S + 30 * HOUR_S) * 1_000));
        assert_eq!(change.merge_commit, Some(clone.sha("main")));
        let commits: Vec<(&str, i64)> = change
            .commits
            .iter()
            .map(|commit| {
                (
                    commit.author.as_ref().unwrap().id.as_str(),
                    commit.authored_at / 1_000,
                )
            })
            .collect();
        let expected = [
            ("ben@example.org", MONDAY_S + HOUR_S),
            ("cleo@example.org", MONDAY_S + 2 * HOUR_S),
        ];
        assert_eq!(commits, expected);
        assert_eq!(
            change.commits[1].trailers,
            ["Co-authored-by: Claude <noreply@anthropic.com>"]
        );
        assert_eq!((change.additions, change.deletions), (Some(3), Some(0)));
        assert_eq!(change.paths, ["side"]);
    }
}

#[tokio::test]
async fn a_squash_does_not_tell_its_first_commit_and_a_plain_commit_is_its_own() {
    let mut script = Script::default();
    let one = script.plain("one", &[], 0);
    let squash = "Round (#11) up (#12)\n\n* begin\n\nCo-authored-by: Claude <noreply@anthropic.com>\n\n* end";
    script.plain(squash, &[one], 1);
    let clone = script.build();
    let database = Database::sqlite();
    import(&database, &clone);
    let stored = stored(&database).await;
    let squash = &stored["Round (#11) up (#12)"];
    assert_eq!((squash.number, squash.commits.len()), (Some(12), 0));
    assert_eq!(
        squash.trailers,
        ["Co-authored-by: Claude <noreply@anthropic.com>"]
    );
    let plain = &stored["one"];
    assert_eq!((plain.number, plain.commits.len()), (None, 1));
    assert_eq!(plain.commits[0].sha, clone.sha("main~1"));
    assert_eq!(plain.author.id, "ana@example.org");
}

#[tokio::test]
async fn a_revert_names_the_change_that_brought_the_commit() {
    let clone = merged().build();
    let side = clone.sha("side");
    let merge = clone.sha("main");
    let mut script = merged();
    let revert = format!("Revert \"end\"\n\nThis reverts commit {side}.\n");
    script.plain(&revert, &[5], 40);
    clone.feed(script.text());
    let changes = read(&clone);
    assert_eq!(changes.last().unwrap().reverts.as_ref(), Some(&merge));
}

#[test]
fn an_octopus_brings_the_commits_of_all_its_branches() {
    let mut script = Script::default();
    let root = script.plain("root", &[], 0);
    let mut tips = vec![script.plain("one", &[root], 1)];
    for (branch, hours) in [("a", 2), ("b", 3)] {
        let when = at(hours);
        tips.push(script.commit(Commit {
            branch,
            message: branch,
            authored: &when,
            committed: &when,
            parents: &[root],
            files: &[(branch, Some("x\n"))],
            ..Commit::default()
        }));
    }
    script.commit(Commit {
        message: "Merge branches 'a' and 'b'",
        parents: &tips,
        files: &[("a", Some("x\n")), ("b", Some("x\n"))],
        ..Commit::default()
    });
    let changes = read(&script.build());
    let octopus = changes.last().unwrap();
    assert_eq!((octopus.shape, octopus.commits.len()), (Shape::Merge, 2));
    assert_eq!(octopus.size.unwrap().additions, 2);
    assert_eq!(changes.len(), 3);
}

/// Lines that came and went, as git counts them, by commit.
fn numstat(clone: &Repository) -> Vec<(u64, u64)> {
    let log = [
        "log",
        "--first-parent",
        "--diff-merges=first-parent",
        "--reverse",
        "--numstat",
        "--format=tformat:@",
        "main",
    ];
    let text = clone.git(&log);
    let commits = text.split('@').skip(1);
    commits
        .map(|commit| {
            let lines = commit.lines().filter(|line| !line.is_empty());
            lines.fold((0, 0), |(additions, deletions), line| {
                let mut cells = line
                    .split('\t')
                    .map(|cell| cell.parse::<u64>().unwrap_or(0));
                (
                    additions + cells.next().unwrap(),
                    deletions + cells.next().unwrap(),
                )
            })
        })
        .collect()
}

/// Files that are written, edited, moved and deleted at random.
fn random_history(seed: u64) -> Script {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut files: Vec<(String, Vec<String>)> = Vec::new();
    let mut script = Script::default();
    let mut last: Vec<usize> = Vec::new();
    for commit in 0..80 {
        let mut edits = Vec::new();
        for edit in 0..random.random_range(0..4) {
            let at = random.random_range(0..files.len().max(1));
            match random.random_range(0..6) {
                0..2 => files.push(new_file(&mut random, &format!("{commit}-{edit}"))),
                2 if at < files.len() => {
                    let (path, _) = files.remove(at);
                    edits.push((path, None));
                    continue;
                }
                3 if at < files.len() => {
                    let (path, lines) = files.remove(at);
                    let name = path.rsplit('/').next().unwrap();
                    files.push((format!("moved/{commit}/{name}"), lines));
                    edits.push((path, None));
                }
                _ if at < files.len() => {
                    let file = files.remove(at);
                    files.push(file);
                }
                _ => continue,
            }
            let (path, lines) = files.last_mut().unwrap();
            edit_lines(&mut random, lines, &format!("{commit}-{edit}"));
            edits.push((path.clone(), Some(lines.join("\n"))));
        }
        let edits: Vec<(&str, Option<&str>)> = edits
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_deref()))
            .collect();
        let message = format!("commit number {commit}");
        last = vec![script.commit(Commit {
            message: &message,
            parents: &last,
            files: &edits,
            ..Commit::default()
        })];
    }
    script
}

fn new_file(random: &mut ChaCha8Rng, name: &str) -> (String, Vec<String>) {
    let folder = ["a", "b/c", "d"][random.random_range(0..3)];
    let lines = 0..random.random_range(0..40);
    let lines = lines.map(|line| format!("{name} {line}")).collect();
    (format!("{folder}/{name}.txt"), lines)
}

fn edit_lines(random: &mut ChaCha8Rng, lines: &mut Vec<String>, name: &str) {
    for edit in 0..random.random_range(0..4) {
        let place = random.random_range(0..=lines.len());
        lines.insert(place, format!("new {name} {edit}"));
        if lines.len() > 5 && random.random_range(0..2) == 0 {
            let gone = random.random_range(0..lines.len());
            lines.remove(gone);
        }
    }
}

#[test]
fn sizes_are_those_of_git_log_whichever_way_the_pack_was_written() {
    for seed in 0..4 {
        let clone = random_history(seed).build();
        let expected = numstat(&clone);
        for packed in ["as written", "packed again"] {
            let sizes: Vec<(u64, u64)> = read(&clone)
                .iter()
                .map(|change| {
                    change
                        .size
                        .map(|size| (size.additions, size.deletions))
                        .unwrap()
                })
                .collect();
            assert_eq!(sizes, expected, "seed {seed}, {packed}");
            clone.git(&["repack", "-adfq"]);
        }
    }
}

#[test]
fn binary_contents_have_no_lines() {
    let mut script = Script::default();
    script.commit(Commit {
        files: &[("picture", Some("a\0b\n")), ("text", Some("a\n"))],
        ..Commit::default()
    });
    let clone = script.build();
    let size = read(&clone)[0].size.unwrap();
    assert_eq!((size.additions, size.deletions), (1, 0));
    assert_eq!(numstat(&clone), [(1, 0)]);
}

/// Commits with parents drawn at random.
fn random_graph(seed: u64) -> Script {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut script = Script::default();
    let mut made: Vec<usize> = Vec::new();
    for commit in 0..60_usize {
        let mut parents: Vec<usize> = (0..random.random_range(1..4))
            .filter_map(|_| {
                made.get(made.len().checked_sub(random.random_range(1..8))?)
                    .copied()
            })
            .collect();
        parents.dedup();
        let message = format!("commit {commit}");
        let branch = if commit == 59 { "main" } else { "scratch" };
        // The last one sees all, so that none is left alone.
        if commit == 59 {
            parents.insert(0, made[58]);
            parents.dedup();
        }
        made.push(script.commit(Commit {
            branch,
            message: &message,
            parents: &parents,
            ..Commit::default()
        }));
    }
    script
}

#[test]
fn a_release_of_any_graph_brings_what_the_one_before_did_not_reach() {
    for seed in 0..8 {
        let mut script = random_graph(seed);
        for commit in [7, 20, 41, 33, 58] {
            let at = format!("{} +0000", MONDAY_S + commit as i64);
            script.tag(&format!("v{commit}"), commit, Some(&at));
        }
        let clone = script.build();
        let line = clone.git(&["rev-list", "--first-parent", "main"]);
        let line: Vec<&str> = line.lines().collect();
        let history = History::read(clone.path(), "v*", dates(), &|_| {}).unwrap();
        for pair in history.releases().windows(2) {
            let not_before = format!("^{}", pair[0].commit);
            let reached = clone.git(&["rev-list", &pair[1].commit, &not_before]);
            let Content::Changes(places) = &pair[1].content else {
                panic!("{pair:?}");
            };
            let brought: Vec<String> = places.iter().map(|place| history.sha(*place)).collect();
            let before = clone.git(&["rev-list", &pair[0].commit]);
            for sha in reached.lines().filter(|sha| line.contains(sha)) {
                let side = clone.git(&["rev-list", sha, &format!("^{sha}^1")]);
                let mut side = side.lines().filter(|commit| *commit != sha).peekable();
                // A branch that was there before its merge is nothing new.
                let was_there = side.peek().is_some()
                    && side.all(|commit| before.lines().any(|held| held == commit));
                let is_brought = brought.iter().any(|brought| brought == sha);
                assert!(is_brought != was_there, "seed {seed}: {sha}");
            }
            let again = before
                .lines()
                .find(|sha| brought.iter().any(|brought| brought == sha));
            assert_eq!(again, None, "seed {seed}: {pair:?}");
        }
    }
}

#[test]
fn each_merge_brings_what_the_line_did_not_reach_before() {
    for seed in 0..8 {
        let clone = random_graph(seed).build();
        let changes = read(&clone);
        let line = clone.git(&["rev-list", "--first-parent", "--reverse", "main"]);
        let line: Vec<&str> = line.lines().collect();
        let shas: Vec<&str> = changes.iter().map(|change| change.sha.as_str()).collect();
        assert_eq!(shas, line, "seed {seed}");
        for change in changes.iter().filter(|change| change.shape == Shape::Merge) {
            let (merge, before) = (change.sha.clone(), format!("^{}^1", change.sha));
            let brought = clone.git(&["rev-list", &merge, &before]);
            let mut expected: Vec<&str> = brought.lines().filter(|sha| **sha != *merge).collect();
            let mut commits: Vec<&str> = change
                .commits
                .iter()
                .map(|commit| commit.sha.as_str())
                .collect();
            expected.sort_unstable();
            commits.sort_unstable();
            assert_eq!(commits, expected, "seed {seed}: {merge}");
        }
    }
}
