//! The changes of the first-parent line, put together from their commits.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gix::ObjectId;
use gix::objs::Find;
use gix::prelude::HeaderExt;

use super::graph::{Graph, Number, State};
use super::measure::{Measure, Measured, Unmeasured};
use super::message::{self, Shape};
use super::{Size, object};

/// One commit of the first-parent line, and what it brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub sha: String,
    pub shape: Shape,
    /// As its commit says, in seconds since 1970.
    pub committed_at_s: Option<i64>,
    /// The same, when a clock can have shown it.
    pub merged_at_s: Option<i64>,
    /// Address, else name, of who made it: of a merge, the author of the branch's last commit.
    pub author: String,
    pub title: String,
    /// The message without its subject.
    pub body: String,
    pub number: Option<u32>,
    pub branch: Option<String>,
    /// The commit it takes back: where that is in this history, the one of the line that brought it.
    pub reverts: Option<String>,
    /// The branch's commits of a merge, the commit itself of a plain one; of a squash they are gone.
    pub commits: Vec<Commit>,
    /// How many more commits it has than are kept.
    pub commits_left_out: usize,
    /// None when not all trees are there.
    pub paths: Option<Vec<String>>,
    /// How many more paths it touched than are kept.
    pub paths_left_out: usize,
    pub size: Result<Size, Unmeasured>,
    /// Whether all of its commits' parents are in the clone.
    pub is_whole: bool,
}

/// A commit inside a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub sha: String,
    pub author: String,
    /// Seconds since 1970; none when the commit does not say, or says what no clock can have shown.
    pub authored_at_s: Option<i64>,
    /// Empty where the change's own message says it already.
    pub message: String,
}

/// The most paths that are kept of a change, and their most bytes in all.
const MAX_PATHS: usize = 300;
const MAX_PATHS_BYTES: usize = 64 << 10;
/// The most commits that are kept of a change: those authored first.
const MAX_COMMITS: usize = 1_000;
/// The longest message of a commit, and the most bytes of all messages of a change's commits.
const MAX_MESSAGE_BYTES: usize = 8 << 10;
const MAX_MESSAGES_BYTES: usize = 128 << 10;

/// The changes at these places, oldest first.
pub(super) fn read(repository: &gix::Repository, graph: &Graph, places: &[usize]) -> Vec<Change> {
    let mut measure = Measure::new(repository);
    let is_newest_first = grows_with_age(repository, graph, places);
    let mut in_turn = places.to_vec();
    if is_newest_first {
        in_turn.reverse();
    }
    let mut changes: Vec<Change> = in_turn
        .into_iter()
        .filter_map(|place| {
            let measured = measured(&mut measure, graph, place);
            change(repository, graph, place, measured)
        })
        .collect();
    if is_newest_first {
        changes.reverse();
    }
    changes
}

/// How many neighbours are looked at to find the cheaper direction.
const SAMPLED: usize = 40;

/// Whether older trees are stored as what differs from newer ones. Reading in the direction in which
/// they build on each other, each costs one step; in the other, each costs all of them.
fn grows_with_age(repository: &gix::Repository, graph: &Graph, places: &[usize]) -> bool {
    let deltas = |place: usize| {
        let header = repository.objects.header(graph.trees[place]).ok()?;
        header.num_deltas()
    };
    let mut older_is_longer = 0_i32;
    let with_older = places.iter().filter(|place| **place > 0);
    for place in with_older.take(SAMPLED) {
        if let (Some(older), Some(newer)) = (deltas(place - 1), deltas(*place)) {
            older_is_longer += i32::from(older > newer) - i32::from(older < newer);
        }
    }
    older_is_longer > 0
}

/// Why what lies before a change is not known; none when it is, or when nothing does.
fn cut_off(graph: &Graph, place: usize) -> Option<Unmeasured> {
    if place > 0 {
        return None;
    }
    let number = *graph.line.first()?;
    (graph.node(number).state == State::Shallow).then_some(Unmeasured::BeyondBoundary)
}

fn measured(measure: &mut Measure<'_>, graph: &Graph, place: usize) -> Measured {
    if let Some(why) = cut_off(graph, place) {
        return Measured::unknown(why);
    }
    let before = place.checked_sub(1).map(|before| graph.trees[before]);
    let tree = graph.trees[place];
    // Whatever a damaged object may trip over, the other changes are still read.
    let measured = catch_unwind(AssertUnwindSafe(|| measure.between(before, tree)));
    measured.unwrap_or_else(|_| Measured::unknown(Unmeasured::Unreadable))
}

