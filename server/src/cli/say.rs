//! What a command says: its answer on standard output, its apology on standard error.

use std::io::{self, Write};

/// A line of the answer, out at once, so that a script that waits for it goes on.
pub fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Why a command failed. Nothing is left to do when even that cannot be written.
pub fn sorry(error: &anyhow::Error) {
    let _ = writeln!(io::stderr(), "onehop: {error:#}");
}
