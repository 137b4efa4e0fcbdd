//! Runs of agents: one trace each, with its tool calls and what it says that it left behind.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::registry::Effect;
use super::versions::Version;
use super::{Result, Tx, from_json, from_word, to_json};

/// A run as its source tells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// Without a home: a run lies by itself.
    pub version: Version,
    pub workflow: Option<String>,
    pub agent: String,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    /// `ok`, `error` or `handed_over`.
    pub outcome: Option<String>,
    pub input: Option<Recorded>,
    pub output: Option<Recorded>,
    /// Of its calls, where its source counts them and does not list them.
    pub counts: Option<Counts>,
    pub calls: Vec<Call>,
    pub artifacts: Vec<Left>,
    pub cost: Option<Decimal>,
    pub currency: Option<String>,
    pub provider: Option<String>,
    pub account: Option<String>,
    pub tokens: Vec<Tokens>,
    pub trace_url: Option<String>,
    /// By what else it is joined to a change: `change:ADDRESS`, `commit:SHA`, `branch:NAME`,
    /// `session:ID`; and `repository:ADDRESS`, in which the branch is. Without them when it is read.
    pub keys: Vec<String>,
    /// How much of its trace is there, in JSON, where it was put together from one.
    pub trace: Option<String>,
}

/// Whether something was recorded, and how it is known again; never the thing itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub is_recorded: bool,
    /// In bytes.
    pub size: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Where it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What is known of tool calls that are not listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub calls: i64,
    pub failed: i64,
    pub with_input: i64,
    pub with_output: i64,
    pub by_effect: BTreeMap<Effect, u32>,
}

/// A tool call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    pub id: String,
    pub name: String,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    pub input: Option<Recorded>,
    pub output: Option<Recorded>,
    pub error: Option<Recorded>,
    /// As it was sent; the registry's word on the tool comes first.
    pub effect: Option<Effect>,
    pub resources: Vec<String>,
    pub policy_decision: Option<String>,
    pub approval: Option<String>,
}

/// What a run says that it left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub kind: String,
    pub reference: String,
    pub landed_at: Option<i64>,
    pub reversal: Option<String>,
}

/// What a model read and wrote; `input` holds the cached tokens too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    pub model: String,
    pub input: i64,
    pub cached_input: i64,
    pub output: i64,
}

const COLUMNS: Columns = Columns {
    table: "runs",
    key: &["id"],
    rest: &[
        "updated_at",
        "hash",
        "raw_id",
        "ordinal",
        "workflow",
        "agent",
        "started_at",
        "ended_at",
        "outcome",
        "input",
        "output",
        "counts",
        "cost",
        "currency",
        "provider",
        "account",
        "tokens",
        "trace_url",
        "trace",
    ],
};

const CALLS: Columns = Columns {
    table: "tool_calls",
    key: &["run_id", "id"],
    rest: &[
        "name",
        "started_at",
        "ended_at",
        "input",
        "output",
        "error",
        "effect",
        "resources",
        "policy_decision",
        "approval",
    ],
};

const LEFT: Columns = Columns {
    table: "run_artifacts",
    key: &["run_id", "kind", "ref"],
    rest: &["landed_at", "reversal"],
};

const KEYS: Columns = Columns {
    table: "run_keys",
    key: &["run_id", "key"],
    rest: &[],
};

/// Writes these runs over what was there, without their calls and artifacts.
pub async fn put(tx: &mut Tx, runs: &[Run]) -> Result<()> {
    let rows: Vec<(&Run, Texts)> = runs
        .iter()
        .map(|run| Ok((run, Texts::of(run)?)))
        .collect::<Result<_>>()?;
    Ok(put!(
        tx,
        COLUMNS,
        rows,
        |bind, (run, texts): &(&Run, Texts)| {
            bind.push_bind(&run.version.id)
                .push_bind(run.version.updated_at)
                .push_bind(&run.version.hash)
                .push_bind(&run.version.raw_id)
                .push_bind(run.version.ordinal)
                .push_bind(&run.workflow)
                .push_bind(&run.agent)
                .push_bind(run.started_at)
                .push_bind(run.ended_at)
                .push_bind(&run.outcome)
                .push_bind(&texts.input)
                .push_bind(&texts.output)
                .push_bind(&texts.counts)
                .push_bind(&texts.cost)
                .push_bind(&run.currency)
                .push_bind(&run.provider)
                .push_bind(&run.account)
                .push_bind(&texts.tokens)
                .push_bind(&run.trace_url)
                .push_bind(&run.trace)
        }
    )?)
}

