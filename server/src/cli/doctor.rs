//! `onehop doctor`: what is well with this Onehop, what is not, and what to do about it.
//!
//! A check is a function in one of the files below and a line in [`examine`]. None changes anything.

mod acts;
mod database;
mod figures;
mod people;
mod records;
mod signing;
mod work;

use anyhow::bail;
use serde::Serialize;

use super::{Setting, say};
use crate::store::Db;
use crate::store::backup::Place;
use crate::store::registry::{self, Registry};

/// Check the database, its figures, its sources and its people, and say what to do.
///
/// Each check is a sentence: well, worth knowing, or a fault with what to do. Nothing is changed; a
/// sample of weeks is computed again and thrown away. Ends with 1 when there is a fault, else with 0.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Say what was found as JSON.
    #[arg(long)]
    json: bool,
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Well,
    /// Worth knowing, and no fault.
    Notice,
    Fault,
}

/// What one check found.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    says: String,
    to_do: Option<String>,
}

#[derive(Serialize)]
struct Report {
    checks: Vec<Finding>,
    faults: usize,
}

/// What the checks look at.
struct Case<'a> {
    db: &'a Db,
    registry: Registry,
    now_ms: i64,
}

impl Finding {
    fn well(check: &'static str, says: impl Into<String>) -> Finding {
        Finding {
            check,
            state: State::Well,
            says: says.into(),
            to_do: None,
        }
    }

    fn notice(self, to_do: impl Into<String>) -> Finding {
        Finding {
            state: State::Notice,
            to_do: Some(to_do.into()),
            ..self
        }
    }

    fn fault(self, to_do: impl Into<String>) -> Finding {
        Finding {
            state: State::Fault,
            ..self.notice(to_do)
        }
    }
}

impl Args {
    pub async fn run(self, setting: &Setting) -> anyhow::Result<()> {
        let checks = looked_at(setting).await?;
        let faulty = |finding: &&Finding| finding.state == State::Fault;
        let faults = checks.iter().filter(faulty).count();
        let (report, of) = (Report { faults, checks }, "checks found a fault");
        if self.json {
            say::json(&report)?;
        } else {
            report.checks.iter().try_for_each(tell)?;
        }
        if faults > 0 {
            bail!("{faults} of {} {of}", report.checks.len());
        }
        Ok(())
    }
}

fn tell(finding: &Finding) -> anyhow::Result<()> {
    let state = match finding.state {
        State::Well => "well  ",
        State::Notice => "notice",
        State::Fault => "FAULT ",
    };
    let to_do = finding.to_do.as_deref().map(|to_do| format!(" {to_do}"));
    let (says, to_do) = (&finding.says, to_do.unwrap_or_default());
    say::line(&format!("{state}  {}: {says}{to_do}", finding.check))
}

/// Opens the database as it is, without making it or bringing its schema up to date.
async fn looked_at(setting: &Setting) -> anyhow::Result<Vec<Finding>> {
    let url = &setting.config.database_url;
    let place = Place::of(url)?;
    if let Some(missing) = database::missing(&place) {
        return Ok(vec![missing]);
    }
    let db = match Db::connect(url, setting.durable()).await {
        Ok(db) => db,
        Err(error) => return Ok(vec![database::unreachable(&error)]),
    };
    let found = looked_into(&db, &place, setting.now()).await;
    db.close().await;
    let mut found = found?;
    found.push(signing::key(&setting.signer));
    Ok(found)
}

/// What does not depend on the schema first; with another schema the rest cannot be read.
async fn looked_into(db: &Db, place: &Place, now_ms: i64) -> anyhow::Result<Vec<Finding>> {
    let mut found = vec![
        database::engine(db, place).await?,
        database::room(db, place).await?,
        database::integrity(db).await?,
        database::schema(db).await?,
    ];
    if found.iter().all(|finding| finding.state != State::Fault) {
        let registry = registry::load(&mut db.read().await?).await?;
        let case = Case {
            db,
            registry,
            now_ms,
        };
        found.extend(examine(&case).await?);
    }
    Ok(found)
}

/// Every check of what the database holds.
async fn examine(case: &Case<'_>) -> anyhow::Result<Vec<Finding>> {
    Ok(vec![
        work::backlog(case).await?,
        figures::recomputed(case).await?,
        work::jobs(case).await?,
        work::freezes(case).await?,
        records::sources(case).await?,
        records::set_aside(case).await?,
        people::operators(case).await?,
        acts::chain(case).await?,
    ])
}

/// A size as people read it.
fn bytes(bytes: i64) -> String {
    let mut size = bytes as f64;
    let mut units = ["bytes", "kB", "MB", "GB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    for larger in units {
        if size < 1_000.0 {
            break;
        }
        size /= 1_000.0;
        unit = larger;
    }
    let digits = usize::from(unit != "bytes" && size < 100.0);
    format!("{size:.digits$} {unit}")
}

/// An instant as people read it.
fn instant(at_ms: i64) -> String {
    let at = chrono::DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// "1 week", "2 weeks".
fn counted(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_the_unit_that_keeps_them_short() {
        for (size, said) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (123_456_789, "123 MB"),
            (4_200_000_000_000, "4200 GB"),
        ] {
            assert_eq!(bytes(size), said);
        }
    }
}
