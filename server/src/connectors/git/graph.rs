//! Every commit that the tip or a tag reaches, read once: which change brought it, and which changes
//! it holds.
//!
//! Parents alone decide; dates play no part, so that no clock can mislead. The commits of the
//! first-parent line that a commit reaches are always all up to some place, so that what two
//! deployments differ by is a span of places.
//! A commit that cannot be read ends the reading: what lies behind it would be missing without a trace.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use gix::ObjectId;
use gix::hashtable::HashMap;
use gix::objs::{Find, Kind};

use super::clone::Opened;
use super::dates::Dates;
use super::object::Commit;
use super::{Failure, message};

/// The number of a node, or a place on the line.
pub(super) type Number = u32;

/// What is known of one commit.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub id: ObjectId,
    pub state: State,
    edges: Range<Number>,
    /// As it says, believed or not.
    pub committed_at_s: Option<i64>,
    /// Of author, instant of authoring and subject: what a rewritten commit keeps.
    pub print: u64,
    /// The pull request that the subject names.
    pub pull_request: Option<u32>,
    /// The place of the change that brought it onto the line; none beside the line.
    pub owner: Option<Number>,
    /// The highest place on the line that it reaches.
    pub reach: Option<Number>,
}

/// How far a commit was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Not looked at yet.
    Unread,
    Read,
    /// Read; its parents lie beyond the boundary of a shallow clone.
    Shallow,
}

pub(super) struct Graph {
    pub dates: Dates,
    numbers: HashMap<ObjectId, Number>,
    nodes: Vec<Node>,
    edges: Vec<Number>,
    /// The first-parent line, oldest first.
    pub line: Vec<Number>,
    /// The trees of its commits.
    pub trees: Vec<ObjectId>,
    /// Commits in the order they were brought onto the line, each change's own last.
    order: Vec<Number>,
    /// Where in `order` each change ends.
    ends: Vec<usize>,
}

/// After so many commits it is told how far reading has come.
const TOLD_EVERY: u64 = 1_000;

/// Reads commits into a graph.
pub(super) struct Reader<'a> {
    pub repository: &'a gix::Repository,
    pub shallow: &'a HashSet<ObjectId>,
    tell: &'a dyn Fn(u64),
    read: u64,
    buffer: Vec<u8>,
    graph: Graph,
}

