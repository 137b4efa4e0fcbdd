//! Rule suites as policy decisions: whether a push kept the rules of its branch, did not, or went past them.
//!
//! GitHub opens them to few tokens, and remembers a month of them.

use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, try_join_all};
use serde::Deserialize;
use serde_json::json;

use super::api::{Answer, PAGE};
use super::pull_requests::instant;
use super::walk::{List, Looked};
use super::{Failure, GitHub};
use crate::connectors::Read;

/// The rule suites of a repository, by when they were pushed.
pub(super) struct RuleSuites<'a> {
    pub github: &'a GitHub,
    /// `owner/name`.
    pub repository: &'a str,
}

/// What the rules of a branch said of a push.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct RuleSuite {
    id: u64,
    actor_name: Option<String>,
    after_sha: String,
    pushed_at: DateTime<Utc>,
    /// `pass`, `fail` or `bypass`.
    result: Option<String>,
    /// Of the page of a suite alone.
    #[serde(default)]
    rule_evaluations: Vec<RuleEvaluation>,
}

#[derive(Clone, Debug, Deserialize)]
struct RuleEvaluation {
    rule_source: Option<RuleSource>,
    enforcement: Option<String>,
    result: Option<String>,
    rule_type: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct RuleSource {
    name: Option<String>,
}

impl List for RuleSuites<'_> {
    type Row = RuleSuite;
    const UNREAD: Option<&'static str> = Some("policy_decisions");

    fn first(&self) -> String {
        let path = format!(
            "/repos/{}/rulesets/rule-suites?time_period=month&per_page={PAGE}",
            self.repository
        );
        self.github.api.under_base(&path)
    }

    fn dated(row: &RuleSuite) -> DateTime<Utc> {
        row.pushed_at
    }

    fn look(&self, rows: Vec<RuleSuite>) -> BoxFuture<'_, Result<Looked, Failure>> {
        Box::pin(async move {
            let whole = rows.into_iter().map(|row| self.whole(row));
            let whole = try_join_all(whole).await?;
            Ok(Looked {
                read: whole.iter().filter_map(|own| self.record(own)).collect(),
                open: Vec::new(),
            })
        })
    }
}

impl RuleSuites<'_> {
    /// Which rules were broken stands on a suite's own page; of one that passed nobody asks.
    async fn whole(&self, row: RuleSuite) -> Result<RuleSuite, Failure> {
        if row.result.as_deref() == Some("pass") {
            return Ok(row);
        }
        let path = format!("/repos/{}/rulesets/rule-suites/{}", self.repository, row.id);
        let path = self.github.api.under_base(&path);
        match self.github.api.get::<RuleSuite>(&path, None).await {
            Ok(Answer::Changed(own)) => Ok(own.body),
            Ok(Answer::Unchanged) => Ok(row),
            // It is forgotten after a month, maybe just now.
            Err(failure) if failure.is_nothing_there() => Ok(row),
            Err(failure) => Err(failure),
        }
    }

    /// A suite with a verdict.
    fn record(&self, own: &RuleSuite) -> Option<Read> {
        let (decision, is_bypassed) = match own.result.as_deref()? {
            "pass" => ("allow", false),
            "fail" => ("deny", false),
            "bypass" => ("deny", true),
            _ => return None,
        };
        let by = own.actor_name.as_deref().unwrap_or("somebody");
        let body = json!({
            "id": format!("rule-suite-{}", own.id),
            "commit": own.after_sha,
            "updated_at": instant(own.pushed_at),
            "at": instant(own.pushed_at),
            "policy": policy(own, self.repository),
            "decision": decision,
            "bypassed_by": is_bypassed.then_some(by),
        });
        Some(Read::Record {
            stream: "policy_decisions",
            body: body.to_string(),
        })
    }
}

/// The most of a name that is kept.
const NAMED_CHARS: usize = 200;

/// The rules that were broken, by their rule set and kind; else the rules of the repository.
fn policy(own: &RuleSuite, repository: &str) -> String {
    let is = |word: &Option<String>, other: &str| word.as_deref() == Some(other);
    let broken = own.rule_evaluations.iter();
    let broken = broken.filter(|own| is(&own.result, "fail") && !is(&own.enforcement, "evaluate"));
    let mut named: Vec<String> = broken
        .map(|own| {
            let set = own.rule_source.as_ref().and_then(|own| own.name.clone());
            let kind = own.rule_type.clone();
            let parts: Vec<String> = set.into_iter().chain(kind).collect();
            parts.join(": ")
        })
        .filter(|named| !named.is_empty())
        .collect();
    named.sort();
    named.dedup();
    match named.as_slice() {
        [] => format!("rules of {repository}"),
        named => named.join(", ").chars().take(NAMED_CHARS).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suite(result: &str, evaluations: serde_json::Value) -> RuleSuite {
        let own = json!({
            "id": 7, "after_sha": "abc", "pushed_at": "2026-11-02T10:00:00Z", "result": result,
            "rule_evaluations": evaluations,
        });
        serde_json::from_value(own).unwrap()
    }

    #[test]
    fn the_rules_that_were_broken_are_named_and_those_on_trial_are_not() {
        let broken = json!([
            {"rule_source": {"name": "main"}, "rule_type": "pull_request", "result": "fail", "enforcement": "active"},
            {"rule_source": {"name": "main"}, "rule_type": "required_status_checks", "result": "pass", "enforcement": "active"},
            {"rule_source": {"name": "trial"}, "rule_type": "deletion", "result": "fail", "enforcement": "evaluate"},
        ]);
        let named = policy(&suite("bypass", broken), "acme/shop");
        assert_eq!(named, "main: pull_request");
        let named = policy(&suite("pass", json!([])), "acme/shop");
        assert_eq!(named, "rules of acme/shop");
    }
}
