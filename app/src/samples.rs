//! View models for the tests of pages: one a state that a reader can meet.

mod actions;
mod answer;
mod bodies;
mod corrections;
mod demo;
mod explanation;
mod hop;
mod receipt;
mod settings;
mod sources;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use serde_json::json;

use crate::view::{
    actions::FromLastWeek,
    chart::{Chart, Limits, Marked},
    correction::Standing,
    definition::{Definition, Version},
    exceptions::{Exception, Exceptions},
    figure::{Figure, State, Unit},
    first_hour::FirstHour,
    frame::{Frame, Generated, Person, Theme},
    freshness::{Freshness, Source},
    records::{Evidence, Level, Record, Records, SegmentLink, Sort},
    restated::Restatement,
    review::{ActsHead, Freeze, Group, Place, Point, Review, Row},
    sign_in::{SignIn, SignInState},
    signal::{Rule, Signal},
};

pub use actions::{action, actions};
pub use answer::{answer, answer_definition};
pub use bodies::bodies;
pub use corrections::{asked, correction, corrections, moved};
pub use demo::demo;
pub use explanation::{explanation, written};
pub use hop::{hop, hops};
pub use receipt::{bare_receipt, receipt};
pub use settings::{operators_settings, refused_settings, settings};
pub use sources::{no_sources, sources};

const HOUR: f64 = 3_600.0;

pub fn frame() -> Frame {
    Frame {
        person: Some(Person {
            email: "ana.ruiz@example.org".into(),
            role: "DRI".into(),
            corrects: true,
            operates: false,
            decides: false,
        }),
        theme: Theme::Auto,
        single_keys: true,
        nonce: "n0nce".into(),
        islands: false,
        csrf: "csrf-token".into(),
        path: "/review/2026-W47".into(),
        generated: Some(Generated { seed: 7 }),
    }
}

pub fn figure(metric: &str, value: f64, unit: Unit, sample: u64) -> Figure {
    Figure {
        metric: metric.into(),
        week: "2026-W47".into(),
        scope: "company".into(),
        segment: "all".into(),
        value: Some(value),
        unit,
        sample,
        numerator: None,
        denominator: None,
        p90: None,
        low: None,
        high: None,
        parts: None,
        interval: None,
        normal_range: None,
        signal: Signal::Routine,
        rule: None,
        state: State::Exact,
        settles: "2026-11-23T00:00:00Z".into(),
        reason: None,
        definition_version: 1,
        records_url: format!("/records/{metric}?week=2026-W47&scope=company&segment=all"),
    }
}

#[expect(clippy::unwrap_used, reason = "the text is an instant")]
fn frozen_at() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-23T07:00:00+01:00").unwrap()
}

/// Changes merged: 40 when it froze, one more since.
pub fn restatement() -> Restatement {
    let standing = |count: u64| Standing {
        value: Some(count as f64),
        sample: count,
        numerator: None,
        denominator: None,
    };
    Restatement {
        name: "Changes merged".into(),
        unit: Unit::Count,
        before: Some(standing(40)),
        after: Some(standing(41)),
        at: frozen_at() + TimeDelta::days(1),
        reason: "records that came or changed later".into(),
        records_url: "/records/changes_merged?week=2026-W47&scope=company&segment=all".into(),
    }
}

/// Changes merged: 41, up, outside the limits.
pub fn merged() -> Row {
    let mut figure = figure("changes_merged", 41.0, Unit::Count, 41);
    figure.normal_range = Some([12.2, 36.4]);
    figure.signal = Signal::Up;
    figure.rule = Some(Rule::OutsideLimits);
    Row {
        name: "Changes merged".into(),
        figure,
        records_noun: "changes".into(),
        points: points(
            &[
                23.0, 27.0, 22.0, 25.0, 19.0, 28.0, 24.0, 21.0, 30.0, 26.0, 31.0, 41.0,
            ],
            41,
        ),
        usable_weeks: 46,
        settles_on: day(2026, 11, 26),
        definition_url: "/definitions/changes_merged".into(),
    }
}

