//! Small git repositories, made by the git program from a script: fixed names, fixed dates, so that
//! the same commits come out on every machine.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// 2026-01-05T00:00:00Z, a Monday.
pub const MONDAY_S: i64 = 1_767_571_200;
pub const HOUR_S: i64 = 3_600;
pub const WEEK_S: i64 = 7 * 24 * HOUR_S;

/// A commit to be made.
#[derive(Clone, Copy)]
pub struct Commit<'a> {
    pub branch: &'a str,
    pub message: &'a str,
    pub author: &'a str,
    /// When it was written and when it was committed, as git's files say it.
    pub authored: &'a str,
    pub committed: &'a str,
    /// Earlier commits, by what `commit` answered.
    pub parents: &'a [usize],
    /// Files and their new contents; none takes a file away.
    pub files: &'a [(&'a str, Option<&'a str>)],
}

impl Default for Commit<'_> {
    fn default() -> Self {
        Commit {
            branch: "main",
            message: "Change",
            author: "Ana <ana@example.org>",
            authored: "1767571200 +0000",
            committed: "1767571200 +0000",
            parents: &[],
            files: &[],
        }
    }
}

/// A repository as it is written down.
#[derive(Default)]
pub struct Script {
    text: Vec<u8>,
    commits: usize,
}

impl Script {
    /// Adds a commit; answers its number.
    pub fn commit(&mut self, commit: Commit<'_>) -> usize {
        self.commits += 1;
        let mut text = String::new();
        writeln!(text, "commit refs/heads/{}", commit.branch).unwrap();
        writeln!(text, "mark :{}", self.commits).unwrap();
        writeln!(text, "author {} {}", commit.author, commit.authored).unwrap();
        writeln!(
            text,
            "committer Forge <forge@example.org> {}",
            commit.committed
        )
        .unwrap();
        data(&mut text, commit.message);
        for (at, parent) in commit.parents.iter().enumerate() {
            let word = if at == 0 { "from" } else { "merge" };
            writeln!(text, "{word} :{parent}").unwrap();
        }
        for (path, contents) in commit.files {
            match contents {
                Some(contents) => {
                    writeln!(text, "M 100644 inline {path}").unwrap();
                    data(&mut text, contents);
                }
                None => writeln!(text, "D {path}").unwrap(),
            }
        }
        text.push('\n');
        self.text.extend_from_slice(text.as_bytes());
        self.commits
    }

    /// Adds a plain commit on main, so many hours after the Monday.
    pub fn plain(&mut self, message: &str, parents: &[usize], hours: i64) -> usize {
        let at = format!("{} +0000", MONDAY_S + hours * HOUR_S);
        let file = format!("{message}\n");
        self.commit(Commit {
            message,
            authored: &at,
            committed: &at,
            parents,
            files: &[("file", Some(&file))],
            ..Commit::default()
        })
    }

    /// Adds a tag: annotated when it is dated.
    pub fn tag(&mut self, name: &str, commit: usize, tagged: Option<&str>) {
        let mut text = String::new();
        match tagged {
            Some(tagged) => {
                writeln!(text, "tag {name}\nfrom :{commit}").unwrap();
                writeln!(text, "tagger Forge <forge@example.org> {tagged}").unwrap();
                data(&mut text, "release");
            }
            None => writeln!(text, "reset refs/tags/{name}\nfrom :{commit}\n").unwrap(),
        }
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Adds anything as it stands.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.text.extend_from_slice(bytes);
    }

    /// All of it as written: fed again, the same commits come out, and what is new beside them.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Makes the repository, bare.
    pub fn build(&self) -> Repository {
        let repository = Repository::empty();
        repository.feed(&self.text);
        repository
    }
}

fn data(text: &mut String, contents: &str) {
    writeln!(text, "data {}\n{contents}", contents.len()).unwrap();
}

/// A repository in a folder of its own.
pub struct Repository {
    folder: TempDir,
}

impl Repository {
    /// Bare, with nothing in it.
    pub fn empty() -> Repository {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository { folder };
        repository.git(&["init", "--quiet", "--bare", "--initial-branch=main", "."]);
        repository.git(&["config", "uploadpack.allowFilter", "true"]);
        // However few objects there are, they stay in the pack that was written.
        repository.git(&["config", "fastimport.unpackLimit", "0"]);
        repository
    }

    /// A clone of another, made with these options.
    pub fn clone_of(other: &Repository, options: &[&str]) -> Repository {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository { folder };
        let from = format!("file://{}", other.path().display());
        let arguments = [&["clone", "--quiet"], options, &[&from, "."]].concat();
        repository.git(&arguments);
        repository
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The path as an argument.
    pub fn argument(&self) -> &str {
        self.path().to_str().unwrap()
    }

    /// Feeds a script to `git fast-import`.
    pub fn feed(&self, script: &[u8]) {
        let dates = "--date-format=raw-permissive";
        self.run_with(&["fast-import", "--quiet", "--force", dates], script);
    }

    /// Runs git here; answers what it printed.
    pub fn git(&self, arguments: &[&str]) -> String {
        said(self.path(), arguments)
    }

    /// The full name of what a name stands for.
    pub fn sha(&self, name: &str) -> String {
        self.git(&["rev-parse", name])
    }

    /// Where a loose object lies, after all objects were taken out of their packs.
    pub fn loose(&self, object: &str) -> PathBuf {
        let sha = self.sha(object);
        let packs = std::fs::read_dir(self.path().join("objects/pack")).unwrap();
        let mut taken_out = Vec::new();
        for path in packs.map(|entry| entry.unwrap().path()) {
            if path.extension().is_some_and(|ending| ending == "pack") {
                taken_out.push(std::fs::read(&path).unwrap());
            }
            std::fs::remove_file(&path).unwrap();
        }
        for pack in taken_out {
            self.run_with(&["unpack-objects", "-q"], &pack);
        }
        self.path().join("objects").join(&sha[..2]).join(&sha[2..])
    }

    /// Runs git here with something to read.
    fn run_with(&self, arguments: &[&str], input: &[u8]) {
        let mut command = command(self.path(), arguments);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "git {}: {said}", arguments[0]);
    }
}

/// Runs git in a folder; answers what it printed.
pub fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = command(folder, arguments).output().unwrap();
    assert!(
        output.status.success(),
        "git {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Git with none of the caller's settings.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_TERMINAL_PROMPT", "0")
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    command
}
