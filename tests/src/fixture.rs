//! The changes whose cycle times were computed by hand, and the table that says them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;
use server::ingest::StreamName;
use server::store::Db;
use server::store::registry::Kind;

use crate::{deliver, repository};

const FOLDER: &str = "tests/fixtures/pr_cycle_time";

/// The cells of a row by their column; a dash is no cell.
pub type Row = BTreeMap<String, String>;

/// Where a file of the fixture lies.
pub fn path(file: &str) -> PathBuf {
    repository::root().join(FOLDER).join(file)
}

/// The fixture's records, as lines.
pub fn records() -> Vec<(StreamName, String)> {
    let lines = |stream, file| {
        let text = std::fs::read_to_string(path(file)).unwrap();
        let lines = text.lines().map(|line| (stream, line.to_owned()));
        lines.collect::<Vec<_>>()
    };
    let mut records = lines(StreamName::Changes, "changes.ndjson");
    records.extend(lines(StreamName::Reviews, "reviews.ndjson"));
    records
}

/// Declares what `registry.toml` says.
pub async fn declare(db: &Db) {
    let company = json!({"name": "Fixture", "time_zones": [{"zone": "Europe/Berlin"}]});
    deliver::declare(db, Kind::Company, "company", company).await;
    for slug in ["search", "shop"] {
        deliver::declare(db, Kind::Service, slug, json!({"slug": slug})).await;
    }
    let workflow = json!({"slug": "buying", "services": ["shop", "search"]});
    deliver::declare(db, Kind::Workflow, "buying", workflow).await;
    let agent = json!({"id": "checkout-agent", "identities": ["checkout-bot"]});
    deliver::declare(db, Kind::Agent, "checkout-agent", agent).await;
}

/// The tables of `values.md`: of the changes, and of the weeks' figures.
pub fn by_hand() -> (Vec<Row>, Vec<Row>) {
    let text = std::fs::read_to_string(path("values.md")).unwrap();
    let mut tables = text.split("\n\n").filter(|part| part.starts_with('|'));
    (table(tables.next().unwrap()), table(tables.next().unwrap()))
}

fn table(text: &str) -> Vec<Row> {
    let mut rows = text.lines().map(|line| {
        let cells = line.trim().trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    });
    let header = rows.next().unwrap();
    let body = rows.skip(1).map(|cells| {
        let named = header.iter().cloned().zip(cells);
        named.filter(|(_, cell)| cell != "–").collect()
    });
    body.collect()
}

/// A cell as a number; none when there is none.
pub fn number(row: &Row, column: &str) -> Option<f64> {
    row.get(column).map(|cell| cell.parse().unwrap())
}
