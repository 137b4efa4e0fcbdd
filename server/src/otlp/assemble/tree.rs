//! The spans of one run as a tree, each once. Spans may lack their parents or lie in a cycle.

use std::collections::{BTreeSet, HashMap};

use crate::otlp::span::{Role, Span};

/// What a place is that has no parent here.
const NONE: usize = usize::MAX;

pub(super) struct Tree<'a> {
    /// By start, then id.
    spans: Vec<&'a Span>,
    /// The place of each one's parent; none for those in cycles.
    parents: Vec<usize>,
    /// From the outside in: each after its parent, siblings in their order. Cycles are left out.
    downwards: Vec<usize>,
    missing: usize,
}

impl<'a> Tree<'a> {
    pub(super) fn of(run_id: &str, spans: &'a [Span]) -> Tree<'a> {
        let of_run = spans.iter().filter(|span| span.run_id == run_id);
        let mut spans = newest(of_run);
        spans.sort_unstable_by_key(|span| (span.started_at, &span.id));
        let places: HashMap<&str, usize> = spans
            .iter()
            .enumerate()
            .map(|(at, span)| (span.id.as_str(), at))
            .collect();
        let parent = |span: &&Span| {
            let id = span.parent_id.as_deref()?;
            places.get(id).copied()
        };
        let parents: Vec<usize> = spans
            .iter()
            .map(|span| parent(span).unwrap_or(NONE))
            .collect();
        let named = spans.iter().filter_map(|span| span.parent_id.as_deref());
        let missing: BTreeSet<&str> = named.filter(|id| !places.contains_key(id)).collect();
        let downwards = downwards(&parents);
        Tree {
            parents: without_cycles(&parents, &downwards),
            missing: missing.len(),
            downwards,
            spans,
        }
    }

    /// By start, then id.
    pub(super) fn spans(&self) -> impl Iterator<Item = &'a Span> {
        self.spans.iter().copied()
    }

    /// The earliest span without a parent.
    pub(super) fn root(&self) -> Option<&'a Span> {
        self.spans().find(|span| span.parent_id.is_none())
    }

    /// Each with its parent, by start, then id.
    pub(super) fn with_parents(&self) -> impl Iterator<Item = (&'a Span, Option<&'a Span>)> {
        let parents = self.parents.iter().map(|at| self.spans.get(*at).copied());
        self.spans().zip(parents)
    }

    /// The root, then agents, then the others, each kind from the outside in; cycles last.
    pub(super) fn outside_in(&self) -> impl Iterator<Item = &'a Span> {
        let root = self.root();
        let down = || self.downwards.iter().map(|at| self.spans[*at]);
        let agents = down().filter(|span| span.role == Role::Agent);
        root.into_iter()
            .chain(agents)
            .chain(down())
            .chain(self.spans())
    }

    /// Spans of a kind that have none of the kind above them, up to where something else begins. One
    /// in a cycle has none above.
    pub(super) fn outermost(
        &self,
        is_of_kind: impl Fn(&Span) -> bool,
        begins_else: impl Fn(&Span) -> bool,
    ) -> Vec<&'a Span> {
        let mut is_covered = vec![false; self.spans.len()];
        for at in &self.downwards {
            let parent = self.parents[*at];
            let is_below = |parent: usize| is_covered[parent] || is_of_kind(self.spans[parent]);
            is_covered[*at] = parent != NONE && !begins_else(self.spans[*at]) && is_below(parent);
        }
        let all = self.spans.iter().zip(is_covered);
        let outer = all.filter(|(span, is_covered)| is_of_kind(span) && !is_covered);
        outer.map(|(span, _)| *span).collect()
    }

    pub(super) fn missing_parents(&self) -> usize {
        self.missing
    }
}

/// Each span of a run once, in no order.
pub(crate) fn newest<'a>(spans: impl Iterator<Item = &'a Span>) -> Vec<&'a Span> {
    let mut once: HashMap<&str, &Span> = HashMap::new();
    for span in spans {
        let known = once.entry(&span.id).or_insert(span);
        if is_newer(span, known) {
            *known = span;
        }
    }
    once.into_values().collect()
}

/// Of two versions of a span the one that ended wins, then the later one; the rest only has to be
/// the same on every machine.
fn is_newer(span: &Span, known: &Span) -> bool {
    let order = |own: &Span| (own.ended_at, own.started_at);
    match order(span).cmp(&order(known)) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => span != known && format!("{span:?}") > format!("{known:?}"),
        std::cmp::Ordering::Less => false,
    }
}

fn downwards(parents: &[usize]) -> Vec<usize> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); parents.len()];
    let mut order: Vec<usize> = Vec::with_capacity(parents.len());
    for (at, parent) in parents.iter().enumerate() {
        match *parent {
            NONE => order.push(at),
            parent => children[parent].push(at),
        }
    }
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        order.extend(&children[at]);
        next += 1;
    }
    order
}

fn without_cycles(parents: &[usize], downwards: &[usize]) -> Vec<usize> {
    let mut kept = vec![NONE; parents.len()];
    for at in downwards {
        kept[*at] = parents[*at];
    }
    kept
}
