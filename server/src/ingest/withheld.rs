//! What of a run is not kept: texts that went in or came out, and whatever the stream does not know. Of
//! the former size and hash stay, of the latter name and size.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Number;
use sha2::{Digest, Sha256};

use super::json::Json;
use crate::store::runs::Recorded as Kept;

/// What went in or came out, once it is withheld.
#[derive(Deserialize)]
pub(super) struct Recorded {
    #[serde(default)]
    recorded: bool,
    #[serde(default)]
    size: i64,
    sha256: Option<String>,
    url: Option<String>,
}

impl Recorded {
    pub(super) fn kept(self) -> Kept {
        Kept {
            is_recorded: self.recorded,
            size: self.size,
            sha256: self.sha256,
            url: self.url,
        }
    }
}

/// What an object may hold.
struct Shape {
    /// What stays as it is.
    known: &'static [&'static str],
    /// What went in or came out.
    texts: &'static [&'static str],
    /// What has a shape of its own, or is a list of such.
    holds: &'static [(&'static str, Shape)],
}

const RUN: Shape = Shape {
    known: &[
        "account",
        "agent",
        "ended_at",
        "id",
        "keys",
        "outcome",
        "provider",
        "source",
        "started_at",
        "trace_url",
        "updated_at",
        "workflow",
    ],
    texts: TEXTS,
    holds: &[
        ("artifacts", ARTIFACT),
        ("cost", plain(&["amount", "currency"])),
        (
            "tokens",
            plain(&["cached_input", "input", "model", "output"]),
        ),
        ("tool_call_counts", COUNTS),
        ("tool_calls", CALL),
        ("trace", plain(&["has_root", "missing_parents", "spans"])),
    ],
};
const CALL: Shape = Shape {
    known: &[
        "approval",
        "effect",
        "ended_at",
        "id",
        "name",
        "policy_decision",
        "resources",
        "started_at",
    ],
    texts: TEXTS,
    holds: &[],
};
const COUNTS: Shape = Shape {
    known: &["calls", "failed", "with_input", "with_output"],
    texts: &[],
    holds: &[(
        "by_effect",
        plain(&["non_production", "none", "production", "propose"]),
    )],
};
const ARTIFACT: Shape = Shape {
    known: &["kind", "landed_at", "ref"],
    texts: &[],
    holds: &[("reversal", plain(&["kind", "ref"]))],
};
const TEXTS: &[&str] = &["error", "input", "output"];
const RECORDED: [&str; 4] = ["recorded", "sha256", "size", "url"];

const fn plain(known: &'static [&'static str]) -> Shape {
    Shape {
        known,
        texts: &[],
        holds: &[],
    }
}

/// Withholds what of a run is not kept.
pub(super) fn run(record: &mut Json<'_>) {
    withhold(record, &RUN);
}

fn withhold(own: &mut Json<'_>, shape: &Shape) {
    let members = match own {
        Json::List(all) => return all.iter_mut().for_each(|own| withhold(own, shape)),
        Json::Object(members) => members,
        _ => return,
    };
    for (name, member) in members.iter_mut() {
        let name = name.as_ref();
        let held = shape.holds.iter().find(|(own, _)| *own == name);
        if shape.texts.contains(&name) {
            recorded(member);
        } else if let Some((_, shape)) = held {
            withhold(member, shape);
        } else if !shape.known.contains(&name) && !is_sized(member) {
            *member = sized(member);
        }
    }
}

/// What is no description of something recorded is recorded here.
fn recorded(member: &mut Json<'_>) {
    let is_described = match &*member {
        Json::Object(members) => members.iter().any(|(name, _)| name == "recorded"),
        _ => false,
    };
    if let (true, Json::Object(members)) = (is_described, &mut *member) {
        members.retain(|(name, _)| RECORDED.contains(&name.as_ref()));
        return;
    }
    let text = match &*member {
        Json::Text(text) => text.to_string(),
        other => serde_json::to_string(other).unwrap_or_default(),
    };
    *member = Json::Object(vec![
        (Cow::Borrowed("recorded"), Json::Bool(true)),
        (
            Cow::Borrowed("sha256"),
            Json::Text(hex::encode(Sha256::digest(text.as_bytes())).into()),
        ),
        (Cow::Borrowed("size"), size(text.len())),
    ]);
}

