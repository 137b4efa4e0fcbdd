//! Which runs are joined to a change otherwise than by naming it: by its address or a session that it names, by a
//! commit of it before it landed, or, inferred, by its branch while it was under way.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::marks;
use super::segment::Level;
use crate::store::changes::Change;
use crate::store::named_runs::Named;
use crate::store::runs::{self, Keyed};
use crate::store::{self, Tx};

/// A run that is joined to a change, how well that is known, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    pub run_id: String,
    pub level: Level,
    pub what: String,
}

/// The runs joined to these changes, by change.
pub(super) async fn joined(
    tx: &mut Tx,
    changes: &[&Change],
) -> store::Result<HashMap<String, Vec<Joined>>> {
    let mut joined = HashMap::new();
    if !runs::has_keys(tx).await? {
        return Ok(joined);
    }
    let keys: BTreeSet<String> = changes.iter().flat_map(|own| keys(own)).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let runs = Runs::under(tx, &keys).await?;
    for change in changes {
        let own = runs.of(change);
        if !own.is_empty() {
            joined.insert(change.version.id.clone(), own);
        }
    }
    Ok(joined)
}

/// Runs that some keys lead to.
#[derive(Default)]
struct Runs {
    by_key: HashMap<String, Vec<Keyed>>,
    /// Which repositories the runs name that a branch leads to, by run.
    repositories: HashMap<String, Vec<String>>,
}

impl Runs {
    async fn under(tx: &mut Tx, keys: &[&str]) -> store::Result<Runs> {
        let found = runs::under_keys(tx, keys).await?;
        let by_branch = found.iter().filter(|run| is_branch(&run.key));
        let by_branch: BTreeSet<&str> = by_branch.map(|run| run.run_id.as_str()).collect();
        let by_branch: Vec<&str> = by_branch.into_iter().collect();
        let mut runs = Runs {
            repositories: runs::repositories(tx, &by_branch).await?,
            ..Runs::default()
        };
        for run in found {
            runs.by_key.entry(run.key.clone()).or_default().push(run);
        }
        Ok(runs)
    }

    /// The runs of one change, each once by the best that joins it.
    fn of(&self, change: &Change) -> Vec<Joined> {
        let mut best: BTreeMap<&str, Joined> = BTreeMap::new();
        for key in keys(change) {
            let found = self.by_key.get(&key).into_iter().flatten();
            for run in found.filter(|run| self.is_of(change, run)) {
                let own = Joined {
                    run_id: run.run_id.clone(),
                    level: level(&key),
                    what: format!("run {} names the {}", run.run_id, said(&key)),
                };
                let place = best.entry(&run.run_id).or_insert_with(|| own.clone());
                if own.level < place.level {
                    *place = own;
                }
            }
        }
        best.into_values().collect()
    }

    /// A branch joins only what ran while the change was under way, and in no other repository. What began after
    /// the landing, such as a rollout of its commit, did not make it. Anything else joins whenever it was.
    fn is_of(&self, change: &Change, run: &Keyed) -> bool {
        match run.key.split_once(':') {
            Some(("branch", _)) => {
                let repositories = self.repositories.get(&run.run_id);
                was_under_way(change, run.started_at)
                    && repositories.is_none_or(|all| is_in(change, all))
            }
            Some(("commit", _)) => change.merged_at.is_none_or(|at| run.started_at <= at),
            _ => true,
        }
    }
}

fn is_branch(key: &str) -> bool {
    key.starts_with("branch:")
}

/// Whether it may be a change of these repositories; where its own is not known it may.
fn is_in(change: &Change, repositories: &[String]) -> bool {
    let plain = |address: &str| {
        let own = address.split_once("://").map_or(address, |(_, own)| own);
        own.to_ascii_lowercase()
    };
    change.url.as_deref().is_none_or(|url| {
        let url = plain(url);
        let mut within = repositories
            .iter()
            .filter_map(|own| url.strip_prefix(&plain(own)));
        within.any(|rest| rest.starts_with('/'))
    })
}

fn was_under_way(change: &Change, at: i64) -> bool {
    let commits = change.commits.iter().map(|commit| commit.authored_at);
    let from = commits.chain(change.created_at).min();
    let from = from.map_or(i64::MAX, |from| from - BEFORE_MS);
    let to = change.merged_at.or(change.closed_at).unwrap_or(i64::MAX);
    (from..=to).contains(&at)
}

