//! What a change touched: its files, and how many lines came and went.

use std::collections::{HashMap, VecDeque};
use std::ops::ControlFlow;

use gix::ObjectId;
use gix::bstr::BStr;
use gix::diff::tree::{State, Visit, visit};
use gix::objs::tree::EntryMode;
use gix::objs::{Find, Kind, TreeRefIter};
use gix_imara_diff::Diff;

use super::lines::{self, Size};
use super::renames::{self, Side};

/// Why a change's size is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unmeasured {
    BeyondBoundary,
    ParentMissing,
    TreeMissing,
    ContentsMissing,
    Unreadable,
    TooManyFiles,
}

/// What came of comparing two trees.
pub(super) struct Measured {
    /// None when not all trees could be read.
    pub paths: Option<Vec<String>>,
    pub size: Result<Size, Unmeasured>,
}

impl Measured {
    pub(super) fn unknown(why: Unmeasured) -> Measured {
        Measured {
            paths: None,
            size: Err(why),
        }
    }
}

/// A change of more files has no size.
const MAX_FILES: usize = 50_000;
/// Contents of more bytes in all are not looked through for renames.
const MAX_RENAME_BYTES: usize = 64 << 20;

/// Compares trees, one pair after the other, in the same buffers.
pub(super) struct Measure<'a> {
    pub repository: &'a gix::Repository,
    state: State,
    diff: Diff,
}

/// A file's contents and kind on one side.
#[derive(Clone, Copy)]
struct Entry {
    id: ObjectId,
    mode: EntryMode,
}

struct File {
    path: Vec<u8>,
    old: Option<Entry>,
    new: Option<Entry>,
}

