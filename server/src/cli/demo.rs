//! `onehop demo`: a generated company, fed through the same ingest as real sources, and served.

mod story;

use anyhow::{Context, bail};
use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};

use super::apply::{Document, apply};
use super::{Setting, say, serve};
use crate::auth::role::Role;
use crate::auth::sign_in;
use crate::demo::{self, Plan, Size, WeekOfRecords};
use crate::figures::{self, Because};
use crate::ingest::{self, Delivery, Outcome, StreamName};
use crate::metrics::week::Calendar;
use crate::store::registry::{self, Kind, Registry};
use crate::store::{Db, cursors, raw};

/// Generate a company and serve it: services, workflows, people, agents and a year of weeks.
///
/// Everything in it is made up, and every page says so. The same seed gives the same company. It
/// goes into an empty database only; run again, it is served as it is there.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// How many weeks, up to the last complete one.
    #[arg(long, default_value_t = 52, value_parser = clap::value_parser!(u32).range(1..=520))]
    weeks: u32,
    /// small, large or huge.
    #[arg(long, default_value = "small")]
    size: Size,
    /// What all chance follows from.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Fill the database and stop.
    #[arg(long)]
    no_serve: bool,
    /// Where to listen; port 0 takes any free one [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}

/// The source's name, and the name of the stream that its cursor counts weeks of.
const SOURCE: &str = "demo";
const WEEKS: &str = "weeks";
/// The address that the printed link signs in.
const READER: &str = "you@example.com";

/// What is being generated and how far it has come: the demo's cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    seed: u64,
    size: String,
    weeks: u32,
    last_monday: NaiveDate,
    weeks_done: u32,
}

pub async fn run(args: Args, setting: &Setting) -> anyhow::Result<()> {
    if args.no_serve {
        return setting
            .work(async |db| args.fill(db, setting.now()).await)
            .await;
    }
    // First the addresses: when one is taken, nothing needs to be generated.
    let listeners = serve::Listeners::bind(&setting.config).await?;
    let db = setting.open().await?;
    args.fill(&db, setting.now()).await?;
    let link = sign_in::invite(&db, READER, Role::Operator, setting.now()).await?;
    serve::serve(setting, listeners, db, |public_url| {
        say::line(&format!(
            "sign in: {}",
            sign_in::link_url(public_url, &link)
        ))
    })
    .await
}

impl Args {
    async fn fill(&self, db: &Db, now_ms: i64) -> anyhow::Result<()> {
        let mut position = self.position(db, now_ms).await?;
        let progress = say::Progress::start();
        if position.weeks_done == position.weeks {
            // Whoever ended it after the last week may have left its figures behind.
            figures::refresh(db, &Because::records(now_ms), &|what, done, of| {
                progress.at(what, done, of);
            })
            .await?;
            progress.finish();
            return say::line(&format!(
                "the generated company is there already (seed {})",
                position.seed
            ));
        }
        let plan = Plan {
            seed: position.seed,
            weeks: position.weeks,
            size: self.size,
            last_monday: position.last_monday,
        };
        // First of all, so that what a killed run leaves behind is known as generated.
        position.store(db, now_ms).await?;
        declare(db, &plan, now_ms).await?;
        let mut sum = Outcome::default();
        for week in demo::weeks(&plan).skip(position.weeks_done as usize) {
            progress.at(
                "generating weeks",
                u64::from(position.weeks_done),
                Some(u64::from(position.weeks)),
            );
            sum.append(take_week(db, &week).await?);
            position.weeks_done += 1;
            position.store(db, now_ms).await?;
        }
        figures::refresh(db, &Because::records(now_ms), &|what, done, of| {
            progress.at(what, done, of);
        })
        .await?;
        progress.finish();
        if let Some(refused) = sum.refused.first() {
            bail!("the generated company holds a record that ingest refuses: {refused:?}");
        }
        say::line(&format!(
            "generated a company of {} weeks with {} records (seed {})",
            position.weeks, sum.accepted, position.seed
        ))
    }

