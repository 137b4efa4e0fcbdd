//! Companies laid out by rule, as the records that their forges and incident tools would send.
//!
//! Nothing is drawn: durations lie on the quantiles of a log-normal, and so many deployments of a week
//! fail through an incident that names them.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};
use server::ingest::StreamName;
use server::metrics::level::Level;
use server::metrics::week::{Calendar, Week};
use server::store::Db;
use server::store::registry::Kind;

use crate::deliver;

pub const HOUR_MS: i64 = 3_600_000;
const WEEK_MS: i64 = 168 * HOUR_MS;
/// The spread of the durations' logarithms.
const SIGMA: f64 = 0.5;

/// What one service does in one week.
#[derive(Clone, Debug)]
pub struct Work {
    pub service: &'static str,
    /// From start to delivery, one for each change.
    pub durations_ms: Vec<i64>,
    pub deployments: usize,
    /// How many of these fail; of a change each, if there are as many.
    pub failing: usize,
    pub by_agents: bool,
    /// How long a change waits for its review.
    pub wait_ms: i64,
    /// How many changes nobody reviews.
    pub unreviewed: usize,
    pub lines: usize,
    /// Where its defects are found, one for each: `production` or `pre_release`.
    pub defects_in: &'static [&'static str],
}

impl Default for Work {
    /// Twenty changes of 40 hours, in as many deployments, of which two fail.
    fn default() -> Work {
        Work {
            service: "shop",
            durations_ms: log_normal(20, 40.0),
            deployments: 20,
            failing: 2,
            by_agents: false,
            wait_ms: HOUR_MS,
            unreviewed: 0,
            lines: 100,
            defects_in: &[],
        }
    }
}

/// Durations around a median.
pub fn log_normal(count: usize, median_hours: f64) -> Vec<i64> {
    let duration = |place: usize| {
        let quantile = (place as f64 + 0.5) / count as f64;
        let level = Level::from_percent(100.0 * (2.0 * quantile - 1.0).abs());
        let deviations = level.map_or(0.0, Level::z) * (quantile - 0.5).signum();
        (median_hours * (SIGMA * deviations).exp() * HOUR_MS as f64) as i64
    };
    (0..count).map(duration).collect()
}

/// Weeks of work, and what leadership declared.
#[derive(Clone, Debug)]
pub struct Company {
    pub works: Vec<(i32, Work)>,
    pub declared: Value,
    pub workflow: Option<Value>,
}

/// The first is 2026-W01.
pub fn week(number: i32) -> Week {
    "2026-W01".parse::<Week>().unwrap().plus(number)
}

impl Company {
    /// So many weeks, all alike.
    pub fn of(weeks: i32) -> Company {
        Company {
            works: (0..weeks).map(|week| (week, Work::default())).collect(),
            declared: json!({"name": "Laid out", "time_zones": [{"zone": "UTC"}]}),
            workflow: None,
        }
    }

    /// The same but for what some weeks bring.
    pub fn but(mut self, weeks: std::ops::Range<i32>, change: impl Fn(&mut Work)) -> Company {
        let works = self.works.iter_mut();
        works
            .filter(|(week, _)| weeks.contains(week))
            .for_each(|(_, work)| change(work));
        self
    }

    /// With this declared of the company.
    pub fn declaring(mut self, member: &str, value: Value) -> Company {
        self.declared[member] = value;
        self
    }

    /// Declares the company, takes all of its records in, and computes its figures.
    pub async fn feed(&self, db: &Db) {
        self.declare(db).await;
        for stream in StreamName::ALL {
            let outcome = deliver::records(db, stream, &self.records_of(stream)).await;
            assert_eq!(outcome.refused, []);
        }
        deliver::refresh(db).await;
    }

    /// Declares the company, its services and its workflow.
    pub async fn declare(&self, db: &Db) {
        deliver::declare(db, Kind::Company, "company", self.declared.clone()).await;
        for service in self.services() {
            deliver::declare(db, Kind::Service, service, json!({"slug": service})).await;
        }
        if let Some(workflow) = &self.workflow {
            let slug = workflow["slug"].as_str().unwrap();
            deliver::declare(db, Kind::Workflow, slug, workflow.clone()).await;
        }
    }

    /// All that its sources send of one stream.
    pub fn records_of(&self, stream: StreamName) -> Vec<Value> {
        let records = self.records().into_iter();
        let own = records.filter(|(of, _)| *of == stream);
        own.map(|(_, record)| record).collect()
    }