/// None when the commit, read before, cannot be read again.
fn change(
    repository: &gix::Repository,
    graph: &Graph,
    place: usize,
    measured: Measured,
) -> Option<Change> {
    let number = graph.line[place];
    let mut buffer = Vec::new();
    let commit = commit_at(repository, graph.node(number).id, &mut buffer)?;
    let text = commit.message();
    let shape = message::shape(commit.parents.len(), &text);
    let said = message::said(&text);
    let brought = graph.brought(place);
    let (commits, is_whole) = match shape {
        Shape::Merge => {
            let is_whole = |number: &Number| graph.is_whole(*number);
            (
                commits(repository, graph, brought),
                graph.is_whole(number) && brought.iter().all(is_whole),
            )
        }
        Shape::Squash => (Vec::new(), true),
        Shape::Plain => {
            let own = Commit {
                sha: graph.node(number).id.to_string(),
                author: commit.author_account(),
                authored_at_s: graph.dates.believed(commit.author.at_s),
                message: String::new(),
            };
            (vec![own], true)
        }
    };
    let (paths, paths_left_out) = kept_paths(measured.paths);
    Some(Change {
        sha: graph.node(number).id.to_string(),
        shape,
        committed_at_s: commit.committer.at_s,
        merged_at_s: graph.merged_at_s(place),
        author: branch_author(repository, &commit).unwrap_or_else(|| commit.author_account()),
        title: said.title,
        body: said.body,
        number: said.number,
        branch: said.branch,
        reverts: said.reverts.map(|sha| brought_by(graph, sha)),
        commits_left_out: match shape {
            Shape::Merge => brought.len() - commits.len(),
            Shape::Squash | Shape::Plain => 0,
        },
        commits,
        paths,
        paths_left_out,
        size: measured.size,
        is_whole,
    })
}

fn commit_at<'a>(
    repository: &gix::Repository,
    id: ObjectId,
    buffer: &'a mut Vec<u8>,
) -> Option<object::Commit<'a>> {
    let object = repository.objects.try_find(&id, buffer).ok()??;
    object::Commit::parse(object.data)
}

/// The author of the last commit that a merge brought; none for what is no merge.
fn branch_author(repository: &gix::Repository, merge: &object::Commit<'_>) -> Option<String> {
    let tip = merge.parents.get(1)?;
    let mut buffer = Vec::new();
    Some(commit_at(repository, *tip, &mut buffer)?.author_account())
}

/// Of a commit of this history the one of the line that brought it; any other as it is.
fn brought_by(graph: &Graph, sha: String) -> String {
    let owner = graph.find(&sha).and_then(|number| graph.node(number).owner);
    match owner {
        Some(place) => graph.node(graph.line[place as usize]).id.to_string(),
        None => sha,
    }
}

fn commits(repository: &gix::Repository, graph: &Graph, brought: &[Number]) -> Vec<Commit> {
    let kept = brought.len().min(MAX_COMMITS);
    let most_bytes = (MAX_MESSAGES_BYTES / kept.max(1)).min(MAX_MESSAGE_BYTES);
    let mut buffer = Vec::new();
    let mut commits: Vec<Commit> = brought
        .iter()
        .filter_map(|number| {
            let id = graph.node(*number).id;
            let commit = commit_at(repository, id, &mut buffer)?;
            Some(Commit {
                sha: id.to_string(),
                author: commit.author_account(),
                authored_at_s: graph.dates.believed(commit.author.at_s),
                message: message::bounded(commit.message().trim(), most_bytes),
            })
        })
        .collect();
    if commits.len() > MAX_COMMITS {
        commits.sort_by_key(|commit| commit.authored_at_s.unwrap_or(i64::MAX));
        commits.truncate(MAX_COMMITS);
    }
    commits
}

fn kept_paths(paths: Option<Vec<String>>) -> (Option<Vec<String>>, usize) {
    let Some(mut paths) = paths else {
        return (None, 0);
    };
    let touched = paths.len();
    let mut bytes = 0;
    let fitting = paths.iter().take(MAX_PATHS).take_while(|path| {
        bytes += path.len();
        bytes <= MAX_PATHS_BYTES
    });
    let kept = fitting.count();
    paths.truncate(kept);
    (Some(paths), touched - kept)
}
