//! Which rows name a person, table by table, and what stands in them after.

use super::{Counts, Names};
use crate::figures;
use crate::ingest;
use crate::links;
use crate::links::changes::Because;
use crate::store::accounts::people;
use crate::store::changes::{self, Change};
use crate::store::erase::{self as stored, Column};
use crate::store::packed::Packed;
use crate::store::registry::Registry;
use crate::store::touched;
use crate::store::trace_bodies::{self, Body};
use crate::store::trace_pieces::{self, Piece};
use crate::store::{self, Tx, raw};

/// Columns in which a whole value is an account.
const ACCOUNTS: [Column; 14] = [
    ("reviews", "author_id"),
    ("approvals", "approver"),
    ("runs", "agent"),
    ("runs", "account"),
    ("artifacts", "agent"),
    ("secrets", "set_by"),
    ("evaluations", "evaluator"),
    ("policy_decisions", "bypassed_by"),
    ("corrections", "made_by"),
    ("tokens", "name"),
    ("explanations", "written_by"),
    ("actions", "owner"),
    ("actions", "added_by"),
    ("actions", "done_by"),
];

/// Columns of words, in which they may be mentioned. What a source calls itself is one: its rows are
/// found by it, and so it is the same word everywhere afterwards, too.
const TEXTS: [Column; 35] = [
    ("corrections", "reason"),
    ("restatements", "reason"),
    ("deployments", "url"),
    ("incidents", "title"),
    ("incidents", "url"),
    ("defects", "title"),
    ("runs", "trace_url"),
    ("runs", "input"),
    ("runs", "output"),
    ("tool_calls", "input"),
    ("tool_calls", "output"),
    ("tool_calls", "error"),
    ("tool_calls", "resources"),
    ("run_artifacts", "reversal"),
    ("artifacts", "reversal"),
    ("explanations", "said"),
    ("actions", "said"),
    ("registry", "key"),
    ("raw", "source"),
    ("raw_refused", "source"),
    ("raw_refused", "reason"),
    ("receipts", "source"),
    ("arrivals", "source"),
    ("cursors", "source"),
    ("cursors", "stream"),
    ("limits_left", "source"),
    ("pulls", "source"),
    ("pulls", "said"),
    ("secrets", "source"),
    ("jobs", "name"),
    ("jobs", "last_error"),
    ("hooks", "source"),
    ("hook_forgeries", "source"),
    ("hook_parts", "source"),
    ("hook_parts", "part"),
];

/// Columns of what we write in JSON: what is declared, with dividers, and frozen reviews.
const WRITTEN: [Column; 2] = [("registry", "body"), ("snapshots", "body")];

/// Members of it, and of acts, that name a person.
pub(super) const PEOPLE: [&str; 6] = ["dri", "escalation", "set_by", "owner", "by", "explainers"];

/// Every row that names them, but for the acts.
pub(super) async fn all(tx: &mut Tx, registry: &Registry, names: &Names) -> store::Result<Counts> {
    let mut counts = accounts(tx, names).await?;
    for more in [
        texts(tx, names).await?,
        written(tx, names).await?,
        deliveries(tx, names).await?,
        keys(tx, names).await?,
        pieces(tx, names).await?,
        bodies(tx, names).await?,
        Counts::from([("changes", changes(tx, registry, names).await?)]),
    ] {
        for (table, rows) in more {
            *counts.entry(table).or_default() += rows;
        }
    }
    let is_evidence = |table: &&str| EVIDENCE.contains(table);
    if counts
        .iter()
        .any(|(table, rows)| *rows > 0 && is_evidence(table))
    {
        touched::agent_work(tx).await?;
    }
    Ok(counts)
}

/// What artifacts are derived from, which may repeat what it says.
const EVIDENCE: [&str; 8] = [
    "approvals",
    "artifacts",
    "changes",
    "evaluations",
    "policy_decisions",
    "reviews",
    "runs",
    "tool_calls",
];