/// PR cycle time: 1.4 days, better, by the third rule; one hollow week and one without value.
pub fn cycle_time() -> Row {
    let mut figure = figure("pr_cycle_time", 33.6 * HOUR, Unit::Seconds, 38);
    figure.interval = Some([26.4 * HOUR, 43.1 * HOUR]);
    figure.normal_range = Some([35.0 * HOUR, 62.4 * HOUR]);
    figure.p90 = Some(96.0 * HOUR);
    figure.signal = Signal::Better;
    figure.rule = Some(Rule::OutsideLimits);
    let hours = [
        48.0, 52.0, 45.0, 50.0, 47.0, 55.0, 49.0, 41.0, 44.0, 39.0, 37.0, 33.6,
    ];
    let mut points = points(&hours.map(|hours| hours * HOUR), 38);
    points[3].value = None;
    points[3].sample = 0;
    points[7].hollow = true;
    points[7].sample = 3;
    Row {
        name: "PR cycle time".into(),
        figure,
        records_noun: "changes".into(),
        points,
        usable_weeks: 46,
        settles_on: day(2026, 11, 26),
        definition_url: "/definitions/pr_cycle_time".into(),
    }
}

pub fn points(values: &[f64], sample: u64) -> Vec<Point> {
    let first = 48 - values.len();
    let point = |(place, value): (usize, &f64)| Point {
        week: format!("2026-W{:02}", first + place),
        value: Some(*value),
        sample,
        hollow: false,
    };
    values.iter().enumerate().map(point).collect()
}

/// Three of twelve series stand out, one of them in a workflow since the week before.
pub fn exceptions() -> Exceptions {
    let exception = |row: Row, scope_name: &str, since: &str| Exception {
        scope_name: scope_name.into(),
        name: row.name,
        figure: row.figure,
        records_noun: row.records_noun,
        usable_weeks: row.usable_weeks,
        since: since.into(),
        owner: (scope_name != "Example").then(|| "ana@example.org".into()),
        is_always_told: false,
        explanation: None,
        explainers: vec!["ana.ruiz@example.org".into()],
    };
    Exceptions {
        watched: 12,
        found: vec![
            exception(cycle_time(), "Example", "2026-W47"),
            exception(cycle_time(), "Checkout", "2026-W46"),
            exception(merged(), "Example", "2026-W47"),
        ],
    }
}

pub fn review() -> Review {
    Review {
        week: "2026-W47".into(),
        first_day: day(2026, 11, 16),
        last_day: day(2026, 11, 22),
        previous_week: Some("2026-W46".into()),
        next_week: None,
        newest_week: None,
        scope: "company".into(),
        scope_name: "Example".into(),
        data_as_of: Some(instant("2026-11-22T22:14:00+01:00")),
        time_zone: "Europe/Berlin".into(),
        sources: Vec::new(),
        answer: answer(),
        exceptions: exceptions(),
        hops: Some(hops()),
        actions: Some(FromLastWeek {
            shown: vec![action()],
            more: 0,
        }),
        groups: vec![
            Group {
                name: "Work".into(),
                rows: vec![merged()],
            },
            Group {
                name: "Speed".into(),
                rows: vec![cycle_time()],
            },
        ],
        first_hour: None,
        freeze: Freeze::Frozen(frozen_at()),
        restatements: vec![restatement()],
        acts_head: Some(ActsHead {
            number: 14,
            hash: "3fa9c17e02b4".into(),
        }),
        elsewhere: vec![Place {
            scope: "workflow:checkout".into(),
            name: "Checkout".into(),
        }],
        generated: None,
    }
}

/// Nothing has come, and nothing is declared.
pub fn first_review() -> Review {
    Review {
        first_hour: Some(FirstHour {
            verdict_weeks: 16,
            ..FirstHour::default()
        }),
        data_as_of: None,
        freeze: Freeze::Never,
        ..review()
    }
}

/// Three sources, of which one is stale and one partial, and a stale figure.
pub fn stale_review() -> Review {
    let source = |name: &str, freshness, reason: Option<&str>| Source {
        name: name.into(),
        freshness,
        reason: reason.map(Into::into),
    };
    let since = "since Fri 20 Nov 2026, 20:10 Berlin; it is to deliver every day";
    let mut review = review();
    review.exceptions.found.clear();
    review.sources = vec![
        source(
            "ci",
            Freshness::Partial,
            Some(&format!("no deployments came {since}")),
        ),
        source("forge", Freshness::Fresh, None),
        source(
            "pager",
            Freshness::Stale,
            Some(&format!("no incidents came {since}")),
        ),
    ];
    let figure = &mut review.groups[1].rows[0].figure;
    figure.state = State::Stale;
    figure.reason = Some("no changes came from forge since Fri 20 Nov 2026, 20:10 Berlin".into());
    review
}

