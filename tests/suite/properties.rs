//! What holds of any company, however odd its records are.

use std::collections::BTreeSet;

use app::view::figure::{Figure, Unit};
use app::view::records::Record;
use serde_json::{Value, json};
use server::cli::apply::{Document, apply};
use server::ingest::StreamName;
use server::metrics::catalogue::{CATALOGUE, Kind, metric};
use server::store::Db;
use server::views::records::Lists;
use tests::database::on_each_engine;
use tests::random_company::{self, REGISTRY, SERVICES, WEEKS, WORKFLOWS};
use tests::read::{self, Name};
use tests::{deliver, dump};
use tokio::sync::{Mutex, OnceCell};

/// Each a company of its own.
const SEEDS: [u64; 3] = [14, 17, 29];

async fn declare(db: &Db, registry: &str) {
    let document = Document::parse(registry).unwrap();
    apply(db, document, read::NOW_MS, &|_, _, _| {})
        .await
        .unwrap();
}

/// A company whose records all came at once.
async fn company(db: &Db, seed: u64) {
    declare(db, REGISTRY).await;
    let records = random_company::records(seed);
    for stream in StreamName::ALL {
        let of_stream = records.iter().filter(|(of, _)| *of == stream);
        let these: Vec<Value> = of_stream.map(|(_, record)| record.clone()).collect();
        deliver::records(db, stream, &these).await;
    }
    deliver::refresh(db).await;
}

/// A figure and its records.
struct Shown {
    seed: u64,
    figure: Figure,
    lists: Lists,
}

impl Shown {
    fn is(&self, metric: &str, scope: &str, week: &str) -> bool {
        let figure = &self.figure;
        figure.metric == metric
            && figure.scope == scope
            && figure.segment == "all"
            && figure.week == week
    }

    fn kind(&self) -> Kind {
        metric(&self.figure.metric).unwrap().kind
    }

    /// Whether any of what it waits for was ever told.
    fn is_known(&self) -> bool {
        let waits = metric(&self.figure.metric).is_some_and(|own| !own.waits_for().is_empty());
        !waits || self.figure.value.is_some()
    }

    /// For the message of a failure.
    fn label(&self) -> String {
        let Figure {
            metric,
            scope,
            segment,
            week,
            ..
        } = &self.figure;
        format!("seed {}: {metric} {scope} {segment} {week}", self.seed)
    }
}

fn scopes() -> Vec<String> {
    let services = SERVICES.map(|slug| format!("service:{slug}"));
    let workflows = WORKFLOWS.map(|slug| format!("workflow:{slug}"));
    let company = std::iter::once("company".to_owned());
    company.chain(services).chain(workflows).collect()
}

/// Every metric in every scope, and in the company by segment, week by week.
async fn shown(db: &Db, seed: u64) -> Vec<Shown> {
    let mut shown = Vec::new();
    let weeks: Vec<String> = WEEKS.map(|week| format!("2026-W{week:02}")).collect();
    for scope in scopes() {
        for metric in CATALOGUE {
            let segments = match scope == "company" && metric.of.is_split() {
                true => &["all", "agent", "assisted", "unmarked"][..],
                false => &["all"],
            };
            for segment in segments {
                let name = |week| Name {
                    metric: metric.id,
                    scope: &scope,
                    segment,
                    week,
                };
                let series = read::series(db, name(&weeks[weeks.len() - 1])).await;
                for week in &weeks {
                    shown.push(Shown {
                        seed,
                        figure: series.figure(week.parse().unwrap()),
                        lists: read::records(db, name(week)).await,
                    });
                }
            }
        }
    }
    shown
}

/// Every company on each engine, read once for all tests.
async fn everything() -> &'static [Shown] {
    static SHOWN: OnceCell<Vec<Shown>> = OnceCell::const_new();
    SHOWN
        .get_or_init(async || {
            let all = Mutex::new(Vec::new());
            for seed in SEEDS {
                on_each_engine(async |db| {
                    company(&db, seed).await;
                    all.lock().await.extend(shown(&db, seed).await);
                })
                .await;
            }
            all.into_inner()
        })
        .await
}

#[tokio::test]
async fn shuffled_repeated_and_cut_into_other_batches_the_same_records_give_the_same() {
    for seed in SEEDS {
        let all = Mutex::new(Vec::new());
        on_each_engine(async |db| {
            company(&db, seed).await;
            all.lock().await.push(dump::facts(&db).await);
        })
        .await;
        for shuffle in [seed, seed + 1] {
            on_each_engine(async |db| {
                declare(&db, REGISTRY).await;
                let records = random_company::records(seed).into_iter();
                let mut lines: Vec<(StreamName, String)> = records
                    .map(|(stream, record)| (stream, record.to_string()))
                    .collect();
                lines.extend(lines.iter().step_by(3).cloned().collect::<Vec<_>>());
                deliver::shuffled(&db, &lines, shuffle).await;
                all.lock().await.push(dump::facts(&db).await);
            })
            .await;
        }
        let all = all.into_inner();
        for other in &all[1..] {
            all[0].assert_same(other, &format!("seed {seed}"));
        }
    }
}

