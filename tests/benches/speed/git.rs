//! Importing the history of a clone, against `git log` counting its lines.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tests::command::onehop;
use tests::database::Database;
use tests::git::{Commit, HOUR_S, MONDAY_S, Repository, Script};

use crate::answer::{Answer, Bound};
use crate::company::Company;
use crate::times::{median, seconds};

/// Commits, at full scale.
const COMMITS: f64 = 100_000.0;
/// Files, in folders of so many, and how long each is at first.
const FILES: usize = 2_000;
const IN_A_FOLDER: usize = 40;
const LINES: usize = 60;
/// Every so many commits there is a merge of a branch, and a tag.
const MERGE_EVERY: usize = 20;
const TAG_EVERY: usize = 200;
/// Of each, in turn.
const RUNS: usize = 3;

pub fn answer(company: &Company) -> Result<Answer> {
    let commits = (COMMITS * company.scale) as usize;
    let clone = generated(commits.max(100)).build();
    let (mut logs, mut imports) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let (log, import) = if run % 2 == 0 {
            (log(&clone)?, import(&clone)?)
        } else {
            let import = import(&clone)?;
            (log(&clone)?, import)
        };
        // The first of each only warms up.
        if run > 0 {
            logs.push(log);
            imports.push(import);
        }
    }
    println!("  git log --first-parent --numstat: {}", seconds(&logs));
    println!("  onehop import git: {}", seconds(&imports));
    Ok(Answer {
        what: "importing a clone, of what git log --numstat takes",
        value: median(&imports).as_secs_f64() / median(&logs).as_secs_f64(),
        unit: "",
        bound: Bound::AtMost(3.0),
    })
}

fn log(clone: &Repository) -> Result<Duration> {
    let began = Instant::now();
    let status = Command::new("git")
        .args(["log", "--first-parent", "--numstat"])
        .current_dir(clone.path())
        .stdout(Stdio::null())
        .status()
        .context("git cannot be run")?;
    ensure!(status.success(), "git log ended with {status}");
    Ok(began.elapsed())
}

/// Imports into a new database, figures and all.
fn import(clone: &Repository) -> Result<Duration> {
    let database = Database::sqlite();
    let began = Instant::now();
    let arguments = ["import", "git", clone.argument(), "--service", "shop"];
    let output = onehop(&database.url, &arguments).output()?;
    let spent = began.elapsed();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "the import ended badly: {said}");
    Ok(spent)
}

/// A history as it grows: files of some lines, and commits that each edit a few lines of one to three
/// of them, now and then on a branch that is merged by the next but one.
struct Growing {
    script: Script,
    random: ChaCha8Rng,
    files: Vec<(String, Vec<String>)>,
    tip: usize,
    /// A branch of one commit, and what it edited.
    side: Option<(usize, Vec<(String, String)>)>,
}

fn generated(commits: usize) -> Script {
    let files: Vec<(String, Vec<String>)> = (0..FILES)
        .map(|file| {
            let path = format!("part{}/file{file}.rs", file / IN_A_FOLDER);
            let lines = (0..LINES).map(|line| format!("    let line{line} = {file};"));
            (path, lines.collect())
        })
        .collect();
    let mut script = Script::default();
    let mut growing = Growing {
        tip: first(&mut script, &files),
        script,
        random: ChaCha8Rng::seed_from_u64(3),
        files,
        side: None,
    };
    for commit in 1..commits {
        growing.grow(commit);
    }
    growing.script
}

impl Growing {
    fn grow(&mut self, commit: usize) {
        let at = format!("{} +0000", MONDAY_S + commit as i64 * HOUR_S / 4);
        let opens = commit % MERGE_EVERY == MERGE_EVERY - 2;
        let merged = self.side.take_if(|_| commit.is_multiple_of(MERGE_EVERY));
        let mut parents = vec![self.tip];
        let (message, edits) = match merged {
            Some((side, edits)) => {
                parents.push(side);
                let subject = format!("Merge pull request #{commit} from acme/part");
                (format!("{subject}\n\nPart {commit}"), edits)
            }
            None => {
                let marks = "\n\nCo-authored-by: Claude <noreply@anthropic.com>";
                let marks = if commit.is_multiple_of(3) { marks } else { "" };
                let subject = format!("Change {commit} (#{commit})");
                (format!("{subject}{marks}"), self.edits(commit))
            }
        };
        let contents: Vec<(&str, Option<&str>)> = edits
            .iter()
            .map(|(path, text)| (path.as_str(), Some(text.as_str())))
            .collect();
        let made = self.script.commit(Commit {
            branch: if opens { "side" } else { "main" },
            message: &message,
            authored: &at,
            committed: &at,
            parents: &parents,
            files: &contents,
            ..Commit::default()
        });
        if opens {
            self.side = Some((made, edits));
            return;
        }
        self.tip = made;
        if commit.is_multiple_of(TAG_EVERY) {
            self.script.tag(&format!("v{commit}"), made, None);
        }
    }

    fn edits(&mut self, commit: usize) -> Vec<(String, String)> {
        let edits = 0..self.random.random_range(1..4);
        edits
            .map(|edit| {
                let file = self.random.random_range(0..FILES);
                let (path, lines) = &mut self.files[file];
                let place = self.random.random_range(0..lines.len());
                lines[place] = format!("    let edited{edit} = {commit};");
                if lines.len() < 2 * LINES && edit == 0 {
                    lines.insert(place, format!("    let added = {commit};"));
                }
                (path.clone(), lines.join("\n"))
            })
            .collect()
    }
}

fn first(script: &mut Script, files: &[(String, Vec<String>)]) -> usize {
    let texts: Vec<String> = files.iter().map(|(_, lines)| lines.join("\n")).collect();
    let all: Vec<(&str, Option<&str>)> = files
        .iter()
        .zip(&texts)
        .map(|((path, _), text)| (path.as_str(), Some(text.as_str())))
        .collect();
    script.commit(Commit {
        message: "Begin",
        files: &all,
        ..Commit::default()
    })
}