/// A company of four weeks, most of them hollow; and one metric without any value.
pub fn young_review() -> Review {
    let mut review = review();
    let mut row = cycle_time();
    row.figure.signal = Signal::TooFew;
    row.figure.rule = None;
    row.figure.state = State::TooFew;
    row.figure.sample = 3;
    row.figure.interval = None;
    row.figure.normal_range = None;
    row.usable_weeks = 1;
    row.points = row.points.split_off(8);
    for point in &mut row.points[..3] {
        point.hollow = true;
        point.sample = 2;
    }
    row.points[3].hollow = true;
    let mut collecting = merged();
    collecting.figure.signal = Signal::TooFew;
    collecting.figure.rule = None;
    collecting.figure.normal_range = None;
    collecting.figure.state = State::Provisional;
    collecting.points = collecting.points.split_off(7);
    collecting.usable_weeks = 4;
    review.groups[0].rows = vec![collecting];
    review.groups[1].rows = vec![row, nothing()];
    review.previous_week = None;
    review.exceptions = Exceptions::default();
    review.hops = None;
    review
}

/// A metric that has nothing to say yet.
pub fn nothing() -> Row {
    let mut row = cycle_time();
    row.name = "Change lead time".into();
    row.figure = figure("change_lead_time", 0.0, Unit::Seconds, 0);
    row.figure.value = None;
    row.figure.signal = Signal::None;
    row.figure.state = State::None;
    row.figure.reason = Some("no deployments received".into());
    row.points = points(&[0.0; 12], 0);
    for point in &mut row.points {
        point.value = None;
    }
    row.usable_weeks = 0;
    row
}

pub fn records() -> Records {
    let row = cycle_time();
    let mut points = points(
        &[
            50.0, 46.0, 52.0, 58.0, 44.0, 47.0, 51.0, 49.0, 53.0, 45.0, 48.0, 57.0, 50.0, 46.0,
        ]
        .map(|hours| hours * HOUR),
        35,
    );
    for (place, point) in points.iter_mut().enumerate() {
        point.week = format!("2026-W{}", 22 + place);
    }
    points.extend(row.points.clone());
    Records {
        name: row.name,
        records_noun: row.records_noun,
        scope_name: "Example".into(),
        chart: Chart {
            limits: vec![limits(&points, row.figure.normal_range)],
            signals: vec![Marked {
                week: "2026-W47".into(),
                signal: Signal::Better,
                rule: Rule::OutsideLimits,
            }],
            dividers: Vec::new(),
            notes: Vec::new(),
            usable_weeks: 46,
            points,
        },
        figure: row.figure,
        data_as_of: Some(frozen_at()),
        settles_on: day(2026, 11, 26),
        offset: 0,
        records: vec![agent_change(), unreviewed_change(), hostile_change()],
        previous_url: None,
        sort: Sort::default(),
        next_url: Some("/records/pr_cycle_time?week=2026-W47&offset=3".into()),
        left_out: vec![left_out()],
        left_out_count: 3,
        restatements: vec![restatement()],
        csv_url: "/records/pr_cycle_time.csv?week=2026-W47".into(),
        json_url: "/api/v1/records/pr_cycle_time?week=2026-W47".into(),
        segments: segments(),
        time_zone: "Europe/Berlin".into(),
        definition_url: "/definitions/pr_cycle_time".into(),
    }
}

/// Over all weeks, locked with the twentieth.
fn limits(points: &[Point], range: Option<[f64; 2]>) -> Limits {
    let week = |place: usize| points[place].week.clone();
    let [low, high] = range.unwrap_or_default();
    Limits {
        from: week(0),
        to: week(points.len() - 1),
        centre: (low + high) / 2.0,
        normal_range: [low, high],
        sigma: (high - low) / 6.0,
        weeks: 20,
        locked_with: Some(week(19)),
    }
}

