//! A run, put together from its spans: the same whatever their order, and however often each came.
//!
//! What an agent reports of its models' usage is counted only where no model reported it, and of
//! calls in each other that report the same only the outermost, so that nothing counts twice.

mod tree;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::evaluation::Evaluation;
use super::limits::MAX_CALLS;
use super::names::JoinKey;
use super::recorded::Recorded;
use super::span::{Outcome, Role, Span};
use super::tokens::{self, Tokens};
use tree::Tree;

pub(crate) use tree::newest;

/// A run as its spans tell it. Instants are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assembled {
    pub run_id: String,
    /// Whether all of its spans are of a service, and none tells of an agent, a model or a tool.
    pub is_of_services: bool,
    /// The root's agent, else the outermost one's, else the service that sent the root.
    pub agent: Option<String>,
    pub workflow: Option<String>,
    pub provider: Option<String>,
    pub started_at: Option<i64>,
    /// None while the root is missing or has not ended.
    pub ended_at: Option<i64>,
    /// As told, else by the status of the root, and where that is no agent's of the last outermost agent; none
    /// while it has not ended.
    pub outcome: Option<Outcome>,
    /// Of the root, else of the outermost agent, else of the first model's call.
    pub input: Option<Recorded>,
    /// Of the root, else of the outermost agent, else of the last model's call.
    pub output: Option<Recorded>,
    /// Spans of tools, by start, at most [`MAX_CALLS`].
    pub tool_calls: Vec<Span>,
    pub tokens: Vec<Tokens>,
    pub cost: Option<Decimal>,
    pub evaluations: Vec<Evaluation>,
    pub sessions: Vec<String>,
    pub joins: Vec<(JoinKey, String)>,
    pub completeness: Completeness,
}

/// How much of a run is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    pub spans: usize,
    pub has_root: bool,
    /// Spans that others name as their parent and that are not there.
    pub missing_parents: usize,
    /// Tool calls beyond the limit.
    pub calls_left_out: usize,
}

/// Puts a run together from its spans; those of other runs are left out.
pub fn assemble(run_id: &str, spans: &[Span]) -> Assembled {
    let tree = Tree::of(run_id, spans);
    let root = tree.root();
    let ended_at = root.and_then(|root| root.ended_at);
    let (tool_calls, calls_left_out) = calls(&tree);
    let (input, output) = bodies(&tree);
    let usage = told_by(&tree, |span| span.tokens.is_some());
    let costs = told_by(&tree, |span| span.cost.is_some());
    Assembled {
        run_id: run_id.to_owned(),
        is_of_services: !spans.is_empty() && tree.spans().all(is_of_service),
        agent: agent(&tree),
        workflow: first(&tree, |span| span.workflow.as_ref()),
        provider: first(&tree, |span| span.provider.as_ref()),
        started_at: tree.spans().map(|span| span.started_at).min(),
        ended_at,
        outcome: outcome(&tree),
        input,
        output,
        tool_calls,
        tokens: tokens::by_model(usage.iter().filter_map(|span| span.tokens.as_ref())),
        cost: sum(costs.iter().filter_map(|span| span.cost)),
        evaluations: evaluations(&tree),
        sessions: union(tree.spans().flat_map(|span| &span.sessions)),
        joins: union(tree.spans().flat_map(|span| &span.joins)),
        completeness: Completeness {
            spans: tree.spans().count(),
            has_root: root.is_some(),
            missing_parents: tree.missing_parents(),
            calls_left_out,
        },
    }
}

fn is_of_service(span: &Span) -> bool {
    let tells_of_agents = span.agent.is_some()
        || span.workflow.is_some()
        || span.outcome.is_some()
        || span.tokens.is_some()
        || span.cost.is_some()
        || !span.evaluations.is_empty();
    span.role == Role::Service && !tells_of_agents
}

/// The first that says it: the root, then agents, then the others, from the outside in.
fn first<T: Clone>(tree: &Tree<'_>, says: impl Fn(&Span) -> Option<&T>) -> Option<T> {
    tree.outside_in().find_map(says).cloned()
}

fn agent(tree: &Tree<'_>) -> Option<String> {
    first(tree, |span| span.agent.as_ref()).or_else(|| first(tree, |span| span.service.as_ref()))
}