/// Writes the calls and artifacts of these runs in the place of those that were there.
pub async fn replace_parts(tx: &mut Tx, runs: &[Run]) -> Result<()> {
    let ids: Vec<&str> = runs.iter().map(|run| run.version.id.as_str()).collect();
    for table in [CALLS.table, LEFT.table, KEYS.table] {
        for ids in ids.chunks(MAX_BINDS) {
            on!(tx, conn => {
                let mut query = QueryBuilder::new("DELETE FROM ");
                query.push(table).push(" WHERE run_id IN (");
                push_ids(&mut query, ids);
                query.build().execute(conn).await.map(|_| ())
            })?;
        }
    }
    let mut calls = Vec::new();
    for run in runs {
        for call in &run.calls {
            calls.push((run.version.id.as_str(), call, CallTexts::of(call)?));
        }
    }
    put!(tx, CALLS, calls, |bind,
                            (run, call, texts): &(
        &str,
        &Call,
        CallTexts
    )| bind
        .push_bind(*run)
        .push_bind(&call.id)
        .push_bind(&call.name)
        .push_bind(call.started_at)
        .push_bind(call.ended_at)
        .push_bind(&texts.input)
        .push_bind(&texts.output)
        .push_bind(&texts.error)
        .push_bind(call.effect.map(Effect::as_str))
        .push_bind(&texts.resources)
        .push_bind(&call.policy_decision)
        .push_bind(&call.approval))?;
    let left: Vec<(&str, &Left)> = runs
        .iter()
        .flat_map(|run| {
            run.artifacts
                .iter()
                .map(|own| (run.version.id.as_str(), own))
        })
        .collect();
    put!(tx, LEFT, left, |bind, (run, own): &(&str, &Left)| {
        bind.push_bind(*run)
            .push_bind(&own.kind)
            .push_bind(&own.reference)
            .push_bind(own.landed_at)
            .push_bind(&own.reversal)
    })?;
    let keys: Vec<(&str, &str)> = runs
        .iter()
        .flat_map(|run| {
            run.keys
                .iter()
                .map(|key| (run.version.id.as_str(), key.as_str()))
        })
        .collect();
    Ok(put!(tx, KEYS, keys, |bind, (run, key): &(&str, &str)| {
        bind.push_bind(*run).push_bind(*key)
    })?)
}

/// A run's columns that hold JSON or decimals.
struct Texts {
    input: Option<String>,
    output: Option<String>,
    counts: Option<String>,
    cost: Option<String>,
    tokens: String,
}

impl Texts {
    fn of(run: &Run) -> Result<Texts> {
        Ok(Texts {
            input: recorded(run.input.as_ref())?,
            output: recorded(run.output.as_ref())?,
            counts: run
                .counts
                .as_ref()
                .map(|counts| to_json("counts of calls", counts))
                .transpose()?,
            cost: run.cost.map(|cost| cost.to_string()),
            tokens: to_json("tokens", &run.tokens)?,
        })
    }
}

struct CallTexts {
    input: Option<String>,
    output: Option<String>,
    error: Option<String>,
    resources: String,
}

impl CallTexts {
    fn of(call: &Call) -> Result<CallTexts> {
        Ok(CallTexts {
            input: recorded(call.input.as_ref())?,
            output: recorded(call.output.as_ref())?,
            error: recorded(call.error.as_ref())?,
            resources: to_json("resources", &call.resources)?,
        })
    }
}

fn recorded(own: Option<&Recorded>) -> Result<Option<String>> {
    own.map(|own| to_json("what was recorded", own)).transpose()
}

