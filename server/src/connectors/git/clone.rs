//! Opening a clone: where its history begins to be read, and what it does not hold.
//!
//! Nothing of a clone is run, and its settings are not followed beyond what is needed to read it.

use std::collections::HashSet;
use std::path::Path;

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::head::Kind;
use gix::objs::Find;

use super::Failure;

/// A clone that can be read.
pub(super) struct Opened {
    pub repository: gix::Repository,
    pub tip: ObjectId,
    /// The branch of the tip; none when HEAD names a commit.
    pub branch: Option<String>,
    /// The commits whose parents a shallow clone leaves out.
    pub shallow: HashSet<ObjectId>,
    /// What the clone does not hold or cannot tell, in sentences.
    pub limits: Vec<String>,
}

/// The largest object that is read whole.
const LARGEST_OBJECT: &str = "gitoxide.objects.allocLimit=1073741824";
/// Memory for objects that deltas build on, and for whole objects that come up again, a thread.
const PACK_CACHE_BYTES: usize = 64 << 20;
const OBJECT_CACHE_BYTES: usize = 48 << 20;

pub(super) fn open(path: &Path) -> Result<Opened, Failure> {
    let options = gix::open::Options::isolated().config_overrides([LARGEST_OBJECT]);
    let mut repository =
        gix::open_opts(path, options).map_err(|error| Failure::open(path, &error))?;
    if setting(&repository, "extensions.refStorage").is_some_and(|kind| kind == "reftable") {
        return Err(Failure::Reftable {
            path: path.display().to_string(),
        });
    }
    prepare(&mut repository);
    let (id, branch) = head(&repository, path)?;
    let shallow = match repository.shallow_commits() {
        Ok(commits) => {
            commits.map_or_else(HashSet::new, |commits| commits.iter().copied().collect())
        }
        Err(error) => return Err(Failure::unreadable("the list of a shallow clone", &error)),
    };
    let tip = match peel(&repository, id) {
        Peeled::Commit { id, .. } => id,
        Peeled::Lost(id) | Peeled::Elsewhere { id, .. } => {
            return Err(Failure::Damaged {
                what: format!("the tip {id}"),
            });
        }
    };
    let mut limits = limits(&repository, &shallow);
    limits.extend(another_main(&repository, branch.as_deref()));
    Ok(Opened {
        repository,
        tip,
        branch,
        shallow,
        limits,
    })
}

/// Gives a handle its caches; each thread has its own.
pub(super) fn prepare(repository: &mut gix::Repository) {
    repository.objects.set_pack_cache(|| {
        Box::new(gix::odb::pack::cache::lru::MemoryCappedHashmap::new(
            PACK_CACHE_BYTES,
        ))
    });
    repository.object_cache_size(OBJECT_CACHE_BYTES);
    // Each missing object would list the folder of packs again.
    repository.objects.refresh_never();
}

fn setting(repository: &gix::Repository, name: &str) -> Option<String> {
    let value = repository.config_snapshot().string(name)?;
    Some(value.to_str_lossy().into_owned())
}

/// What HEAD names; where it names a branch that is not there, the clone's main branch.
fn head(repository: &gix::Repository, path: &Path) -> Result<(ObjectId, Option<String>), Failure> {
    let head = repository
        .head()
        .map_err(|error| Failure::unreadable("HEAD", &error))?;
    let name = |name: &gix::refs::FullName| Some(name.shorten().to_str_lossy().into_owned());
    match head.kind {
        Kind::Symbolic(reference) => match reference.target.try_id() {
            Some(id) => Ok((id.to_owned(), name(&reference.name))),
            None => Err(Failure::Empty {
                path: path.display().to_string(),
            }),
        },
        Kind::Detached { target, .. } => Ok((target, None)),
        Kind::Unborn(_) => another_branch(repository).ok_or_else(|| Failure::Empty {
            path: path.display().to_string(),
        }),
    }
}

fn another_branch(repository: &gix::Repository) -> Option<(ObjectId, Option<String>)> {
    let named = [
        "refs/remotes/origin/HEAD",
        "refs/heads/main",
        "refs/heads/master",
    ];
    let found = named
        .iter()
        .find_map(|name| followed(repository, name).map(|id| (id, (*name).to_owned())));
    if let Some((id, name)) = found {
        return Some((id, Some(short(&name))));
    }
    let references = repository.references().ok()?;
    let branches: Vec<_> = references.local_branches().ok()?.flatten().collect();
    let [only] = &branches[..] else {
        return None;
    };
    let id = only.inner.target.try_id()?.to_owned();
    Some((id, Some(short(&only.inner.name.as_bstr().to_str_lossy()))))
}

