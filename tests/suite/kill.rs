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

const SHAPE: Shape = Shape {
    changes: 2_500,
    weeks: 20,
    seed: 5,
};

/// The files of two streams, whose import takes about half a second.
struct Files {
    folder: TempDir,
    streams: [&'static str; 2],
}

impl Files {
    fn of_work() -> Files {
        Files::holding(["changes", "reviews"], import::generated(SHAPE))
    }

    fn of_trouble() -> Files {
        Files::holding(["incidents", "defects"], import::troubles(SHAPE))
    }

    fn holding(streams: [&'static str; 2], records: (String, String)) -> Files {
        let folder = tempfile::tempdir().unwrap();
        for (stream, records) in streams.iter().zip([records.0, records.1]) {
            std::fs::write(folder.path().join(stream), records).unwrap();
        }
        Files { folder, streams }
    }

    fn of(&self, stream: &str) -> PathBuf {
        self.folder.path().join(stream)
    }
}

fn import<'a>(stream: &'a str, file: &'a Path) -> [&'a str; 4] {
    ["import", "records", stream, file.to_str().unwrap()]
}

/// Imports both streams; answers how long each took.
fn undisturbed(database: &Database, files: &Files) -> [Duration; 2] {
    files.streams.map(|stream| {
        let start = Instant::now();
        command::run(&database.url, &import(stream, &files.of(stream)));
        start.elapsed()
    })
}

/// Imports both streams, kills one of the imports after a while, and imports again to the end.
/// Answers whether the kill came before the end.
fn killed(database: &Database, files: &Files, stream: &str, after: Duration) -> bool {
    let [first, second] = files.streams;
    if stream == second {
        command::run(&database.url, &import(first, &files.of(first)));
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

async fn an_import_killed_so_often(times: u32, files: Files, fresh: impl AsyncFn() -> Database) {
    let left_alone = fresh().await;
    let took = undisturbed(&left_alone, &files);
    let expected = whole(&left_alone).await;
    assert_eq!(expected.rows(files.streams[0]).len(), 2_500);
    let mut random = ChaCha8Rng::seed_from_u64(50);
    let mut in_time = 0;
    for moment in 0..times {
        let at = (moment % 4 == 3) as usize;
        let after = took[at].mul_f64(random.random_range(0.0..1.0));
        let database = fresh().await;
        let stream = files.streams[at];
        in_time += u32::from(killed(&database, &files, stream, after));
        let what = format!("{stream} killed after {after:?}");
        whole(&database).await.assert_same(&expected, &what);
    }
    println!("{in_time} of {times} were killed before their end, of {took:?}");
    assert!(in_time * 2 > times, "the kills came too late to show much");
}

#[tokio::test]
async fn killed_at_fifty_moments_and_resumed_sqlite_holds_what_one_undisturbed_import_holds() {
    an_import_killed_so_often(50, Files::of_work(), async || Database::sqlite()).await;
}

#[tokio::test]
async fn killed_at_sixteen_moments_and_resumed_incidents_and_defects_are_there_whole_too() {
    an_import_killed_so_often(16, Files::of_trouble(), async || Database::sqlite()).await;
}

#[tokio::test]
async fn killed_at_ten_moments_and_resumed_postgresql_holds_what_one_undisturbed_import_holds() {
    if Database::postgres().await.is_none() {
        println!("only SQLite is here");
        return;
    }
    let fresh = async || Database::postgres().await.unwrap();
    an_import_killed_so_often(10, Files::of_work(), fresh).await;
    an_import_killed_so_often(16, Files::of_trouble(), fresh).await;
}