fn outcome(tree: &Tree<'_>) -> Option<Outcome> {
    let root = tree.root();
    let told = root.and_then(|root| root.outcome);
    let is_handed_over = |span: &Span| span.outcome == Some(Outcome::HandedOver);
    let is_over = root.is_some_and(|root| root.ended_at.is_some());
    told.or_else(|| {
        tree.spans()
            .any(is_handed_over)
            .then_some(Outcome::HandedOver)
    })
    .or_else(|| {
        is_over.then_some(if has_failed(tree) {
            Outcome::Error
        } else {
            Outcome::Ok
        })
    })
}

/// What an agent tried again, and that then went well, did not fail.
fn has_failed(tree: &Tree<'_>) -> bool {
    let root = tree.root();
    let is_agent = |span: &Span| span.role == Role::Agent;
    let within = || {
        let agents = tree.outermost(is_agent, |_| false).into_iter();
        agents.max_by_key(|span| (span.ended_at, span.started_at, &span.id))
    };
    let last = root.filter(|root| is_agent(root)).or_else(within);
    root.into_iter()
        .chain(last)
        .any(|span| span.error.is_some())
}

/// Input and output of the run as a whole.
fn bodies(tree: &Tree<'_>) -> (Option<Recorded>, Option<Recorded>) {
    let is_whole = |span: &&&Span| span.role == Role::Agent || Some(**span) == tree.root();
    let whole = || tree.outside_in().filter(move |span| is_whole(&span));
    let models = || tree.spans().filter(|span| span.role == Role::Model);
    let input = whole().find_map(|span| span.input.clone());
    let output = whole().find_map(|span| span.output.clone());
    let ended = |span: &&Span| (span.ended_at, span.started_at, span.id.clone());
    let last = models()
        .filter(|span| span.output.is_some())
        .max_by_key(|span| ended(span));
    (
        input.or_else(|| models().find_map(|span| span.input.clone())),
        output.or_else(|| last.and_then(|span| span.output.clone())),
    )
}

/// Spans of tools by start. Of two in each other that are the same call the outer one counts.
fn calls(tree: &Tree<'_>) -> (Vec<Span>, usize) {
    let is_same = |outer: &Span, inner: &Span| {
        outer.role == Role::Tool
            && (outer.tool == inner.tool
                || (outer.call_id.is_some() && outer.call_id == inner.call_id))
    };
    let is_own = |span: &Span, outer: Option<&Span>| {
        span.role == Role::Tool && !outer.is_some_and(|outer| is_same(outer, span))
    };
    let pairs = tree.with_parents();
    let own: Vec<&Span> = pairs
        .filter(|(span, outer)| is_own(span, *outer))
        .map(|(span, _)| span)
        .collect();
    let left_out = own.len().saturating_sub(MAX_CALLS);
    (own.into_iter().take(MAX_CALLS).cloned().collect(), left_out)
}

/// Who tells of usage: models, if any does; else agents, else whoever.
fn told_by<'a>(tree: &Tree<'a>, tells: impl Fn(&Span) -> bool + Copy) -> Vec<&'a Span> {
    let of = |role| outermost(tree, role, tells);
    [Role::Model, Role::Agent, Role::Other, Role::Service]
        .into_iter()
        .map(of)
        .find(|told| !told.is_empty())
        .unwrap_or_default()
}

fn outermost<'a>(
    tree: &Tree<'a>,
    role: Role,
    tells: impl Fn(&Span) -> bool + Copy,
) -> Vec<&'a Span> {
    // What an agent does that a model's call leads to, maybe by a tool, are calls of their own.
    let begins_else =
        |span: &Span| role == Role::Model && matches!(span.role, Role::Agent | Role::Tool);
    tree.outermost(|span| span.role == role && tells(span), begins_else)
}

/// None of nothing.
fn sum(costs: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    let add = |sum: Decimal, own| sum.checked_add(own).unwrap_or(Decimal::MAX);
    costs.reduce(add).map(|sum| sum.normalize())
}

fn evaluations(tree: &Tree<'_>) -> Vec<Evaluation> {
    let all = tree.spans().flat_map(|span| &span.evaluations);
    let by_id: BTreeMap<&str, &Evaluation> = all.map(|own| (own.id.as_str(), own)).collect();
    by_id.into_values().cloned().collect()
}

fn union<'a, T: Clone + Ord + 'a>(all: impl Iterator<Item = &'a T>) -> Vec<T> {
    let set: std::collections::BTreeSet<&T> = all.collect();
    set.into_iter().cloned().collect()
}
