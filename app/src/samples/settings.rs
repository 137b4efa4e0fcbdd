//! What can be set, as an operator and as an executive see it.

use std::collections::BTreeMap;

use crate::view::settings::{
    Agent, Company, Decided, Deciding, Decisions, Fact, Metric, Once, Part, Person, Refused,
    Registry, Service, Session, Settings, Signed, Token, Workflow,
};

fn metric(id: &str, name: &str) -> Metric {
    Metric {
        id: id.into(),
        name: name.into(),
    }
}

fn company() -> Company {
    let fact = |name: &str, said: &str, is_usual| Fact {
        name: name.into(),
        said: said.into(),
        is_usual,
    };
    Company {
        facts: vec![
            fact("Name", "Acme", false),
            fact("Time zone", "Europe/Berlin", false),
            fact("Freeze", "Mon 07:00", true),
        ],
        toml: "[company]\nname = \"Acme\"\ntime_zone = \"Europe/Berlin\"".into(),
    }
}

fn decisions(may_decide: bool) -> Decisions {
    let (speed, quality) = (
        metric("change_lead_time", "Change lead time"),
        metric("change_fail_rate", "Change fail rate"),
    );
    Decisions {
        margin: Decided {
            stands: 3.0,
            is_usual: false,
            act: Some(Signed {
                at: "2026-11-20T10:00:00Z".into(),
                by: "Ana Ruiz".into(),
            }),
        },
        baseline: Decided {
            stands: None,
            is_usual: true,
            act: None,
        },
        deciding: Decided {
            stands: Deciding {
                speed: speed.clone(),
                quality: quality.clone(),
            },
            is_usual: false,
            act: None,
        },
        reach: vec![
            "About 160 deployments in the recent weeks can support a 5-point claim.".into(),
        ],
        speed_choices: vec![speed, metric("pr_cycle_time", "PR cycle time")],
        quality_choices: vec![quality],
        may_decide,
    }
}

fn registry() -> Registry {
    Registry {
        services: vec![Service {
            slug: "shop".into(),
            name: None,
            delivered_by: "deployments to production".into(),
        }],
        workflows: vec![Workflow {
            slug: "checkout".into(),
            name: Some("Checkout".into()),
            dri: Some("ana@example.org".into()),
            tier: Some(1),
            covers: vec!["services: shop".into()],
        }],
        agents: vec![Agent {
            id: "checkout-agent".into(),
            name: None,
            workflow: Some("checkout".into()),
            tier: None,
        }],
        roles: BTreeMap::from([("executive".into(), 2), ("operator".into(), 1)]),
    }
}

fn sessions() -> Vec<Session> {
    vec![Session {
        id: "0123456789abcdef".into(),
        created: "2026-11-23T07:00:00Z".into(),
        seen: "2026-11-23T07:55:00Z".into(),
        is_this: true,
    }]
}

/// As an executive sees it.
pub fn settings() -> Settings {
    Settings {
        company: company(),
        decisions: decisions(true),
        registry: registry(),
        people: None,
        tokens: None,
        sessions: sessions(),
        once: None,
        refused: None,
    }
}

/// As an operator sees it, who just made a token.
pub fn operators_settings() -> Settings {
    Settings {
        decisions: decisions(false),
        people: Some(vec![Person {
            email: "ops@example.org".into(),
            name: "Olu".into(),
            role: "operator".into(),
            signed_in: None,
        }]),
        tokens: Some(vec![Token {
            name: "ci".into(),
            scope: "ingest".into(),
            created: "2026-11-20T10:00:00Z".into(),
            used: None,
        }]),
        once: Some(Once::Token {
            name: "ci".into(),
            token: "onehop_s3cret".into(),
        }),
        ..settings()
    }
}

/// As an operator sees it, whose form was refused.
pub fn refused_settings() -> Settings {
    Settings {
        once: None,
        refused: Some(Refused {
            part: Part::People,
            why: "“<ada>” is not an e-mail address.".into(),
            typed: BTreeMap::from([
                ("email".into(), "<ada>".into()),
                ("role".into(), "finance".into()),
            ]),
        }),
        ..operators_settings()
    }
}
