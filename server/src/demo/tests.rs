use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Weekday};

use super::hours::{DAY, HOUR};
use super::*;

mod agents;

fn plan(seed: u64, weeks: u32, size: Size) -> Plan {
    Plan {
        seed,
        weeks,
        size,
        last_monday: NaiveDate::from_ymd_opt(2026, 11, 16).unwrap(),
    }
}

fn text(plan: &Plan) -> String {
    let weeks = weeks(plan).map(|week| format!("{week:?}"));
    registry_toml(plan) + &weeks.collect::<String>()
}

fn seconds(record: &Value, field: &str) -> Option<i64> {
    let text = record[field].as_str()?;
    Some(DateTime::parse_from_rfc3339(text).unwrap().timestamp())
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
    let one = text(&plan(7, 6, Size::Small));
    assert_eq!(one, text(&plan(7, 6, Size::Small)));
    assert_ne!(one, text(&plan(8, 6, Size::Small)));
}

#[test]
fn there_are_as_many_weeks_as_asked_and_the_last_is_the_one_asked() {
    for count in [0, 1, 60] {
        let mondays: Vec<NaiveDate> = weeks(&plan(1, count, Size::Small))
            .map(|week| week.monday)
            .collect();
        assert_eq!(mondays.len(), count as usize);
        assert!(mondays.iter().all(|day| day.weekday() == Weekday::Mon));
        assert!(mondays.is_sorted());
        let asked = plan(1, count, Size::Small).last_monday;
        assert!(mondays.last().is_none_or(|last| *last == asked));
    }
}

/// How many changes were merged in a week.
fn merged(truth: &Truth, scope: &str, segment: &str, monday: NaiveDate) -> u64 {
    let figure = truth.figure("changes_merged", (scope, segment), monday);
    figure.unwrap().sample
}

#[test]
fn every_merge_lies_hours_inside_its_week_and_is_counted_once() {
    let plan = plan(3, 60, Size::Small);
    let truth = Truth::of(&plan);
    let mut found = BTreeMap::new();
    for week in weeks(&plan) {
        for change in &week.changes {
            let Some(at) = seconds(change, "merged_at") else {
                continue;
            };
            let day = DateTime::from_timestamp(at, 0).unwrap().date_naive();
            let monday = day.week(Weekday::Mon).first_day();
            assert!(monday <= week.monday);
            let since = at - hours::midnight(monday);
            assert!((3 * HOUR..7 * DAY - 3 * HOUR).contains(&since));
            found
                .entry(monday)
                .or_insert_with(BTreeSet::new)
                .insert(change["id"].to_string());
        }
    }
    for (monday, ids) in found {
        assert_eq!(merged(&truth, "company", "all", monday), ids.len() as u64);
    }
}

#[test]
fn the_segments_add_up_to_all_and_the_services_to_the_company() {
    let plan = plan(5, 40, Size::Small);
    let truth = Truth::of(&plan);
    for monday in (0..40).map(|week| plan.monday(week)) {
        let count = |scope: &str, segment: &str| merged(&truth, scope, segment, monday);
        let mut of_services = 0;
        for scope in truth.scopes() {
            let parts = ["agent", "assisted", "unmarked"].map(|segment| count(scope, segment));
            assert_eq!(count(scope, "all"), parts.into_iter().sum::<u64>());
            if scope.starts_with("service:") {
                of_services += count(scope, "all");
            }
        }
        assert_eq!(count("company", "all"), of_services);
    }
}

#[test]
fn the_true_cycle_times_are_merge_less_the_earlier_of_first_commit_and_creation() {
    let plan = plan(5, 30, Size::Small);
    let truth = Truth::of(&plan);
    for week in weeks(&plan) {
        let mut times = BTreeMap::new();
        for change in &week.changes {
            let Some(merged_at) = seconds(change, "merged_at") else {
                continue;
            };
            let commits = change["commits"].as_array().unwrap();
            let first = commits
                .iter()
                .filter_map(|commit| seconds(commit, "authored_at"))
                .min();
            let start = first.map(|first| {
                seconds(change, "created_at").map_or(first, |created| created.min(first))
            });
            if let Some(start) = start
                && merged_at >= hours::midnight(week.monday)
            {
                times.insert(change["id"].to_string(), merged_at - start);
            }
        }
        let mut times: Vec<i64> = times.into_values().collect();
        times.sort_unstable();
        let (low, high) = (times[(times.len() - 1) / 2], times[times.len() / 2]);
        let known = truth.figure("pr_cycle_time", ("company", "all"), week.monday);
        let known = known.unwrap();
        assert_eq!(known.sample, times.len() as u64);
        assert_eq!(known.value, Some((low + high) as f64 / 2.0));
        assert!(times[0] >= 0);
    }
}

