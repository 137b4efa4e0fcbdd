//! Which files differ between two trees.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use gix::ObjectId;
use gix::bstr::BStr;
use gix::diff::tree::{Error, State, Visit, visit};
use gix::objs::tree::EntryMode;
use gix::objs::{Find, Kind, TreeRefIter};

use super::measure::Unmeasured;

/// A file's contents and kind on one side.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub id: ObjectId,
    pub mode: EntryMode,
}

/// A file that differs; on the side where it is not, there is nothing.
pub(super) struct File {
    pub path: Vec<u8>,
    pub old: Option<Entry>,
    pub new: Option<Entry>,
}

/// More files are not told apart.
const MAX_FILES: usize = 50_000;

/// The files that differ, by path.
pub(super) fn files(
    repository: &gix::Repository,
    state: &mut State,
    old: Option<ObjectId>,
    new: ObjectId,
) -> Result<Vec<File>, Unmeasured> {
    if old == Some(new) {
        return Ok(Vec::new());
    }
    let old = old.map_or(Ok(Vec::new()), |id| tree(repository, id))?;
    let new = tree(repository, new)?;
    let kind = repository.object_hash();
    let mut collector = Collector::default();
    let compared = gix::diff::tree(
        TreeRefIter::from_bytes(&old, kind),
        TreeRefIter::from_bytes(&new, kind),
        state,
        &repository.objects,
        &mut collector,
    );
    match compared {
        Ok(()) => {}
        Err(Error::Cancelled) => return Err(Unmeasured::TooManyFiles),
        Err(Error::Failure(error)) if error.is_not_found() => return Err(Unmeasured::TreeMissing),
        Err(Error::Failure(_)) => return Err(Unmeasured::Unreadable),
    }
    let mut files = collector.files;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn tree(repository: &gix::Repository, id: ObjectId) -> Result<Vec<u8>, Unmeasured> {
    if id.is_empty_tree() {
        return Ok(Vec::new());
    }
    let mut buffer = Vec::new();
    match repository.objects.try_find(&id, &mut buffer) {
        Ok(Some(object)) if object.kind == Kind::Tree => Ok(buffer),
        Ok(None) => Err(Unmeasured::TreeMissing),
        Ok(Some(_)) | Err(_) => Err(Unmeasured::Unreadable),
    }
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
