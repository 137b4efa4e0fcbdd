//! Rows with every column filled.

use server::store::blame::{self, Blamed};
use server::store::changes::{Author, AuthorKind, Change, Commit};
use server::store::corrections::Correction;
use server::store::defects::{Defect, FoundIn, Resolution};
use server::store::deployments::Deployment;
use server::store::figures::Figure;
use server::store::incidents::{self, Incident};
use server::store::links::changes::ChangeLink;
use server::store::reviews::Review;
use server::store::versions::Version;

fn own(text: &str) -> String {
    text.to_owned()
}

fn version(home: &str, id: &str) -> Version {
    Version {
        home: own(home),
        id: own(id),
        updated_at: Some(5),
        hash: own("hash"),
        raw_id: own("raw"),
        ordinal: 3,
    }
}

fn agent() -> Author {
    Author {
        id: own("bot"),
        kind: Some(AuthorKind::Agent),
    }
}

pub fn change(service: &str, id: &str) -> Change {
    Change {
        version: version(service, id),
        number: Some(7),
        url: Some(own("https://forge.example/7")),
        title: Some(own("Größer, 更大 and “quoted”")),
        branch: Some(own("topic")),
        author: agent(),
        created_at: Some(10),
        ready_at: Some(20),
        merged_at: Some(100),
        closed_at: Some(101),
        merge_commit: Some(own("m")),
        commits: vec![commit("a")],
        trailers: vec![own("Agent: bot")],
        labels: vec![own("hotfix")],
        paths: vec![own("src/lib.rs")],
        additions: Some(1),
        deletions: Some(2),
        reverts: Some(own("c0")),
        run_ids: vec![own("run")],
    }
}

pub fn commit(sha: &str) -> Commit {
    Commit {
        sha: own(sha),
        authored_at: 9,
        author: Some(agent()),
        trailers: vec![own("Agent: bot")],
    }
}

pub fn review(change: &str, id: &str) -> Review {
    Review {
        version: version(change, id),
        author: agent(),
        state: own("approved"),
        submitted_at: 80,
        commit_sha: Some(own("a")),
    }
}

pub fn deployment(service: &str, id: &str) -> Deployment {
    Deployment {
        version: version(service, id),
        environment: own("production"),
        commit_sha: own("a"),
        started_at: Some(1),
        finished_at: 2,
        result: own("success"),
        kind: Some(own("planned")),
        changes: Some(Vec::new()),
        url: None,
    }
}

pub fn incident(service: &str, id: &str) -> Incident {
    Incident {
        version: version(service, id),
        severity: Some(own("major")),
        kind: Some(incidents::Kind::Drill),
        title: Some(own("Größer, 更大 and “quoted”")),
        started_at: 10,
        acknowledged_at: Some(12),
        resolved_at: Some(11),
        caused_by: blamed(blame::Kind::Commit, "a"),
        url: Some(own("https://incidents.example/1")),
    }
}

pub fn defect(service: &str, id: &str) -> Defect {
    Defect {
        version: version(service, id),
        title: Some(own("Sums are off by one")),
        found_at: 10,
        found_in: Some(FoundIn::PreRelease),
        resolved_at: Some(9),
        resolution: Some(Resolution::NotADefect),
        severity: Some(own("minor")),
        introduced_by: blamed(blame::Kind::Release, "2.4"),
    }
}

pub fn blamed(kind: blame::Kind, id: &str) -> Option<Blamed> {
    Some(Blamed { kind, id: own(id) })
}

pub fn link(id: &str, merged_at: Option<i64>) -> ChangeLink {
    ChangeLink {
        service: own("shop"),
        change_id: own(id),
        version: 1,
        segment: own("unmarked"),
        evidence: own("[]"),
        workflows: own("[]"),
        created_at: Some(1),
        first_commit_at: None,
        opened_at: Some(1),
        first_review_at: None,
        agent_review_at: Some(2),
        merged_at,
        lines: Some(12),
        has_review: 1,
        is_fix: 1,
        reverts: Some(own("{\"titled\":\"Größer\"}")),
    }
}

pub fn figure(week: &str, value: Option<f64>) -> Figure {
    Figure {
        metric: own("m"),
        scope: own("company"),
        segment: own("all"),
        week: own(week),
        definition_version: 1,
        value,
        sample: 3,
        numerator: None,
        denominator: Some(2),
        p90: value,
        interval_low: None,
        interval_high: Some(0.1 + 0.2),
        low: Some(0.25),
        high: None,
        per_hundred: Some(1.5),
        parts: Some(own("{\"queue\":2}")),
        left_out: 1,
        reason: Some(own("so")),
    }
}

pub fn correction(id: &str, made_at: i64, value: &str) -> Correction {
    Correction {
        kind: own("change"),
        subject_id: own(id),
        field: own("segment"),
        made_at,
        was: own("unmarked"),
        value: own(value),
        reason: own("seen"),
        made_by: own("dri@example.com"),
    }
}