impl<'a> Measure<'a> {
    pub(super) fn new(repository: &'a gix::Repository) -> Measure<'a> {
        Measure {
            repository,
            state: State::default(),
            diff: Diff::default(),
        }
    }

    /// Compares a tree with the one before it, or with nothing.
    pub(super) fn between(&mut self, old: Option<ObjectId>, new: ObjectId) -> Measured {
        let files = match self.files(old, new) {
            Ok(files) => files,
            Err(why) => return Measured::unknown(why),
        };
        let paths = files
            .iter()
            .map(|file| super::object::text(&file.path, b""));
        Measured {
            paths: Some(paths.collect()),
            size: self.count(files),
        }
    }

    fn tree(&self, id: ObjectId) -> Result<Vec<u8>, Unmeasured> {
        if id.is_empty_tree() {
            return Ok(Vec::new());
        }
        let mut buffer = Vec::new();
        match self.repository.objects.try_find(&id, &mut buffer) {
            Ok(Some(object)) if object.kind == Kind::Tree => Ok(buffer),
            Ok(None) => Err(Unmeasured::TreeMissing),
            Ok(Some(_)) | Err(_) => Err(Unmeasured::Unreadable),
        }
    }

    /// The files that differ, by path.
    fn files(&mut self, old: Option<ObjectId>, new: ObjectId) -> Result<Vec<File>, Unmeasured> {
        if old == Some(new) {
            return Ok(Vec::new());
        }
        let old = old.map_or(Ok(Vec::new()), |id| self.tree(id))?;
        let new = self.tree(new)?;
        let kind = self.repository.object_hash();
        let mut collector = Collector::default();
        let compared = gix::diff::tree(
            TreeRefIter::from_bytes(&old, kind),
            TreeRefIter::from_bytes(&new, kind),
            &mut self.state,
            &self.repository.objects,
            &mut collector,
        );
        match compared {
            Ok(()) => {}
            Err(gix::diff::tree::Error::Cancelled) => return Err(Unmeasured::TooManyFiles),
            Err(gix::diff::tree::Error::Failure(error)) if error.is_not_found() => {
                return Err(Unmeasured::TreeMissing);
            }
            Err(gix::diff::tree::Error::Failure(_)) => return Err(Unmeasured::Unreadable),
        }
        let mut files = collector.files;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    fn count(&mut self, files: Vec<File>) -> Result<Size, Unmeasured> {
        let mut size = Size::default();
        for (old, new) in self.matched(files)? {
            if old.map(|entry| entry.id) == new.map(|entry| entry.id) {
                continue;
            }
            let old = self.contents(old)?;
            let new = self.contents(new)?;
            let file = lines::size(&old, &new, &mut self.diff);
            size.additions += file.additions;
            size.deletions += file.deletions;
        }
        Ok(size)
    }

    /// A file's bytes; of a submodule the line that stands for it.
    fn contents(&self, entry: Option<Entry>) -> Result<Vec<u8>, Unmeasured> {
        let Some(entry) = entry else {
            return Ok(Vec::new());
        };
        if entry.mode.is_commit() {
            return Ok(format!("Subproject commit {}\n", entry.id).into_bytes());
        }
        if entry.id.is_empty_blob() {
            return Ok(Vec::new());
        }
        let mut buffer = Vec::new();
        match self.repository.objects.try_find(&entry.id, &mut buffer) {
            Ok(Some(object)) if object.kind == Kind::Blob => Ok(buffer),
            Ok(None) => Err(Unmeasured::ContentsMissing),
            Ok(Some(_)) | Err(_) => Err(Unmeasured::Unreadable),
        }
    }

    /// Files as pairs of before and after, renamed ones joined.
    fn matched(&self, files: Vec<File>) -> Result<Vec<(Option<Entry>, Option<Entry>)>, Unmeasured> {
        let is_one_sided = |file: &File| file.old.is_none() || file.new.is_none();
        let (one_sided, both): (Vec<File>, Vec<File>) = files.into_iter().partition(is_one_sided);
        let mut pairs: Vec<_> = both.iter().map(|file| (file.old, file.new)).collect();
        let (added, deleted): (Vec<File>, Vec<File>) =
            one_sided.into_iter().partition(|file| file.old.is_none());
        if !added.is_empty() && !deleted.is_empty() {
            let (deleted, added) = without_moved(deleted, added);
            return self.with_renamed(pairs, &deleted, &added);
        }
        pairs.extend(
            added
                .iter()
                .chain(&deleted)
                .map(|file| (file.old, file.new)),
        );
        Ok(pairs)
    }

    fn with_renamed(
        &self,
        mut pairs: Vec<(Option<Entry>, Option<Entry>)>,
        deleted: &[File],
        added: &[File],
    ) -> Result<Vec<(Option<Entry>, Option<Entry>)>, Unmeasured> {
        let is_plain = |entry: Option<Entry>| entry.is_some_and(|entry| entry.mode.is_blob());
        let old: Vec<&File> = deleted.iter().filter(|file| is_plain(file.old)).collect();
        let new: Vec<&File> = added.iter().filter(|file| is_plain(file.new)).collect();
        let mut renamed = Vec::new();
        if !old.is_empty() && !new.is_empty() && old.len() * new.len() <= renames::MAX_PAIRS {
            let old_contents = self.all(&old, |file| file.old)?;
            let new_contents = self.all(&new, |file| file.new)?;
            let bytes: usize = old_contents.iter().chain(&new_contents).map(Vec::len).sum();
            if bytes <= MAX_RENAME_BYTES {
                renamed = renames::pairs(&sides(&old, &old_contents), &sides(&new, &new_contents));
            }
        }
        for (from, to) in &renamed {
            pairs.push((old[*from].old, new[*to].new));
        }
        let joined: Vec<&[u8]> = renamed
            .iter()
            .flat_map(|(from, to)| [&old[*from].path[..], &new[*to].path])
            .collect();
        let joined: std::collections::HashSet<&[u8]> = joined.into_iter().collect();
        let rest = deleted.iter().chain(added);
        pairs.extend(
            rest.filter(|file| !joined.contains(&file.path[..]))
                .map(|file| (file.old, file.new)),
        );
        Ok(pairs)
    }

    fn all(
        &self,
        files: &[&File],
        side: impl Fn(&File) -> Option<Entry>,
    ) -> Result<Vec<Vec<u8>>, Unmeasured> {
        files.iter().map(|file| self.contents(side(file))).collect()
    }
}

fn sides<'a>(files: &[&'a File], contents: &'a [Vec<u8>]) -> Vec<Side<'a>> {
    let pairs = files.iter().zip(contents);
    pairs
        .map(|(file, contents)| Side {
            path: &file.path,
            contents,
        })
        .collect()
}

/// Without the files that stand unchanged under another path: they have no lines.
fn without_moved(mut deleted: Vec<File>, mut added: Vec<File>) -> (Vec<File>, Vec<File>) {
    let kind = |entry: Entry| (entry.id, entry.mode.is_blob(), entry.mode.is_link());
    let count = |entries: &mut dyn Iterator<Item = Option<Entry>>| {
        let mut counts = HashMap::new();
        for entry in entries.flatten() {
            *counts.entry(kind(entry)).or_insert(0_usize) += 1;
        }
        counts
    };
    let gone = count(&mut deleted.iter().map(|file| file.old));
    let came = count(&mut added.iter().map(|file| file.new));
    let drop_moved = |files: &mut Vec<File>, side: fn(&File) -> Option<Entry>| {
        let mut moved: HashMap<_, usize> = gone
            .iter()
            .filter_map(|(kind, gone)| Some((*kind, *gone.min(came.get(kind)?))))
            .collect();
        files.retain(|file| {
            let left = side(file).and_then(|entry| moved.get_mut(&kind(entry)));
            match left {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    false
                }
                _ => true,
            }
        });
    };
    drop_moved(&mut deleted, |file| file.old);
    drop_moved(&mut added, |file| file.new);
    (deleted, added)
}

