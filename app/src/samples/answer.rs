//! An answer, and how it is reached.

use crate::view::answer::{Answer, AnswerDefinition, Compared, Decided, Side, Span, Spans, Word};

/// Faster; of quality there are too few records.
pub fn answer() -> Answer {
    let span = |from: &str, to: &str, records| Span {
        from: from.into(),
        to: to.into(),
        records,
    };
    Answer {
        sentence: "Faster; quality can’t be told yet.".into(),
        reason: "Change lead time is 31 to 48 % shorter than in the baseline; change fail rate can’t be told yet: there are 12 records in the last 26 settled weeks; 40 are needed.".into(),
        beside: vec!["Review wait got longer in the same weeks.".into()],
        missing: vec![
            "Change fail rate: there are 12 records in the last 26 settled weeks; 40 are needed.".into(),
        ],
        speed: Side {
            metric: "change_lead_time".into(),
            name: "Change lead time".into(),
            records_noun: "changes".into(),
            word: Word::Faster,
            spans: Some(Spans {
                recent: span("2026-W44", "2026-W47", 152),
                baseline: span("2026-W02", "2026-W27", 990),
            }),
            compared: Some(Compared::Durations {
                ratio: 0.6,
                low: 0.52,
                high: 0.69,
                level_percent: 99.99,
            }),
            why_not: None,
        },
        quality: Side {
            metric: "change_fail_rate".into(),
            name: "Change fail rate".into(),
            records_noun: "deployments".into(),
            word: Word::CantTell,
            spans: None,
            compared: None,
            why_not: Some("There are 12 records in the last 26 settled weeks; 40 are needed.".into()),
        },
        margin_points: 5.0,
    }
}

/// The same with enough deployments on both sides.
pub fn answer_definition() -> AnswerDefinition {
    let told = answer();
    AnswerDefinition {
        week: "2026-W47".into(),
        scope: "company".into(),
        scope_name: "Acme".into(),
        decided: vec![Decided {
            what: "Margin".into(),
            said: "3 points".into(),
            at: "2026-11-20T10:00:00Z".into(),
            by: "Ana Ruiz".into(),
        }],
        rule: vec!["One speed metric and one quality metric decide.".into()],
        answer: Answer {
            quality: Side {
                word: Word::NoSloppier,
                spans: told.speed.spans.clone(),
                compared: Some(Compared::Shares {
                    recent: [4, 212],
                    baseline: [20, 1_000],
                    sloppier: [-0.024, 0.036],
                    sloppier_percent: 99.0,
                    no_sloppier: [-0.018, 0.028],
                    no_sloppier_percent: 95.0,
                }),
                why_not: None,
                ..told.quality.clone()
            },
            sentence: "Faster, and no sloppier.".into(),
            ..told
        },
    }
}
