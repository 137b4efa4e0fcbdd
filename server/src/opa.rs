//! What Open Policy Agent logs of its decisions, as records of the stream `policy_decisions`.
//!
//! A decision is joined to a run by its trace. What OPA masked or erased stays so: nothing of the input is
//! kept but the id of the tool call that it names.

use serde::Deserialize;
use serde_json::{Value, json};

/// A decision as it is taken in, or why it is not, with what names it.
pub type Read = Result<Value, Unread>;

/// A decision that says nothing that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub id: Option<String>,
    /// What names it, in JSON.
    pub named: String,
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(expecting = "an object, as OPA logs a decision")]
struct Logged {
    decision_id: Option<String>,
    timestamp: Option<String>,
    path: Option<String>,
    query: Option<String>,
    trace_id: Option<String>,
    #[serde(default)]
    bundles: std::collections::BTreeMap<String, Bundle>,
    #[serde(default)]
    labels: std::collections::BTreeMap<String, Value>,
    input: Option<Value>,
    result: Option<Value>,
    error: Option<Value>,
    /// What was taken out before it was sent, and what was written over.
    #[serde(default)]
    erased: Vec<String>,
    #[serde(default)]
    masked: Vec<String>,
}

#[derive(Deserialize)]
struct Bundle {
    revision: Option<String>,
}

/// Reads a batch: a JSON array of decisions, or why it is none.
///
/// ```
/// let batch = r#"[{"decision_id": "d1", "timestamp": "2026-11-16T09:30:00Z", "path": "agents/deploy/allow",
///     "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "input": {"tool_call": "c1"}, "result": true}]"#;
/// let read = server::opa::decisions(batch).unwrap();
/// let record = read[0].as_ref().unwrap();
/// assert_eq!((&record["decision"], &record["tool_call"]), (&"allow".into(), &"c1".into()));
/// ```
pub fn decisions(batch: &str) -> Result<Vec<Read>, String> {
    let all: Vec<Value> = serde_json::from_str(batch)
        .map_err(|error| format!("it is no JSON array of decisions ({error})"))?;
    Ok(all.into_iter().map(decision).collect())
}

fn decision(value: Value) -> Read {
    let id = value.get("decision_id");
    let named = json!({"decision_id": id, "path": value.get("path")});
    let id = id.and_then(Value::as_str).map(str::to_owned);
    let unread = |reason: &str| Unread {
        id: id.clone(),
        named: named.to_string(),
        reason: reason.to_owned(),
    };
    let own: Logged = serde_json::from_value(value).map_err(|error| unread(&format!("{error}")))?;
    let id = own
        .decision_id
        .as_deref()
        .ok_or_else(|| unread("it has no decision_id"))?;
    let at = own
        .timestamp
        .as_deref()
        .ok_or_else(|| unread("it has no timestamp"))?;
    let policy = own.path.as_deref().or(own.query.as_deref());
    let policy = policy.ok_or_else(|| unread("it has neither a path nor a query"))?;
    if is_hidden(&own) {
        return Err(unread(HIDDEN));
    }
    let said = said(&own).ok_or_else(|| unread(UNSAID))?;
    Ok(json!({
        "id": id,
        "at": at,
        "policy": policy,
        "decision": said,
        "revision": revision(&own),
        "run": own.trace_id.filter(|trace| !trace.is_empty()),
        "tool_call": own.input.as_ref().and_then(tool_call),
    }))
}

const UNSAID: &str =
    "its result is neither true or false, nor an object with allow or decision, nor undefined";

const HIDDEN: &str =
    "its result was masked or erased before it was sent, so that nobody can tell what it decided";

/// Whether what it decided was masked or erased: that is not known, and no denial.
fn is_hidden(own: &Logged) -> bool {
    const DECIDES: [&str; 4] = [
        "/result",
        "/result/allow",
        "/result/decision",
        "/result/require_approval",
    ];
    let mut hidden = own.erased.iter().chain(&own.masked);
    hidden.any(|path| DECIDES.contains(&path.as_str()))
}

