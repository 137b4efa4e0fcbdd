//! `onehop backup`: the whole database as one file.

mod whole;

use std::path::PathBuf;

use anyhow::bail;
use serde::Serialize;

pub(super) use whole::{Whole, beside, by_tool, dated, quoted};

use super::{Setting, say};
use crate::store::backup::{self, Place};

/// Copy the whole database into one file, also while a server runs.
///
/// The copy is what stood at one moment: everything that was acknowledged before, and nothing by
/// half. It is checked before it gets its name. It holds what the database holds, accounts and
/// sessions too: keep it as safe. Of a PostgreSQL database this says the command that does it.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The file to write, or a folder, in which it is named after the instant
    #[arg(value_name = "FILE|DIR")]
    to: PathBuf,
    /// Write over a file that is there.
    #[arg(long)]
    force: bool,
    /// Say what was written as JSON.
    #[arg(long)]
    json: bool,
}

/// What a backup or a restore did.
#[derive(Serialize)]
pub(super) struct Done {
    pub file: String,
    pub bytes: u64,
    /// The number of its last migration.
    pub schema: i64,
    /// Where the former database is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
}

impl Args {
    pub async fn run(self, setting: &Setting) -> anyhow::Result<()> {
        let from = match Place::of(&setting.config.database_url)? {
            Place::File(file) => file,
            Place::Server(at) => bail!(
                "a PostgreSQL database is backed up by its own tool, also while servers run: {} --file={}",
                by_tool("pg_dump --format=custom", &at),
                quoted(&self.to.display().to_string())
            ),
        };
        if !from.exists() {
            bail!(
                "there is no database at {} to back up; name it with --database",
                from.display()
            );
        }
        let to = match self.to.is_dir() {
            true => self.to.join(format!("onehop-{}.db", dated(setting.now()))),
            false => self.to,
        };
        let over = self.force;
        whole::refuse_to_write_over(&to, over)?;
        let whole = Whole::of(&from, &to).await?;
        whole::refuse_to_write_over(&to, over)?;
        let done = Done {
            bytes: whole.put(&to)?,
            schema: backup::look(&to).await?.schema.has,
            file: to.display().to_string(),
            kept: None,
        };
        if self.json {
            return say::json(&done);
        }
        say::line(&format!(
            "backed up: {}, {} bytes, checked; it opens with this Onehop or a newer one",
            done.file, done.bytes
        ))?;
        let keys = [
            (
                setting.connections.key_file(),
                "opens the secrets that were entered in pages",
            ),
            (setting.signer.file(), "signs receipts"),
        ];
        for (key, what) in keys {
            if let Some(key) = key.filter(|file| file.exists()) {
                let key = key.display();
                say::line(&format!(
                    "left out: {key}, which {what}; keep a copy of it elsewhere"
                ))?;
            }
        }
        Ok(())
    }
}
