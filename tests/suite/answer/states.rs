//! What is said while data gathers, of work that moved and speed that was traded, and under what
//! leadership declared.

use app::view::answer::{Answer, Word};
use serde_json::json;
use server::metrics::week::Calendar;
use tests::company::{Company, HOUR_MS, Work, log_normal, week};

use super::{told, told_at};

const DAY_MS: i64 = 24 * HOUR_MS;

/// The baseline and the recent span of quality, or of speed.
fn spans(answer: &Answer, quality: bool) -> Option<[String; 4]> {
    let side = match quality {
        true => &answer.quality,
        false => &answer.speed,
    };
    side.spans.clone().map(|spans| {
        [
            spans.baseline.from,
            spans.baseline.to,
            spans.recent.from,
            spans.recent.to,
        ]
    })
}

fn weeks(numbers: [i32; 4]) -> Option<[String; 4]> {
    Some(numbers.map(|number| week(number).to_string()))
}

fn steady(weeks: i32) -> Company {
    Company::of(weeks).but(weeks - 4..weeks, |work| work.failing = 1)
}

#[tokio::test]
async fn until_there_are_sixteen_weeks_the_day_is_named_from_which_it_can_be_told() {
    for collected in [5, 11, 12] {
        let answer = told(&steady(collected), collected - 1, "company").await;
        assert_eq!(answer.sentence, "Can’t tell yet.");
        let day = format!(
            "{collected} of 16 weeks are collected; from Thu 23 Apr 2026 on there are enough."
        );
        assert_eq!(answer.missing.last(), Some(&day));
    }
    let answer = told(&steady(20), 19, "company").await;
    assert_eq!(
        (answer.sentence.as_str(), answer.missing.len()),
        ("No change we can see.", 0)
    );
}

#[tokio::test]
async fn on_the_day_that_was_named_it_can_be_told_and_not_before() {
    let day_ms = Calendar::utc().end_ms(week(15)) + 3 * DAY_MS;
    let before = told_at(&steady(16), 15, "company", day_ms - 1).await;
    assert_eq!(
        before.sentence,
        "Speed unchanged; quality can’t be told yet."
    );
    assert!(
        before
            .missing
            .last()
            .unwrap()
            .contains("from Thu 23 Apr 2026 on"),
        "{:?}",
        before.missing
    );
    let then = told_at(&steady(16), 15, "company", day_ms).await;
    assert_eq!(then.sentence, "No change we can see.");
}

#[tokio::test]
async fn on_monday_quality_ends_a_week_before_the_shown_one() {
    let monday_ms = Calendar::utc().end_ms(week(19)) + 8 * HOUR_MS;
    let answer = told_at(&steady(20), 19, "company", monday_ms).await;
    assert_eq!(spans(&answer, false), weeks([0, 11, 16, 19]));
    assert_eq!(spans(&answer, true), weeks([0, 11, 15, 18]));
}

#[tokio::test]
async fn before_the_first_mark_of_an_agent_lies_the_baseline() {
    let company = steady(24).but(18..24, |work| work.by_agents = true);
    let answer = told(&company, 23, "company").await;
    assert_eq!(spans(&answer, false), weeks([0, 17, 20, 23]));
}

#[tokio::test]
async fn what_leadership_set_is_the_baseline_but_for_the_recent_weeks() {
    let set = |from, to| {
        let span = json!({"from": week(from).to_string(), "to": week(to).to_string()});
        steady(24).declaring("baseline", span)
    };
    let answer = told(&set(3, 15), 23, "company").await;
    assert_eq!(spans(&answer, false), weeks([3, 15, 20, 23]));
    let answer = told(&set(8, 23), 23, "company").await;
    assert_eq!(spans(&answer, false), weeks([8, 19, 20, 23]));
    let answer = told(&set(9, 23), 23, "company").await;
    assert_eq!(
        (answer.sentence.as_str(), spans(&answer, false)),
        ("Can’t tell yet.", None)
    );
}

#[tokio::test]
async fn the_margin_decides_what_is_no_sloppier() {
    for (margin, said, word) in [
        (0.0, "0 points", Word::CantTell),
        (1.0, "1 point", Word::CantTell),
        (2.5, "2.5 points", Word::CantTell),
        (20.0, "20 points", Word::NoSloppier),
    ] {
        let company = Company::of(16).declaring("margin_points", json!(margin));
        let answer = told(&company, 15, "company").await;
        assert_eq!(answer.quality.word, word, "{margin}");
        let said = format!("where the margin is {said}.");
        assert!(answer.reason.ends_with(&said), "{}", answer.reason);
    }
}

#[tokio::test]
async fn a_baseline_without_incidents_is_said_to_have_none() {
    let company = Company::of(16).but(0..12, |work| work.failing = 0);
    let answer = told(&company, 15, "company").await;
    let beside = "Changes delivered a week: 20, and 20 in the baseline; \
                  there were 8 incidents to 80 changes, against none to 240 in the baseline.";
    assert_eq!(answer.beside, [beside]);
}