fn short(name: &str) -> String {
    name.trim_start_matches("refs/heads/")
        .trim_start_matches("refs/remotes/")
        .to_owned()
}

/// The object a reference leads to, through at most as many others.
pub(super) fn followed(repository: &gix::Repository, name: &str) -> Option<ObjectId> {
    let mut name = name.to_owned();
    for _ in 0..MAX_HOPS {
        let reference = repository.try_find_reference(name.as_str()).ok()??;
        match reference.detach().target {
            gix::refs::Target::Object(id) => return Some(id),
            gix::refs::Target::Symbolic(next) => name = next.as_bstr().to_str_lossy().into_owned(),
        }
    }
    None
}

/// How many tags of tags, or references of references, are followed.
const MAX_HOPS: usize = 10;

/// What an object leads to when annotated tags are followed.
pub(super) enum Peeled {
    Commit {
        id: ObjectId,
        /// When the outermost tag was made; none for a commit, and for a tag that does not say.
        tagged_at_s: Option<i64>,
    },
    /// An object that is not in the clone or cannot be read.
    Lost(ObjectId),
    /// To an object that is no commit, for a reason.
    Elsewhere { id: ObjectId, reason: &'static str },
}

pub(super) fn peel(repository: &gix::Repository, from: ObjectId) -> Peeled {
    let mut buffer = Vec::new();
    let mut id = from;
    let mut tagged_at_s = None;
    let elsewhere = |id, reason| Peeled::Elsewhere { id, reason };
    for hop in 0..MAX_HOPS {
        let Ok(Some(object)) = repository.objects.try_find(&id, &mut buffer) else {
            return Peeled::Lost(id);
        };
        match object.kind {
            gix::objs::Kind::Commit => return Peeled::Commit { id, tagged_at_s },
            gix::objs::Kind::Tag => {
                let Some(tag) = super::object::Tag::parse(object.data) else {
                    return elsewhere(id, "its object points at nothing");
                };
                if hop == 0 {
                    tagged_at_s = tag.tagger.at_s;
                }
                id = tag.target;
            }
            gix::objs::Kind::Tree | gix::objs::Kind::Blob => {
                return elsewhere(id, "it points at no commit");
            }
        }
    }
    elsewhere(id, "it points at tags of tags without end")
}

/// That the tip's branch is not the one the clone's origin calls its main one.
fn another_main(repository: &gix::Repository, branch: Option<&str>) -> Option<String> {
    let head = repository
        .try_find_reference("refs/remotes/origin/HEAD")
        .ok()??;
    let gix::refs::Target::Symbolic(name) = head.detach().target else {
        return None;
    };
    let name = name.as_bstr().to_str_lossy().into_owned();
    let main = name.strip_prefix("refs/remotes/origin/")?;
    let is_main = branch.is_some_and(|branch| branch == main || branch.ends_with("/HEAD"));
    (!is_main).then(|| {
        format!(
            "the history read is that of {}, while the main branch of origin is {main}",
            branch.unwrap_or("a commit that is no branch")
        )
    })
}

/// What holds for the clone as a whole.
fn limits(repository: &gix::Repository, shallow: &HashSet<ObjectId>) -> Vec<String> {
    let mut limits = Vec::new();
    if !shallow.is_empty() {
        limits.push(
            "the clone is shallow: what lies before its boundary is unknown (git fetch --unshallow brings it)"
                .to_owned(),
        );
    }
    if let Some(packs) = packs(repository) {
        if packs.partial {
            limits
                .push("the clone is partial: file contents may never have been fetched".to_owned());
        }
        if !packs.broken.is_empty() {
            limits.push(format!(
                "packs that cannot be read, so that their objects look missing: {} (git fsck tells more)",
                packs.broken.join(", ")
            ));
        }
    }
    let grafts = repository.common_dir().join("info/grafts");
    if grafts.metadata().is_ok_and(|file| file.len() > 0) {
        limits.push("the file info/grafts is not followed".to_owned());
    }
    limits
}

struct Packs {
    partial: bool,
    /// File names of indices that do not read, or have no pack beside them.
    broken: Vec<String>,
}

fn packs(repository: &gix::Repository) -> Option<Packs> {
    let folder = repository.common_dir().join("objects/pack");
    let mut packs = Packs {
        partial: setting(repository, "extensions.partialClone").is_some(),
        broken: Vec::new(),
    };
    for entry in std::fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("promisor") => packs.partial = true,
            Some("idx") => {
                let reads =
                    gix::odb::pack::index::File::at(&path, repository.object_hash()).is_ok();
                if !reads || !path.with_extension("pack").exists() {
                    packs
                        .broken
                        .push(entry.file_name().to_string_lossy().into_owned());
                }
            }
            _ => {}
        }
    }
    packs.broken.sort();
    Some(packs)
}