/// So long before its first commit an agent may have begun.
const BEFORE_MS: i64 = 24 * 3_600_000;

fn level(key: &str) -> Level {
    match is_branch(key) {
        true => Level::Inferred,
        false => Level::Declared,
    }
}

/// "commit c02e7d".
fn said(key: &str) -> String {
    key.replacen(':', " ", 1)
}

/// Everything by which a run may be joined to a change.
fn keys(change: &Change) -> Vec<String> {
    let commits = change.commits.iter().map(|commit| commit.sha.as_str());
    let commits = commits.chain(change.merge_commit.as_deref());
    let mut keys: Vec<String> = commits.map(|sha| format!("commit:{sha}")).collect();
    keys.extend(change.url.iter().map(|url| format!("change:{url}")));
    keys.extend(
        change
            .branch
            .iter()
            .map(|branch| format!("branch:{branch}")),
    );
    keys.extend(sessions(change).map(|own| format!("session:{own}")));
    keys
}

/// The sessions that a change's trailers name.
fn sessions(change: &Change) -> impl Iterator<Item = &str> {
    let commits = change.commits.iter().flat_map(|commit| &commit.trailers);
    let lines = change.trailers.iter().chain(commits);
    lines.filter_map(|line| marks::session(line))
}

/// The runs and sessions that changes name, sorted.
pub(super) fn named(changes: &[Change]) -> Vec<Named<'_>> {
    let mut rows: Vec<Named<'_>> = changes
        .iter()
        .flat_map(|change| {
            let (service, id) = (change.version.home.as_str(), change.version.id.as_str());
            let runs = change.run_ids.iter().map(String::as_str);
            runs.chain(sessions(change))
                .map(move |name| (service, id, name))
        })
        .collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Change {
        Change {
            branch: Some("agent/fix".to_owned()),
            url: Some("https://forge.example/shop/pull/7".to_owned()),
            merge_commit: Some("abc".to_owned()),
            trailers: vec!["Claude-Session: https://claude.ai/code/session_01".to_owned()],
            created_at: Some(1_000),
            merged_at: Some(2_000),
            ..Change::default()
        }
    }

    fn found(key: &str, started_at: i64) -> Vec<(Level, String)> {
        found_in(key, started_at, &[])
    }

    fn found_in(key: &str, started_at: i64, repositories: &[&str]) -> Vec<(Level, String)> {
        let keyed = Keyed {
            run_id: "r".to_owned(),
            key: key.to_owned(),
            started_at,
        };
        let named = repositories.iter().map(|own| (*own).to_owned());
        let mut runs = Runs {
            by_key: HashMap::from([(key.to_owned(), vec![keyed])]),
            ..Runs::default()
        };
        if !repositories.is_empty() {
            runs.repositories.insert("r".to_owned(), named.collect());
        }
        let found = runs.of(&change()).into_iter();
        found.map(|own| (own.level, own.what)).collect()
    }

    #[test]
    fn address_and_session_join_whenever_it_ran_and_a_commit_before_it_landed() {
        for key in [
            "change:https://forge.example/shop/pull/7",
            "session:session_01",
        ] {
            assert_eq!(found(key, 9_000)[0].0, Level::Declared, "{key}");
        }
        assert_eq!(found("commit:abc", 2_000)[0].0, Level::Declared);
        assert!(found("commit:abc", 2_001).is_empty());
        assert_eq!(found("commit:abc", 1)[0].1, "run r names the commit abc");
        assert!(found("commit:other", 1).is_empty());
    }

    #[test]
    fn a_branch_joins_what_ran_while_the_change_was_under_way() {
        assert_eq!(found("branch:agent/fix", 1_500)[0].0, Level::Inferred);
        assert!(found("branch:agent/fix", 2_001).is_empty());
        assert!(found("branch:agent/fix", 999 - BEFORE_MS).is_empty());
    }

    #[test]
    fn a_branch_joins_in_no_other_repository_than_the_run_names() {
        let joins =
            |repository: &str| !found_in("branch:agent/fix", 1_500, &[repository]).is_empty();
        assert!(joins("http://Forge.example/shop"));
        assert!(!joins("https://forge.example/pay"));
        assert!(!joins("https://forge.example/sho"));
        let elsewhere = ["https://forge.example/pay"];
        assert!(!found_in("commit:abc", 1_500, &elsewhere).is_empty());
    }
}
