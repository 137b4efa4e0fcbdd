//! What is counted of a repository is what git itself counts: of one that is made here, and of the
//! public ones that are named.
//!
//! The other side of each comparison is git's own output and the lines of its messages, read with
//! nothing of the import but its list of agents.

mod marked;

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Datelike};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use server::store::Db;
use tests::command;
use tests::database::Database;
use tests::git::{self, Commit, HOUR_S, MONDAY_S, Script};

use marked::Marked;

/// Names clones and their tags, as `PATH=GLOB`, parted as in a search path.
const CLONES: &str = "ONEHOP_CLONES";

/// How often something happened, by ISO week.
type ByWeek = BTreeMap<String, u64>;

fn week_of(at_s: i64) -> String {
    let week = DateTime::from_timestamp(at_s, 0).unwrap().iso_week();
    format!("{}-W{:02}", week.year(), week.week())
}

fn by_week(instants: impl IntoIterator<Item = i64>) -> ByWeek {
    let mut weeks = ByWeek::new();
    for at_s in instants {
        *weeks.entry(week_of(at_s)).or_default() += 1;
    }
    weeks
}

/// A clone, and which of its tags are deployments.
struct Clone {
    path: PathBuf,
    tags: String,
}

impl Clone {
    fn git(&self, arguments: &[&str]) -> String {
        git::said(&self.path, arguments)
    }

    /// `git log --first-parent --format=%ct`, counted by ISO week in UTC.
    fn merged(&self) -> ByWeek {
        let log = self.git(&["log", "--first-parent", "--format=%ct", "HEAD"]);
        by_week(log.lines().map(|at_s| at_s.parse().unwrap()))
    }

    /// `git tag --list GLOB`, with the tagger's date, of a lightweight tag the committer's; tags that
    /// lead to no commit aside.
    fn tagged(&self) -> BTreeMap<String, i64> {
        let format = "--format=%(objecttype) %(*objecttype) %(creatordate:unix) %(refname:strip=2)";
        let list = self.git(&["tag", "--list", &self.tags, format]);
        let tags = list.lines().filter_map(|line| {
            let [direct, peeled, at_s, name] = line.splitn(4, ' ').collect::<Vec<_>>()[..] else {
                panic!("{line}");
            };
            let leads_to_commit = [direct, peeled].contains(&"commit");
            leads_to_commit.then(|| (format!("shop@{name}"), at_s.parse().unwrap()))
        });
        tags.collect()
    }

    /// All that is named, or a word on how to name some.
    fn named() -> Vec<Clone> {
        let Some(named) = std::env::var_os(CLONES) else {
            println!(
                "{CLONES} names no clones, such as '/clones/cargo=[0-9]*:/clones/langfuse=v*': \
                 only a repository made here is counted"
            );
            return Vec::new();
        };
        let each = std::env::split_paths(&named).map(|entry| {
            let entry = entry.to_str().unwrap().to_owned();
            let (path, tags) = entry.split_once('=').unwrap_or((&entry, "v*"));
            Clone {
                path: PathBuf::from(path),
                tags: tags.to_owned(),
            }
        });
        each.collect()
    }
}

/// Changes merged by week, of one segment.
fn exported(database: &Database, segment: &str, weeks: &ByWeek) -> ByWeek {
    let (first, last) = (weeks.keys().next().unwrap(), weeks.keys().last().unwrap());
    let asked = ["export", "metric", "changes_merged", "--segment", segment];
    let span = ["--from", first, "--to", last];
    let told = command::json(&database.url, &[&asked[..], &span].concat());
    let figures = told["figures"].as_array().unwrap().iter();
    let counts = figures.map(|figure| {
        let week = figure["week"].as_str().unwrap().to_owned();
        (week, figure["value"].as_f64().unwrap_or_default() as u64)
    });
    counts.filter(|(_, count)| *count > 0).collect()
}

/// Finishes of the deployments that are stored, in seconds, by id.
async fn deployed(database: &Database) -> BTreeMap<String, i64> {
    let query = "SELECT id, finished_at FROM deployments";
    let db = database.open().await;
    let rows: Vec<(String, i64)> = match &db {
        Db::Sqlite { read, .. } => sqlx::query_as(query).fetch_all(read).await.unwrap(),
        Db::Postgres(pool) => sqlx::query_as(query).fetch_all(pool).await.unwrap(),
    };
    db.close().await;
    let seconds = rows.into_iter().map(|(id, at_ms)| (id, at_ms / 1_000));
    seconds.collect()
}

/// What differs, week by week or tag by tag, ready to be read.
fn assert_same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    ours: &BTreeMap<String, T>,
    gits: &BTreeMap<String, T>,
) {
    let names = ours.keys().chain(gits.keys());
    let differing = names.filter(|name| ours.get(*name) != gits.get(*name));
    let said: Vec<String> = differing
        .map(|name| format!("{name}: {:?}, git {:?}", ours.get(name), gits.get(name)))
        .collect();
    assert!(said.is_empty(), "{what} differ: {said:#?}");
}

