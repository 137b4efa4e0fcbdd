//! A server that is asked to stop in the middle of a freeze gives its lease back.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use server::store::{Db, jobs};
use sqlx::AssertSqlSafe;
use tests::command::onehop;
use tests::company::Company;
use tests::database::Database;

use super::at_ms;

/// A company of which many weeks are due: freezing them takes a while.
async fn long_due(database: &Database) -> Db {
    let db = database.open().await;
    Company::of(12).feed(&db).await;
    let early = at_ms("2026-01-07T12:00:00Z");
    let statement = AssertSqlSafe(format!("UPDATE raw SET received_at = {early}"));
    match &db {
        Db::Sqlite { write, .. } => sqlx::query(statement).execute(write).await.map(|_| ()),
        Db::Postgres(pool) => sqlx::query(statement).execute(pool).await.map(|_| ()),
    }
    .unwrap();
    db
}

async fn holder(db: &Db) -> Option<String> {
    let all = jobs::all(&mut db.read().await.unwrap()).await.unwrap();
    all.into_iter().find_map(|job| job.holder)
}

#[tokio::test]
async fn a_server_asked_to_stop_in_the_middle_of_a_freeze_gives_its_lease_back() {
    for database in Database::on_each_engine().await {
        let db = long_due(&database).await;
        let mut command = onehop(&database.url, &["serve", "--listen", "127.0.0.1:0"]);
        let mut server = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(server.stdout.take().unwrap()).lines();
        assert!(said.next().unwrap().unwrap().starts_with("listening on"));
        for _ in 0..2_000 {
            if holder(&db).await.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(holder(&db).await.is_some(), "on {}", database.engine());
        let asked = Command::new("kill")
            .args(["-TERM", &server.id().to_string()])
            .status();
        assert!(asked.unwrap().success());
        assert!(server.wait().unwrap().success());
        assert_eq!(holder(&db).await, None, "on {}", database.engine());
        db.close().await;
    }
}