    /// Where to go on: at the beginning in an empty database, else where the same company stopped.
    async fn position(&self, db: &Db, now_ms: i64) -> anyhow::Result<Position> {
        let mut tx = db.read().await?;
        let asked = |last_monday| Position {
            seed: self.seed,
            size: self.size.to_string(),
            weeks: self.weeks,
            last_monday,
            weeks_done: 0,
        };
        if let Some(stored) = cursors::get(&mut tx, SOURCE, WEEKS).await? {
            let stored: Position =
                serde_json::from_str(&stored).context("the demo's position cannot be read")?;
            let same = Position {
                weeks_done: stored.weeks_done,
                ..asked(stored.last_monday)
            };
            if same != stored {
                bail!(
                    "this database holds another generated company (--seed {} --size {} --weeks {}); nothing was changed. Choose an empty one with --database, or ask for that one",
                    stored.seed,
                    stored.size,
                    stored.weeks
                );
            }
            return Ok(stored);
        }
        let declared = registry::load(&mut tx).await?;
        if declared != Registry::default() || raw::newest_at(&mut tx).await?.is_some() {
            bail!(
                "this database holds a real company, which a generated one must not be mixed with; nothing was changed. Choose an empty database with --database"
            );
        }
        Ok(asked(last_monday(now_ms)))
    }
}

/// The Monday of the last week that is complete where the company is.
fn last_monday(now_ms: i64) -> NaiveDate {
    let calendar = Calendar::new(vec![(None, demo::TIME_ZONE)]);
    calendar.week_of(now_ms).previous().monday()
}

impl Position {
    async fn store(&self, db: &Db, now_ms: i64) -> anyhow::Result<()> {
        let mut tx = db.write().await?;
        cursors::set(
            &mut tx,
            SOURCE,
            WEEKS,
            &serde_json::to_string(self)?,
            now_ms,
        )
        .await?;
        Ok(tx.commit().await?)
    }
}

/// Marks the company as generated, with what is really true of it, then declares it like any other.
async fn declare(db: &Db, plan: &Plan, now_ms: i64) -> anyhow::Result<()> {
    let mut tx = db.write().await?;
    let mut company = registry::load(&mut tx).await?.company;
    if company.generated_seed != Some(plan.seed) {
        company.generated_seed = Some(plan.seed);
        company.story = story::stored(plan);
        let body = serde_json::to_string(&company)?;
        registry::put(&mut tx, Kind::Company, "company", &body).await?;
    }
    tx.commit().await?;
    let document = Document::parse(&demo::registry_toml(plan)).context("the generated registry")?;
    apply(db, document, now_ms, &|_, _, _| {}).await?;
    Ok(())
}

/// Takes one week in, as if its sources had been read in the night after it.
async fn take_week(db: &Db, week: &WeekOfRecords) -> anyhow::Result<Outcome> {
    let monday_after = week.monday + Duration::days(7);
    let received_at_ms = monday_after
        .and_hms_opt(0, 0, 0)
        .map_or(0, |at| at.and_utc().timestamp_millis());
    let streams = [
        (StreamName::Changes, &week.changes),
        (StreamName::Reviews, &week.reviews),
        (StreamName::Deployments, &week.deployments),
        (StreamName::Incidents, &week.incidents),
        (StreamName::Defects, &week.defects),
        (StreamName::Runs, &week.runs),
        (StreamName::Artifacts, &week.artifacts),
        (StreamName::Evaluations, &week.evaluations),
        (StreamName::SuiteRuns, &week.suite_runs),
        (StreamName::Approvals, &week.approvals),
        (StreamName::PolicyDecisions, &week.policy_decisions),
    ];
    let mut sum = Outcome::default();
    for (stream, records) in streams {
        let texts: Vec<String> = records.iter().map(ToString::to_string).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        for records in texts.chunks(1_000) {
            let delivery = Delivery {
                source: SOURCE,
                records,
                received_at_ms,
            };
            sum.append(ingest::take(db, stream, delivery).await?);
        }
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_generated_on_a_monday_morning_has_the_week_that_just_ended() {
        for (now, monday) in [
            ("2026-11-22T22:59:59Z", "2026-11-09"),
            ("2026-11-22T23:00:00Z", "2026-11-16"),
        ] {
            let now: chrono::DateTime<chrono::Utc> = now.parse().unwrap();
            let found = last_monday(now.timestamp_millis());
            assert_eq!(found.to_string(), monday);
        }
    }
}
