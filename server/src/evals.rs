//! What an evaluation tool's result file says, as suite runs.
//!
//! Pure: bytes in, runs out; it knows no workflow, no clock and no disk, and nothing it is given makes it panic.
//! Each case is counted once, so that `passed` and the sum of `failed` make `cases`. A case without a result, one
//! that was skipped and one that ended in error are missing cases, which are failures. A failing case counts
//! under the category that is declared for it, else under the name of the first assertion, metric or scorer that
//! failed, else as `missing`, `skipped`, `error` or `uncategorised`.

mod archive;
mod deepeval;
mod inspect;
mod json;
mod junit;
mod onehop;
mod promptfoo;
mod summary;
mod tally;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::DateTime;
use serde::Deserialize;

pub use summary::summary;

/// The largest file that is read, and the most that is unpacked of an archive.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The most cases that a file may tell of.
pub const MAX_CASES: u64 = 1_000_000;

/// The most runs that a file may hold.
const MAX_RUNS: usize = 10_000;

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Onehop,
    Junit,
    Promptfoo,
    Inspect,
    Deepeval,
}

impl Format {
    pub const ALL: [Format; 5] = [
        Format::Onehop,
        Format::Junit,
        Format::Promptfoo,
        Format::Inspect,
        Format::Deepeval,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Format::Onehop => "onehop",
            Format::Junit => "junit",
            Format::Promptfoo => "promptfoo",
            Format::Inspect => "inspect",
            Format::Deepeval => "deepeval",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

/// The name of a format that isn't read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the format is none of onehop, junit, promptfoo, inspect and deepeval")]
pub struct UnknownFormat;

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Format, UnknownFormat> {
        let mut all = Format::ALL.into_iter();
        all.find(|format| format.as_str() == text)
            .ok_or(UnknownFormat)
    }
}

/// What a suite is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Regression,
    Adversarial,
    Unit,
}

/// One run of one suite, as a file tells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SuiteRun {
    pub suite: Option<String>,
    pub kind: Option<Kind>,
    /// As it is given: it may be short, and the tree may have held more than it.
    pub commit: Option<String>,
    pub cases: u64,
    pub passed: u64,
    /// Failing cases by category.
    pub failed: BTreeMap<String, u64>,
    /// The share of cases that must pass, from 0 to 1.
    pub threshold_ratio: Option<f64>,
    pub finished_at_ms: Option<i64>,
    /// Why the run is not evaluated, whatever its cases say.
    pub error: Option<String>,
    /// The tool's own id of the run.
    pub id: Option<String>,
}

impl SuiteRun {
    /// Whether enough cases passed; nothing without a threshold or a case, or when the run is not evaluated.
    ///
    /// 190 of 200 meet 0.95, for a quotient is rounded just as its decimal is read:
    ///
    /// ```
    /// use server::evals::SuiteRun;
    /// let run = |passed| SuiteRun { cases: 200, passed, threshold_ratio: Some(0.95), ..SuiteRun::default() };
    /// assert_eq!(run(190).met(), Some(true));
    /// assert_eq!(run(189).met(), Some(false));
    /// ```
    pub fn met(&self) -> Option<bool> {
        let threshold = self.threshold_ratio?;
        let is_evaluated = self.error.is_none() && self.cases > 0;
        is_evaluated.then(|| self.passed as f64 / self.cases as f64 >= threshold)
    }
}

/// What failed and where, in a sentence with nothing of the content but the name of a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl Unreadable {
    fn new(said: impl Into<String>) -> Unreadable {
        Unreadable(said.into())
    }

    fn at(self, place: impl fmt::Display) -> Unreadable {
        Unreadable(format!("{place}: {}", self.0))
    }
}

/// The runs that a file holds, in its order; at least one.
pub fn read(format: Format, bytes: &[u8]) -> Result<Vec<SuiteRun>, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::new("it is larger than 64 MiB"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let runs = match format {
        Format::Onehop => onehop::read(bytes)?,
        Format::Junit => junit::read(bytes)?,
        Format::Promptfoo => vec![promptfoo::read(bytes)?],
        Format::Inspect => vec![inspect::read(bytes)?],
        Format::Deepeval => vec![deepeval::read(bytes)?],
    };
    if runs.is_empty() {
        return Err(Unreadable::new("it holds no run of a suite"));
    }
    if runs.iter().map(|run| run.cases).sum::<u64>() > MAX_CASES {
        return Err(tally::too_many());
    }
    Ok(runs)
}

/// A run more, unless there are too many.
fn push<R>(runs: &mut Vec<R>, run: R) -> Result<(), Unreadable> {
    if runs.len() == MAX_RUNS {
        return Err(Unreadable::new("it holds more than 10,000 runs"));
    }
    runs.push(run);
    Ok(())
}

fn threshold(ratio: f64) -> Result<f64, Unreadable> {
    if (0.0..=1.0).contains(&ratio) {
        Ok(ratio)
    } else {
        Err(Unreadable::new("its threshold is no number from 0 to 1"))
    }
}

/// The milliseconds of an instant, written as RFC 3339 has it.
fn instant_ms(text: &str) -> Option<i64> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?;
    Some(instant.timestamp_millis())
}

#[cfg(test)]
mod tests;