/// A run's row as it stands.
#[derive(sqlx::FromRow)]
struct Stored {
    #[sqlx(flatten)]
    version: Version,
    workflow: Option<String>,
    agent: String,
    started_at: i64,
    ended_at: Option<i64>,
    outcome: Option<String>,
    input: Option<String>,
    output: Option<String>,
    counts: Option<String>,
    cost: Option<String>,
    currency: Option<String>,
    provider: Option<String>,
    account: Option<String>,
    tokens: String,
    trace_url: Option<String>,
    trace: Option<String>,
}

const SELECT: &str = "SELECT '' AS home, id, updated_at, hash, raw_id, ordinal, workflow, agent, started_at, ended_at, \
     outcome, input, output, counts, cost, currency, provider, account, tokens, trace_url, trace FROM runs ";

/// The runs of these ids, with their calls and without their artifacts.
pub async fn find(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Run>> {
    let mut runs = Vec::new();
    for ids in ids.chunks(MAX_BINDS) {
        let rows: Vec<Stored> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push("WHERE id IN (");
            push_ids(&mut query, ids);
            query.push(" ORDER BY id");
            query.build_query_as().fetch_all(conn).await
        })?;
        let mut calls = calls_of(tx, ids).await?;
        for row in rows {
            let calls = calls.remove(&row.version.id).unwrap_or_default();
            runs.push(row.read(calls)?);
        }
    }
    Ok(runs)
}

impl Stored {
    fn read(self, calls: Vec<Call>) -> Result<Run> {
        Ok(Run {
            workflow: self.workflow,
            agent: self.agent,
            started_at: self.started_at,
            ended_at: self.ended_at,
            outcome: self.outcome,
            input: was_recorded(self.input)?,
            output: was_recorded(self.output)?,
            counts: self
                .counts
                .map(|counts| from_json("counts of calls", &counts))
                .transpose()?,
            calls,
            artifacts: Vec::new(),
            cost: from_word("the cost of a run", self.cost)?,
            currency: self.currency,
            provider: self.provider,
            account: self.account,
            tokens: from_json("tokens", &self.tokens)?,
            trace_url: self.trace_url,
            keys: Vec::new(),
            trace: self.trace,
            version: self.version,
        })
    }
}

fn was_recorded(text: Option<String>) -> Result<Option<Recorded>> {
    text.map(|text| from_json("what was recorded", &text))
        .transpose()
}

#[derive(sqlx::FromRow)]
struct StoredCall {
    run_id: String,
    id: String,
    name: String,
    started_at: i64,
    ended_at: Option<i64>,
    input: Option<String>,
    output: Option<String>,
    error: Option<String>,
    effect: Option<String>,
    resources: String,
    policy_decision: Option<String>,
    approval: Option<String>,
}

/// The calls of these runs, by run, each run's in the order of their start.
async fn calls_of(tx: &mut Tx, runs: &[&str]) -> Result<BTreeMap<String, Vec<Call>>> {
    let rows: Vec<StoredCall> = on!(tx, conn => {
        let mut query = QueryBuilder::new(
            "SELECT run_id, id, name, started_at, ended_at, input, output, error, effect, resources, \
             policy_decision, approval FROM tool_calls WHERE run_id IN (",
        );
        push_ids(&mut query, runs);
        query.push(" ORDER BY run_id, started_at, id");
        query.build_query_as().fetch_all(conn).await
    })?;
    let mut calls: BTreeMap<String, Vec<Call>> = BTreeMap::new();
    for row in rows {
        calls.entry(row.run_id).or_default().push(Call {
            id: row.id,
            name: row.name,
            started_at: row.started_at,
            ended_at: row.ended_at,
            input: was_recorded(row.input)?,
            output: was_recorded(row.output)?,
            error: was_recorded(row.error)?,
            effect: from_word("the effect of a call", row.effect)?,
            resources: from_json("resources", &row.resources)?,
            policy_decision: row.policy_decision,
            approval: row.approval,
        });
    }
    Ok(calls)
}

/// Something that a run says that it left behind, and the run.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Claim {
    pub run_id: String,
    pub kind: String,
    #[sqlx(rename = "ref")]
    pub reference: String,
    pub landed_at: Option<i64>,
    pub reversal: Option<String>,
}

