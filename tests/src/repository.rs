//! The files of this repository, as a reader of the source finds them.

use std::path::{Path, PathBuf};

/// What is made, not written; `.git` is a folder or, in a work tree, a file.
const MADE: [&str; 5] = [".git", "target", "node_modules", "data", "test-results"];

/// The folder that holds the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap().to_owned()
}

/// Paths from the root, with `/`, of every file under a folder that ends in one of these, sorted.
pub fn files(under: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    walk(&root().join(under), &mut found);
    let root = root();
    let mut paths: Vec<String> = found
        .iter()
        .map(|path| {
            path.strip_prefix(&root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/")
        })
        .filter(|path| endings.is_empty() || endings.iter().any(|ending| path.ends_with(ending)))
        .collect();
    paths.sort();
    paths
}

/// The text of a file; none when it is not text.
pub fn text(path: &str) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(path)).ok()?).ok()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.map(Result::unwrap) {
        let name = entry.file_name();
        if MADE.iter().any(|made| name == *made) {
            continue;
        }
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            walk(&entry.path(), found);
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
}
