//! The generated company that is measured: its records in files, and the databases made of them.
//!
//! Files of the same plan are used again by the next run; the import measures itself on new ones.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use chrono::{Datelike, Days, NaiveDate, Utc};
use serde_json::Value;
use server::demo::{self, Plan, Size};
use server::store::{Db, Durable};
use tests::command;

/// Weeks of history.
pub const WEEKS: u32 = 260;
/// Changes of the small database.
const FEW: u32 = 1_000;
/// Changes that are pushed.
pub const PUSHED: usize = 100_000;

/// How much of the promised size is measured, from `ONEHOP_BENCH_SCALE`.
pub fn scale() -> Result<f64> {
    match std::env::var("ONEHOP_BENCH_SCALE") {
        Ok(text) => text.parse().context("ONEHOP_BENCH_SCALE is no number"),
        Err(_) => Ok(1.0),
    }
}

pub struct Company {
    folder: PathBuf,
    pub scale: f64,
    plan: Plan,
}

impl Company {
    /// Writes the company's records and its registry, unless they lie there from an earlier run.
    pub fn generate(scale: f64) -> Result<Company> {
        let company = Company {
            folder: Path::new(env!("CARGO_TARGET_TMPDIR")).join("speed"),
            scale,
            plan: Plan {
                seed: 7,
                weeks: WEEKS,
                size: Size::Huge,
                last_monday: last_monday(),
            },
        };
        let made_of = format!("{:?} at {scale}", company.plan);
        let note = company.folder.join("plan");
        if fs::read_to_string(&note).is_ok_and(|text| text == made_of) {
            println!(
                "the records of an earlier run are used again: {}",
                company.folder.display()
            );
            return Ok(company);
        }
        if company.folder.exists() {
            fs::remove_dir_all(&company.folder)?;
        }
        fs::create_dir_all(&company.folder)?;
        company.write()?;
        fs::write(note, made_of)?;
        Ok(company)
    }

    fn write(&self) -> Result<()> {
        let began = Instant::now();
        fs::write(self.registry(), demo::registry_toml(&self.plan))?;
        let mut many = BufWriter::new(File::create(self.records("many"))?);
        let mut few = BufWriter::new(File::create(self.records("few"))?);
        let mut written = 0_u64;
        for (week, records) in (0..).zip(demo::weeks(&self.plan)) {
            let share = (records.changes.len() as f64 * self.scale).ceil() as usize;
            for change in &records.changes[..share] {
                writeln!(many, "{change}")?;
            }
            written += share as u64;
            let of_few = (week + 1) * FEW / WEEKS - week * FEW / WEEKS;
            let merged = records.changes.iter().filter(|change| is_merged(change));
            for change in merged.take(of_few as usize) {
                writeln!(few, "{change}")?;
            }
        }
        many.flush()?;
        few.flush()?;
        let bytes = fs::metadata(self.records("many"))?.len();
        println!(
            "{written} records of changes over {WEEKS} weeks, {} bytes each, generated in {:.0} s",
            bytes / written.max(1),
            began.elapsed().as_secs_f64()
        );
        Ok(())
    }

    /// The file of records of this size: `few` or `many`.
    pub fn records(&self, size: &str) -> PathBuf {
        self.folder.join(format!("{size}.ndjson"))
    }

    fn registry(&self) -> PathBuf {
        self.folder.join("registry.toml")
    }

    /// The first records, each of another change.
    pub fn first_records(&self, count: usize) -> Result<Vec<String>> {
        let mut known = std::collections::HashSet::new();
        let mut records = Vec::with_capacity(count);
        for line in BufReader::new(File::open(self.records("many"))?).lines() {
            let line = line?;
            let record: Value = serde_json::from_str(&line)?;
            if known.insert(record["id"].to_string()) {
                records.push(line);
            }
            if records.len() == count {
                break;
            }
        }
        Ok(records)
    }

    /// A merged change of the last week, to make a new one of.
    pub fn newest_merged(&self) -> Result<Value> {
        let week = demo::weeks(&self.plan).last().context("there is no week")?;
        let merged = week.changes.into_iter().rev().find(is_merged);
        merged.context("nothing was merged in the last week")
    }

    /// The week that many weeks before the last one, as addresses name it.
    pub fn week(&self, before: u64) -> String {
        let monday = self.plan.last_monday - Days::new(7 * before);
        monday.format("%G-W%V").to_string()
    }

    /// An empty database that knows the registry, in place of what was there.
    pub fn declared(&self, name: &str) -> Result<String> {
        self.remove(name)?;
        let url = self.database(name);
        let registry = self.registry();
        command::run(&url, &["apply", &registry.display().to_string()]);
        Ok(url)
    }

    fn remove(&self, name: &str) -> Result<()> {
        for end in ["db", "db-wal", "db-shm", "done"] {
            let file = self.folder.join(format!("{name}.{end}"));
            if file.exists() {
                fs::remove_file(file)?;
            }
        }
        Ok(())
    }

    fn database(&self, name: &str) -> String {
        format!(
            "sqlite:{}",
            self.folder.join(format!("{name}.db")).display()
        )
    }

    /// A copy of the database of this size, which may have been made before and added to since.
    pub fn copy(&self, name: &str, size: &str) -> Result<(String, bool)> {
        let url = self.database(name);
        if self.folder.join(format!("{name}.done")).exists() {
            return Ok((url, true));
        }
        let original = self.imported(size)?;
        self.remove(name)?;
        let file = |url: &str| url.trim_start_matches("sqlite:").to_owned();
        fs::copy(file(&original), file(&url))?;
        Ok((url, false))
    }

    /// Notes that a database holds all its records.
    pub fn is_done(&self, name: &str) -> Result<()> {
        Ok(fs::write(self.folder.join(format!("{name}.done")), "")?)
    }

    /// The database of this size, with all its records and figures; imported when it is not there.
    pub fn imported(&self, size: &str) -> Result<String> {
        if !self.folder.join(format!("{size}.done")).exists() {
            let url = self.declared(size)?;
            let file = self.records(size).display().to_string();
            command::run(&url, &["import", "records", "changes", &file]);
            self.is_done(size)?;
        }
        Ok(self.database(size))
    }
}

/// Opened as Onehop opens it.
pub async fn open(url: &str) -> Result<Db> {
    Ok(Db::open(url, Durable::Process).await?)
}

fn is_merged(change: &Value) -> bool {
    change["merged_at"].is_string()
}

/// The Monday of the last week that is complete in every time zone.
pub fn last_monday() -> NaiveDate {
    let yesterday = Utc::now().date_naive() - Days::new(1);
    let into_week = u64::from(yesterday.weekday().num_days_from_monday());
    yesterday - Days::new(into_week + 7)
}