#[tokio::test]
async fn a_week_computed_again_from_the_same_records_is_the_same_to_the_byte() {
    let seed = SEEDS[0];
    on_each_engine(async |db| {
        declare(&db, REGISTRY).await;
        for (stream, record) in random_company::records(seed) {
            deliver::records(&db, stream, &[record]).await;
            deliver::refresh(&db).await;
        }
        let bytes = async || {
            let shown = shown(&db, seed).await;
            let of = |one: &Shown| {
                json!([one.figure, one.lists.counted, one.lists.left_out]).to_string()
            };
            shown.iter().map(of).collect::<Vec<_>>()
        };
        let arrived = bytes().await;
        deliver::recompute(&db).await;
        for (arrived, recomputed) in arrived.iter().zip(bytes().await) {
            assert_eq!(*arrived, recomputed, "seed {seed}");
        }
    })
    .await;
}

/// A stage of a change, in milliseconds.
fn stage_ms(record: &Record, name: &str) -> Option<i64> {
    let seconds = record.parts.get(name)?.as_f64()?;
    Some((seconds * 1_000.0).round() as i64)
}

#[tokio::test]
async fn stages_are_never_negative_and_sum_to_the_total_or_there_is_a_reason() {
    let mut sums = 0;
    for shown in everything().await {
        let total = match shown.figure.metric.as_str() {
            "pr_cycle_time" => &[][..],
            "change_lead_time" => &["deploy"],
            _ => continue,
        };
        for record in shown.lists.counted.iter().chain(&shown.lists.left_out) {
            let stage = |name: &&str| stage_ms(record, name);
            let label = format!("{} {}", shown.label(), record.id);
            let all = [
                "coding",
                "pickup",
                "review",
                "open",
                "agent_review",
                "deploy",
            ];
            assert!(all.iter().filter_map(stage).all(|ms| ms >= 0), "{label}");
            let stages = match stage(&"open") {
                Some(_) => &["coding", "open"][..],
                None => &["coding", "pickup", "review"],
            };
            let sum: Option<i64> = stages.iter().chain(total).map(stage).sum();
            match (record.value, sum) {
                (Some(value), Some(sum)) => {
                    assert_eq!((value * 1_000.0).round() as i64, sum, "{label}")
                }
                _ => assert!(record.reason.is_some(), "{label}"),
            }
            sums += u32::from(record.value.is_some() && sum.is_some());
        }
    }
    assert!(sums > 100, "{sums} sums");
}

#[tokio::test]
async fn a_ratio_lies_from_0_to_1_and_its_parts_are_counts_of_listed_records() {
    let mut ratios = 0;
    for shown in everything()
        .await
        .iter()
        .filter(|shown| shown.kind() == Kind::Ratio)
    {
        let (figure, counted) = (&shown.figure, &shown.lists.counted);
        let within = |value: f64| (0.0..=1.0).contains(&value);
        let bounds = [figure.value, figure.low, figure.high];
        assert!(
            bounds.into_iter().flatten().all(within),
            "{}",
            shown.label()
        );
        let interval = figure.interval.unwrap_or_default();
        assert!(interval.into_iter().all(within), "{}", shown.label());
        if let Some(value) = figure.value {
            let ones = counted
                .iter()
                .filter(|record| record.value == Some(1.0))
                .count() as u64;
            let parts = (figure.numerator, figure.denominator);
            assert_eq!(
                parts,
                (Some(ones), Some(counted.len() as u64)),
                "{}",
                shown.label()
            );
            assert!(
                figure.low.is_none_or(|low| low <= value),
                "{}",
                shown.label()
            );
            assert!(
                figure.high.is_none_or(|high| value <= high),
                "{}",
                shown.label()
            );
            ratios += 1;
        }
    }
    assert!(ratios > 200, "{ratios} ratios");
}