/// What may come to be known of a thing that was told before.
const LATER: [&str; 16] = [
    "title",
    "updated_at",
    "resolved_at",
    "found_in",
    "decided_at",
    "decision",
    "approver",
    "ended_at",
    "outcome",
    "input",
    "output",
    "tool_calls",
    "tool_call_counts",
    "artifacts",
    "tokens",
    "cost",
];

#[test]
fn ids_are_unique_but_for_repeats_and_newer_versions_of_the_same_thing() {
    let mut seen: BTreeMap<String, Value> = BTreeMap::new();
    for week in weeks(&plan(9, 60, Size::Small)) {
        let streams = [
            ("change", week.changes),
            ("review", week.reviews),
            ("deployment", week.deployments),
            ("incident", week.incidents),
            ("defect", week.defects),
            ("run", week.runs),
            ("artifact", week.artifacts),
            ("evaluation", week.evaluations),
            ("suite run", week.suite_runs),
            ("approval", week.approvals),
            ("policy decision", week.policy_decisions),
        ];
        let each = streams
            .into_iter()
            .flat_map(|(stream, records)| records.into_iter().map(move |record| (stream, record)));
        for (stream, mut facts) in each {
            assert!(facts["updated_at"].is_string());
            let id = format!("{stream} {}", facts["id"]);
            let edit = facts.as_object_mut().unwrap();
            for later in LATER {
                edit.remove(later);
            }
            assert_eq!(seen.entry(id).or_insert_with(|| facts.clone()), &facts);
        }
    }
}

#[test]
fn a_services_attempts_to_reach_production_never_overlap() {
    let mut spans: BTreeMap<String, BTreeMap<i64, i64>> = BTreeMap::new();
    for deployment in super::weeks(&plan(6, 60, Size::Small)).flat_map(|week| week.deployments) {
        if deployment["environment"] == "production" {
            let from = seconds(&deployment, "started_at").unwrap();
            let of_service = spans.entry(deployment["service"].to_string());
            let to = seconds(&deployment, "finished_at").unwrap();
            of_service.or_default().insert(to, from);
        }
    }
    for spans in spans.into_values() {
        let finished = spans.keys();
        assert!(
            finished
                .zip(spans.values().skip(1))
                .all(|(before, from)| before < from)
        );
    }
}

#[test]
fn no_title_comes_twice_in_a_row() {
    for (size, weeks) in [(Size::Small, 60), (Size::Huge, 2)] {
        let mut last = (Value::Null, Value::Null);
        for change in super::weeks(&plan(4, weeks, size)).flat_map(|week| week.changes) {
            let this = (change["id"].clone(), change["title"].clone());
            assert!(last.0 == this.0 || last.1 != this.1, "{}", this.1);
            last = this;
        }
    }
}

#[test]
fn agents_begin_after_a_baseline_and_grow() {
    let plan = plan(1, 50, Size::Large);
    let truth = Truth::of(&plan);
    let shares: Vec<f64> = (0..50)
        .map(|week| {
            let count = |segment| merged(&truth, "company", segment, plan.monday(week));
            count("agent") as f64 / count("all") as f64
        })
        .collect();
    assert!(shares[..30].iter().all(|share| *share == 0.0));
    assert!(shares[35] > 0.05 && shares[49] > 0.22 && shares[49] < 0.45);
}

#[test]
fn a_company_is_as_large_as_its_size_says() {
    for (size, services, workflows, span, a_week) in [
        (Size::Small, 4, 3, 52, 37..44),
        (Size::Large, 20, 12, 5, 740..860),
        (Size::Huge, 50, 12, 5, 3_600..4_100),
    ] {
        let plan = plan(2, span, size);
        let toml = registry_toml(&plan);
        assert_eq!(toml.matches("[[service]]").count(), services);
        assert_eq!(toml.matches("[[workflow]]").count(), workflows);
        let truth = Truth::of(&plan);
        let merged: u64 = (0..span)
            .map(|week| merged(&truth, "company", "all", plan.monday(week)))
            .sum();
        let mean = merged / u64::from(span);
        assert!(a_week.contains(&mean), "{size}: {mean}");
    }
}

#[test]
fn a_size_is_read_back_from_its_name() {
    for (size, _) in Size::ALL {
        assert_eq!(size.to_string().parse(), Ok(size));
    }
    assert!("medium".parse::<Size>().is_err());
}