/// Gathers the files of a comparison.
#[derive(Default)]
struct Collector {
    path: Vec<u8>,
    waiting: VecDeque<Vec<u8>>,
    files: Vec<File>,
}

impl Collector {
    fn push(&mut self, component: &BStr) {
        if !component.is_empty() {
            if !self.path.is_empty() {
                self.path.push(b'/');
            }
            self.path.extend_from_slice(component);
        }
    }
}

impl Visit for Collector {
    fn pop_front_tracked_path_and_set_current(&mut self) {
        self.path = self.waiting.pop_front().unwrap_or_default();
    }

    fn push_back_tracked_path_component(&mut self, component: &BStr) {
        self.push(component);
        self.waiting.push_back(self.path.clone());
    }

    fn push_path_component(&mut self, component: &BStr) {
        self.push(component);
    }

    fn pop_path_component(&mut self) {
        let end = self.path.iter().rposition(|byte| *byte == b'/');
        self.path.truncate(end.unwrap_or(0));
    }

    fn visit(&mut self, change: visit::Change) -> visit::Action {
        let (old, new) = match change {
            visit::Change::Addition {
                entry_mode: mode,
                oid: id,
                ..
            } => (None, Some(Entry { id, mode })),
            visit::Change::Deletion {
                entry_mode: mode,
                oid: id,
                ..
            } => (Some(Entry { id, mode }), None),
            visit::Change::Modification {
                previous_entry_mode,
                previous_oid,
                entry_mode: mode,
                oid: id,
            } => {
                let old = Entry {
                    id: previous_oid,
                    mode: previous_entry_mode,
                };
                (Some(old), Some(Entry { id, mode }))
            }
        };
        let is_file = |entry: &Entry| !entry.mode.is_tree();
        let (old, new) = (old.filter(is_file), new.filter(is_file));
        if old.is_some() || new.is_some() {
            let path = self.path.clone();
            self.files.push(File { path, old, new });
        }
        if self.files.len() > MAX_FILES {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}
