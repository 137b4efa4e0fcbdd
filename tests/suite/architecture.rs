//! Which way the arrows run: what may name what.

use std::collections::BTreeSet;

use tests::repository;

/// Rooms of the server, each with the rooms it may name. An arrow may be skipped, never reversed.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "cli",
        &[
            "auth",
            "clock",
            "config",
            "connections",
            "connectors",
            "demo",
            "erase",
            "evals",
            "figures",
            "freeze",
            "http",
            "ingest",
            "jobs",
            "links",
            "metrics",
            "signing",
            "store",
            "suites",
            "vault",
            "views",
            "workflows",
        ],
    ),
    (
        "http",
        &[
            "actions",
            "auth",
            "clock",
            "config",
            "connections",
            "connectors",
            "corrections",
            "evals",
            "explanations",
            "figures",
            "ingest",
            "jobs",
            "limits",
            "links",
            "metrics",
            "opa",
            "otlp",
            "picture",
            "settings",
            "signing",
            "store",
            "suites",
            "traces",
            "views",
            "workflows",
        ],
    ),
    (
        "jobs",
        &[
            "clock",
            "connections",
            "connectors",
            "figures",
            "freeze",
            "ingest",
            "metrics",
            "store",
            "traces",
        ],
    ),
    (
        "connections",
        &["connectors", "ingest", "metrics", "store", "vault"],
    ),
    ("vault", &["key"]),
    ("signing", &["key"]),
    ("key", &[]),
    ("freeze", &["figures", "metrics", "store", "views"]),
    (
        "views",
        &[
            "actions",
            "clock",
            "connectors",
            "corrections",
            "figures",
            "links",
            "metrics",
            "store",
        ],
    ),
    ("settings", &["auth", "figures", "metrics", "store"]),
    ("auth", &["clock", "store"]),
    ("erase", &["figures", "ingest", "links", "store"]),
    ("suites", &["evals", "ingest", "store"]),
    ("traces", &["connectors", "ingest", "otlp", "store"]),
    (
        "ingest",
        &["connectors", "figures", "links", "metrics", "store"],
    ),
    ("corrections", &["figures", "links", "store"]),
    ("actions", &["figures", "metrics", "store"]),
    ("explanations", &["store"]),
    ("limits", &["figures", "metrics", "store"]),
    ("workflows", &["figures", "store"]),
    ("figures", &["clock", "links", "metrics", "store"]),
    ("links", &["store"]),
    ("store", &[]),
    ("connectors", &[]),
    ("demo", &[]),
    ("evals", &[]),
    ("metrics", &[]),
    ("opa", &[]),
    ("otlp", &[]),
    ("picture", &[]),
    ("config", &[]),
    ("clock", &[]),
];

/// The room a file stands in: `server/src/links/work.rs` in `links`.
fn room(path: &str) -> &str {
    let inside = path.strip_prefix("server/src/").unwrap();
    let end = inside.find(['/', '.']).unwrap();
    &inside[..end]
}

/// A file's code, without its comments and without what only a doc test says.
fn code(path: &str) -> String {
    let text = repository::text(path).unwrap();
    let lines = text.lines().map(|line| {
        let comment = line.trim_start().starts_with("//");
        if comment { "" } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The rooms that a file names after `crate::` (in `main.rs`, `server::`).
fn named(path: &str) -> BTreeSet<String> {
    let code = code(path);
    let door = if path.ends_with("src/main.rs") {
        "server::"
    } else {
        "crate::"
    };
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices(door) {
        let rest = &code[at + door.len()..];
        match rest.strip_prefix('{') {
            Some(group) => rooms.extend(first_names(group)),
            None => rooms.extend(first_name(rest)),
        }
    }
    rooms
}

fn first_name(text: &str) -> Option<String> {
    let name: String = text
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    (!name.is_empty()).then_some(name)
}

/// The names that stand at the outermost level of a braced group.
fn first_names(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                names.extend(first_name(group[start..at].trim_start()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    names
}

#[test]
fn groups_of_names_are_read_at_their_outermost_level() {
    let group = "figures::{self, touch}, store::{Db, raw::{self}}, links};";
    assert_eq!(first_names(group), ["figures", "store", "links"]);
}

#[test]
fn no_arrow_of_the_server_is_reversed() {
    for path in repository::files("server/src", &[".rs"]) {
        let room = room(&path);
        if ["main", "lib"].contains(&room) {
            continue;
        }
        let (_, allowed) = ARROWS
            .iter()
            .find(|(from, _)| *from == room)
            .unwrap_or_else(|| panic!("{path}: the table has no room {room}"));
        for other in named(&path) {
            let is_room = ARROWS.iter().any(|(name, _)| *name == other);
            assert!(
                !is_room || other == room || allowed.contains(&other.as_str()),
                "{path} names {other}, which {room} does not know"
            );
        }
    }
}

#[test]
fn the_table_has_no_circle() {
    let place = |room: &str| ARROWS.iter().position(|(name, _)| *name == room).unwrap();
    for (room, others) in ARROWS {
        for other in *others {
            let lower = place(other) > place(room) || ARROWS[place(other)].1.is_empty();
            assert!(lower, "{room} → {other}");
        }
    }
}

/// What a folder must not name, and who may all the same.
fn assert_unnamed(folder: &str, words: &[&str], but_for: &[&str]) {
    for path in repository::files(folder, &[".rs"]) {
        if but_for.iter().any(|allowed| path.starts_with(allowed)) {
            continue;
        }
        let code = code(&path);
        for word in words {
            assert!(!code.contains(word), "{path} names {word}");
        }
    }
}

#[test]
fn pages_know_no_database_no_server_no_clock_and_no_network() {
    let words = [
        "sqlx",
        "server::",
        "SystemTime",
        "Instant::now",
        "Utc::now",
        "Local::now",
        "reqwest",
        "std::fs",
        "std::net",
    ];
    assert_unnamed("app/src", &words, &[]);
}

#[test]
fn metrics_know_no_store_and_no_clock() {
    let words = [
        "sqlx",
        "SystemTime",
        "Instant::now",
        "Utc::now",
        "Local::now",
        "std::fs",
        "async ",
    ];
    assert_unnamed("server/src/metrics", &words, &[]);
}

#[test]
fn only_the_store_speaks_sql() {
    assert_unnamed("server/src", &["sqlx"], &["server/src/store"]);
}

#[test]
fn no_file_is_longer_than_600_lines() {
    for path in repository::files("", &[".rs", ".css", ".mjs", ".js", ".ts", ".sh", ".sql"]) {
        let lines = repository::text(&path).unwrap().lines().count();
        assert!(lines <= 600, "{path} has {lines} lines");
    }
}

#[test]
fn folders_stand_beside_files_of_their_name() {
    for path in repository::files("", &["mod.rs"]) {
        assert!(!path.ends_with("/mod.rs"), "{path}");
    }
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let is_tests_of_its_parent = |path: &str| path.ends_with("/tests.rs");
    for folder in ["app/src", "server/src", "tests/src", "tests/suite"] {
        for path in repository::files(folder, &[".rs"]) {
            let text = repository::text(&path).unwrap();
            assert!(
                text.starts_with("//!") || is_tests_of_its_parent(&path),
                "{path}"
            );
        }
    }
}