const CLAIMS: &str = "SELECT run_id, kind, ref, landed_at, reversal FROM run_artifacts WHERE ";

/// What these runs left behind.
pub async fn left_by(tx: &mut Tx, runs: &[&str]) -> Result<Vec<Claim>> {
    claims(tx, "run_id", runs).await
}

/// Which runs left these behind, of whatever kind, by run.
pub async fn claiming(tx: &mut Tx, references: &[&str]) -> Result<Vec<Claim>> {
    claims(tx, "ref", references).await
}

async fn claims(tx: &mut Tx, column: &str, ids: &[&str]) -> Result<Vec<Claim>> {
    let mut found = Vec::new();
    for ids in ids.chunks(MAX_BINDS) {
        let rows: Vec<Claim> = on!(tx, conn => {
            let mut query = QueryBuilder::new(CLAIMS);
            query.push(column).push(" IN (");
            push_ids(&mut query, ids);
            query.push(" ORDER BY run_id, kind, ref");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The runs whose calls name one of these decisions.
pub async fn of_decisions(tx: &mut Tx, decisions: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for decisions in decisions.chunks(MAX_BINDS) {
        let rows: Vec<String> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT DISTINCT run_id FROM tool_calls WHERE policy_decision IS NOT NULL AND policy_decision IN (",
            );
            push_ids(&mut query, decisions);
            query.push(" ORDER BY run_id");
            query.build_query_scalar().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// A run, and a key under which it is joined.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Keyed {
    pub run_id: String,
    pub key: String,
    pub started_at: i64,
}

/// The runs that are joined under these keys, by run and key.
pub async fn under_keys(tx: &mut Tx, keys: &[&str]) -> Result<Vec<Keyed>> {
    let mut found = Vec::new();
    for keys in keys.chunks(MAX_BINDS) {
        let rows: Vec<Keyed> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT k.run_id, k.key, r.started_at FROM run_keys k JOIN runs r ON r.id = k.run_id WHERE k.key IN (",
            );
            push_ids(&mut query, keys);
            query.push(" ORDER BY k.run_id, k.key");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The addresses of the repositories that these runs name, by run.
pub async fn repositories(tx: &mut Tx, runs: &[&str]) -> Result<HashMap<String, Vec<String>>> {
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for runs in runs.chunks(MAX_BINDS) {
        let rows: Vec<(String, String)> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT run_id, key FROM run_keys WHERE key LIKE 'repository:%' AND run_id IN (",
            );
            push_ids(&mut query, runs);
            query.push(" ORDER BY run_id, key");
            query.build_query_as().fetch_all(conn).await
        })?;
        for (run, key) in rows {
            let address = key.trim_start_matches("repository:").to_owned();
            found.entry(run).or_default().push(address);
        }
    }
    Ok(found)
}

/// The first runs under a key, at most so many.
pub async fn under_key(tx: &mut Tx, key: &str, most: usize) -> Result<Vec<String>> {
    let sql = "SELECT run_id FROM run_keys WHERE key = $1 ORDER BY run_id LIMIT $2";
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    Ok(on!(tx, conn => sqlx::query_scalar(sql).bind(key).bind(most).fetch_all(conn).await)?)
}

/// The keys under which these runs are joined, in their order.
pub async fn keys_of(tx: &mut Tx, runs: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for runs in runs.chunks(MAX_BINDS) {
        let keys: Vec<String> = on!(tx, conn => {
            let mut query =
                QueryBuilder::new("SELECT DISTINCT key FROM run_keys WHERE run_id IN (");
            push_ids(&mut query, runs);
            query.push(" ORDER BY key");
            query.build_query_scalar().fetch_all(conn).await
        })?;
        found.extend(keys);
    }
    Ok(found)
}

/// Whether any run is joined under a key, so that most installs need not look.
pub async fn has_keys(tx: &mut Tx) -> Result<bool> {
    let found: Option<i64> = on!(tx, conn => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) WHERE EXISTS (SELECT 1 FROM run_keys)",
    )
    .fetch_optional(conn)
    .await)?;
    Ok(found.is_some())
}
