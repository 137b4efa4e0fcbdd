//! `onehop sync [SOURCE…]`: reads connected systems now.

use anyhow::bail;
use serde::Serialize;

use super::{Setting, say};
use crate::figures::{self, Because};
use crate::jobs::pull_source::{self, Doing, Pulled};
use crate::store::registry::{self, Source};
use crate::store::{Db, cursors};

/// Read connected systems now, from where they were left.
///
/// A server does the same by itself, each source in its rhythm. Broken off at any moment, it goes on
/// where it was; read twice, everything is a repeat. Sources are declared with `onehop apply`:
/// `[[source]] kind = "github"`, `name`, `repositories` or `organisations`, `token_env`, and `base_url` of
/// an enterprise server; or under /sources/connect.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The names of the sources to read; all that are connected when none is named.
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// Read all of them again from their first day on, as after a change of since, of labels or of
    /// what is a deployment.
    #[arg(long)]
    again: bool,
    /// Say what came as JSON.
    #[arg(long)]
    json: bool,
}

/// What came of one source.
#[derive(Serialize)]
struct Said {
    source: String,
    pages: u64,
    accepted: u64,
    repeated: u64,
    refused: u64,
    failures: Vec<String>,
}

impl Args {
    pub(super) async fn run(self, db: &Db, setting: &Setting) -> anyhow::Result<()> {
        let registry = registry::load(&mut db.read().await?).await?;
        let sources = self.chosen(&registry.sources)?;
        let progress = say::Progress::start();
        let mut all = Vec::new();
        for source in sources {
            let tell = |what: &str, records: u64| progress.at(what, records, None);
            if self.again {
                let mut tx = db.write().await?;
                cursors::forget(&mut tx, &source.name).await?;
                tx.commit().await?;
            }
            let doing = Doing {
                clock: &setting.clock,
                tell: &tell,
                holder: None,
            };
            let of = (&registry, source);
            let pulled = pull_source::pull(db, &setting.connections, of, doing).await?;
            all.push(said(source, &pulled));
        }
        let because = Because::records(setting.now());
        figures::refresh(db, &because, &|what, done, of| progress.at(what, done, of)).await?;
        progress.finish();
        let failed = all.iter().any(|own| !own.failures.is_empty());
        self.tell(&all)?;
        if failed {
            bail!("not all was read; what was read is kept, and the next sync goes on from there");
        }
        Ok(())
    }

    /// Those that are named, else all that are connected.
    fn chosen<'a>(&self, all: &'a [Source]) -> anyhow::Result<Vec<&'a Source>> {
        let connected: Vec<&Source> = all
            .iter()
            .filter(|own| pull_source::is_connected(own))
            .collect();
        if self.sources.is_empty() {
            if connected.is_empty() {
                bail!(
                    "no source is connected; declare one with onehop apply, as onehop sync --help says"
                );
            }
            return Ok(connected);
        }
        let mut chosen = Vec::new();
        for name in &self.sources {
            match connected.iter().find(|own| own.name == *name) {
                Some(own) => chosen.push(*own),
                None if all.iter().any(|own| own.name == *name) => {
                    bail!("source {name} is not read by Onehop: its records are pushed or imported")
                }
                None => {
                    let names: Vec<&str> = connected.iter().map(|own| own.name.as_str()).collect();
                    bail!(
                        "there is no source {name}; connected: {}; onehop apply declares one",
                        names.join(", ")
                    )
                }
            }
        }
        Ok(chosen)
    }

    fn tell(&self, all: &[Said]) -> anyhow::Result<()> {
        if self.json {
            return say::json(&all);
        }
        for own in all {
            say::line(&format!(
                "{}: {} new records, {} repeated, {} set aside",
                own.source, own.accepted, own.repeated, own.refused
            ))?;
            for failure in &own.failures {
                say::line(&format!("  {failure}"))?;
            }
        }
        Ok(())
    }
}

fn said(source: &Source, pulled: &Pulled) -> Said {
    Said {
        source: source.name.clone(),
        pages: pulled.pages,
        accepted: pulled.accepted,
        repeated: pulled.repeated,
        refused: pulled.refused,
        failures: pulled.failures.iter().map(ToString::to_string).collect(),
    }
}