/// What they sign in with goes for good.
async fn accounts(tx: &mut Tx, names: &Names) -> store::Result<Counts> {
    let mut counts = Counts::new();
    for email in names.all() {
        for (table, rows) in stored::count_accounts(tx, email).await? {
            *counts.entry(table).or_default() += rows;
        }
        people::remove(tx, email).await?;
        stored::forget_attempts(tx, email).await?;
    }
    Ok(counts)
}

async fn texts(tx: &mut Tx, names: &Names) -> store::Result<Counts> {
    let all: Vec<&str> = names.all().collect();
    let mut counts = Counts::new();
    for (column, is_account) in ACCOUNTS
        .map(|column| (column, true))
        .into_iter()
        .chain(TEXTS.map(|column| (column, false)))
    {
        for old in stored::holding(tx, column, &all).await? {
            let new = match is_account {
                true => names.account(&old),
                false => names.text(&old),
            };
            if new != old {
                let rows = stored::replace(tx, column, (&old, &new)).await?;
                *counts.entry(column.0).or_default() += rows;
            }
        }
    }
    Ok(counts)
}

async fn written(tx: &mut Tx, names: &Names) -> store::Result<Counts> {
    let all: Vec<&str> = names.all().collect();
    let mut counts = Counts::new();
    for column in WRITTEN {
        for old in stored::holding(tx, column, &all).await? {
            let new = rewritten(&old, names, |member| PEOPLE.contains(&member));
            if let Some(new) = new.filter(|new| *new != old) {
                let rows = stored::replace(tx, column, (&old, &new)).await?;
                *counts.entry(column.0).or_default() += rows;
            }
        }
    }
    Ok(counts)
}

/// The branches by which runs are joined.
async fn keys(tx: &mut Tx, names: &Names) -> store::Result<Counts> {
    let all: Vec<&str> = names.all().collect();
    let mut counts = Counts::new();
    let column = ("run_keys", "key");
    for old in stored::holding(tx, column, &all).await? {
        let new = match old.strip_prefix("branch:") {
            Some(branch) => format!("branch:{}", names.branch(branch)),
            None => names.text(&old).into_owned(),
        };
        if new != old {
            let rows = stored::replace(tx, column, (&old, &new)).await?;
            *counts.entry(column.0).or_default() += rows;
        }
    }
    Ok(counts)
}

/// Spans and events as they came.
async fn pieces(tx: &mut Tx, names: &Names) -> store::Result<Counts> {
    let mut counts = Counts::new();
    let mut after = (String::new(), String::new());
    loop {
        let pieces = trace_pieces::after(tx, (&after.0, &after.1), AT_ONCE).await?;
        let Some(last) = pieces.last() else {
            return Ok(counts);
        };
        after = (last.run_id.clone(), last.id.clone());
        let mut named = Vec::new();
        for own in pieces {
            let body = own.body.text()?;
            let clean = record(&body, names);
            if clean != body {
                let body = Packed::of(&clean)?;
                named.push(Piece { body, ..own });
            }
        }
        trace_pieces::put(tx, &named).await?;
        *counts.entry("trace_pieces").or_default() += named.len() as u64;
    }
}

/// Texts of runs.
async fn bodies(tx: &mut Tx, names: &Names) -> store::Result<Counts> {
    let mut counts = Counts::new();
    let mut after = (String::new(), String::new());
    loop {
        let bodies = trace_bodies::after(tx, (&after.0, &after.1), AT_ONCE).await?;
        let Some(last) = bodies.last() else {
            return Ok(counts);
        };
        after = (last.run_id.clone(), last.sha256.clone());
        let named = bodies.into_iter().filter_map(|own| {
            let text = names.text(&own.text).into_owned();
            (text != own.text).then_some(Body { text, ..own })
        });
        let named: Vec<Body> = named.collect();
        trace_bodies::put(tx, &named).await?;
        *counts.entry("trace_bodies").or_default() += named.len() as u64;
    }
}

/// How many deliveries, pieces or texts are looked through at once.
const AT_ONCE: i64 = 50;
/// What stands for a refused record that cannot be read, so that nothing in it can be told apart.
const ERASED: &str = "[erased]";

