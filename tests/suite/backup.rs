//! `onehop backup` and `onehop restore`: what comes back is what stood at one acknowledged moment.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use server::ingest::StreamName;
use server::store::{Db, Durable};
use sqlx::Connection;
use tempfile::TempDir;
use tests::app::App;
use tests::command;
use tests::database::Database;
use tests::deliver;
use tests::dump;

/// A folder, and a file in it that is not there yet.
fn file_in_folder() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.db").display().to_string();
    (folder, file)
}

fn change(number: usize) -> Value {
    json!({
        "id": format!("c{number}"), "service": "shop", "author": {"id": "ana"},
        "created_at": "2026-11-02T10:00:00Z", "merged_at": format!("2026-11-{:02}T10:00:00Z", 3 + number % 15),
        "commits": [{"sha": format!("s{number}"), "authored_at": "2026-11-02T09:00:00Z"}],
    })
}

async fn holding(changes: usize) -> Database {
    let database = Database::sqlite();
    let db = database.open().await;
    let these: Vec<Value> = (0..changes).map(change).collect();
    deliver::good(&db, StreamName::Changes, &these).await;
    db.close().await;
    database
}

fn path(database: &Database) -> PathBuf {
    database.url.strip_prefix("sqlite:").unwrap().into()
}

async fn changes(db: &Db) -> usize {
    dump::whole(db).await.rows("changes").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_while_pushes_go_on_holds_all_that_was_acknowledged_before_and_nothing_by_half() {
    let database = Database::sqlite();
    let app = App::start(&database.url).await.unwrap();
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let pushing = {
        let (db, acknowledged) = (app.db.clone(), acknowledged.clone());
        tokio::spawn(async move {
            for number in 0.. {
                deliver::good(&db, StreamName::Changes, &[change(number)]).await;
                acknowledged.store(number + 1, Ordering::SeqCst);
            }
        })
    };
    while acknowledged.load(Ordering::SeqCst) < 20 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let (_folder, file) = file_in_folder();
    let before = acknowledged.load(Ordering::SeqCst);
    let (url, to) = (database.url.clone(), file.clone());
    tokio::task::spawn_blocking(move || command::run(&url, &["backup", &to]))
        .await
        .unwrap();
    let after = acknowledged.load(Ordering::SeqCst);
    pushing.abort();
    let restored = Database::sqlite();
    command::run(&restored.url, &["restore", &file]);
    let restored = restored.open().await;
    let held = changes(&restored).await;
    assert!(
        before <= held && held <= after + 1,
        "{before} {held} {after}"
    );
    deliver::refresh(&restored).await;
    let twin = holding(held).await;
    let alone = twin.open().await;
    let figures = |dump: dump::Dump| dump.rows("figures").to_vec();
    assert_eq!(
        figures(dump::whole(&restored).await),
        figures(dump::whole(&alone).await)
    );
}

#[tokio::test]
async fn a_backup_is_one_file_that_only_its_owner_reads_and_never_writes_over_another() {
    let database = holding(3).await;
    let (folder, file) = file_in_folder();
    let said = command::json(&database.url, &["backup", &file, "--json"]);
    assert_eq!(said["bytes"], std::fs::metadata(&file).unwrap().len());
    let names = || std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let kept = std::fs::read(&file).unwrap();
    let refused = command::refusal(&database.url, &["backup", &file]);
    assert!(refused.contains("is there already"), "{refused}");
    assert_eq!(kept, std::fs::read(&file).unwrap());
    command::run(&database.url, &["backup", &file, "--force"]);
    command::run(
        &database.url,
        &["backup", &folder.path().display().to_string()],
    );
    assert_eq!(names(), 2);
}

#[tokio::test]
async fn what_holds_something_is_restored_over_by_force_alone_and_kept_beside() {
    let (old, new) = (holding(3).await, holding(5).await);
    let (_folder, file) = file_in_folder();
    command::run(&new.url, &["backup", &file]);
    let refused = command::refusal(&old.url, &["restore", &file]);
    assert!(refused.contains("holds something"), "{refused}");
    let said = command::json(&old.url, &["restore", &file, "--force", "--json"]);
    assert_eq!(changes(&old.open().await).await, 5);
    let kept = said["kept"].as_str().unwrap();
    let kept = format!("sqlite:{kept}");
    let kept = Db::open(&kept, Durable::Process).await.unwrap();
    assert_eq!(changes(&kept).await, 3);
}

#[tokio::test]
async fn an_empty_database_gives_way_and_one_in_use_does_not() {
    let (_folder, file) = file_in_folder();
    command::run(&holding(2).await.url, &["backup", &file]);
    let empty = Database::sqlite();
    empty.open().await.close().await;
    command::run(&empty.url, &["restore", &file]);
    assert_eq!(changes(&empty.open().await).await, 2);
    let in_use = holding(1).await;
    let db = in_use.open().await;
    assert_eq!(changes(&db).await, 1);
    let refused = command::refusal(&in_use.url, &["restore", &file, "--force"]);
    assert!(refused.contains("is in use"), "{refused}");
    deliver::good(&db, StreamName::Changes, &[change(7)]).await;
    assert_eq!(changes(&db).await, 2);
}

#[tokio::test]
async fn what_is_no_backup_or_a_newer_one_is_refused() {
    let (folder, file) = file_in_folder();
    let target = Database::sqlite();
    let refused = |file: &str| command::refusal(&target.url, &["restore", file]);
    assert!(refused(&file).contains("cannot be opened"));
    let text = folder.path().join("text").display().to_string();
    std::fs::write(
        &text,
        "no database, but long enough to be looked at ".repeat(40),
    )
    .unwrap();
    assert!(refused(&text).contains("no SQLite database"));
    command::run(&holding(40).await.url, &["backup", &file]);
    let mut damaged = std::fs::read(&file).unwrap();
    let half = damaged.len() / 2;
    damaged[half..half + 9_000].fill(0xa5);
    std::fs::write(&text, damaged).unwrap();
    assert!(refused(&text).contains("damaged"));
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite:{file}"))
        .await
        .unwrap();
    sqlx::query("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    assert!(refused(&file).contains("a newer Onehop"));
    assert!(!path(&target).exists());
}

#[test]
fn of_postgresql_the_tools_command_is_said_without_the_password() {
    let url = "postgres://one:planted@db.example.org:5433/hop";
    for (arguments, tool) in [
        (["backup", "out file"], "pg_dump --format=custom"),
        (["restore", "out file"], "pg_restore --no-owner"),
    ] {
        let said = command::refusal(url, &arguments);
        assert!(said.contains(tool), "{said}");
        assert!(
            said.contains("--host=db.example.org --port=5433 --username=one --dbname=hop"),
            "{said}"
        );
        assert!(
            said.contains("'out file'") && !said.contains("planted"),
            "{said}"
        );
    }
}
