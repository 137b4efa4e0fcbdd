//! The streams that records come in. Adding one is a file here, a line in each match, and its tests.

pub(crate) mod approvals;
pub(crate) mod artifacts;
pub(crate) mod changes;
pub(crate) mod defects;
pub(crate) mod deployments;
pub(crate) mod evaluations;
pub(crate) mod incidents;
pub(crate) mod policy_decisions;
pub(crate) mod reviews;
pub(crate) mod runs;
pub(crate) mod suite_runs;

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use crate::store::versions::{Table, Version};

/// A stream, by the name the API and the command line use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamName {
    Changes,
    Reviews,
    Deployments,
    Incidents,
    Defects,
    Runs,
    Artifacts,
    Evaluations,
    SuiteRuns,
    Approvals,
    PolicyDecisions,
}

impl StreamName {
    pub const ALL: [StreamName; 11] = [
        StreamName::Changes,
        StreamName::Reviews,
        StreamName::Deployments,
        StreamName::Incidents,
        StreamName::Defects,
        StreamName::Runs,
        StreamName::Artifacts,
        StreamName::Evaluations,
        StreamName::SuiteRuns,
        StreamName::Approvals,
        StreamName::PolicyDecisions,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            StreamName::Changes => "changes",
            StreamName::Reviews => "reviews",
            StreamName::Deployments => "deployments",
            StreamName::Incidents => "incidents",
            StreamName::Defects => "defects",
            StreamName::Runs => "runs",
            StreamName::Artifacts => "artifacts",
            StreamName::Evaluations => "evaluations",
            StreamName::SuiteRuns => "suite_runs",
            StreamName::Approvals => "approvals",
            StreamName::PolicyDecisions => "policy_decisions",
        }
    }

    pub(crate) fn table(self) -> Table {
        match self {
            StreamName::Changes => Table::Changes,
            StreamName::Reviews => Table::Reviews,
            StreamName::Deployments => Table::Deployments,
            StreamName::Incidents => Table::Incidents,
            StreamName::Defects => Table::Defects,
            StreamName::Runs => Table::Runs,
            StreamName::Artifacts => Table::Artifacts,
            StreamName::Evaluations => Table::Evaluations,
            StreamName::SuiteRuns => Table::SuiteRuns,
            StreamName::Approvals => Table::Approvals,
            StreamName::PolicyDecisions => Table::PolicyDecisions,
        }
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// There is no stream of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "stream {0:?}; the streams are changes, reviews, deployments, incidents, defects, runs, artifacts, evaluations, suite_runs, approvals and policy_decisions"
)]
pub struct UnknownStream(String);

impl FromStr for StreamName {
    type Err = UnknownStream;

    fn from_str(text: &str) -> Result<StreamName, UnknownStream> {
        StreamName::ALL
            .into_iter()
            .find(|stream| stream.as_str() == text)
            .ok_or_else(|| UnknownStream(text.to_owned()))
    }
}

/// Rows that were just written, and the versions that were there before, by id.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a, Row> {
    pub rows: &'a [Row],
    pub stored: &'a HashMap<String, Version>,
}

impl<'a, Row> Arrived<'a, Row> {
    /// Where they live, and lived.
    pub(crate) fn homes(&self, version: impl Fn(&Row) -> &Version) -> Vec<&'a str> {
        let before = self.stored.values().map(|old| old.home.as_str());
        let now = self.rows.iter().map(|row| version(row).home.as_str());
        let mut homes: Vec<&str> = now.chain(before).collect();
        homes.sort_unstable();
        homes.dedup();
        homes
    }

    /// The keys under which they stand, or stood.
    pub(crate) fn keys(&self, version: impl Fn(&Row) -> &Version) -> Vec<(&'a str, &'a str)> {
        let key = |version: &'a Version| (version.home.as_str(), version.id.as_str());
        let before = self.stored.values().map(key);
        let mut keys: Vec<_> = self
            .rows
            .iter()
            .map(|row| key(version(row)))
            .chain(before)
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}
