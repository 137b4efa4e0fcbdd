//! An import that is killed at any moment and started again ends as one that was left alone.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;
use tests::command;
use tests::database::Database;
use tests::dump::{self, Dump};
use tests::import::{self, Shape};

const STREAMS: [&str; 2] = ["changes", "reviews"];

/// The files of an import of about a second.
struct Files {
    folder: TempDir,
}

impl Files {
    fn generated() -> Files {
        let folder = tempfile::tempdir().unwrap();
        let (changes, reviews) = import::generated(Shape {
            changes: 4_000,
            weeks: 26,
            seed: 5,
        });
        std::fs::write(folder.path().join("changes"), changes).unwrap();
        std::fs::write(folder.path().join("reviews"), reviews).unwrap();
        Files { folder }
    }

    fn of(&self, stream: &str) -> PathBuf {
        self.folder.path().join(stream)
    }
}

fn import<'a>(stream: &'a str, file: &'a Path) -> [&'a str; 4] {
    ["import", "records", stream, file.to_str().unwrap()]
}

/// Imports all streams; answers how long each took.
fn undisturbed(database: &Database, files: &Files) -> [Duration; 2] {
    STREAMS.map(|stream| {
        let start = Instant::now();
        command::run(&database.url, &import(stream, &files.of(stream)));
        start.elapsed()
    })
}

/// Imports all streams, kills one of the imports after a while, and imports again to the end.
/// Answers whether the kill came before the end.
fn killed(database: &Database, files: &Files, stream: &str, after: Duration) -> bool {
    if stream == STREAMS[1] {
        command::run(&database.url, &import("changes", &files.of("changes")));
    }
    let file = files.of(stream);
    let mut child = command::onehop(&database.url, &import(stream, &file))
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    let came_in_time = !child.wait().unwrap().success();
    undisturbed(database, files);
    came_in_time
}

async fn whole(database: &Database) -> Dump {
    let db = database.open().await;
    let dump = dump::whole(&db).await;
    db.close().await;
    dump
}

async fn an_import_killed_so_often(times: u32, fresh: impl AsyncFn() -> Database) {
    let files = Files::generated();
    let left_alone = fresh().await;
    let took = undisturbed(&left_alone, &files);
    let expected = whole(&left_alone).await;
    assert_eq!(expected.rows("changes").len(), 4_000);
    let mut random = ChaCha8Rng::seed_from_u64(50);
    let mut in_time = 0;
    for moment in 0..times {
        let stream = (moment % 4 == 3) as usize;
        let after = took[stream].mul_f64(random.random_range(0.0..1.0));
        let database = fresh().await;
        in_time += u32::from(killed(&database, &files, STREAMS[stream], after));
        let what = format!("{} killed after {after:?}", STREAMS[stream]);
        whole(&database).await.assert_same(&expected, &what);
    }
    println!("{in_time} of {times} were killed before their end, of {took:?}");
    assert!(in_time * 2 > times, "the kills came too late to show much");
}

#[tokio::test]
async fn killed_at_fifty_moments_and_resumed_sqlite_holds_what_one_undisturbed_import_holds() {
    an_import_killed_so_often(50, async || Database::sqlite()).await;
}

#[tokio::test]
async fn killed_at_ten_moments_and_resumed_postgresql_holds_what_one_undisturbed_import_holds() {
    if Database::postgres().await.is_none() {
        println!("only SQLite is here");
        return;
    }
    an_import_killed_so_often(10, async || Database::postgres().await.unwrap()).await;
}
