//! Deployments and incidents for the company's changes: every few merges of a service are one
//! deployment, now and then one goes back to the commit before, and some are followed by an incident.
//!
//! Every other service's deployments list their changes, the others name a commit alone; so do
//! incidents, of which some name their deployment, some a commit, and some nothing.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use anyhow::Result;
use chrono::DateTime;
use serde::Deserialize;
use serde_json::{Value, json};

/// Merges a deployment, deployments a rollback, deployments a failed rollout, deployments an incident.
const MERGES: usize = 5;
const ROLLBACK_EVERY: usize = 20;
const FAILURE_EVERY: usize = 33;
const INCIDENT_EVERY: usize = 10;

const MINUTE_S: i64 = 60;

/// A merged change, as far as it is needed here.
#[derive(Deserialize)]
struct Merged {
    service: String,
    id: String,
    merged_at: Option<String>,
    merge_commit: Option<String>,
}

/// Writes deployments and incidents for these changes; answers how many there are of each.
pub fn write(changes: &Path, deployments: &Path, incidents: &Path) -> Result<(usize, usize)> {
    let mut writing = Writing {
        deployments: BufWriter::new(File::create(deployments)?),
        incidents: BufWriter::new(File::create(incidents)?),
        counts: (0, 0),
    };
    for (place, merges) in merges(changes)?.chunk_by(|a, b| a.1 == b.1).enumerate() {
        let mut before = String::new();
        for merges in merges.chunks(MERGES) {
            writing.deploy(merges, place % 2 == 0, &mut before)?;
        }
    }
    writing.deployments.flush()?;
    writing.incidents.flush()?;
    Ok(writing.counts)
}

/// When it was merged, its service, its id, its merge commit.
type Merge = (i64, String, String, String);

/// The merges by service, then instant.
fn merges(changes: &Path) -> Result<Vec<Merge>> {
    let mut known = HashSet::new();
    let mut merges = Vec::new();
    for line in BufReader::new(File::open(changes)?).lines() {
        let change: Merged = serde_json::from_str(&line?)?;
        let Some((at, commit)) = change.merged_at.zip(change.merge_commit) else {
            continue;
        };
        if known.insert(change.id.clone()) {
            let at_s = DateTime::parse_from_rfc3339(&at)?.timestamp();
            merges.push((at_s, change.service, change.id, commit));
        }
    }
    merges.sort_by(|a, b| (&a.1, a.0, &a.2).cmp(&(&b.1, b.0, &b.2)));
    Ok(merges)
}

struct Writing {
    deployments: BufWriter<File>,
    incidents: BufWriter<File>,
    counts: (usize, usize),
}

impl Writing {
    fn deploy(&mut self, merges: &[Merge], lists: bool, before: &mut String) -> Result<()> {
        let Some((at_s, service, _, commit)) = merges.last() else {
            return Ok(());
        };
        let number = self.counts.0;
        let mut record = deployment(service, number, commit, at_s + 2 * MINUTE_S);
        if lists {
            record["changes"] = merges.iter().map(|(_, _, id, _)| id.as_str()).collect();
        }
        if number % FAILURE_EVERY == FAILURE_EVERY - 1 {
            record["result"] = "failure".into();
        }
        self.put(&record)?;
        if number % INCIDENT_EVERY == INCIDENT_EVERY / 2 {
            self.incident(service, (number, commit), at_s + 3 * MINUTE_S)?;
        }
        if number % ROLLBACK_EVERY == ROLLBACK_EVERY - 1 && !before.is_empty() {
            let number = self.counts.0;
            self.put(&deployment(service, number, before, at_s + 4 * MINUTE_S))?;
        }
        before.clone_from(commit);
        Ok(())
    }

    fn put(&mut self, deployment: &Value) -> Result<()> {
        writeln!(self.deployments, "{deployment}")?;
        self.counts.0 += 1;
        Ok(())
    }

    fn incident(
        &mut self,
        service: &str,
        (number, commit): (usize, &str),
        at_s: i64,
    ) -> Result<()> {
        let mut record = json!({
            "id": format!("incident-{number}"),
            "service": service,
            "started_at": rfc3339(at_s),
            "resolved_at": rfc3339(at_s + 60 * MINUTE_S),
            "severity": "major",
        });
        match self.counts.1 % 3 {
            0 => record["caused_by"] = json!({"deployment": id(number)}),
            1 => record["caused_by"] = json!({"commit": commit}),
            _ => {}
        }
        writeln!(self.incidents, "{record}")?;
        self.counts.1 += 1;
        Ok(())
    }
}

fn id(number: usize) -> String {
    format!("deployment-{number}")
}

/// A deployment to production that was done.
fn deployment(service: &str, number: usize, commit: &str, at_s: i64) -> Value {
    json!({
        "id": id(number),
        "service": service,
        "environment": "production",
        "commit": commit,
        "finished_at": rfc3339(at_s),
        "result": "success",
    })
}

fn rfc3339(at_s: i64) -> String {
    DateTime::from_timestamp(at_s, 0).map_or_else(String::new, |at| at.to_rfc3339())
}