impl<'a> Reader<'a> {
    pub(super) fn new(clone: &'a Opened, dates: Dates, tell: &'a dyn Fn(u64)) -> Reader<'a> {
        Reader {
            repository: &clone.repository,
            shallow: &clone.shallow,
            tell,
            read: 0,
            buffer: Vec::new(),
            graph: Graph::with(dates),
        }
    }

    /// Reads all that the tip reaches.
    pub(super) fn line(&mut self, tip: ObjectId) -> Result<(), Failure> {
        let mut on_line = HashSet::new();
        let mut next = Some(self.number(tip));
        while let Some(number) = next.filter(|number| on_line.insert(*number)) {
            let child = self.graph.line.last().copied();
            let tree = self.read(number, child)?;
            self.graph.line.push(number);
            self.graph.trees.push(tree);
            next = self.graph.parents(number).first().copied();
        }
        self.graph.line.reverse();
        self.graph.trees.reverse();
        for place in 0..self.graph.line.len() {
            let number = self.graph.line[place];
            let owner = Some(place as Number);
            for parent in self.graph.parents(number).to_vec().into_iter().skip(1) {
                self.visit((parent, Some(number)), owner)?;
            }
            let node = &mut self.graph.nodes[number as usize];
            (node.owner, node.reach) = (owner, owner);
            self.graph.order.push(number);
            self.graph.ends.push(self.graph.order.len());
        }
        Ok(())
    }

    /// Reads what a commit reaches beside the line; answers its number.
    pub(super) fn beside(&mut self, id: ObjectId) -> Result<Number, Failure> {
        let number = self.number(id);
        self.visit((number, None), None)?;
        Ok(number)
    }

    pub(super) fn finish(self) -> Graph {
        self.graph
    }

    fn number(&mut self, id: ObjectId) -> Number {
        if let Some(number) = self.graph.numbers.get(&id) {
            return *number;
        }
        let number = self.graph.nodes.len() as Number;
        self.graph.numbers.insert(id, number);
        self.graph.nodes.push(Node {
            id,
            state: State::Unread,
            edges: 0..0,
            committed_at_s: None,
            print: 0,
            pull_request: None,
            owner: None,
            reach: None,
        });
        number
    }

    /// Walks from a commit to all that was not seen, parents first; no deeper than the heap allows.
    fn visit(
        &mut self,
        (from, child): (Number, Option<Number>),
        owner: Option<Number>,
    ) -> Result<(), Failure> {
        if self.graph.nodes[from as usize].state != State::Unread {
            return Ok(());
        }
        let mut path = vec![(from, 0)];
        self.read(from, child)?;
        while let Some((number, done)) = path.pop() {
            if let Some(parent) = self.graph.parents(number).get(done).copied() {
                path.push((number, done + 1));
                if self.graph.nodes[parent as usize].state == State::Unread {
                    self.read(parent, Some(number))?;
                    path.push((parent, 0));
                }
                continue;
            }
            let parents = self.graph.parents(number).iter();
            let reach = parents
                .filter_map(|parent| self.graph.nodes[*parent as usize].reach)
                .max();
            let node = &mut self.graph.nodes[number as usize];
            (node.owner, node.reach) = (owner, reach);
            if owner.is_some() {
                self.graph.order.push(number);
            }
        }
        Ok(())
    }

    /// Reads one commit, which a child names as a parent; answers its tree.
    fn read(&mut self, number: Number, child: Option<Number>) -> Result<ObjectId, Failure> {
        self.read += 1;
        if self.read.is_multiple_of(TOLD_EVERY) {
            (self.tell)(self.read);
        }
        let id = self.graph.nodes[number as usize].id;
        let mut buffer = std::mem::take(&mut self.buffer);
        let commit = match self.repository.objects.try_find(&id, &mut buffer) {
            Ok(Some(object)) if object.kind == Kind::Commit => Commit::parse(object.data),
            Ok(_) | Err(_) => None,
        };
        let tree = match commit {
            Some(commit) => Ok(self.keep(number, &commit)),
            None => Err(Failure::Damaged {
                what: match child {
                    Some(child) => {
                        let child = self.graph.node(child).id;
                        format!("the commit {id}, a parent of {child},")
                    }
                    None => format!("the commit {id}, a tip or tagged,"),
                },
            }),
        };
        self.buffer = buffer;
        tree
    }

    fn keep(&mut self, number: Number, commit: &Commit<'_>) -> ObjectId {
        let begin = self.graph.edges.len() as Number;
        let is_shallow = self.shallow.contains(&self.graph.nodes[number as usize].id);
        if !is_shallow {
            for parent in &commit.parents {
                let parent = self.number(*parent);
                self.graph.edges.push(parent);
            }
        }
        let message = commit.message();
        let subject = message::subject(&message);
        let node = &mut self.graph.nodes[number as usize];
        node.state = if is_shallow {
            State::Shallow
        } else {
            State::Read
        };
        node.edges = begin..self.graph.edges.len() as Number;
        node.committed_at_s = commit.committer.at_s;
        node.print = print(&commit.author_account(), commit.author.at_s, subject);
        node.pull_request = message::number(subject);
        commit.tree
    }
}

fn print(author: &str, authored_at_s: Option<i64>, subject: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (author, authored_at_s, subject).hash(&mut hasher);
    hasher.finish()
}

impl Graph {
    fn with(dates: Dates) -> Graph {
        Graph {
            dates,
            numbers: HashMap::default(),
            nodes: Vec::new(),
            edges: Vec::new(),
            line: Vec::new(),
            trees: Vec::new(),
            order: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// When the change at a place was merged; none when its commit tells no date that is believed.
    pub(super) fn merged_at_s(&self, place: usize) -> Option<i64> {
        self.dates
            .believed(self.node(self.line[place]).committed_at_s)
    }

    pub(super) fn node(&self, number: Number) -> &Node {
        &self.nodes[number as usize]
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn parents(&self, number: Number) -> &[Number] {
        let edges = &self.nodes[number as usize].edges;
        &self.edges[edges.start as usize..edges.end as usize]
    }

    /// The number of a commit given in full.
    pub(super) fn find(&self, sha: &str) -> Option<Number> {
        let id = ObjectId::from_hex(sha.as_bytes()).ok()?;
        self.numbers.get(&id).copied()
    }

    /// The commits that a change brought beside its own, parents first.
    pub(super) fn brought(&self, place: usize) -> &[Number] {
        let begin = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.order[begin..self.ends[place] - 1]
    }

    /// Whether a commit's parents are here; they are not at the boundary of a shallow clone.
    pub(super) fn is_whole(&self, number: Number) -> bool {
        self.node(number).state == State::Read
    }

    /// The commits that this one reaches and the line, up to where it reaches it, does not hold.
    pub(super) fn off_line(&self, from: Number) -> Vec<Number> {
        let reach = self.node(from).reach;
        let held = |number: Number| {
            self.node(number)
                .owner
                .is_some_and(|owner| Some(owner) <= reach)
        };
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        let mut waiting = vec![from];
        while let Some(number) = waiting.pop() {
            if !held(number) && seen.insert(number) {
                found.push(number);
                waiting.extend(self.parents(number));
            }
        }
        found
    }
}