async fn check(database: &Database, clone: &Clone) {
    let path = clone.path.to_str().unwrap();
    let command = ["import", "git", path, "--service", "shop"];
    let options = ["--tags", &clone.tags, "--json"];
    let said = command::json(&database.url, &[&command[..], &options].concat());
    let merged = clone.merged();
    let all = merged.values().sum::<u64>();
    assert_eq!(said["changes"]["accepted"], all, "{path}");
    assert_same("changes", &exported(database, "all", &merged), &merged);
    let tagged = clone.tagged();
    assert_eq!(said["deployments"]["tags"], tagged.len(), "{path}");
    assert_same("deployments", &deployed(database).await, &tagged);
    let marked = Marked::of(&clone.path);
    let mut exported_marks = exported(database, "agent", &merged);
    for (week, count) in exported(database, "assisted", &merged) {
        *exported_marks.entry(week).or_default() += count;
    }
    assert_same("marked changes", &exported_marks, &marked.by_week());
    println!(
        "{path}: {all} changes in {} weeks, {} tags, {marked}",
        merged.len(),
        tagged.len()
    );
    sentences(&said);
}

fn sentences(said: &Value) {
    for sentence in said["sentences"].as_array().unwrap() {
        println!("  {}", sentence.as_str().unwrap());
    }
}

#[tokio::test]
async fn the_changes_tags_and_marks_of_a_repository_made_here_are_those_that_git_counts() {
    let made = made().build();
    for database in Database::on_each_engine().await {
        let clone = Clone {
            path: made.path().to_owned(),
            tags: "v*".to_owned(),
        };
        check(&database, &clone).await;
    }
}

#[tokio::test]
async fn the_changes_tags_and_marks_of_public_repositories_are_those_that_git_counts() {
    for clone in Clone::named() {
        check(&Database::sqlite(), &clone).await;
    }
}

/// Half a year of squashes, plain commits and merges of branches, some of them marked, some tagged.
fn made() -> Script {
    let mut made = Made {
        script: Script::default(),
        random: ChaCha8Rng::seed_from_u64(11),
    };
    let mut tip = made.commit("main", "Begin", &[], 0);
    for number in 1..250_i64 {
        let hours = number * 17;
        tip = match made.random.random_range(0..4) {
            0 => made.commit("main", &format!("Plain {number}"), &[tip], hours),
            1 => made.merge(number, tip, hours),
            _ => made.commit("main", &format!("Squash (#{number})"), &[tip], hours),
        };
        let tagged = format!("{} +0000", MONDAY_S + (hours + 30) * HOUR_S);
        let tagged = made.random.random_bool(0.5).then_some(tagged.as_str());
        if number % 9 == 0 {
            made.script.tag(&format!("v{number}"), tip, tagged);
        }
        if number % 40 == 0 {
            made.script.tag(&format!("other{number}"), tip, None);
        }
    }
    made.script
}

/// What a message may end in, most of it an agent's mark and some only like one.
const ENDS: [&str; 9] = [
    "",
    "Signed-off-by: Ana <ana@example.org>",
    "Co-authored-by: Ben <ben@example.org>",
    "Co-authored-by: Claude <noreply@anthropic.com>",
    "* first\n\nCo-Authored-By: Claude Opus 4.8 (1M context) <noreply@anthropic.com>\n\n* second",
    "Co-authored-by: Copilot <198982749+Copilot@users.noreply.github.com>\nCo-authored-by: Claude <noreply@anthropic.com>",
    "Assisted-by: Claude Opus 4.8",
    "\u{1f916} Generated with [Claude Code](https://claude.ai/code)",
    "This says: Claude <noreply@anthropic.com> wrote none of it",
];

struct Made {
    script: Script,
    random: ChaCha8Rng,
}

impl Made {
    fn commit(&mut self, branch: &str, subject: &str, parents: &[usize], hours: i64) -> usize {
        let end = ENDS[self.random.random_range(0..ENDS.len())];
        let at = format!("{} +0100", MONDAY_S + hours * HOUR_S);
        let by_agent = self.random.random_bool(0.05);
        self.script.commit(Commit {
            branch,
            message: &format!("{subject}\n\n{end}\n"),
            author: match by_agent {
                true => "Cursor <cursoragent@cursor.com>",
                false => "Ana <ana@example.org>",
            },
            authored: &at,
            committed: &at,
            parents,
            files: &[("file", Some(subject))],
        })
    }

    /// A branch of one to three commits, merged by its request; of some, two branches at once.
    fn merge(&mut self, number: i64, tip: usize, hours: i64) -> usize {
        let mut parents = vec![tip];
        for side in 0..self.random.random_range(1..3) {
            let mut last = tip;
            for commit in 0..self.random.random_range(1..4) {
                let subject = format!("Part {number}.{side}.{commit}");
                let branch = format!("side{side}");
                last = self.commit(&branch, &subject, &[last], hours - 10 + commit);
            }
            parents.push(last);
        }
        let branch = ["rounding", "claude/rounding"][self.random.random_range(0..2)];
        let subject = format!("Merge pull request #{number} from acme/{branch}");
        self.commit("main", &subject, &parents, hours)
    }
}
