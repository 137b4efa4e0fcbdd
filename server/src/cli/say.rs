//! What a command says: its answer on standard output, its apology on standard error, and how far
//! it has come where a terminal is there.

use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// A line of the answer, out at once, so that a script that waits for it goes on. A reader that has
/// gone away is no error.
pub fn line(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Why a command failed, on one line. Nothing is left to do when even that cannot be written.
pub fn sorry(error: &anyhow::Error) {
    let _ = writeln!(io::stderr(), "onehop: {}", sentence(error));
}

/// The error and its causes, but for those that the words before them hold already.
fn sentence(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        let cause = cause.split_whitespace().collect::<Vec<_>>().join(" ");
        if said.is_empty() {
            said = cause;
        } else if !said.contains(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    said
}

/// A result as JSON.
pub fn json<T: Serialize>(value: &T) -> anyhow::Result<()> {
    line(&serde_json::to_string_pretty(value)?)
}

/// A text that ends its last line, into a file or as the answer.
pub fn text(text: &str, file: Option<&Path>) -> anyhow::Result<()> {
    match file {
        Some(file) => std::fs::write(file, text)
            .with_context(|| format!("{} cannot be written", file.display())),
        None => line(text.trim_end()),
    }
}

/// A text from a file, or from standard input for `-`.
pub fn read_text(path: &Path) -> anyhow::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// A progress bar where a terminal is there, and silence elsewhere.
#[derive(Clone)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub fn start() -> Progress {
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress { bar }
    }

    /// What is being done, how much is done, of how much where that is known.
    pub fn at(&self, what: &str, done: u64, of: Option<u64>) {
        let template = match of {
            Some(_) => "{msg} {wide_bar} {human_pos} of {human_len}, {eta} left",
            None => "{spinner} {msg} {human_pos}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        if let Some(of) = of {
            self.bar.set_length(of);
        }
        self.bar.set_message(what.to_owned());
        self.bar.set_position(done);
    }

    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_said_once_and_on_one_line() {
        let cause = io::Error::other("the disk\nis full");
        let outer = format!("no room: {}", "the disk is full");
        let error = anyhow::Error::new(cause).context(outer);
        assert_eq!(sentence(&error), "no room: the disk is full");
    }
}
