//! A `[[source]]` table: what it may say of a source whose records are pushed, and what it may not yet.

use std::str::FromStr;

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::ingest::StreamName;
use crate::metrics::freshness::Rhythm;
use crate::store::registry::Source;

/// The one kind there is: its records are pushed or imported.
const PUSH: &str = "push";
/// The longest name, as a record may carry it.
const MAX_NAME_BYTES: usize = 512;

/// A `[[source]]` table, with what only other kinds will need, so that a refusal can say so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceTable {
    kind: String,
    pub name: String,
    #[serde(default)]
    streams: Vec<String>,
    rhythm: Option<String>,
    base_url: Option<toml::Value>,
    organisations: Option<toml::Value>,
    repositories: Option<toml::Value>,
    token_env: Option<toml::Value>,
    token_file: Option<toml::Value>,
    webhook_secret_env: Option<toml::Value>,
}

impl SourceTable {
    /// The source that it declares.
    pub fn read(&self) -> anyhow::Result<Source> {
        let name = &self.name;
        if name.trim().is_empty() || name.len() > MAX_NAME_BYTES || name.contains('\0') {
            bail!("a source needs a name, what its records carry as source, of at most 512 bytes");
        }
        if self.kind != PUSH {
            bail!(
                "source {name}: Onehop does not read {:?} by itself yet; with kind = \"push\" its records can be pushed or imported",
                self.kind
            );
        }
        if let Some(key) = self.of_other_kinds() {
            bail!("source {name}: {key} is for sources that Onehop reads by itself; leave it out");
        }
        for stream in &self.streams {
            StreamName::from_str(stream).with_context(|| format!("source {name}"))?;
        }
        if let Some(rhythm) = &self.rhythm {
            Rhythm::from_str(rhythm).with_context(|| format!("source {name}: {rhythm:?}"))?;
        }
        let mut streams = self.streams.clone();
        streams.sort_unstable();
        streams.dedup();
        Ok(Source {
            kind: self.kind.clone(),
            name: name.clone(),
            streams,
            rhythm: self.rhythm.clone(),
        })
    }

    /// A key that a pushed source has no use for.
    fn of_other_kinds(&self) -> Option<&'static str> {
        let keys = [
            ("base_url", &self.base_url),
            ("organisations", &self.organisations),
            ("repositories", &self.repositories),
            ("token_env", &self.token_env),
            ("token_file", &self.token_file),
            ("webhook_secret_env", &self.webhook_secret_env),
        ];
        let given = keys.into_iter().find(|(_, value)| value.is_some());
        given.map(|(key, _)| key)
    }
}
