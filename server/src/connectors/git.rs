//! The history of a git clone: the first-parent line of its tip as changes, its tags as releases.
//!
//! Read straight from the objects: no program is run, no network is reached, nothing is written. It
//! knows no service, no record and no clock of its own, and tells a gap in the clone from a zero.

mod change;
mod clone;
mod dates;
mod graph;
mod lines;
mod measure;
mod message;
mod object;
mod patch;
mod renames;
mod tags;
mod trees;
mod twins;

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gix::ObjectId;

pub use change::{Change, Commit};
pub use dates::{Dates, day};
pub use lines::Size;
pub use measure::Unmeasured;
pub use message::Shape;
pub use tags::{Content, PassedOver, Picked, Release};
pub use twins::SameBy;

use graph::{Graph, Number, Reader};
use tags::Tag;

/// Why a clone cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{path} is no git repository; name the folder of a clone, bare or with files")]
    NoRepository { path: String },
    #[error("{path} cannot be opened: {reason}")]
    Unopened { path: String, reason: String },
    #[error(
        "{path} keeps its references in a reftable, which is not read; git refs migrate --ref-format=files changes that"
    )]
    Reftable { path: String },
    #[error("{path} holds no commit yet")]
    Empty { path: String },
    #[error(
        "the clone is damaged: {what} is not in it or cannot be read; git fsck tells what else is not, and cloning anew mends it"
    )]
    Damaged { what: String },
    #[error("{what} cannot be read: {reason}; git fsck tells more")]
    Unreadable { what: &'static str, reason: String },
    #[error("reading broke off; git fsck tells whether the clone is sound")]
    BrokeOff,
}

impl Failure {
    fn open(path: &Path, error: &gix::Error) -> Failure {
        let path = path.display().to_string();
        if error.is_not_found() || !Path::new(&path).exists() {
            return Failure::NoRepository { path };
        }
        Failure::Unopened {
            path,
            reason: cause(error),
        }
    }

    fn unreadable(what: &'static str, error: &gix::Error) -> Failure {
        Failure::Unreadable {
            what,
            reason: cause(error),
        }
    }
}

/// The reason behind an error, on one line.
fn cause(error: &gix::Error) -> String {
    let cause = error.probable_cause().to_string();
    cause.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A clone's history, its graph in memory and its texts still in the clone.
pub struct History {
    repository: gix::ThreadSafeRepository,
    shallow: HashSet<ObjectId>,
    graph: Graph,
    tags: Vec<(Tag, Number, i64)>,
    /// The branch of the tip; none when HEAD names a commit.
    pub branch: Option<String>,
    /// What the clone as a whole does not hold, in sentences.
    pub limits: Vec<String>,
    /// Matching tags that are no release, with the reason.
    pub passed_over: Vec<PassedOver>,
}

/// A commit of the line whose date no clock can have shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misdated {
    pub place: usize,
    pub sha: String,
    /// What it says, in seconds since 1970.
    pub committed_at_s: i64,
    /// Whether its date lies ahead, so that it may be believed later on.
    pub is_ahead: bool,
}

/// Changes a slice; of the same places always the same, so that the same slices come again.
const SLICE: usize = 1_000;

impl History {
    /// Reads the graph behind the tip and behind the tags whose name matches, with dates as they are
    /// believed; tells now and then how many commits are read.
    pub fn read(
        path: &Path,
        tags: &str,
        dates: Dates,
        tell: &dyn Fn(u64),
    ) -> Result<History, Failure> {
        let clone = clone::open(path)?;
        let mut reader = Reader::new(&clone, dates, tell);
        reader.line(clone.tip)?;
        let (matching, mut passed_over) = tags::matching(&clone.repository, tags)?;
        let mut tags = Vec::with_capacity(matching.len());
        for tag in matching {
            let number = reader.beside(tag.commit)?;
            tags.push((tag, number));
        }
        let graph = reader.finish();
        let tags = tags::dated(&graph, tags, &mut passed_over);
        Ok(History {
            repository: clone.repository.into_sync(),
            shallow: clone.shallow,
            graph,
            tags,
            branch: clone.branch,
            limits: clone.limits,
            passed_over,
        })
    }