    fn services(&self) -> Vec<&'static str> {
        let mut services: Vec<_> = self.works.iter().map(|(_, work)| work.service).collect();
        services.sort_unstable();
        services.dedup();
        services
    }

    fn records(&self) -> Vec<(StreamName, Value)> {
        let deployed = self.works.iter().filter(|(_, work)| work.deployments > 0);
        let first = |service| deployed.clone().find(|(_, work)| work.service == service);
        let services = self.services().into_iter();
        let firsts = services.filter_map(|service| {
            let (week, work) = first(service)?;
            Some(deployment(
                work,
                &format!("{service}-first"),
                start_ms(*week),
                &[],
            ))
        });
        let weeks = self
            .works
            .iter()
            .flat_map(|(week, work)| work.records(*week));
        firsts.chain(weeks).collect()
    }
}

impl Work {
    fn records(&self, week: i32) -> Vec<(StreamName, Value)> {
        let mut records = Vec::new();
        let change_id = |change: usize| format!("{}-{week}-{change}", self.service);
        for (change, duration_ms) in self.durations_ms.iter().enumerate() {
            let at_ms = self.finish_ms(week, change % self.deployments.max(1));
            records.extend(self.change(&change_id(change), change, [at_ms - duration_ms, at_ms]));
        }
        for number in 0..self.deployments {
            let delivered = (0..self.durations_ms.len())
                .skip(number)
                .step_by(self.deployments);
            let delivered: Vec<String> = delivered.map(change_id).collect();
            let (id, at_ms) = (
                format!("{}-{week}-deployment-{number}", self.service),
                self.finish_ms(week, number),
            );
            if number < self.failing {
                records.push(incident(self, &id, at_ms + HOUR_MS));
            }
            records.push(deployment(self, &id, at_ms, &delivered));
        }
        let defects = self.defects_in.iter().enumerate();
        records.extend(defects.map(|(number, place)| {
            let id = format!("{}-{week}-defect-{number}", self.service);
            let found_at = at(start_ms(week) + HOUR_MS);
            let record =
                json!({"id": id, "service": self.service, "found_at": found_at, "found_in": place});
            (StreamName::Defects, record)
        }));
        records
    }

    fn finish_ms(&self, week: i32, deployment: usize) -> i64 {
        let step_ms = WEEK_MS / (self.deployments as i64 + 2);
        start_ms(week) + step_ms * (deployment as i64 + 1)
    }

    fn change(&self, id: &str, place: usize, [from, to]: [i64; 2]) -> Vec<(StreamName, Value)> {
        let author = match self.by_agents {
            true => json!({"id": "builder[bot]", "kind": "agent"}),
            false => json!({"id": "ana", "kind": "person"}),
        };
        let change = json!({
            "id": id, "service": self.service, "author": author, "number": 1,
            "created_at": at(from), "merged_at": at(to), "merge_commit": format!("merge-{id}"),
            "commits": [{"sha": format!("commit-{id}"), "authored_at": at(from), "author": author}],
            "additions": self.lines, "deletions": 0,
        });
        let review = json!({
            "id": format!("review-{id}"), "change": id, "author": {"id": "ben", "kind": "person"},
            "state": "approved", "submitted_at": at((from + self.wait_ms).min(to)),
        });
        let mut records = vec![(StreamName::Changes, change)];
        records.extend((place >= self.unreviewed).then_some((StreamName::Reviews, review)));
        records
    }
}

fn deployment(work: &Work, id: &str, at_ms: i64, changes: &[String]) -> (StreamName, Value) {
    let record = json!({
        "id": id, "service": work.service, "environment": "production", "result": "success",
        "commit": format!("commit-{id}"), "finished_at": at(at_ms), "changes": changes,
    });
    (StreamName::Deployments, record)
}

fn incident(work: &Work, deployment: &str, at_ms: i64) -> (StreamName, Value) {
    let record = json!({
        "id": format!("incident-{deployment}"), "service": work.service, "started_at": at(at_ms),
        "resolved_at": at(at_ms + HOUR_MS), "caused_by": {"deployment": deployment},
    });
    (StreamName::Incidents, record)
}

fn start_ms(number: i32) -> i64 {
    Calendar::utc().start_ms(week(number))
}

fn at(ms: i64) -> String {
    let instant = DateTime::from_timestamp_millis(ms).unwrap();
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}
