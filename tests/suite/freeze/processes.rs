//! Servers and commands that freeze beside each other over one database, and are killed at it.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use server::jobs::freeze_week::step;
use server::store::Db;
use server::store::registry::Kind;
use sqlx::{PgPool, Postgres, Transaction};
use tests::command::{self, onehop};
use tests::company::Company;
use tests::database::Database;
use tests::deliver;

use super::{WEEK, at_ms, frozen_weeks, left_behind, shop};

const FREEZE: [&str; 3] = ["freeze", "--as-of", "2026-11-23T07:00:00Z"];
/// Nobody who freezes comes further than to its last step, the snapshots.
const NO_SNAPSHOTS: &str = "LOCK TABLE snapshots IN EXCLUSIVE MODE";

/// A process that is gone when this is.
struct Process(Child);

impl Process {
    /// Under a name by which PostgreSQL tells who waits for whom.
    fn named(name: &str, database: &Database, arguments: &[&str]) -> Process {
        let mut command = onehop(&database.url, arguments);
        let command = command.env("PGAPPNAME", name).stdout(Stdio::piped());
        Process(command.stderr(Stdio::null()).spawn().unwrap())
    }

    /// What it printed, once it has ended well.
    fn said(mut self) -> String {
        let mut said = String::new();
        let mut output = self.0.stdout.take().unwrap();
        std::io::Read::read_to_string(&mut output, &mut said).unwrap();
        assert!(self.0.wait().unwrap().success());
        said
    }

