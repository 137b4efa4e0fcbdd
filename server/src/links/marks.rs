//! What the lines of a body or a message say of agents: which lines are kept, and what one means.
//! What names a reverted commit is kept beside them.
//!
//! Trailers are kept by their shape, so that a longer list of marks finds more in what was kept;
//! of all other lines only the mark itself is kept. A mark counts on any line: squash merges leave
//! them in the middle.

use super::agents::Agents;
use super::known::{KNOWN, KnownAgent, Trailer};
use super::revert;

/// The most marks kept of one text.
const MAX_MARKS: usize = 64;
/// The longest mark that is kept.
const MAX_MARK_BYTES: usize = 512;

const CO_AUTHOR: &str = "Co-authored-by";

/// What of a text may be a mark, sorted, each once however often it is repeated.
pub(crate) fn kept(text: &str) -> Vec<String> {
    // Most texts hold none, and one search of the whole is faster than one of each line.
    let has_text = KNOWN.texts().any(|(_, mark)| text.contains(mark));
    let mut found: Vec<&str> = text
        .lines()
        .enumerate()
        .filter_map(|(at, line)| {
            let line = line.trim();
            if is_kept_trailer(line, at == 0) {
                return Some(line);
            }
            let left = has_text.then(|| left_text(line)).flatten();
            let mark = left.map(|(_, mark)| mark).or_else(|| footer(line));
            mark.or_else(|| revert::sentence(line))
        })
        .filter(|mark| mark.len() <= MAX_MARK_BYTES)
        .collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(MAX_MARKS);
    found.into_iter().map(str::to_owned).collect()
}

/// Keys are words joined by hyphens, or listed. A subject such as `agent: retry` is no trailer.
fn is_kept_trailer(line: &str, is_first: bool) -> bool {
    trailer(line)
        .is_some_and(|(key, _)| key.contains('-') || (!is_first && KNOWN.trailer(key).is_some()))
}

/// Trailers whose value is the id of a session, or an address that ends in one.
const SESSIONS: [&str; 3] = ["Claude-Session", "Copilot-Session", "Amp-Thread-ID"];

/// The session that a line names.
pub(super) fn session(line: &str) -> Option<&str> {
    let (key, value) = trailer(line)?;
    let is_session = SESSIONS.iter().any(|own| own.eq_ignore_ascii_case(key));
    let id = value.trim_end_matches('/').rsplit('/').next()?;
    (is_session && !id.is_empty()).then_some(id)
}

fn footer(line: &str) -> Option<&str> {
    KNOWN.after_footer(line).is_some().then_some(line)
}

/// Key and value of a trailer.
fn trailer(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_value = !value.trim().is_empty() && !value.starts_with(['/', ':']);
    (is_key && is_value).then_some((key, value.trim()))
}

/// The agent that left a text in a line, and what it left, to its end.
fn left_text(line: &str) -> Option<(&'static KnownAgent, &str)> {
    KNOWN.texts().find_map(|(agent, mark)| {
        let from = line.find(mark)?;
        let rest = &line[from + mark.len()..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
        let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        Some((agent, &line[from..from + mark.len() + end]))
    })
}

/// What a kept line says of an agent, in words, if it names one.
pub(super) fn says(line: &str, agents: &Agents) -> Option<String> {
    trailer(line)
        .and_then(|(key, value)| trailer_says(key, value, agents))
        .or_else(|| {
            let (agent, mark) = left_text(line)?;
            Some(format!("{mark} is left by {}", agent.name))
        })
        .or_else(|| {
            let agent = KNOWN.agent_named(KNOWN.after_footer(line)?)?;
            Some(format!("a footer names {}", agent.name))
        })
}

fn trailer_says(key: &str, value: &str, agents: &Agents) -> Option<String> {
    if key.eq_ignore_ascii_case(CO_AUTHOR) {
        let agent = co_author(value, agents)?;
        return Some(format!("trailer {CO_AUTHOR} names {agent}"));
    }
    let trailer = KNOWN.trailer(key)?;
    counts(trailer, value, agents).then(|| format!("trailer {} names {value}", trailer.key))
}

/// The agent that a co-author line names. The address decides; the name beside it is told, because
/// the two may disagree.
fn co_author(value: &str, agents: &Agents) -> Option<String> {
    match address(value) {
        Some((name, address)) => {
            let agent = agents.owner(address)?;
            Some(format!("{agent} by {address}, written as {name:?}"))
        }
        None => {
            let agent = agents.owner(value.trim_start_matches('@'))?;
            Some(format!("{agent}, written as {value:?}"))
        }
    }
}

/// Whether a listed trailer counts with this value. One with an address names whoever owns it.
fn counts(trailer: &Trailer, value: &str, agents: &Agents) -> bool {
    if !trailer.values.is_empty() {
        let mut values = trailer.values.iter();
        return values.any(|listed| listed.eq_ignore_ascii_case(value));
    }
    if let Some((_, address)) = address(value) {
        return agents.owner(address).is_some();
    }
    !trailer.named || (!is_code(value) && (KNOWN.is_name(value) || agents.owner(value).is_some()))
}

/// Whether a value is quoted, as in a line of code such as `model: "gpt-4o",`.
fn is_code(value: &str) -> bool {
    value.starts_with(['"', '\'', '`'])
}

/// Name and address of `Name <name@host>`.
fn address(value: &str) -> Option<(&str, &str)> {
    let (name, rest) = value.rsplit_once('<')?;
    let (address, _) = rest.split_once('>')?;
    address
        .contains('@')
        .then_some((name.trim(), address.trim()))
}

#[cfg(test)]
mod tests;