/// The value of a figure from nothing but its records, in thousandths where it has a unit of time.
fn from_list(shown: &Shown, against: usize) -> Option<f64> {
    let mut values: Vec<i64> = shown
        .lists
        .counted
        .iter()
        .map(|record| (record.value.unwrap() * 1_000.0).round() as i64)
        .collect();
    let count = values.len();
    values.sort_unstable();
    let value = match shown.kind() {
        Kind::Count | Kind::Events => return (count > 0).then_some(count as f64),
        Kind::PerHundred => return (against > 0).then(|| count as f64 / against as f64 * 100.0),
        _ if count == 0 => return None,
        Kind::Ratio | Kind::MeanMoney => values.iter().sum::<i64>() as f64 / count as f64,
        Kind::Sums => return shown.figure.value,
        Kind::Median => (values[(count - 1) / 2] + values[count / 2]) as f64 / 2.0,
    };
    Some(value / 1_000.0)
}

#[tokio::test]
async fn a_list_is_as_long_as_the_sample_and_gives_the_value_again() {
    let all = everything().await;
    for shown in all {
        let (figure, lists) = (&shown.figure, &shown.lists);
        assert_eq!(
            figure.sample,
            lists.counted.len() as u64,
            "{}",
            shown.label()
        );
        // Two services may have a deployment of one id, where the merge is one and the other was pushed.
        let ids: BTreeSet<(&str, &Option<String>)> = lists
            .counted
            .iter()
            .map(|record| (record.id.as_str(), &record.title))
            .collect();
        assert_eq!(ids.len(), lists.counted.len(), "{}", shown.label());
        let of_time = figure.unit == Unit::Seconds;
        assert!(
            lists.left_out.iter().all(|record| record.reason.is_some()),
            "{}",
            shown.label()
        );
        let delivered = all.iter().find(|other| {
            other.seed == shown.seed && other.is("changes_delivered", &figure.scope, &figure.week)
        });
        let again = from_list(
            shown,
            delivered.map_or(0, |other| other.lists.counted.len()),
        );
        if figure.sample > 0 && shown.is_known() {
            let (value, again) = (figure.value.unwrap_or(-1.0), again.unwrap_or(-1.0));
            assert!(
                (value - again).abs() < 1e-9 * again.max(1.0),
                "{}: {value} {again} {of_time}",
                shown.label()
            );
        }
    }
}

#[tokio::test]
async fn from_no_records_there_is_no_value_and_before_the_first_no_nought() {
    for shown in everything()
        .await
        .iter()
        .filter(|shown| shown.figure.sample == 0)
    {
        let figure = &shown.figure;
        let may_be_nought = match shown.kind() {
            Kind::Count | Kind::Events => true,
            Kind::PerHundred => figure.denominator > Some(0),
            Kind::Median | Kind::Ratio | Kind::Sums | Kind::MeanMoney => false,
        };
        let before_all = figure.week == format!("2026-W{:02}", WEEKS.start);
        match figure.value {
            Some(value) => assert!(
                value == 0.0 && may_be_nought && !before_all,
                "{}",
                shown.label()
            ),
            None => assert!(figure.reason.is_some(), "{}", shown.label()),
        }
    }
}

#[tokio::test]
async fn a_companys_ratio_is_that_of_the_sums_over_its_services_and_over_what_has_none() {
    let all = everything().await;
    for shown in all
        .iter()
        .filter(|shown| shown.kind() == Kind::Ratio && shown.is_known())
    {
        let figure = &shown.figure;
        if figure.scope != "company" || figure.segment != "all" {
            continue;
        }
        let services: Vec<&Shown> = SERVICES
            .iter()
            .filter_map(|slug| {
                let scope = format!("service:{slug}");
                all.iter().find(|other| {
                    other.seed == shown.seed && other.is(&figure.metric, &scope, &figure.week)
                })
            })
            .collect();
        let own: BTreeSet<&str> = services
            .iter()
            .flat_map(|service| &service.lists.counted)
            .map(|record| record.id.as_str())
            .collect();
        let homeless = homeless(shown.seed);
        let rest: Vec<&Record> = shown
            .lists
            .counted
            .iter()
            .filter(|record| !own.contains(record.id.as_str()))
            .collect();
        assert!(
            rest.iter().all(|record| homeless.contains(&record.id)),
            "{}",
            shown.label()
        );
        let ones = rest
            .iter()
            .filter(|record| record.value == Some(1.0))
            .count() as u64;
        let parts = |of: fn(&Figure) -> Option<u64>| -> u64 {
            services
                .iter()
                .filter_map(|service| of(&service.figure))
                .sum()
        };
        let numerator = parts(|figure| figure.numerator) + ones;
        let denominator = parts(|figure| figure.denominator) + rest.len() as u64;
        let value = (denominator > 0).then(|| numerator as f64 / denominator as f64);
        assert_eq!(figure.value, value, "{}", shown.label());
    }
}

