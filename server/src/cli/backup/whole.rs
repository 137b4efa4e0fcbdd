//! A checked copy of a database that has no name yet, and what files and other programs are called.
//!
//! Nothing stands under its final name before it is whole, checked and on the disk.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::DateTime;

use crate::store::backup;

/// A copy under a name of its own; gone when it is dropped before it is put somewhere.
pub(in crate::cli) struct Whole {
    file: PathBuf,
}

impl Whole {
    /// Copies a database into the folder of its final name.
    pub async fn of(from: &Path, to: &Path) -> anyhow::Result<Whole> {
        if let Some(folder) = folder(to) {
            fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        let file = beside(to, &format!(".{}.part", std::process::id()));
        own(&file).with_context(|| format!("{} cannot be written", file.display()))?;
        let whole = Whole { file };
        backup::copy(from, &whole.file).await?;
        Ok(whole)
    }

    /// Gives it its name, once it is on the disk; answers how large it is.
    pub fn put(self, to: &Path) -> anyhow::Result<u64> {
        let put = || -> io::Result<u64> {
            let file = File::open(&self.file)?;
            file.sync_all()?;
            fs::rename(&self.file, to)?;
            #[cfg(unix)]
            if let Some(folder) = folder(to) {
                File::open(folder)?.sync_all()?;
            }
            Ok(file.metadata()?.len())
        };
        put().with_context(|| format!("{} cannot be written", to.display()))
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        // Gone already when it was put somewhere.
        let _ = fs::remove_file(&self.file);
    }
}

/// A new file that nobody else reads: it holds what the database holds.
fn own(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

fn folder(of: &Path) -> Option<&Path> {
    of.parent().filter(|folder| !folder.as_os_str().is_empty())
}

/// Fails where a file is there that may not be lost.
pub(super) fn refuse_to_write_over(to: &Path, may: bool) -> anyhow::Result<()> {
    if !may && to.exists() {
        bail!(
            "{} is there already; choose another name, or write over it with --force. Nothing was changed",
            to.display()
        );
    }
    Ok(())
}

/// The name that follows from a file's name with this at its end.
pub(in crate::cli) fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// An instant as part of a file's name.
pub(in crate::cli) fn dated(at_ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// The command of PostgreSQL's own that reaches this database; it asks for the password itself.
pub(in crate::cli) fn by_tool(command: &str, at: &[(&'static str, String)]) -> String {
    let options = at
        .iter()
        .map(|(name, value)| format!("--{name}={}", quoted(value)));
    std::iter::once(command.to_owned())
        .chain(options)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A word as a shell reads it.
pub(in crate::cli) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-:".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}
