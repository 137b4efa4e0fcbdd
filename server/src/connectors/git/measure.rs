//! What a change touched: its files, and how many lines came and went.

use std::collections::{HashMap, HashSet};

use gix::ObjectId;
use gix::diff::tree::State;
use gix::objs::{Find, Kind};
use gix_imara_diff::Diff;

use super::lines::{self, Size};
use super::patch::{self, Patched};
use super::renames::{self, Side};
use super::trees::{self, Entry, File};

/// Why a change's size is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unmeasured {
    BeyondBoundary,
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

/// Contents of more bytes in all are not looked through for renames.
const MAX_RENAME_BYTES: usize = 64 << 20;

/// A file before and after.
type Pair = (Option<Entry>, Option<Entry>);

/// Compares trees, one pair after the other, in the same buffers.
pub(super) struct Measure<'a> {
    pub repository: &'a gix::Repository,
    state: State,
    diff: Diff,
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

    /// The files that differ between two trees, by path.
    pub(super) fn files(
        &mut self,
        old: Option<ObjectId>,
        new: ObjectId,
    ) -> Result<Vec<File>, Unmeasured> {
        trees::files(self.repository, &mut self.state, old, new)
    }

    /// The patch id of what differs between two trees.
    pub(super) fn patch(
        &mut self,
        old: Option<ObjectId>,
        new: ObjectId,
    ) -> Result<Option<u64>, Unmeasured> {
        let mut sides = Vec::new();
        for file in self.files(old, new)? {
            let contents = (self.contents(file.old)?, self.contents(file.new)?);
            sides.push((file, contents));
        }
        let patched: Vec<Patched<'_>> = sides
            .iter()
            .map(|(file, (old, new))| Patched {
                path: &file.path,
                old: file.old.map(|_| &old[..]),
                new: file.new.map(|_| &new[..]),
            })
            .collect();
        Ok(patch::id(&patched, &mut self.diff))
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
    fn matched(&self, files: Vec<File>) -> Result<Vec<Pair>, Unmeasured> {
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
        mut pairs: Vec<Pair>,
        deleted: &[File],
        added: &[File],
    ) -> Result<Vec<Pair>, Unmeasured> {
        let is_plain = |entry: Option<Entry>| entry.is_some_and(|entry| entry.mode.is_blob());
        let old: Vec<&File> = deleted.iter().filter(|file| is_plain(file.old)).collect();
        let new: Vec<&File> = added.iter().filter(|file| is_plain(file.new)).collect();
        let renamed = self.renamed(&old, &new)?;
        for (from, to) in &renamed {
            pairs.push((old[*from].old, new[*to].new));
        }
        let joined: HashSet<&[u8]> = renamed
            .iter()
            .flat_map(|(from, to)| [&old[*from].path[..], &new[*to].path])
            .collect();
        let rest = deleted.iter().chain(added);
        pairs.extend(
            rest.filter(|file| !joined.contains(&file.path[..]))
                .map(|file| (file.old, file.new)),
        );
        Ok(pairs)
    }

    /// Pairs by their places; none where there is too much to look through.
    fn renamed(&self, old: &[&File], new: &[&File]) -> Result<Vec<(usize, usize)>, Unmeasured> {
        if old.is_empty() || new.is_empty() || old.len() * new.len() > renames::MAX_PAIRS {
            return Ok(Vec::new());
        }
        let mut contents = Vec::with_capacity(old.len() + new.len());
        let mut bytes = 0;
        let entries = old.iter().map(|file| file.old);
        for entry in entries.chain(new.iter().map(|file| file.new)) {
            contents.push(self.contents(entry)?);
            bytes += contents.last().map_or(0, Vec::len);
            if bytes > MAX_RENAME_BYTES {
                return Ok(Vec::new());
            }
        }
        let (before, after) = contents.split_at(old.len());
        Ok(renames::pairs(&sides(old, before), &sides(new, after)))
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
