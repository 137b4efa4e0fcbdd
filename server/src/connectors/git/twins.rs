//! Which change on the line is the same work as a commit beside it.
//!
//! Named by a cherry-pick; else by the pull request; else by author, instant of authoring and
//! subject, which rewriting keeps; else by the same patch.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use gix::ObjectId;
use gix::objs::Find;

use super::graph::{Graph, Number};
use super::measure::Measure;
use super::message;
use super::object::Commit;

/// What says that a commit is the same work as a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SameBy {
    /// Its message names the commit that it was picked from.
    CherryPick,
    PullRequest,
    /// Author, instant of authoring and subject.
    Authorship,
    Patch,
}

/// The place of the change that a commit is the same work as, and what says so.
pub(super) type Twin = (usize, SameBy);

/// Changes behind the one where a commit left the line whose patches it is compared with.
const MOST_COMPARED: usize = 5_000;

/// Finds twins, each once.
pub(super) struct Twins<'a> {
    repository: &'a gix::Repository,
    pub graph: &'a Graph,
    /// None until asked for; a place of none is shared by several changes.
    by_print: Option<HashMap<u64, Option<Number>>>,
    by_pull_request: HashMap<u32, Option<Number>>,
    patches: Patches<'a>,
    found: HashMap<Number, Option<Twin>>,
}

impl<'a> Twins<'a> {
    pub(super) fn new(repository: &'a gix::Repository, graph: &'a Graph) -> Twins<'a> {
        Twins {
            repository,
            graph,
            by_print: None,
            by_pull_request: HashMap::new(),
            patches: Patches::new(repository, graph),
            found: HashMap::new(),
        }
    }

    pub(super) fn of(&mut self, commit: Number) -> Option<Twin> {
        if let Some(found) = self.found.get(&commit) {
            return *found;
        }
        let found = self.look_for(commit);
        self.found.insert(commit, found);
        found
    }

    fn look_for(&mut self, commit: Number) -> Option<Twin> {
        self.index();
        let node = self.graph.node(commit);
        let mut buffer = Vec::new();
        let object = self.repository.objects.try_find(&node.id, &mut buffer);
        let message = Commit::parse(object.ok()??.data)?.message();
        let printed = || self.by_print.as_ref()?.get(&node.print).copied()?;
        let said = self
            .picked_from(&message)
            .map(|place| (place, SameBy::CherryPick))
            .or_else(|| Some((self.numbered(&message)?, SameBy::PullRequest)))
            .or_else(|| Some((printed()?, SameBy::Authorship)));
        match said {
            Some((place, by)) => Some((place as usize, by)),
            None => Some((self.patches.twin(commit)?, SameBy::Patch)),
        }
    }

    fn picked_from(&self, message: &str) -> Option<Number> {
        let sha = message::picked_from(message)?;
        self.graph.node(self.graph.find(&sha)?).owner
    }

    fn numbered(&self, message: &str) -> Option<Number> {
        let numbers = message::numbers(message::subject(message)).into_iter();
        numbers
            .filter_map(|number| self.by_pull_request.get(&number).copied()?)
            .next()
    }

    fn index(&mut self) {
        if self.by_print.is_some() {
            return;
        }
        let mut by_print = HashMap::new();
        for (number, node) in (0..).zip(self.graph.nodes()) {
            let Some(owner) = node.owner else {
                continue;
            };
            note(&mut by_print, node.print, owner);
            let is_the_change = self.graph.line[owner as usize] == number;
            if let Some(number) = node.pull_request.filter(|_| is_the_change) {
                note(&mut self.by_pull_request, number, owner);
            }
        }
        self.by_print = Some(by_print);
    }
}

/// Remembers where a key stands, or that it stands in several places.
fn note<K: Hash + Eq>(places: &mut HashMap<K, Option<Number>>, key: K, owner: Number) {
    places
        .entry(key)
        .and_modify(|place| *place = place.filter(|place| *place == owner))
        .or_insert(Some(owner));
}

/// Two trees that follow one another; of a first commit, nothing and its tree.
type Step = (Option<ObjectId>, ObjectId);

/// The patches of commits and of the changes they may be, compared only where the same files are
/// touched.
struct Patches<'a> {
    repository: &'a gix::Repository,
    graph: &'a Graph,
    measure: Measure<'a>,
    /// By place, the steps of a change, its own first, with a digest of the paths they touch.
    steps: HashMap<usize, Vec<(Step, u64)>>,
    ids: HashMap<Step, Option<u64>>,
}

impl<'a> Patches<'a> {
    fn new(repository: &'a gix::Repository, graph: &'a Graph) -> Patches<'a> {
        Patches {
            repository,
            graph,
            measure: Measure::new(repository),
            steps: HashMap::new(),
            ids: HashMap::new(),
        }
    }

    /// The one change, of those that came after a commit left the line, that has its patch.
    fn twin(&mut self, commit: Number) -> Option<usize> {
        let step = self.step(commit)?;
        let paths = self.paths(step)?;
        let reach = self.graph.node(commit).reach;
        let begin = reach.map_or(0, |place| place as usize + 1);
        let end = (begin + MOST_COMPARED).min(self.graph.line.len());
        let mut patch = None;
        let mut twin = None;
        for place in begin..end {
            let steps = self.steps_of(place).to_vec();
            for (other, _) in steps.into_iter().filter(|(_, touched)| *touched == paths) {
                if patch.is_none() {
                    patch = Some(self.id(step)?);
                }
                if self.id(other) == patch && twin.replace(place).is_some_and(|one| one != place) {
                    return None;
                }
            }
        }
        twin
    }

    fn steps_of(&mut self, place: usize) -> &[(Step, u64)] {
        if !self.steps.contains_key(&place) {
            let before = place.checked_sub(1).map(|before| self.graph.trees[before]);
            let own = (before, self.graph.trees[place]);
            let brought = self.graph.brought(place).to_vec();
            let commits = brought.into_iter().filter_map(|commit| self.step(commit));
            let steps: Vec<Step> = std::iter::once(own).chain(commits).collect();
            let steps = steps
                .into_iter()
                .filter_map(|step| Some((step, self.paths(step)?)))
                .collect();
            self.steps.insert(place, steps);
        }
        self.steps.get(&place).map_or(&[][..], Vec::as_slice)
    }

    /// None for a merge, and for a commit whose parent is not in the clone.
    fn step(&self, commit: Number) -> Option<Step> {
        let tree = |commit: Number| {
            let mut buffer = Vec::new();
            let id = self.graph.node(commit).id;
            let object = self.repository.objects.try_find(&id, &mut buffer).ok()??;
            Some(Commit::parse(object.data)?.tree)
        };
        if !self.graph.is_whole(commit) {
            return None;
        }
        match self.graph.parents(commit) {
            [] => Some((None, tree(commit)?)),
            [parent] => Some((Some(tree(*parent)?), tree(commit)?)),
            _ => None,
        }
    }

    /// None when nothing differs, or not all can be read.
    fn paths(&mut self, (old, new): Step) -> Option<u64> {
        let files = self.measure.files(old, new).ok()?;
        let mut hasher = DefaultHasher::new();
        for file in &files {
            file.path.hash(&mut hasher);
        }
        (!files.is_empty()).then(|| hasher.finish())
    }

    fn id(&mut self, step: Step) -> Option<u64> {
        if let Some(id) = self.ids.get(&step) {
            return *id;
        }
        let id = self.measure.patch(step.0, step.1).ok().flatten();
        self.ids.insert(step, id);
        id
    }
}