/// Whether it tells a size alone, as what was withheld before does.
fn is_sized(member: &Json<'_>) -> bool {
    let Json::Object(members) = member else {
        return false;
    };
    matches!(&members[..], [(name, Json::Number(size))] if name == "size" && size.is_u64())
}

/// The size alone, of what is not known.
fn sized(member: &Json<'_>) -> Json<'static> {
    let length = match member {
        Json::Text(text) => text.len(),
        other => serde_json::to_string(other).map_or(0, |text| text.len()),
    };
    Json::Object(vec![(Cow::Borrowed("size"), size(length))])
}

fn size(length: usize) -> Json<'static> {
    Json::Number(Number::from(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::json;

    fn withheld(record: &serde_json::Value) -> serde_json::Value {
        let text = record.to_string();
        let mut record = parse(&text).unwrap();
        run(&mut record);
        serde_json::to_value(&record).unwrap()
    }

    #[test]
    fn texts_leave_their_size_and_hash_and_the_unknown_its_size() {
        let hash = hex::encode(Sha256::digest(b"refund 4711"));
        let told = json!({"id": "r", "input": "refund 4711", "notes": "call Ana",
            "tool_calls": [{"id": "c", "input": {"order": 4711}, "tool_calls": "Mrs Smith", "secret": [1, 2]}]});
        let order = hex::encode(Sha256::digest(br#"{"order":4711}"#));
        assert_eq!(
            withheld(&told),
            json!({"id": "r", "input": {"recorded": true, "sha256": hash, "size": 11}, "notes": {"size": 8},
                "tool_calls": [{"id": "c", "input": {"recorded": true, "sha256": order, "size": 14},
                    "tool_calls": {"size": 9}, "secret": {"size": 5}}]})
        );
    }

    #[test]
    fn the_unknown_is_withheld_wherever_it_stands() {
        let told = json!({"cost": {"amount": "1", "currency": "EUR", "note": "Ana"},
            "tokens": [{"model": "m", "input": 3, "output": 4, "prompt": "Ana"}],
            "tool_call_counts": {"calls": 1, "by_effect": {"none": 1, "Ana": 1}},
            "artifacts": [{"kind": "change", "ref": "c", "title": "Ana", "reversal": {"kind": "revert", "ref": "d", "by": "Ana"}}],
            "trace": {"spans": 1, "has_root": true, "missing_parents": 0, "name": "Ana"}});
        let sized = json!({"size": 3});
        assert_eq!(
            withheld(&told),
            json!({"cost": {"amount": "1", "currency": "EUR", "note": sized},
                "tokens": [{"model": "m", "input": 3, "output": 4, "prompt": sized}],
                "tool_call_counts": {"calls": 1, "by_effect": {"none": 1, "Ana": {"size": 1}}},
                "artifacts": [{"kind": "change", "ref": "c", "title": sized, "reversal": {"kind": "revert", "ref": "d", "by": sized}}],
                "trace": {"spans": 1, "has_root": true, "missing_parents": 0, "name": sized}})
        );
    }

    #[test]
    fn what_is_withheld_already_stays_as_it_is() {
        let told = json!({"id": "r", "output": {"recorded": true, "sha256": "ab", "size": 3, "url": "https://traces.example/r"}});
        assert_eq!(withheld(&told), told);
        let again = withheld(&json!({"id": "r", "output": "x", "notes": "call Ana"}));
        assert_eq!(withheld(&again), again);
    }
}
