//! `onehop restore`: a backup in the place of the database.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::backup::{Done, Whole, beside, by_tool, dated, quoted};
use super::{Setting, say};
use crate::store::backup::{self, Place};
use crate::store::schema::Schema;

/// Put a backup in the place of the database.
///
/// The database must be empty or not there yet, and no server may run over it. What was signed out,
/// revoked or erased since the backup is back: do it again. Of a PostgreSQL database this says the
/// command that does it.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The file that `onehop backup` wrote
    #[arg(value_name = "FILE")]
    from: PathBuf,
    /// Restore over a database that holds something; it is kept beside, under a dated name.
    #[arg(long)]
    force: bool,
    /// Say what was restored as JSON.
    #[arg(long)]
    json: bool,
}

impl Args {
    pub async fn run(self, setting: &Setting) -> anyhow::Result<()> {
        let to = match Place::of(&setting.config.database_url)? {
            Place::File(file) => file,
            Place::Server(at) => bail!(
                "a PostgreSQL database is restored by its own tool, into an empty database: {} {}",
                by_tool("pg_restore --no-owner --single-transaction", &at),
                quoted(&self.from.display().to_string())
            ),
        };
        let schema = readable(&self.from).await?;
        let holds_something = holds_something(&to, self.force).await?;
        let whole = Whole::of(&self.from, &to).await?;
        let kept = kept_beside(&to, holds_something, setting.now()).await?;
        let done = Done {
            bytes: whole.put(&to)?,
            schema: schema.has,
            file: to.display().to_string(),
            kept: kept.map(|kept| kept.display().to_string()),
        };
        if self.json {
            return say::json(&done);
        }
        let kept = done
            .kept
            .map(|kept| format!("; what was there is kept as {kept}"));
        say::line(&format!(
            "restored: {}, {} bytes, checked{}",
            done.file,
            done.bytes,
            kept.unwrap_or_default()
        ))
    }
}

/// Whether a database is there that must not be lost.
async fn holds_something(at: &Path, may: bool) -> anyhow::Result<bool> {
    if !at.exists() || fs::metadata(at)?.len() == 0 {
        return Ok(false);
    }
    let is_empty = match backup::look(at).await {
        Ok(held) => held.is_empty,
        // With --force a damaged one is put aside as well.
        Err(_) if may => false,
        Err(error) => return Err(error.into()),
    };
    if !is_empty && !may {
        bail!(
            "the database {} holds something; restore into another with --database, or over it with --force, which keeps it beside. Nothing was changed",
            at.display()
        );
    }
    Ok(!is_empty)
}

/// Takes the former database out of the way, with the log beside it: that of another database would
/// be written into the restored one. Answers where it is kept, if it held something.
async fn kept_beside(
    at: &Path,
    holds_something: bool,
    now_ms: i64,
) -> anyhow::Result<Option<PathBuf>> {
    if at.exists() && !backup::let_go(at).await? {
        bail!(
            "the database {} is in use; stop the server over it first. Nothing was changed",
            at.display()
        );
    }
    let kept = beside(at, &format!(".before-restore-{}", dated(now_ms)));
    for end in ["-wal", "-shm", ""] {
        let (from, to) = (beside(at, end), beside(&kept, end));
        if !from.exists() {
            continue;
        }
        if to.exists() {
            bail!("{} is there already; nothing was changed", to.display());
        }
        let moved = match holds_something {
            true => fs::rename(&from, &to),
            false => fs::remove_file(&from),
        };
        moved.with_context(|| format!("{} cannot be moved", from.display()))?;
    }
    Ok(holds_something.then_some(kept))
}

/// The schema of a backup that this program can read.
async fn readable(from: &Path) -> anyhow::Result<Schema> {
    let schema = backup::look(from).await?.schema;
    if schema.has == 0 {
        bail!(
            "{} holds no database of Onehop; nothing was changed",
            from.display()
        );
    }
    if schema.is_newer() {
        bail!(
            "{} was written by a newer Onehop (schema {}, and this one knows {}); restore it with that one. Nothing was changed",
            from.display(),
            schema.has,
            schema.knows
        );
    }
    Ok(schema)
}