fn segments() -> Vec<SegmentLink> {
    let segment = |segment: &str, sample, current| SegmentLink {
        segment: segment.into(),
        sample,
        url: format!("/records/pr_cycle_time?week=2026-W47&segment={segment}"),
        current,
    };
    vec![
        segment("all", 38, true),
        segment("agent", 9, false),
        segment("assisted", 6, false),
        segment("unmarked", 23, false),
    ]
}

fn agent_change() -> Record {
    Record {
        id: "acme/shop#4821".into(),
        kind: "change".into(),
        title: Some("Split payment intents by currency".into()),
        url: Some("https://forge.example.org/acme/shop/pull/4821".into()),
        at: "2026-11-16T09:10:00Z".into(),
        value: Some(71.5 * HOUR),
        unit: Unit::Seconds,
        parts: object(json!({"coding": 720.0, "pickup": 255_780.0, "review": 900.0})),
        reason: None,
        segment: "agent".into(),
        evidence: vec![Evidence {
            level: Level::Recorded,
            what: "author account checkout-agent is registered".into(),
        }],
        receipt_url: Some("/receipts/change/acme%2Fshop%234821".into()),
    }
}

fn unreviewed_change() -> Record {
    Record {
        id: "acme/shop#4830".into(),
        title: Some("Revert \"Split payment intents by currency\"".into()),
        at: "2026-11-16T14:22:00Z".into(),
        value: Some(1_320.0),
        parts: object(json!({"coding": 300.0, "pickup": null, "review": null, "open": 1_020.0})),
        reason: Some("merged without review".into()),
        segment: "unmarked".into(),
        evidence: Vec::new(),
        ..agent_change()
    }
}

/// A record whose source means harm.
fn hostile_change() -> Record {
    Record {
        id: "acme/shop#6666".into(),
        title: Some("<script>alert(1)</script>".into()),
        url: Some("javascript:alert(1)".into()),
        segment: "assisted".into(),
        evidence: vec![Evidence {
            level: Level::Declared,
            what: "trailer \"Co-authored-by: <b>agent</b>\"".into(),
        }],
        ..agent_change()
    }
}

fn left_out() -> Record {
    Record {
        id: "acme/shop#4700".into(),
        title: Some("Bump the linter".into()),
        value: None,
        reason: Some("first commit not known".into()),
        ..agent_change()
    }
}

pub fn definition() -> Definition {
    Definition {
        metric: "pr_cycle_time".into(),
        name: "PR cycle time".into(),
        answers: "How long does a change take from its first commit to its merge?".into(),
        formula: vec![
            "Start is the earlier of the first authored commit and the creation of the pull request.".into(),
            "The value is the median of merge minus start over the week's merged changes, in calendar seconds.".into(),
        ],
        leaves_out: vec!["Changes whose first commit is not known: their start would be a guess.".into()],
        unit: "seconds".into(),
        direction: "lower is better".into(),
        records: "merged changes whose start is known".into(),
        week_of: "the merge".into(),
        settles: "at the end of the week".into(),
        needs: "The stream changes.".into(),
        statistics: vec!["Interval: order statistics, 95 %, from 6 records on.".into()],
        source: "Wheeler, Understanding Variation; DORA for the stages".into(),
        versions: vec![Version {
            version: 1,
            since: "2026-11-22".into(),
            change: "First version.".into(),
        }],
        records_url: "/records/pr_cycle_time".into(),
    }
}

pub fn sign_in(state: SignInState) -> SignIn {
    SignIn {
        email: "ana.ruiz@example.org".into(),
        state,
        next: "/review".into(),
    }
}

/// Every state of the sign-in page.
pub fn sign_in_states() -> [SignInState; 6] {
    [
        SignInState::Password,
        SignInState::Refused,
        SignInState::Limited { minutes: 4 },
        SignInState::Link {
            token: "t0ken".into(),
            email: "ana.ruiz@example.org".into(),
        },
        SignInState::LinkUsed,
        SignInState::SignedOut,
    ]
}

fn object(value: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn instant(text: &str) -> DateTime<FixedOffset> {
    text.parse().unwrap_or_default()
}
