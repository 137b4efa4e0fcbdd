//! Agents' work: what is told of it hangs together, and its truth adds up.

use super::super::episodes::{Episode, episodes};
use super::*;

/// The newest version of each record, by id.
type Newest = BTreeMap<String, Value>;

#[derive(Default)]
struct Records {
    changes: Newest,
    runs: Newest,
    artifacts: Newest,
    evaluations: Newest,
    approvals: Newest,
    decisions: Newest,
}

fn records(plan: &Plan) -> Records {
    let mut all = Records::default();
    for week in super::weeks(plan) {
        for (newest, records) in [
            (&mut all.changes, week.changes),
            (&mut all.runs, week.runs),
            (&mut all.artifacts, week.artifacts),
            (&mut all.evaluations, week.evaluations),
            (&mut all.approvals, week.approvals),
            (&mut all.decisions, week.policy_decisions),
        ] {
            for record in records {
                let id = record["id"].as_str().unwrap().to_owned();
                let old = newest.get(&id).map(|old| seconds(old, "updated_at"));
                if old.is_none_or(|old| old <= seconds(&record, "updated_at")) {
                    newest.insert(id, record);
                }
            }
        }
    }
    all
}

fn list(record: &Value) -> &[Value] {
    record.as_array().map_or(&[], Vec::as_slice)
}

/// The mean of a metric over some weeks, weighted by what is behind each; and how many those are.
fn over(truth: &Truth, (metric, scope): (&str, &str), mondays: &[NaiveDate]) -> (f64, u64) {
    let weeks = mondays.iter();
    let figures = weeks.map(|monday| truth.figure(metric, (scope, "all"), *monday));
    let parts = figures.filter_map(|figure| figure.unwrap().parts);
    let (part, whole) = parts.fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    (part as f64 / whole as f64, whole)
}

fn mondays(plan: &Plan) -> Vec<NaiveDate> {
    (0..plan.weeks).map(|week| plan.monday(week)).collect()
}

#[test]
fn runs_are_linked_to_changes_that_bear_an_agents_mark_and_to_no_others() {
    let all = records(&plan(7, 40, Size::Small));
    let mut linked = 0;
    let mut named = BTreeSet::new();
    for left in all.runs.values().flat_map(|run| list(&run["artifacts"])) {
        if left["kind"] == "change" {
            named.insert(left["ref"].as_str().unwrap());
        }
    }
    for (id, change) in &all.changes {
        let mut own = change.clone();
        let runs = own.as_object_mut().unwrap().remove("run_ids");
        if runs.is_some() || named.contains(id.as_str()) {
            linked += 1;
            assert!(own.to_string().contains("-agent"), "{own}");
        }
        for run in runs.iter().flat_map(list) {
            assert!(all.runs.contains_key(run.as_str().unwrap()));
        }
    }
    assert!(linked > 100, "{linked}");
}

#[test]
fn whatever_names_a_run_or_an_artifact_names_one_that_is_told() {
    let all = records(&plan(8, 40, Size::Small));
    let mut things: BTreeSet<&str> = all.changes.keys().map(String::as_str).collect();
    let left = all.runs.values().flat_map(|run| list(&run["artifacts"]));
    things.extend(
        left.chain(all.artifacts.values())
            .filter_map(|own| own["ref"].as_str()),
    );
    let subjects = all.approvals.values().map(|own| &own["subject"]);
    let naming = [&all.artifacts, &all.evaluations, &all.decisions];
    let naming = naming.into_iter().flat_map(BTreeMap::values);
    let mut names = (0, 0);
    for own in naming.chain(subjects) {
        if let Some(run) = own["run"].as_str() {
            assert!(all.runs.contains_key(run), "{own}");
            names.0 += 1;
        }
        if let Some(thing) = own["artifact"].as_str() {
            assert!(things.contains(thing), "{own}");
            names.1 += 1;
        }
    }
    assert!(names.0 > 200 && names.1 > 50, "{names:?}");
}

#[test]
fn every_merged_change_with_a_mark_is_an_artifact_and_the_segments_add_up() {
    let plan = plan(5, 40, Size::Small);
    let truth = Truth::of(&plan);
    for monday in mondays(&plan) {
        for scope in truth.scopes() {
            let sample = |metric, segment| {
                let figure = truth.figure(metric, (scope, segment), monday);
                figure.unwrap().sample
            };
            for metric in ["evaluation_coverage", "auditability"] {
                let of_segments = sample(metric, "agent") + sample(metric, "assisted");
                assert_eq!(sample(metric, "all"), of_segments);
                assert_eq!(sample(metric, "unmarked"), 0);
            }
            let merged = |segment| sample("changes_merged", segment);
            let assisted = sample("auditability", "assisted");
            assert_eq!(assisted, merged("assisted"), "{scope} {monday}");
            if scope.starts_with("service:") {
                assert_eq!(sample("auditability", "agent"), merged("agent"));
            }
        }
    }
}

#[test]
fn no_artifact_is_reconstructable_that_lacks_any_item() {
    let plan = plan(6, 40, Size::Small);
    let truth = Truth::of(&plan);
    for monday in mondays(&plan) {
        for scope in truth.scopes() {
            let figure = truth.figure("auditability", (scope, "all"), monday);
            let (whole, artifacts) = figure.unwrap().parts.unwrap_or_default();
            for (item, name) in truth::agents::Item::ALL {
                let (met, asked) = truth.item(name, (scope, "all"), monday).unwrap();
                assert!(met <= asked && asked <= artifacts);
                assert!(asked - met <= artifacts - whole, "{item:?}");
                let is_of_all = item < truth::agents::Item::Approval;
                assert!(!is_of_all || asked == artifacts, "{item:?}");
            }
        }
    }
}

