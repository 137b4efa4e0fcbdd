//! Clones whose history is not whole where it should be: refused by name, and nothing is imported.

use std::fs;
use std::path::PathBuf;

use tests::database::Database;
use tests::git::{Commit, Repository, Script};

use super::{import, refusal, stored, three};

/// That an import is refused for this object, and leaves nothing.
async fn refused(clone: &Repository, sha: &str) {
    let database = Database::sqlite();
    let said = refusal(&database, clone);
    for words in [
        sha,
        "nothing was imported",
        "the clone is damaged",
        "git fsck",
        "cloning anew",
    ] {
        assert!(said.contains(words), "{words} is not in: {said}");
    }
    assert!(stored(&database).await.is_empty());
}

#[tokio::test]
async fn a_line_that_breaks_off_is_refused_until_its_commit_is_back() {
    let clone = three().build();
    let sha = clone.sha("main~2");
    let first = clone.loose("main~2");
    let away = clone.path().join("away");
    fs::rename(&first, &away).unwrap();
    refused(&clone, &sha).await;
    fs::rename(&away, &first).unwrap();
    assert_eq!(
        import(&Database::sqlite(), &clone)["changes"]["accepted"],
        3
    );
}

#[tokio::test]
async fn a_tip_that_is_gone_is_refused() {
    let clone = three().build();
    let tip = "2".repeat(40);
    fs::write(clone.path().join("HEAD"), format!("{tip}\n")).unwrap();
    refused(&clone, &tip).await;
}

/// Main, a branch of two commits that is merged into it, and one of two that is only tagged.
fn branched() -> Script {
    let mut script = Script::default();
    let one = script.plain("one", &[], 0);
    let mut tips = Vec::new();
    for branch in ["merged", "tagged"] {
        let mut last = one;
        for message in ["begin", "end"] {
            last = script.commit(Commit {
                branch,
                message: &format!("{message} {branch}"),
                parents: &[last],
                ..Commit::default()
            });
        }
        tips.push(last);
    }
    script.commit(Commit {
        message: "Merge branch 'merged'",
        parents: &[one, tips[0]],
        ..Commit::default()
    });
    script.tag("v1", tips[1], None);
    script
}

#[tokio::test]
async fn a_commit_that_only_a_merge_or_a_tag_reaches_is_refused_too() {
    for gone in ["merged~1", "tagged~1", "v1"] {
        let clone = branched().build();
        let sha = clone.sha(gone);
        fs::remove_file(clone.loose(gone)).unwrap();
        refused(&clone, &sha).await;
    }
}

#[tokio::test]
async fn a_tag_whose_object_is_gone_is_refused() {
    let clone = three().build();
    let sha = "1".repeat(40);
    fs::write(clone.path().join("refs/tags/v2"), format!("{sha}\n")).unwrap();
    refused(&clone, &sha).await;
}

/// The one file of the packs with this ending.
fn packed(clone: &Repository, ending: &str) -> PathBuf {
    let packs = fs::read_dir(clone.path().join("objects/pack")).unwrap();
    let mut paths = packs.map(|entry| entry.unwrap().path());
    paths
        .find(|path| path.extension().is_some_and(|found| found == ending))
        .unwrap()
}

/// Writes a file that may not be written anew.
fn rewrite(path: PathBuf, bytes: &[u8]) {
    fs::remove_file(&path).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Where an object stands in the pack.
fn offset(clone: &Repository, object: &str) -> usize {
    let sha = clone.sha(object);
    let index = packed(clone, "idx");
    let list = clone.git(&["verify-pack", "-v", index.to_str().unwrap()]);
    let line = list.lines().find(|line| line.starts_with(&sha)).unwrap();
    line.split_whitespace().nth(4).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_pack_that_is_damaged_or_cut_short_is_refused() {
    let clone = three().build();
    let sha = clone.sha("main~1");
    let at = offset(&clone, "main~1");
    let pack = packed(&clone, "pack");
    let bytes = fs::read(&pack).unwrap();
    let mut damaged = bytes.clone();
    damaged[at + 2..at + 22].fill(0xff);
    rewrite(pack.clone(), &damaged);
    refused(&clone, &sha).await;
    // Of what is cut off, the commit nearest to the tip is met first.
    rewrite(pack, &bytes[..at]);
    let said = refusal(&Database::sqlite(), &clone);
    assert!(said.contains("the clone is damaged"), "{said}");
}

#[tokio::test]
async fn an_index_that_is_cut_short_is_refused() {
    let clone = three().build();
    let tip = clone.sha("main");
    let index = packed(&clone, "idx");
    let bytes = fs::read(&index).unwrap();
    rewrite(index, &bytes[..bytes.len() / 2]);
    refused(&clone, &tip).await;
}
