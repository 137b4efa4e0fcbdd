use proptest::prelude::*;

use super::*;

const HOUR_MS: i64 = 3_600_000;

fn week(number: i32) -> Week {
    Week::FIRST.plus(1_000 + number)
}

/// Forty weeks of fifty changes and fifty deployments, the last four of which may differ.
fn forty_weeks(recent_hours: i64, recent_failing: u64) -> Question {
    let is_recent = |number: i32| number >= 36;
    let durations = |number| {
        let hours = if is_recent(number) { recent_hours } else { 100 };
        (0..50).map(|change| (hours + change) * HOUR_MS).collect()
    };
    let share = |number| Share {
        part: if is_recent(number) { recent_failing } else { 2 },
        whole: 50,
    };
    Question {
        speed: records(durations),
        quality: records(share),
        baseline: Baseline::First,
        rules: Rules::default(),
    }
}

fn records<R>(of: impl Fn(i32) -> R) -> Records<R> {
    Records {
        by_week: (0..40).map(|number| (week(number), of(number))).collect(),
        settled_to: week(39),
        is_stale: false,
    }
}

fn words(question: &Question) -> (SpeedWord, QualityWord) {
    let answer = answer(question);
    (answer.speed.word, answer.quality.word)
}

#[test]
fn each_of_the_twelve_sentences_is_said() {
    let speeds = [Some(20), Some(100), Some(300), None];
    let qualities = [(Some(2), 0.05), (Some(20), 0.05), (Some(2), 0.0)];
    let mut said = Vec::new();
    for hours in speeds {
        for (failing, margin_ratio) in qualities {
            let mut question = forty_weeks(hours.unwrap_or(100), failing.unwrap_or(2));
            question.speed.is_stale = hours.is_none();
            question.rules.margin_ratio = margin_ratio;
            said.push(answer(&question).sentence());
        }
    }
    assert_eq!(
        said,
        [
            "Faster, and no sloppier.",
            "Faster, but sloppier.",
            "Faster; quality can’t be told yet.",
            "No change we can see.",
            "Sloppier, and not faster.",
            "Speed unchanged; quality can’t be told yet.",
            "Slower, and no sloppier.",
            "Slower and sloppier.",
            "Slower; quality can’t be told yet.",
            "Speed can’t be told yet; no sloppier.",
            "Sloppier; speed can’t be told yet.",
            "Can’t tell yet.",
        ]
    );
}

#[test]
fn sloppier_is_asked_before_the_margin() {
    let mut question = forty_weeks(100, 20);
    question.rules.margin_ratio = 1.0;
    assert_eq!(words(&question).1, QualityWord::Sloppier);
}

#[test]
fn what_is_stale_is_not_told() {
    let mut question = forty_weeks(20, 20);
    question.speed.is_stale = true;
    question.quality.is_stale = true;
    let answer = answer(&question);
    assert_eq!(answer.sentence(), "Can’t tell yet.");
    assert_eq!(answer.speed.compared, Err(CantTell::SourceStale));
    assert_eq!(answer.quality.compared, Err(CantTell::SourceStale));
}

#[test]
fn a_margin_of_zero_asks_for_less_than_before() {
    let mut question = forty_weeks(100, 2);
    question.rules.margin_ratio = 0.0;
    assert_eq!(words(&question).1, QualityWord::CantTell);
    question.quality = records(|number| Share {
        part: if number < 36 { 20 } else { 2 },
        whole: 50,
    });
    assert_eq!(words(&question).1, QualityWord::NoSloppier);
}

#[test]
fn each_metric_chooses_its_own_spans() {
    let mut question = forty_weeks(100, 2);
    question.quality = records(|_| Share { part: 0, whole: 4 });
    let answer = answer(&question);
    let recent = |spans: Spans| (spans.recent.from, spans.recent.to);
    assert_eq!(
        recent(answer.speed.compared.unwrap().0),
        (week(36), week(39))
    );
    assert_eq!(
        recent(answer.quality.compared.unwrap().0),
        (week(27), week(39))
    );
}

#[test]
fn more_bad_than_there_are_is_no_share() {
    let mut question = forty_weeks(100, 2);
    question.quality = records(|_| Share { part: 9, whole: 4 });
    let quality = answer(&question).quality;
    assert_eq!(
        (quality.word, quality.compared),
        (QualityWord::CantTell, Err(CantTell::NotAShare))
    );
}