/// Ids of which some version names no registered service.
fn homeless(seed: u64) -> BTreeSet<String> {
    let records = random_company::records(seed).into_iter();
    let homeless = records.filter(|(_, record)| {
        let service = record["service"].as_str().unwrap_or_default();
        !SERVICES.contains(&service)
    });
    homeless
        .map(|(_, record)| record["id"].as_str().unwrap().to_owned())
        .collect()
}

const DAY_MS: i64 = 86_400_000;

/// The records of a metric over all weeks: when each was, and all that is said of it.
async fn listed(db: &Db, metric: &str, scope: &str) -> Vec<(i64, Record)> {
    let mut listed = Vec::new();
    for week in WEEKS {
        let week = format!("2026-W{week:02}");
        let name = Name {
            metric,
            scope,
            segment: "all",
            week: &week,
        };
        let records = read::records(db, name).await.counted.into_iter();
        listed.extend(records.map(|record| (instant_ms(&record.at), record)));
    }
    listed
}

fn instant_ms(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text)
        .unwrap()
        .timestamp_millis()
}

/// What an incident is laid to, or why to nothing, but for the length of the window.
fn laid(record: &Record) -> String {
    let evidence = record
        .evidence
        .first()
        .map(|evidence| evidence.what.clone());
    let said = evidence.or_else(|| record.reason.clone()).unwrap();
    said.replace("within 48 h", "within 24 h")
}

#[tokio::test]
async fn a_window_a_day_longer_moves_only_the_incidents_at_its_edge() {
    let at_the_edge = Mutex::new(0);
    for seed in SEEDS {
        on_each_engine(async |db| {
            company(&db, seed).await;
            let deployments = listed(&db, "deployment_frequency", "service:shop").await;
            let own = listed(&db, "incident_frequency", "service:shop").await;
            let own: BTreeSet<&str> = own.iter().map(|(_, record)| record.id.as_str()).collect();
            let before = listed(&db, "incident_frequency", "company").await;
            let links = dump::facts(&db).await;
            let longer =
                REGISTRY.replace("incident_window_hours = 24", "incident_window_hours = 48");
            declare(&db, &longer).await;
            let after = listed(&db, "incident_frequency", "company").await;
            for ((at_ms, before), (_, after)) in before.iter().zip(&after) {
                let beyond = laid(before)
                    == "laid to no deployment: no deployment of its service within 24 h before it";
                let (latest_ms, latest) =
                    match deployments.iter().rfind(|(done_ms, _)| done_ms <= at_ms) {
                        Some(latest) if beyond && own.contains(before.id.as_str()) => latest,
                        _ => {
                            assert_eq!(laid(before), laid(after), "seed {seed}: {}", before.id);
                            continue;
                        }
                    };
                let moves = (DAY_MS..=2 * DAY_MS).contains(&(at_ms - latest_ms));
                let to = format!("laid to {}:", latest.id);
                assert_eq!(
                    laid(after).starts_with(&to),
                    moves,
                    "seed {seed}: {}",
                    before.id
                );
                *at_the_edge.lock().await += u32::from(moves);
            }
            let now = dump::facts(&db).await;
            for table in ["change_links", "remedies", "defect_links"] {
                assert_eq!(links.rows(table), now.rows(table), "seed {seed}");
            }
            deliver::recompute(&db).await;
            now.assert_same(&dump::facts(&db).await, "computed from nothing");
        })
        .await;
    }
    assert!(at_the_edge.into_inner() > 0);
}

/// Edits of the registry, each of what the one before left.
const EDITS: [(&str, &str); 7] = [
    ("slug = \"tools\"", "slug = \"tools\"\ndelivery = \"merge\""),
    ("delivery = \"merge\"", "delivery = \"deployment\""),
    (
        "rules_off = [\"rollback\", \"revert\", \"fix\"]",
        "rules_off = []",
    ),
    ("\"Live-EU\", ", "\"Prod\", "),
    ("\"urgent\"", "\"small\""),
    ("\"core/*\"", "\"pay\""),
    ("\"checkout-bot\"", "\"ben\""),
];

#[tokio::test]
async fn after_an_edit_of_the_registry_all_is_as_computed_from_nothing() {
    on_each_engine(async |db| {
        company(&db, SEEDS[0]).await;
        let mut registry = REGISTRY.to_owned();
        for (from, to) in EDITS {
            registry = registry.replace(from, to);
            let before = dump::facts(&db).await;
            declare(&db, &registry).await;
            let edited = dump::facts(&db).await;
            deliver::recompute(&db).await;
            edited.assert_same(&dump::facts(&db).await, to);
            assert_ne!(before, edited, "{to}");
        }
    })
    .await;
}