/// Records as they came.
async fn deliveries(tx: &mut Tx, names: &Names) -> store::Result<Counts> {
    let mut counts = Counts::new();
    for kept in [raw::Kept::Taken, raw::Kept::Refused] {
        let mut after = String::new();
        loop {
            let bodies = raw::bodies_after(tx, kept, &after, AT_ONCE).await?;
            let Some((last, _)) = bodies.last() else {
                break;
            };
            after.clone_from(last);
            for (id, body) in bodies.iter().filter(|(_, body)| names.may_be_in(body)) {
                let lines = body.lines().map(|line| record(line, names));
                let clean = lines.collect::<Vec<_>>().join("\n");
                if clean != *body {
                    raw::replace_body(tx, kept, id, &clean).await?;
                    *counts.entry(kept.table()).or_default() += 1;
                }
            }
        }
    }
    Ok(counts)
}

fn record(line: &str, names: &Names) -> String {
    if !names.may_be_in(line) {
        return line.to_owned();
    }
    // What other rows are found by, or what figures rest on, never names an account.
    let is_account = |member: &str| !KEYS.contains(&member) && !WORDS.contains(&member);
    rewritten(line, names, is_account).unwrap_or_else(|| ERASED.to_owned())
}

/// Members of records that name other things than people.
const KEYS: [&str; 13] = [
    "service",
    "change",
    "changes",
    "commit",
    "sha",
    "merge_commit",
    "environment",
    "labels",
    "paths",
    "reverts",
    "run_ids",
    "severity",
    "kind",
];
/// Members that hold sentences.
const WORDS: [&str; 5] = ["title", "body", "message", "url", "source"];

/// A JSON text without them; none when it is no JSON.
pub(super) fn rewritten(
    text: &str,
    names: &Names,
    is_account: impl Fn(&str) -> bool,
) -> Option<String> {
    ingest::rewritten(text, &|place, text| {
        // A record's own id, by which it is known again.
        if place.is_outermost && place.member == "id" {
            return text.to_owned();
        }
        match place.member {
            "branch" => names.branch(text),
            member if is_account(member) => names.account(text),
            member if KEYS.contains(&member) => text.into(),
            _ => names.text(text),
        }
        .into_owned()
    })
}

/// How many changes are written again at once.
const CHANGES: usize = 1_000;

/// Changes, with their links, since those may repeat what a change says.
async fn changes(tx: &mut Tx, registry: &Registry, names: &Names) -> store::Result<u64> {
    let all: Vec<&str> = names.all().collect();
    let ids = stored::changes_naming(tx, &all).await?;
    let mut rows = 0;
    for ids in ids.chunks(CHANGES) {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let old = changes::find(tx, &ids).await?;
        let mut new = old.clone();
        new.iter_mut().for_each(|change| clean(change, names));
        let mut pairs = old.iter().zip(&new);
        let mut changed = new.clone();
        changed.retain(|_| pairs.next().is_some_and(|(old, new)| old != new));
        changes::put(tx, &changed).await?;
        let keys: Vec<(&str, &str)> = changed
            .iter()
            .map(|change| (change.version.home.as_str(), change.version.id.as_str()))
            .collect();
        let because = (changed.as_slice(), Because::OthersMoved);
        let moved = links::changes::relink(tx, registry, because, &keys).await?;
        figures::touch(tx, registry, &moved).await?;
        rows += changed.len() as u64;
    }
    Ok(rows)
}

fn clean(change: &mut Change, names: &Names) {
    let account = |id: &mut String| *id = names.account(id).into_owned();
    let text = |text: &mut String| *text = names.text(text).into_owned();
    account(&mut change.author.id);
    change.trailers.iter_mut().for_each(text);
    for commit in &mut change.commits {
        commit.author.iter_mut().for_each(|by| account(&mut by.id));
        commit.trailers.iter_mut().for_each(text);
    }
    change.title.iter_mut().for_each(text);
    change.url.iter_mut().for_each(text);
    if let Some(branch) = &mut change.branch {
        *branch = names.branch(branch).into_owned();
    }
}
