//! Things that wait to be put right, or have been.

use crate::view::correction::{
    Asked, Candidate, Choice, Correction, Corrections, Kind, Made, MadeOf, MovedFigure, MovedWeek,
    Open, Outcome, Standing, Waiting,
};
use crate::view::figure::Unit;

/// An incident that was laid to no deployment, put right once and taken back.
pub fn correction() -> Correction {
    Correction {
        kind: Kind::Incident,
        id: "INC/7".into(),
        title: Some("Basket total wrong".into()),
        url: Some("https://incidents.example.org/7".into()),
        service: "checkout".into(),
        at: Some("2026-11-17T10:00:00Z".into()),
        stands: "none".into(),
        evidence: Vec::new(),
        reason: Some("no deployment of its service within 72 h before it".into()),
        choices: vec![
            Choice {
                value: "d-17".into(),
                deployment: Some(Candidate {
                    title: "Deployment of checkout to 1a2b3c4d".into(),
                    finished_at: "2026-11-13T09:00:00Z".into(),
                }),
            },
            Choice {
                value: "none".into(),
                deployment: None,
            },
        ],
        made: vec![made()],
        closed_to_reader: None,
        asked: None,
    }
}

pub(super) fn made() -> Made {
    Made {
        at: "2026-11-20T09:00:00Z".into(),
        by: "dri@example.org".into(),
        was: "d-17".into(),
        value: String::new(),
        reason: "looked again".into(),
    }
}

/// The same with an answer, tried.
pub fn asked(outcome: Outcome) -> Correction {
    Correction {
        asked: Some(Asked {
            value: "d-17".into(),
            reason: "its change broke rounding".into(),
            outcome,
        }),
        ..correction()
    }
}

pub fn moved() -> Vec<MovedWeek> {
    let standing = |failed: u64| Standing {
        value: Some(failed as f64 / 40.0),
        sample: 40,
        numerator: Some(failed),
        denominator: Some(40),
    };
    vec![MovedWeek {
        week: "2026-W46".into(),
        figures: vec![MovedFigure {
            name: "Change fail rate".into(),
            records_noun: "deployments".into(),
            scope_name: "Checkout".into(),
            unit: Unit::Ratio,
            before: Some(standing(2)),
            after: Some(standing(3)),
            records_url: "/records/change_fail_rate?week=2026-W46".into(),
        }],
        by_segment: 1,
    }]
}

pub fn corrections() -> Corrections {
    Corrections {
        incidents: Waiting {
            first: vec![Open {
                id: "INC/7".into(),
                title: Some("Basket total wrong".into()),
                service: "checkout".into(),
                at: "2026-11-17T10:00:00Z".into(),
                reason: Some("no deployment of its service within 72 h before it".into()),
            }],
            count: 12,
        },
        defects: Waiting::default(),
        made: vec![MadeOf {
            kind: Kind::Incident,
            id: "INC/7".into(),
            made: made(),
        }],
    }
}