    fn kill(mut self) {
        self.0.kill().unwrap();
        assert!(!self.0.wait().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until a process waits for another at such a statement.
async fn waits(pool: &PgPool, name: &str, statement: &str) {
    for _ in 0..600 {
        let waiting: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
             AND wait_event_type = 'Lock' AND application_name = $1 AND query LIKE '%' || $2 || '%'",
        )
        .bind(name)
        .bind(statement)
        .fetch_one(pool)
        .await
        .unwrap();
        if waiting > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{name} does not come to {statement:?}");
}

/// A transaction in which this was done; its locks end with it.
async fn holding(pool: &PgPool, statement: &'static str) -> Transaction<'static, Postgres> {
    let mut tx = pool.begin().await.unwrap();
    sqlx::query(statement).execute(&mut *tx).await.unwrap();
    tx
}

/// A company of three weeks, of which the first record came early in 2026: by now, weeks are due.
async fn long_due(database: &Database) -> (Db, PgPool) {
    let db = database.open().await;
    let mut company = Company::of(3);
    company.workflow = Some(json!({"slug": "buying", "services": ["shop"]}));
    company.feed(&db).await;
    let Db::Postgres(pool) = db.clone() else {
        panic!("not on PostgreSQL");
    };
    sqlx::query("UPDATE raw SET received_at = $1")
        .bind(at_ms("2026-01-07T12:00:00Z"))
        .execute(&pool)
        .await
        .unwrap();
    (db, pool)
}

/// When each week froze, oldest first; waits until whoever froze them has given the lease back.
async fn frozen_at(pool: &PgPool) -> Vec<i64> {
    for _ in 0..1_200 {
        let done: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE finished_at IS NOT NULL")
                .fetch_one(pool)
                .await
                .unwrap();
        if done > 0 {
            let each = "SELECT frozen_at FROM snapshots WHERE scope = 'company' ORDER BY week";
            return sqlx::query_scalar(each).fetch_all(pool).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nobody freezes");
}

#[tokio::test]
async fn of_two_servers_one_killed_in_the_middle_of_a_freeze_leaves_it_whole_to_the_other() {
    let (Some(database), Some(twin)) = (Database::postgres().await, Database::postgres().await)
    else {
        println!("only SQLite is here, over which one server runs");
        return;
    };
    let (db, pool) = long_due(&database).await;
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let middle = holding(&pool, NO_SNAPSHOTS).await;
    let one = Process::named("one", &database, &serve);
    waits(&pool, "one", "INTO snapshots").await;
    let lease_is_out = holding(&pool, "UPDATE jobs SET lease_until = 0").await;
    let _other = Process::named("other", &database, &serve);
    waits(&pool, "other", "INTO jobs").await;
    one.kill();
    assert!(left_behind(&db).await.is_empty());
    lease_is_out.commit().await.unwrap();
    middle.rollback().await.unwrap();
    let frozen_at = frozen_at(&pool).await;
    let once = frozen_at[0];
    assert!(
        frozen_at.iter().all(|at_ms| *at_ms == once),
        "all by the other"
    );
    let (undisturbed, _) = long_due(&twin).await;
    step(&undisturbed, "twin", once).await.unwrap();
    assert_eq!(frozen_weeks(&db).await, frozen_weeks(&undisturbed).await);
    assert_eq!(left_behind(&db).await, left_behind(&undisturbed).await);
    println!("{} weeks", frozen_at.len());
    db.close().await;
    undisturbed.close().await;
}

#[tokio::test]
async fn of_two_freezes_by_hand_at_once_one_freezes_and_the_other_finds_it_frozen() {
    for database in Database::on_each_engine().await {
        let db = database.open().await;
        shop(&db).await;
        let mut held = db.write().await.unwrap();
        held.lock_facts().await.unwrap();
        let both = ["one", "other"].map(|name| Process::named(name, &database, &FREEZE));
        // Whether both wait by now or not, the outcome is the same.
        tokio::time::sleep(Duration::from_millis(300)).await;
        held.commit().await.unwrap();
        let mut said = both.map(Process::said);
        said.sort();
        assert!(
            said[0].starts_with("2026-W47 is frozen already"),
            "{said:?}"
        );
        assert!(said[1].starts_with("2026-W47 is frozen: "), "{said:?}");
        assert_eq!(frozen_weeks(&db).await, [WEEK]);
        db.close().await;
    }
}

#[tokio::test]
async fn a_freeze_by_hand_killed_in_the_middle_leaves_it_whole_to_the_one_that_waits() {
    let (Some(database), Some(twin)) = (Database::postgres().await, Database::postgres().await)
    else {
        println!("only SQLite is here, whose lock nobody sees");
        return;
    };
    let (db, undisturbed) = (database.open().await, twin.open().await);
    shop(&db).await;
    shop(&undisturbed).await;
    command::run(&twin.url, &FREEZE);
    let Db::Postgres(pool) = &db else {
        panic!("not on PostgreSQL");
    };
    let middle = holding(pool, NO_SNAPSHOTS).await;
    let one = Process::named("one", &database, &FREEZE);
    waits(pool, "one", "INTO snapshots").await;
    let other = Process::named("other", &database, &FREEZE);
    waits(pool, "other", "pg_advisory_xact_lock").await;
    one.kill();
    assert!(left_behind(&db).await.is_empty());
    middle.rollback().await.unwrap();
    let said = other.said();
    assert!(said.starts_with("2026-W47 is frozen: "), "{said}");
    assert_eq!(left_behind(&db).await, left_behind(&undisturbed).await);
    db.close().await;
    undisturbed.close().await;
}

/// Freezes; answers how long it took.
fn froze(database: &Database) -> Duration {
    let start = Instant::now();
    command::run(&database.url, &FREEZE);
    start.elapsed()
}

/// A shop of so many workflows that most of a freeze goes by in its middle.
async fn busy() -> Database {
    let database = Database::sqlite();
    let db = database.open().await;
    for number in 0..40 {
        let slug = format!("w{number}");
        let workflow = json!({"slug": slug, "services": ["shop"]});
        deliver::declare(&db, Kind::Workflow, &slug, workflow).await;
    }
    shop(&db).await;
    db.close().await;
    database
}

fn copied(from: &Database) -> Database {
    let to = Database::sqlite();
    let file = |database: &Database| database.url.strip_prefix("sqlite:").unwrap().to_owned();
    std::fs::copy(file(from), file(&to)).unwrap();
    to
}

async fn left_in(database: &Database) -> Vec<String> {
    let db = database.open().await;
    let left = left_behind(&db).await;
    db.close().await;
    left
}

#[tokio::test]
async fn killed_at_twelve_moments_a_freeze_leaves_all_or_nothing_and_is_done_again() {
    let shop = busy().await;
    let left_alone = copied(&shop);
    let (took, again) = (froze(&left_alone), froze(&left_alone));
    let expected = left_in(&left_alone).await;
    let mut random = ChaCha8Rng::seed_from_u64(12);
    let mut inside = 0;
    for _ in 0..12 {
        // Freezing again does all but the freeze.
        let after = again
            + took
                .saturating_sub(again)
                .mul_f64(random.random_range(0.0..1.0));
        let database = copied(&shop);
        let mut process = Process::named("one", &database, &FREEZE);
        std::thread::sleep(after);
        process.0.kill().unwrap();
        inside += u32::from(!process.0.wait().unwrap().success());
        let left = left_in(&database).await;
        assert!(left.is_empty() || left == expected, "after {after:?}");
        froze(&database);
        assert_eq!(left_in(&database).await, expected, "after {after:?}");
    }
    println!("{inside} of 12 were killed inside, of {took:?} and {again:?} again");
    assert!(inside * 2 > 12, "the kills came too late to show much");
}
