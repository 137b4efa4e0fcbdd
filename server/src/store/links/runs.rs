//! Runs as figures see them: whose they are, how they ended, and whether they went too far.

use std::future::ready;

use futures_util::TryStreamExt;
use sqlx::QueryBuilder;

use crate::store::db::{MAX_BINDS, on, push_ids};
use crate::store::put::{Columns, put};
use crate::store::{Error, Result, Tx};

/// A run's derived facts.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RunLink {
    pub run_id: String,
    /// Of the rules that derived it.
    pub version: i64,
    pub started_at: i64,
    /// The slug of the workflow it belongs to, as a list in JSON.
    pub workflows: String,
    pub agent: String,
    /// None of a run that has not ended, or of which nobody says how.
    pub outcome: Option<String>,
    pub calls: i64,
    pub failed: i64,
    /// In the company's currency, in millionths of a millionth; none of a run without a price.
    pub cost_pico: Option<i64>,
    /// Why it has no price.
    pub unpriced: Option<String>,
    pub input_tokens: i64,
    pub cached_tokens: i64,
    /// The first call that went beyond the agent's tier, in words.
    pub above_tier: Option<String>,
    /// The first decision that denied it something, in words.
    pub denied: Option<String>,
}

const COLUMNS: Columns = Columns {
    table: "run_links",
    key: &["run_id"],
    rest: &[
        "version",
        "started_at",
        "workflows",
        "agent",
        "outcome",
        "calls",
        "failed",
        "cost_pico",
        "unpriced",
        "input_tokens",
        "cached_tokens",
        "above_tier",
        "denied",
    ],
};

const SELECT: &str = "SELECT l.run_id, l.version, l.started_at, l.workflows, l.agent, l.outcome, l.calls, l.failed, \
     l.cost_pico, l.unpriced, l.input_tokens, l.cached_tokens, l.above_tier, l.denied FROM run_links l WHERE ";

/// Writes these links over what was there.
pub async fn put(tx: &mut Tx, links: &[RunLink]) -> Result<()> {
    Ok(put!(tx, COLUMNS, links, |bind, own: &RunLink| bind
        .push_bind(&own.run_id)
        .push_bind(own.version)
        .push_bind(own.started_at)
        .push_bind(&own.workflows)
        .push_bind(&own.agent)
        .push_bind(&own.outcome)
        .push_bind(own.calls)
        .push_bind(own.failed)
        .push_bind(own.cost_pico)
        .push_bind(&own.unpriced)
        .push_bind(own.input_tokens)
        .push_bind(own.cached_tokens)
        .push_bind(&own.above_tier)
        .push_bind(&own.denied))?)
}

/// The links of these runs.
pub async fn find(tx: &mut Tx, ids: &[&str]) -> Result<Vec<RunLink>> {
    let mut found = Vec::new();
    for ids in ids.chunks(MAX_BINDS) {
        let rows: Vec<RunLink> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push("l.run_id IN (");
            push_ids(&mut query, ids);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Shows each run that started in [from, to) by that instant, then id, one at a time: a week may hold
/// very many.
pub async fn between(
    tx: &mut Tx,
    (from_ms, to_ms): (i64, i64),
    mut each: impl FnMut(RunLink) -> Result<()> + Send,
) -> Result<()> {
    on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("l.started_at >= ").push_bind(from_ms).push(" AND l.started_at < ").push_bind(to_ms);
        query.push(" ORDER BY l.started_at, l.run_id");
        let rows = query.build_query_as().fetch(conn);
        rows.map_err(Error::from).try_for_each(|own| ready(each(own))).await
    })
}