#[test]
fn extremes_are_judged_like_all_else() {
    for (duration, share) in [
        (0, Share { part: 0, whole: 50 }),
        (
            HOUR_MS,
            Share {
                part: 50,
                whole: 50,
            },
        ),
        (
            i64::MAX,
            Share {
                part: 0,
                whole: 1_000_000_000,
            },
        ),
        (
            1_000_000_000,
            Share {
                part: 500_000_000,
                whole: 1_000_000_000,
            },
        ),
    ] {
        let question = Question {
            speed: records(|_| vec![duration; 50]),
            quality: records(|_| share),
            ..forty_weeks(100, 2)
        };
        let answer = answer(&question);
        assert_eq!(answer.speed.word, SpeedWord::NoVisibleChange);
        assert_ne!(answer.quality.word, QualityWord::Sloppier);
        let (_, shift) = answer.speed.compared.unwrap();
        assert_eq!((shift.low, shift.ratio, shift.high), (1.0, 1.0, 1.0));
        let (_, difference) = answer.quality.compared.unwrap();
        let ends = [
            difference.sloppier_interval,
            difference.no_sloppier_interval,
        ];
        assert!(
            ends.as_flattened()
                .iter()
                .all(|end| (-1.0..=1.0).contains(end))
        );
    }
}

#[test]
fn a_million_records_in_a_week_are_judged_like_few() {
    let mut question = forty_weeks(100, 2);
    for (number, hours) in [(5, 100), (39, 60)] {
        let durations = (0..1_000_000).map(|change| (hours + change % 50) * HOUR_MS);
        question
            .speed
            .by_week
            .insert(week(number), durations.collect());
        let share = Share {
            part: 40_000,
            whole: 1_000_000,
        };
        question.quality.by_week.insert(week(number), share);
    }
    let answer = answer(&question);
    assert_eq!(answer.sentence(), "Faster, and no sloppier.");
    let (spans, shift) = answer.speed.compared.unwrap();
    assert_eq!(spans.recent_records, 1_000_150);
    assert!(
        0.6 < shift.low && shift.low < shift.high && shift.high < 0.8,
        "{shift:?}"
    );
}

#[test]
fn of_nothing_and_of_one_record_nothing_is_told() {
    let mut question = forty_weeks(100, 2);
    question.speed.by_week.clear();
    question.quality.by_week = [(week(39), Share { part: 0, whole: 1 })].into();
    let answer = answer(&question);
    assert_eq!(answer.sentence(), "Can’t tell yet.");
    assert_eq!(
        answer.speed.compared,
        Err(CantTell::RecentTooFew { records: 0 })
    );
    assert_eq!(
        answer.quality.compared,
        Err(CantTell::RecentTooFew { records: 1 })
    );
}

/// How bad a word is.
fn badness((speed, quality): (SpeedWord, QualityWord)) -> (u8, u8) {
    let slow = match speed {
        SpeedWord::Faster => 0,
        SpeedWord::NoVisibleChange => 1,
        SpeedWord::Slower | SpeedWord::CantTell => 2,
    };
    let sloppy = match quality {
        QualityWord::NoSloppier => 0,
        QualityWord::CantTell => 1,
        QualityWord::Sloppier => 2,
    };
    (slow, sloppy)
}

proptest! {
    #[test]
    fn longer_changes_and_more_failures_make_no_better_word(
        hours in 1_i64..300, longer in 0_i64..100, failing in 0_u64..30, more in 0_u64..20,
    ) {
        let better = badness(words(&forty_weeks(hours, failing)));
        let worse = badness(words(&forty_weeks(hours + longer, failing + more)));
        prop_assert!(better.0 <= worse.0 && better.1 <= worse.1);
    }

    #[test]
    fn under_forty_records_on_either_side_nothing_is_told(recent in 0_usize..10, baseline in 0_usize..4, short in any::<bool>()) {
        let of = |number| match (number >= 14, short) {
            (true, true) => recent / 7,
            (true, false) => 10,
            (false, true) => 10,
            (false, false) => baseline.min(3),
        };
        let mut question = forty_weeks(100, 2);
        question.speed = records(|number| vec![HOUR_MS; of(number)]);
        question.quality = records(|number| Share { part: 0, whole: of(number) as u64 });
        if !short {
            question.baseline = Baseline::Set(Span { from: week(0), to: week(12) });
        }
        prop_assert_eq!(words(&question), (SpeedWord::CantTell, QualityWord::CantTell));
    }

    #[test]
    fn weeks_without_records_change_nothing(hours in 1_i64..300, failing in 0_u64..30) {
        let question = forty_weeks(hours, failing);
        let mut padded = question.clone();
        for number in (-20..0).chain(40..60) {
            padded.speed.by_week.insert(week(number), Vec::new());
            padded.quality.by_week.insert(week(number), Share::default());
        }
        prop_assert_eq!(answer(&padded), answer(&question));
    }
}

#[test]
fn the_rule_names_the_levels_and_the_margin_in_force() {
    let told = super::RULE.join(" ");
    let rules = Rules::default();
    for level in [rules.faster_or_slower, rules.sloppier, rules.no_sloppier] {
        let percent = format!("the {} %", level.percent());
        assert!(told.contains(&percent), "{percent}");
    }
    assert_eq!(rules.margin_ratio, 0.05);
    assert!(told.contains("5 points"));
}
