//! Reading 5,000 pull requests from a forge that answers in 20 ms and enforces GitHub's limits, and reading
//! it again with nothing new.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tests::database::Database;
use tests::forge::connected;
use tests::forge::{Asked, Forge, Limits, Manner, made};

use crate::answer::{Answer, Bound};

const PULL_REQUESTS: u64 = 5_000;
const REPOSITORY: &str = "acme/shop";

pub async fn answer() -> Result<Vec<Answer>> {
    let manner = Manner {
        answers_after: Duration::from_millis(20),
        limits: Some(Limits::GITHUB),
        ..Manner::default()
    };
    let forge = Forge::start(&[(REPOSITORY, made::repository(PULL_REQUESTS))], manner).await;
    let database = Database::sqlite();
    let db = database.open().await;
    connected::declare(&db, &forge, &[REPOSITORY]).await;
    let began = Instant::now();
    let pulled = connected::pull_patiently(&db).await;
    let spent = began.elapsed();
    ensure!(pulled.failures.is_empty(), "{:?}", pulled.failures);
    ensure!(pulled.accepted == 2 * PULL_REQUESTS, "{pulled:?}");
    let asked = forge.asked();
    let used = used(&asked, spent);
    println!(
        "  {PULL_REQUESTS} pull requests in {:.1} s by {} requests, {} of them GraphQL",
        spent.as_secs_f64(),
        asked.len(),
        asked.iter().filter(|own| is_graphql(own)).count(),
    );
    connected::pull_patiently(&db).await;
    let again = forge.asked();
    ensure!(again.iter().all(|own| own.status == 304), "{again:?}");
    db.close().await;
    Ok(vec![
        Answer {
            what: "reading GitHub, of its points a minute, whichever binds",
            value: used,
            unit: "",
            bound: Bound::AtLeast(0.8),
        },
        Answer {
            what: "requests for 10 pull requests",
            value: asked.len() as f64 * 10.0 / PULL_REQUESTS as f64,
            unit: "",
            bound: Bound::AtMost(1.2),
        },
        Answer {
            what: "conditional requests where nothing is new, all 304",
            value: again.len() as f64,
            unit: "",
            bound: Bound::AtMost(9.0),
        },
    ])
}

/// The larger share of both allowances.
fn used(asked: &[Asked], spent: Duration) -> f64 {
    let minutes = spent.as_secs_f64() / 60.0;
    let graphql = asked.iter().filter(|own| is_graphql(own)).count() as f64;
    let rest = asked.len() as f64 - graphql;
    let limits = Limits::GITHUB;
    let share = |used: f64, most: usize| used / minutes / most as f64;
    share(rest, limits.rest_points_a_minute).max(share(graphql, limits.graphql_points_a_minute))
}

fn is_graphql(asked: &Asked) -> bool {
    asked.path.ends_with("/graphql")
}