    /// How many changes the first-parent line has.
    pub fn changes(&self) -> usize {
        self.graph.line.len()
    }

    /// The commit at a place on the line, oldest first.
    pub fn sha(&self, place: usize) -> String {
        self.node(place).id.to_string()
    }

    /// The tip's commit.
    pub fn tip(&self) -> String {
        self.sha(self.changes() - 1)
    }

    /// The place of a commit on the line; none when it is not on it.
    pub fn place(&self, sha: &str) -> Option<usize> {
        let owner = self.graph.node(self.graph.find(sha)?).owner? as usize;
        (self.sha(owner) == sha).then_some(owner)
    }

    /// When the changes of the line were merged, in seconds since 1970, as far as that is known.
    pub fn merges_s(&self) -> impl Iterator<Item = i64> {
        (0..self.changes()).filter_map(|place| self.graph.merged_at_s(place))
    }

    /// The newest instant that a commit of the line or a release carries.
    pub fn newest_s(&self) -> Option<i64> {
        let releases = self.tags.iter().map(|(.., at_s)| *at_s);
        self.merges_s().chain(releases).max()
    }

    /// The commits of the line whose date no clock can have shown, oldest first.
    pub fn misdated(&self) -> Vec<Misdated> {
        let misdated = |place: usize| {
            let committed_at_s = self.node(place).committed_at_s?;
            self.graph.merged_at_s(place).is_none().then(|| Misdated {
                place,
                sha: self.sha(place),
                committed_at_s,
                is_ahead: self.graph.dates.is_ahead(committed_at_s),
            })
        };
        (0..self.changes()).filter_map(misdated).collect()
    }

    /// The boundary of a shallow clone, as its commits in order.
    pub fn boundary(&self) -> Vec<String> {
        let mut boundary: Vec<String> = self.shallow.iter().map(ToString::to_string).collect();
        boundary.sort();
        boundary
    }

    /// The releases in the order of their finish.
    pub fn releases(&self) -> Vec<Release> {
        let mut repository = self.repository.to_thread_local();
        clone::prepare(&mut repository);
        tags::releases(&repository, &self.graph, &self.tags)
    }

    /// Reads the changes at these places, on all cores, and hands them on slice by slice in no
    /// particular order; ends early when a slice is not wanted any more. Fails, after all that could
    /// be read, when a commit has gone since the graph was read.
    pub fn read_changes(
        &self,
        places: &[usize],
        hand_on: &(dyn Fn(Vec<Change>) -> bool + Sync),
    ) -> Result<(), Failure> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let slices: Vec<&[usize]> = places.chunks(SLICE).collect();
        let next = AtomicUsize::new(0);
        let (wanted, is_whole) = (AtomicBool::new(true), AtomicBool::new(true));
        let work = || {
            let mut repository = self.repository.to_thread_local();
            clone::prepare(&mut repository);
            loop {
                let slice = slices.get(next.fetch_add(1, Ordering::Relaxed));
                let Some(slice) = slice.filter(|_| wanted.load(Ordering::Relaxed)) else {
                    return;
                };
                let changes = change::read(&repository, &self.graph, slice);
                if changes.len() < slice.len() {
                    is_whole.store(false, Ordering::Relaxed);
                }
                if !hand_on(changes) {
                    wanted.store(false, Ordering::Relaxed);
                }
            }
        };
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..cores.min(slices.len()))
                .map(|_| scope.spawn(work))
                .collect();
            let ended = readers.into_iter().map(std::thread::ScopedJoinHandle::join);
            if ended.filter(Result::is_err).count() > 0 || !is_whole.load(Ordering::Relaxed) {
                return Err(Failure::BrokeOff);
            }
            Ok(())
        })
    }

    fn node(&self, place: usize) -> &graph::Node {
        self.graph.node(self.graph.line[place])
    }
}