#[tokio::test]
async fn escaped_defects_stand_beside_where_any_are_classified_and_incidents_elsewhere() {
    for (defects_in, told_beside) in [
        (&[][..], "8 incidents to 80 changes, against 24 to 240"),
        (
            &["production", "pre_release"],
            "4 escaped defects to 80 changes, against none to 240",
        ),
        (
            &["pre_release"],
            "no escaped defects to 80 changes, against none to 240",
        ),
    ] {
        let company = Company::of(16).but(12..16, |work| work.defects_in = defects_in);
        let answer = told(&company, 15, "company").await;
        let said = format!("there were {told_beside} in the baseline.");
        assert!(answer.beside[0].ends_with(&said), "{:?}", answer.beside);
    }
}

#[tokio::test]
async fn a_workflows_own_baseline_and_metrics_win_over_the_companys() {
    let span = |from, to| json!({"from": week(from).to_string(), "to": week(to).to_string()});
    let metrics = |speed, quality| json!({"speed": speed, "quality": quality});
    let mut company = steady(24).declaring("baseline", span(1, 13)).declaring(
        "deciding",
        metrics("stage_deploy", "deployment_rework_rate"),
    );
    company.workflow = Some(json!({
        "slug": "buying", "services": ["shop"],
        // Up to the shown week, of which the recent ones leave it.
        "baseline": span(8, 23), "deciding": metrics("pr_cycle_time", "merged_without_review"),
    }));
    let decided = |answer: &Answer| (answer.speed.metric.clone(), answer.quality.metric.clone());
    let own = told(&company, 23, "workflow:buying").await;
    assert_eq!(
        decided(&own),
        ("pr_cycle_time".into(), "merged_without_review".into())
    );
    assert_eq!(spans(&own, true), weeks([8, 19, 20, 23]));
    company.workflow = Some(json!({"slug": "buying", "services": ["shop"]}));
    for scope in ["company", "workflow:buying"] {
        let answer = told(&company, 23, scope).await;
        assert_eq!(
            decided(&answer),
            ("stage_deploy".into(), "deployment_rework_rate".into())
        );
        assert_eq!(spans(&answer, true), weeks([1, 13, 20, 23]));
    }
}

#[tokio::test]
async fn a_workflow_is_answered_by_its_own_metrics() {
    let mut company = steady(20).but(16..20, |work| work.unreviewed = 20);
    company.workflow = Some(json!({
        "slug": "buying", "services": ["shop"],
        "deciding": {"speed": "pr_cycle_time", "quality": "merged_without_review"},
    }));
    let own = told(&company, 19, "workflow:buying").await;
    assert_eq!(own.sentence, "Sloppier, and not faster.");
    assert_eq!(
        (own.speed.metric.as_str(), own.quality.metric.as_str()),
        ("pr_cycle_time", "merged_without_review")
    );
    assert_eq!(
        told(&company, 19, "company").await.sentence,
        "No change we can see."
    );
}

#[tokio::test]
async fn work_that_moved_to_the_quick_service_is_told() {
    let both = |quick: usize, hours: f64| {
        let work = |service, count, hours| Work {
            service,
            durations_ms: log_normal(count, hours),
            ..Work::default()
        };
        [
            work("desk", quick, 10.0 * hours),
            work("shop", 20 - quick, 80.0 * hours),
        ]
    };
    let company = |quick, hours| {
        let mut company = Company::of(16);
        let of = |number| {
            if number < 12 {
                both(10, 1.0)
            } else {
                both(quick, hours)
            }
        };
        company.works = (0..16)
            .flat_map(|number| of(number).map(|work| (number, work)))
            .collect();
        company
    };
    let moved = told(&company(18, 1.0), 15, "company").await;
    assert_eq!(moved.speed.word, Word::Faster);
    assert!(
        moved.beside.contains(
            &"100\u{202f}% of this is work that moved between services, not a change within them."
                .to_owned()
        ),
        "{:?}",
        moved.beside
    );
    let within = told(&company(10, 0.2), 15, "company").await;
    assert_eq!(within.speed.word, Word::Faster);
    assert!(
        !within.beside.concat().contains("moved"),
        "{:?}",
        within.beside
    );
}

#[tokio::test]
async fn what_speed_was_traded_for_is_told() {
    let faster = Company::of(16).but(12..16, |work| work.durations_ms = log_normal(20, 20.0));
    let twin = told(&faster, 15, "company").await;
    assert_eq!((twin.speed.word, twin.beside.len()), (Word::Faster, 1));
    let traded = faster.but(12..16, |work| {
        (work.wait_ms, work.lines, work.unreviewed) = (3 * HOUR_MS, 300, 6);
    });
    let traded = told(&traded, 15, "company").await;
    assert_eq!(
        traded.beside[1..],
        [
            "Review wait got longer in the same weeks.",
            "Changes got larger in the same weeks.",
            "More was merged without review in the same weeks.",
        ]
    );
}
