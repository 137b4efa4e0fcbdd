//! What is told of agents' work, each record kept until the week in which it is sent.

use serde_json::Value;

use super::WeekOfRecords;

/// A stream of agents' work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Runs,
    Artifacts,
    Evaluations,
    SuiteRuns,
    Approvals,
    PolicyDecisions,
}

impl Stream {
    pub(super) const ALL: [Stream; 6] = [
        Stream::Runs,
        Stream::Artifacts,
        Stream::Evaluations,
        Stream::SuiteRuns,
        Stream::Approvals,
        Stream::PolicyDecisions,
    ];
}

/// Records with the instant at which each is sent.
#[derive(Default)]
pub(super) struct Sent(Vec<(i64, Stream, Value)>);

impl Sent {
    pub(super) fn send(&mut self, at: i64, stream: Stream, record: Value) {
        self.0.push((at, stream, record));
    }

    /// Hands over what is sent up to an instant.
    pub(super) fn hand_over(&mut self, records: &mut WeekOfRecords, until: i64) {
        for (_, stream, record) in self.0.extract_if(.., |(at, _, _)| *at < until) {
            records.of_agents(stream).push(record);
        }
    }
}

impl WeekOfRecords {
    pub(super) fn of_agents(&mut self, stream: Stream) -> &mut Vec<Value> {
        match stream {
            Stream::Runs => &mut self.runs,
            Stream::Artifacts => &mut self.artifacts,
            Stream::Evaluations => &mut self.evaluations,
            Stream::SuiteRuns => &mut self.suite_runs,
            Stream::Approvals => &mut self.approvals,
            Stream::PolicyDecisions => &mut self.policy_decisions,
        }
    }
}
