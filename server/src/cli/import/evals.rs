//! `onehop import evals FILE`: the results of an evaluation tool, and whether they meet their threshold.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::cli::say;
use crate::clock::Clock;
use crate::evals::{Format, MAX_BYTES};
use crate::figures::{self, Because};
use crate::store::Db;
use crate::store::registry::SuiteKind;
use crate::suites::{self, Results, Taken, Told};

/// Take in the results of a suite as an evaluation tool writes them.
///
/// Prints the suite, how many cases passed, which failed, and what that means for its threshold, which
/// is the one that the registry gives the suite, else the file's own. Cases without a result are
/// failures; a run that ended in an error evaluated nothing and is not taken in. Safe to repeat.
///
/// In a build: onehop import evals results.xml --format junit --workflow refunds --suite regression
/// --commit "$GITHUB_SHA" --gate
#[derive(clap::Args, Debug)]
pub struct Evals {
    /// The file; `-` reads from standard input.
    file: PathBuf,
    /// onehop, junit, promptfoo, inspect or deepeval.
    #[arg(long)]
    format: Format,
    /// The slug of the workflow whose suite ran.
    #[arg(long, value_name = "SLUG")]
    workflow: String,
    /// The suite's name, in the place of the file's own.
    #[arg(long, value_name = "NAME")]
    suite: Option<String>,
    /// regression, adversarial or unit; the registry's where none is given, else the file's, else
    /// regression.
    #[arg(long, value_parser = kind)]
    kind: Option<SuiteKind>,
    /// The commit that was evaluated.
    #[arg(long, value_name = "SHA")]
    commit: Option<String>,
    /// End with 1 unless every suite meets its threshold; without one there is nothing to meet.
    #[arg(long)]
    gate: bool,
    /// Say what became of the results as JSON.
    #[arg(long)]
    json: bool,
}

fn kind(word: &str) -> Result<SuiteKind, String> {
    let mut all = [
        SuiteKind::Regression,
        SuiteKind::Adversarial,
        SuiteKind::Unit,
    ]
    .into_iter();
    all.find(|kind| kind.as_str() == word)
        .ok_or_else(|| format!("{word:?} is no kind; there are regression, adversarial and unit"))
}

impl Evals {
    pub async fn run(self, db: &Db, clock: &Clock) -> anyhow::Result<()> {
        let bytes = bytes(&self.file)?;
        let results = Results {
            format: self.format,
            bytes: &bytes,
            workflow: &self.workflow,
            suite: self.suite.as_deref(),
            kind: self.kind,
            commit: self.commit.as_deref(),
            source: "import",
        };
        let taken = suites::take(db, results, clock()).await?;
        figures::refresh(db, &Because::records(clock()), &|_, _, _| {}).await?;
        if self.json {
            say::json(&taken)?;
        } else {
            say_runs(&taken)?;
        }
        if let Some(note) = &taken.note {
            eprintln!("{note}");
        }
        match (taken.outcome.refused.first(), self.gate) {
            (Some(refused), _) => bail!("a run was refused: {}", refused.reason),
            (None, true) if !taken.is_met() => bail!("{}", not_met(&taken)),
            _ => Ok(()),
        }
    }
}

fn say_runs(taken: &Taken) -> anyhow::Result<()> {
    for run in &taken.runs {
        say::line(run.summary.trim_end())?;
    }
    Ok(())
}

/// Why the gate stays shut.
fn not_met(taken: &Taken) -> String {
    let shut = taken.runs.iter().filter(|run| run.is_met != Some(true));
    let whys: Vec<String> = shut.map(why_shut).collect();
    format!("the gate stays shut: {}", whys.join("; "))
}

fn why_shut(run: &Told) -> String {
    let suite = &run.suite;
    if run.error.is_some() {
        return format!("{suite} ended in an error, and its results are not taken in");
    }
    if run.cases == 0 {
        return format!("{suite} has no case, so it met no threshold");
    }
    match run.threshold_ratio {
        Some(_) => format!("{suite} did not meet its threshold; its results are kept"),
        None => format!(
            "{suite} has no threshold to meet; set one with [[workflow.suite]] threshold_ratio; its results are kept"
        ),
    }
}

/// The whole file, as far as one is read.
fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = MAX_BYTES as u64 + 1;
    let read = match file == Path::new("-") {
        true => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
        false => std::fs::File::open(file).and_then(|own| own.take(most).read_to_end(&mut bytes)),
    };
    read.with_context(|| {
        format!(
            "{} cannot be read, and nothing was taken in",
            file.display()
        )
    })?;
    Ok(bytes)
}