#[test]
fn there_are_about_as_many_runs_as_marked_changes_and_evidence_is_as_frequent_as_planned() {
    let plan = plan(2, 9, Size::Large);
    let truth = Truth::of(&plan);
    let mondays = mondays(&plan);
    let share = |metric| over(&truth, (metric, "company"), &mondays).0;
    let (_, artifacts) = over(&truth, ("auditability", "company"), &mondays);
    let (_, runs) = over(&truth, ("run_success", "company"), &mondays);
    let by_artifact = runs as f64 / artifacts as f64;
    assert!((0.75..1.1).contains(&by_artifact), "{by_artifact}");
    for (metric, planned) in [
        ("evaluation_coverage", 0.62..0.76),
        ("auditability", 0.4..0.65),
        ("run_success", 0.84..0.93),
        ("handover_rate", 0.03..0.09),
        ("tool_error_rate", 0.04..0.075),
        ("cache_share", 0.33..0.47),
        ("suite_pass_rate", 0.93..0.99),
        ("adversarial_pass_rate", 0.88..0.97),
    ] {
        let found = share(metric);
        assert!(planned.contains(&found), "{metric}: {found}");
    }
}

#[test]
fn the_true_costs_are_the_sum_of_what_the_runs_say_in_the_companys_currency() {
    let plan = plan(3, 30, Size::Small);
    let truth = Truth::of(&plan);
    let amounts: Vec<f64> = records(&plan)
        .runs
        .values()
        .filter(|run| run["cost"]["currency"] == "EUR")
        .map(|run| run["cost"]["amount"].as_str().unwrap().parse().unwrap())
        .collect();
    let mondays = mondays(&plan);
    let monies = mondays.iter();
    let monies: Vec<Money> = monies
        .filter_map(|monday| truth.money("cost_per_run", "company", *monday))
        .collect();
    let known: f64 = monies
        .iter()
        .map(|money| money.sum.parse::<f64>().unwrap())
        .sum();
    let sample: u64 = monies.iter().map(|money| money.sample).sum();
    assert_eq!(sample, amounts.len() as u64);
    assert!((known - amounts.iter().sum::<f64>()).abs() < 1e-6);
    assert_eq!(
        truth.money("run_success", "company", plan.last_monday),
        None
    );
}

/// A share or count over the weeks of an episode, and over those before that have agents.
fn within_and_before(plan: &Plan, truth: &Truth, episode: &Episode) -> (f64, f64) {
    let scope = format!("workflow:{}", episode.workflow);
    let in_it = |monday: &NaiveDate| {
        *monday >= episode.begins && episode.ends.is_none_or(|ends| *monday < ends)
    };
    let all = mondays(plan);
    let within: Vec<NaiveDate> = all.iter().copied().filter(in_it).collect();
    let before = all.iter().copied().filter(|day| *day < episode.begins);
    let before: Vec<NaiveDate> = before.collect();
    let of = |mondays: &[NaiveDate]| match episode.metric {
        "above_tier_actions" => {
            let figures = mondays
                .iter()
                .map(|monday| truth.figure(episode.metric, (&scope, "all"), *monday));
            let runs = figures.map(|figure| figure.unwrap().sample).sum::<u64>();
            runs as f64 / mondays.len() as f64
        }
        metric => over(truth, (metric, &scope), mondays).0,
    };
    (of(&within), of(&before))
}

#[test]
fn what_is_told_of_the_agents_work_shows_in_its_truth() {
    let plan = plan(1, 50, Size::Large);
    let truth = Truth::of(&plan);
    let [unapproved, evaluated, too_far] = episodes(&plan);
    let (within, before) = within_and_before(&plan, &truth, &unapproved);
    assert!(within < 0.5 * before, "{within} {before}");
    let (within, before) = within_and_before(&plan, &truth, &evaluated);
    assert!(before < 0.4 && within > 0.8, "{within} {before}");
    let (within, before) = within_and_before(&plan, &truth, &too_far);
    assert!(within > 10.0 && before < 1.0, "{within} {before}");
}

#[test]
fn the_episodes_lie_within_the_weeks_of_any_company() {
    for weeks in [1, 2, 12, 52] {
        let plan = plan(7, weeks, Size::Small);
        let span = plan.monday(0)..=plan.last_monday;
        for episode in episodes(&plan) {
            assert!(span.contains(&episode.begins));
            assert!(episode.ends.is_none_or(|ends| ends > episode.begins));
        }
    }
}

#[test]
fn the_registry_declares_tools_and_the_suites_of_every_workflow_with_an_agent() {
    let toml = registry_toml(&plan(7, 30, Size::Small));
    assert_eq!(toml.matches("[[workflow.suite]]").count(), 6);
    assert_eq!(toml.matches("kind = \"adversarial\"").count(), 3);
    let tool = "[[tool]]\nname = \"run_migration_staging\"\neffect = \"non_production\"\n";
    assert!(toml.contains(tool));
    assert_eq!(toml.matches("\nplaybook = ").count(), 2);
}
