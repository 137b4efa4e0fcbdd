//! Every account and mark of an agent that was seen in public histories is known for what it is.

use serde_json::{Value, json};
use server::ingest::StreamName::Changes;
use server::store::Db;
use server::store::links::changes as links;
use tests::database::on_each_engine;
use tests::{deliver, recorded};

/// A change, and the segment it must come out in.
struct Case {
    what: String,
    change: Value,
    segment: &'static str,
}

/// A change by a person, but for these fields.
fn case(what: impl Into<String>, fields: Value, segment: &'static str) -> Case {
    let mut change = json!({"author": {"id": "ana"}, "merged_at": "2026-11-17T12:00:00Z"});
    for (name, value) in fields.as_object().unwrap() {
        change[name] = value.clone();
    }
    Case {
        what: what.into(),
        change,
        segment,
    }
}

/// A change whose only commit ends in this line.
fn message(line: &str, segment: &'static str) -> Case {
    let commit = json!({
        "sha": "a", "authored_at": "2026-11-17T11:00:00Z", "author": {"id": "ana"},
        "message": format!("Subject\n\n{line}\n"),
    });
    case(line, json!({"commits": [commit]}), segment)
}

fn co_author(address: &str, segment: &'static str) -> Case {
    message(&format!("Co-authored-by: Someone <{address}>"), segment)
}

fn texts<'a>(facts: &'a Value, name: &str) -> Vec<&'a str> {
    let list = facts[name].as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap()).collect()
}

fn keys<'a>(facts: &'a Value, name: &str) -> Vec<&'a String> {
    facts[name].as_object().unwrap().keys().collect()
}

/// The number that automation shares with agents that run inside it.
const SHARED_ID: u64 = 41_898_282;

/// Its login as author and as co-author, and its number under a login that nobody knows.
fn account(entry: &Value) -> Vec<Case> {
    let id = entry["id"].as_u64().unwrap();
    let names = entry["login"].as_str().unwrap();
    // After a slash stands another name for the same number: a login, or one to be shown only.
    let logins = names.split(" / ").enumerate();
    let logins = logins.filter(|(at, login)| *at == 0 || login.ends_with("[bot]"));
    let at = |account: String| format!("{account}@users.noreply.github.com");
    let mut cases = Vec::new();
    for (_, login) in logins {
        let (own, with) = match login {
            "github-actions[bot]" => ("unmarked", "unmarked"),
            _ => ("agent", "assisted"),
        };
        let whole = at(format!("{id}+{login}"));
        cases.push(case(login, json!({"author": {"id": login}}), own));
        cases.push(case(&whole, json!({"author": {"id": whole}}), own));
        cases.push(co_author(&whole, with));
        cases.push(co_author(&at(login.to_owned()), with));
    }
    let renamed = match id {
        SHARED_ID => "unmarked",
        _ => "assisted",
    };
    cases.push(co_author(&at(format!("{id}+nobody-knows")), renamed));
    cases
}

fn trailers(facts: &Value) -> Vec<Case> {
    let mut lines = Vec::new();
    for (key, value) in facts["session_link_trailers"].as_object().unwrap() {
        lines.push(format!("{key}: {}", value.as_str().unwrap()));
    }
    for trailer in texts(facts, "other_trailers") {
        match trailer.split_once(": ") {
            Some((key, values)) => {
                lines.extend(values.split('|').map(|value| format!("{key}: {value}")));
            }
            None => lines.push(format!("{trailer}: Claude Opus 4.8")),
        }
    }
    let both = lines.iter().flat_map(|line| {
        let (key, value) = line.split_once(": ").unwrap();
        let other_case = format!("{}: {value}", key.to_uppercase());
        [message(line, "assisted"), message(&other_case, "assisted")]
    });
    both.collect()
}

fn all(facts: &Value) -> Vec<Case> {
    let mut cases = trailers(facts);
    for entry in facts["noreply_id_plus_login"].as_array().unwrap() {
        cases.extend(account(entry));
    }
    for email in keys(facts, "coauthor_emails") {
        cases.push(co_author(email, "assisted"));
    }
    for prefix in texts(facts, "branch_prefixes") {
        let branch = format!("{prefix}fix");
        cases.push(case(&branch, json!({"branch": branch}), "assisted"));
    }
    for marker in texts(facts, "pr_body_markers") {
        let body = format!("What it does.\n\n{marker}\n");
        cases.push(case(marker, json!({"body": body}), "assisted"));
    }
    for trap in texts(facts, "traps") {
        // A trap that quotes a co-author is one of a name that disagrees with its address.
        if let Some(quoted) = trap.split('\'').nth(1) {
            let line = format!("Co-authored-by: {quoted}");
            cases.push(message(&line, "assisted"));
        }
    }
    cases
}

async fn check(db: &Db, cases: &[Case]) {
    let mut records = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        let mut record = case.change.clone();
        record["id"] = json!(at.to_string());
        record["service"] = json!("shop");
        records.push(record);
    }
    deliver::good(db, Changes, &records).await;
    let mut tx = db.read().await.unwrap();
    for (at, case) in cases.iter().enumerate() {
        let key = at.to_string();
        let found = links::find(&mut tx, &[("shop", &key)]).await.unwrap();
        let link = &found[0].link;
        let told = (link.segment.as_str(), link.evidence == "[]");
        let expected = (case.segment, case.segment == "unmarked");
        assert_eq!(told, expected, "{}: {}", case.what, link.evidence);
    }
}

#[tokio::test]
async fn every_account_and_mark_that_was_seen_is_known_for_what_it_is() {
    let Some(facts) = recorded::agent_identities() else {
        return;
    };
    let cases = all(&facts);
    assert!(cases.len() > 100, "{}", cases.len());
    on_each_engine(async |db| check(&db, &cases).await).await;
}
