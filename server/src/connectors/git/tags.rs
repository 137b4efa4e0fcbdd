//! Tags as releases: when each was finished, and which changes it held that the one before did not.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice};

use super::clone::{Peeled, followed, peel};
use super::dates::day;
use super::graph::{Graph, Number};
use super::twins::{SameBy, Twins};
use super::{Failure, object};

/// A tag that leads to a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub name: String,
    pub commit: ObjectId,
    /// When the tagger says it was made; none for a lightweight tag, and for one that does not say.
    pub tagged_at_s: Option<i64>,
}

/// A tag that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PassedOver {
    pub name: String,
    /// Where it leads, if to a commit.
    pub commit: Option<String>,
    pub reason: String,
}

/// A tag as one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub name: String,
    pub commit: String,
    /// Seconds since 1970.
    pub finished_at_s: i64,
    pub content: Content,
    /// Which of its changes it holds as other commits.
    pub picked: Vec<Picked>,
    /// How many of its commits, merges aside, are neither on the line nor the same work as one there.
    pub unmatched_commits: usize,
}

/// A change that a release holds as another commit than the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// The place of the change on the line.
    pub place: usize,
    pub commit: String,
    pub by: SameBy,
}

/// What a release brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// It is the first release: what was there before it is unknown.
    First,
    /// It, or the release before it, leads to commits whose parents are not in the clone.
    CutOff,
    /// Places on the line of the changes that the release before did not hold.
    Changes(Vec<usize>),
}

/// The tags whose name matches, and those of them that lead nowhere.
pub(super) fn matching(
    repository: &gix::Repository,
    glob: &str,
) -> Result<(Vec<Tag>, Vec<PassedOver>), Failure> {
    let (mut tags, mut passed_over) = (Vec::new(), Vec::new());
    let mut pass = |name: &str, reason: &str| {
        passed_over.push(PassedOver {
            name: name.to_owned(),
            commit: None,
            reason: reason.to_owned(),
        });
    };
    let Ok(references) = repository.references() else {
        pass(glob, "the tags of the clone cannot be read");
        return Ok((tags, passed_over));
    };
    let Ok(references) = references.tags() else {
        pass(glob, "the tags of the clone cannot be read");
        return Ok((tags, passed_over));
    };
    let mode = gix::glob::wildmatch::Mode::empty();
    for reference in references {
        let Ok(reference) = reference.map(gix::Reference::detach) else {
            pass(glob, "a tag of the clone cannot be read");
            continue;
        };
        let full = reference.name.as_bstr();
        let name: &BStr = full.strip_prefix(b"refs/tags/").unwrap_or(full).as_bstr();
        if !gix::glob::wildmatch(glob.as_bytes().as_bstr(), name, mode) {
            continue;
        }
        let name = object::text(name, b"");
        let target = match reference.target {
            gix::refs::Target::Object(id) => Some(id),
            gix::refs::Target::Symbolic(next) => {
                followed(repository, &next.as_bstr().to_str_lossy())
            }
        };
        let Some(target) = target else {
            pass(&name, "it names a reference that is not there");
            continue;
        };
        match peel(repository, target) {
            Peeled::Commit { id, tagged_at_s } => tags.push(Tag {
                name,
                commit: id,
                tagged_at_s,
            }),
            Peeled::Lost(id) => {
                return Err(Failure::Damaged {
                    what: format!("the object {id}, to which the tag {name} leads,"),
                });
            }
            Peeled::Elsewhere { reason, .. } => pass(&name, reason),
        }
    }
    Ok((tags, passed_over))
}

/// Tags with their commits and dates, in the order of their finish, ties by name; those without a
/// date that is believed are passed over.
pub(super) fn dated(
    graph: &Graph,
    tags: Vec<(Tag, Number)>,
    passed_over: &mut Vec<PassedOver>,
) -> Vec<(Tag, Number, i64)> {
    let mut dated = Vec::with_capacity(tags.len());
    for (tag, number) in tags {
        let said_s = tag.tagged_at_s.or(graph.node(number).committed_at_s);
        match graph.dates.believed(said_s) {
            Some(at_s) => dated.push((tag, number, at_s)),
            None => passed_over.push(PassedOver {
                reason: match said_s {
                    Some(at_s) => format!("dated {}, which no clock can have shown", day(at_s)),
                    None => "neither the tag nor its commit has a date".to_owned(),
                },
                name: tag.name,
                commit: Some(tag.commit.to_string()),
            }),
        }
    }
    dated.sort_by(|(a, _, a_at), (b, _, b_at)| (a_at, &a.name).cmp(&(b_at, &b.name)));
    dated
}