/// A result that is undefined allows nothing; an error decides nothing, and lets nothing pass either.
fn said(own: &Logged) -> Option<&'static str> {
    if own.error.is_some() {
        return Some("deny");
    }
    match &own.result {
        None => Some("deny"),
        Some(Value::Bool(true)) => Some("allow"),
        Some(Value::Bool(false)) => Some("deny"),
        Some(Value::Object(members)) => {
            let is = |name: &str| members.get(name).and_then(Value::as_bool);
            if is("require_approval") == Some(true) {
                return Some("require_approval");
            }
            match members.get("decision").and_then(Value::as_str) {
                Some("allow" | "allowed") => Some("allow"),
                Some("deny" | "denied") => Some("deny"),
                Some("require_approval") => Some("require_approval"),
                Some(_) => None,
                None => is("allow").map(|allowed| if allowed { "allow" } else { "deny" }),
            }
        }
        Some(_) => None,
    }
}

/// The revisions of the bundles that decided, by bundle; of an agent without bundles its own label.
fn revision(own: &Logged) -> Option<String> {
    let revisions: Vec<String> = own
        .bundles
        .iter()
        .filter_map(|(name, bundle)| Some(format!("{name}@{}", bundle.revision.as_deref()?)))
        .collect();
    match revisions.is_empty() {
        true => own.labels.get("version")?.as_str().map(str::to_owned),
        false => Some(revisions.join(" ")),
    }
}

/// The tool call that the input names, unless that was masked.
fn tool_call(input: &Value) -> Option<&str> {
    let call = input
        .get("tool_call")
        .or_else(|| input.get("tool_call_id"))?;
    call.as_str().or_else(|| call.get("id")?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(more: &Value) -> Read {
        let mut own = json!({"decision_id": "d", "timestamp": "2026-01-01T00:00:00Z", "path": "agents/allow"});
        let more = more.as_object().unwrap().clone();
        own.as_object_mut().unwrap().extend(more);
        decision(own)
    }

    fn said(more: &Value) -> Option<String> {
        Some(logged(more).ok()?["decision"].as_str()?.to_owned())
    }

    #[test]
    fn a_result_says_allow_deny_or_require_approval_and_undefined_lets_nothing_pass() {
        for (result, expected) in [
            (json!({"result": true}), Some("allow")),
            (json!({"result": false}), Some("deny")),
            (json!({}), Some("deny")),
            (
                json!({"error": {"code": "x"}, "result": true}),
                Some("deny"),
            ),
            (json!({"result": {"allow": true}}), Some("allow")),
            (
                json!({"result": {"allow": true, "require_approval": true}}),
                Some("require_approval"),
            ),
            (json!({"result": {"decision": "deny"}}), Some("deny")),
            (json!({"result": {"decision": "perhaps"}}), None),
            (json!({"result": 7}), None),
        ] {
            assert_eq!(said(&result).as_deref(), expected, "{result}");
        }
    }

    #[test]
    fn a_result_that_was_masked_or_erased_decides_nothing() {
        for hidden in [
            json!({"erased": ["/result"]}),
            json!({"masked": ["/result"], "result": "***"}),
            json!({"erased": ["/result/allow"], "result": {"reason": "x"}}),
        ] {
            assert!(
                logged(&hidden)
                    .unwrap_err()
                    .reason
                    .contains("masked or erased")
            );
        }
        let other = json!({"erased": ["/result/reason"], "result": {"allow": true}});
        assert_eq!(said(&other).as_deref(), Some("allow"));
    }

    #[test]
    fn a_call_that_was_masked_is_not_named() {
        let erased =
            json!({"result": true, "erased": ["/input/tool_call"], "input": {"user": "ana"}});
        let record = logged(&erased).unwrap();
        assert_eq!(record["tool_call"], Value::Null);
        assert!(
            !record.to_string().contains("ana"),
            "nothing else of the input is kept"
        );
        let given = logged(&json!({"result": true, "input": {"tool_call": {"id": "c1"}}})).unwrap();
        assert_eq!(given["tool_call"], "c1");
    }

    #[test]
    fn the_revisions_of_all_bundles_are_told() {
        let bundles = json!({"result": true, "bundles": {"b": {"revision": "2"}, "a": {"revision": "1"}, "c": {}}});
        assert_eq!(logged(&bundles).unwrap()["revision"], "a@1 b@2");
    }

    #[test]
    fn one_odd_decision_does_not_take_the_others_with_it() {
        let batch = r#"[{"decision_id": 7}, {"decision_id": "d", "timestamp": "t", "path": "p", "result": true}]"#;
        let read = decisions(batch).unwrap();
        assert!(read[0].is_err() && read[1].is_ok());
        assert!(decisions("{}").is_err());
    }
}
