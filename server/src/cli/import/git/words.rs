//! Counts, lists and clauses as sentences say them.

/// The most entries of a list that a sentence names; `--json` has them all.
pub(super) const NAMED: usize = 5;

/// The first few of a list, and how many more there are.
pub(super) fn some(all: Vec<String>) -> String {
    let named = all[..all.len().min(NAMED)].join(", ");
    match all.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more (--json lists them all)"),
    }
}

pub(super) fn many(count: i64, one: &str, more: &str) -> String {
    let noun = if count == 1 { one } else { more };
    format!("{count} {noun}")
}

pub(super) fn were(count: usize, one: &str, more: &str) -> String {
    let verb = if count == 1 { "was" } else { "were" };
    format!("{} {verb}", many(count as i64, one, more))
}

pub(super) fn hold(count: usize, one: &str, more: &str) -> String {
    let verb = if count == 1 { "holds" } else { "hold" };
    format!("{} {verb}", many(count as i64, one, more))
}

/// A clause as a sentence of its own.
pub(super) fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    format!("{}{}.", first.collect::<String>(), letters.as_str())
}