/// The releases, each against the one before it.
pub(super) fn releases(
    repository: &gix::Repository,
    graph: &Graph,
    dated: &[(Tag, Number, i64)],
) -> Vec<Release> {
    let mut twins = Twins::new(repository, graph);
    let mut before: Option<Held> = None;
    let mut releases = Vec::with_capacity(dated.len());
    for (tag, number, finished_at_s) in dated {
        let mut held = Held::by(*number, &mut twins);
        let unmatched = match &before {
            Some(before) => held.unmatched.difference(&before.unmatched).count(),
            None => held.unmatched.len(),
        };
        let content = match &before {
            None => Content::First,
            Some(before) if before.is_cut_off || held.is_cut_off => Content::CutOff,
            Some(before) => Content::Changes(held.without(before)),
        };
        releases.push(Release {
            name: tag.name.clone(),
            commit: tag.commit.to_string(),
            finished_at_s: *finished_at_s,
            picked: held.picked(graph, &content),
            content,
            unmatched_commits: unmatched,
        });
        // What was merged only later is not settled by this release, and is named again by the next.
        held.beside.retain(|place| {
            let merge = graph.merged_at_s(*place);
            merge.is_some_and(|merged_at_s| merged_at_s <= *finished_at_s)
        });
        before = Some(held);
    }
    releases
}

/// What a release holds.
struct Held {
    /// The places of the line up to here.
    places: usize,
    /// The places of changes that it holds beside the line: as other commits, or before their merge.
    beside: BTreeSet<usize>,
    /// Of those held as other commits, one commit each, and what says that it is the same work.
    picked: BTreeMap<usize, (SameBy, Number)>,
    /// Commits that no change accounts for.
    unmatched: HashSet<Number>,
    /// Whether the clone lacks parents of commits beside the line.
    is_cut_off: bool,
}

impl Held {
    fn by(number: Number, twins: &mut Twins<'_>) -> Held {
        let graph = twins.graph;
        let mut held = Held {
            places: graph
                .node(number)
                .reach
                .map_or(0, |place| place as usize + 1),
            beside: BTreeSet::new(),
            picked: BTreeMap::new(),
            unmatched: HashSet::new(),
            is_cut_off: false,
        };
        let mut parts: HashMap<usize, Vec<Number>> = HashMap::new();
        for commit in graph.off_line(number) {
            held.is_cut_off |= !graph.is_whole(commit);
            if let Some(owner) = graph.node(commit).owner {
                parts.entry(owner as usize).or_default().push(commit);
            } else if let Some((place, by)) = twins.of(commit) {
                held.beside.insert(place);
                let one = held.picked.entry(place).or_insert((by, commit));
                *one = (by, commit).min(*one);
            } else {
                held.unmatched.insert(commit);
            }
        }
        for (place, commits) in parts {
            if commits.len() == graph.brought(place).len() {
                held.beside.insert(place);
            } else {
                held.unmatched.extend(commits);
            }
        }
        held.unmatched
            .retain(|commit| graph.parents(*commit).len() < 2);
        held
    }

    /// The places that the release before did not hold.
    fn without(&self, before: &Held) -> Vec<usize> {
        let line = before.places..self.places;
        let beside = self.beside.iter().copied();
        let new: BTreeSet<usize> = beside
            .filter(|place| *place >= before.places)
            .chain(line)
            .collect();
        new.difference(&before.beside).copied().collect()
    }

    /// Of the changes it brought, those that it holds as other commits.
    fn picked(&self, graph: &Graph, content: &Content) -> Vec<Picked> {
        let Content::Changes(places) = content else {
            return Vec::new();
        };
        let each = places.iter().filter_map(|place| {
            let (by, commit) = self.picked.get(place)?;
            Some(Picked {
                place: *place,
                commit: graph.node(*commit).id.to_string(),
                by: *by,
            })
        });
        each.collect()
    }
}
