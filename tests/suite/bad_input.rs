//! What a user gets wrong: one sentence that says what to do, and never a panic.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::command::{self, onehop, refusal, run};
use tests::database::Database;

/// A folder with files in it, and a database beside them.
struct Desk {
    folder: TempDir,
    database: String,
}

impl Desk {
    fn new() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", folder.path().join("onehop.db").display());
        Desk { folder, database }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// What a command says when it fails.
    fn refused(&self, arguments: &[&str]) -> String {
        sentence(&refusal(&self.database, arguments))
    }
}

/// One line that names the program, without the traces of a panic.
fn sentence(said: &str) -> String {
    let line = said.strip_suffix('\n').unwrap_or(said);
    assert!(!line.contains('\n'), "more than one line: {said}");
    assert!(line.starts_with("onehop: "), "{said}");
    for trace in ["panicked", "backtrace", "src/", "Error {"] {
        assert!(!line.contains(trace), "{said}");
    }
    line.to_owned()
}

fn says(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "{word:?} is missing in: {said}");
    }
}

#[test]
fn a_secret_in_the_wrong_place_of_a_registry_file_is_refused_and_not_repeated() {
    let desk = Desk::new();
    let source =
        "[[source]]\nkind = \"github\"\nname = \"forge\"\nrepositories = [\"acme/shop\"]\n";
    for (line, words) in [
        (
            "token = \"ghp_plantedplanted\"",
            &["line 5", "token = …", "unknown field"][..],
        ),
        (
            "token_env = \"ghp_plantedplanted\"",
            &["token_env", "in capitals"],
        ),
        (
            "webhook_secret_env = \"planted\"",
            &["webhook_secret_env", "in capitals"],
        ),
        (
            "base_url = \"https://planted@forge.example\"",
            &["base_url", "an address alone"],
        ),
    ] {
        let file = desk.file("registry.toml", format!("{source}{line}\n"));
        let said = desk.refused(&["apply", &file]);
        says(&said, words);
        assert!(!said.contains("planted"), "{said}");
    }
}

#[test]
fn a_bad_registry_file_is_refused_with_its_line_and_key_and_changes_nothing() {
    let desk = Desk::new();
    for (text, words) in [
        ("[company]\nname = \n", &["line 2", "name ="][..]),
        (
            "[company]\nnmae = \"x\"",
            &["line 2", "nmae", "`time_zone`"],
        ),
        (
            "\n[[service]]\nslug = 5",
            &["line 3", "slug = 5", "expected a string"],
        ),
        (
            "[[service]]\nname = \"x\"",
            &["line 1", "[[service]]", "slug"],
        ),
        (
            "[[workflow]]\nslug = \"w\"\ntier = 7",
            &["line 3", "tier = 7", "0 to 3"],
        ),
        ("[surprise]\n", &["line 1", "surprise"]),
        (
            "[[workflow]]\nslug = \"w\"\nservices = [\"nope\"]",
            &["workflow w", "nope", "[[service]]"],
        ),
        (
            "[[agent]]\nid = \"a\"\nworkflow = \"nope\"",
            &["agent a", "nope", "[[workflow]]"],
        ),
        (
            "[[person]]\nemail = \"a@b\"\nrole = \"boss\"",
            &["a@b", "boss", "executive"],
        ),
        (
            "[company]\ntime_zone = \"Mars/Base\"",
            &["Mars/Base", "Europe/Berlin"],
        ),
        (
            "[[service]]\nslug = \"a\"\n[[service]]\nslug = \"a\"",
            &["\"a\"", "twice", "join"],
        ),
        (
            "[[source]]\nkind = \"jira\"\nname = \"desk\"\nbase_url = \"https://x.org\"",
            &[
                "source desk",
                "\"jira\" by itself yet, only github",
                "kind = \"push\"",
            ],
        ),
        (
            "[[source]]\nkind = \"github\"\nname = \"forge\"\nbase_url = \"https://x.org\"",
            &["source forge", "organisations or repositories"],
        ),
        (
            "[[source]]\nkind = \"push\"\nname = \"forge\"\ntoken_env = \"X\"",
            &["source forge", "token_env", "leave it out"],
        ),
        (
            "[[source]]\nkind = \"push\"\nname = \"forge\"\nrhythm = \"often\"",
            &["source forge", "often", "hourly, daily, weekdays or weekly"],
        ),
        (
            "[[source]]\nkind = \"push\"\nname = \"forge\"\nstreams = [\"pushes\"]",
            &["source forge", "pushes", "changes, reviews, deployments"],
        ),
        (
            "[[source]]\nkind = \"push\"\nname = \" \"",
            &["a source needs a name"],
        ),
        ("[[source]]\nname = \"forge\"", &["line 1", "kind"]),
    ] {
        let file = desk.file("registry.toml", text);
        let said = desk.refused(&["apply", &file]);
        says(&said, words);
        says(&said, &["nothing was changed"]);
    }
    let good = desk.file("good.toml", "[[service]]\nslug = \"shop\"");
    says(
        &run(&desk.database, &["apply", &good]),
        &["1 added, 0 changed, 0 unchanged"],
    );
}

#[test]
fn a_bad_settings_file_is_refused_without_showing_what_it_holds() {
    let desk = Desk::new();
    let file = desk.file(
        "onehop.toml",
        "database_url = \"postgres://me:hidden@host/x\"\nlisten = 5",
    );
    let said = desk.refused(&["--config", &file, "recompute"]);
    says(&said, &["onehop.toml", "expected a string"]);
    assert!(!said.contains("hidden"));
    let missing = desk.path("none.toml").display().to_string();
    says(
        &desk.refused(&["--config", &missing, "recompute"]),
        &["none.toml", "cannot be read"],
    );
}

#[test]
fn a_database_that_cannot_be_opened_is_named_with_what_to_do() {
    let desk = Desk::new();
    let file = desk.file(
        "file.txt",
        "a text that is no database, but long enough to be read as one",
    );
    for (address, words) in [
        ("nonsense".to_owned(), &["nonsense", "sqlite:PATH"][..]),
        ("mysql://host/x".to_owned(), &["mysql", "postgres://"]),
        ("sqlite:".to_owned(), &["sqlite:PATH"]),
        ("sqlite::memory:".to_owned(), &["sqlite:PATH"]),
        (
            format!("sqlite:{file}/db"),
            &["cannot be opened", "--database"],
        ),
        (
            format!("sqlite:{}", desk.folder.path().display()),
            &["cannot be opened", "--database"],
        ),
        (
            format!("sqlite:{file}"),
            &["file.txt", "no SQLite database", "--database"],
        ),
        (
            "postgres://me:hidden@127.0.0.1:1/x".to_owned(),
            &["127.0.0.1:1/x", "start it", "--database"],
        ),
    ] {
        let said = sentence(&refusal(&address, &["recompute"]));
        says(&said, words);
        assert!(!said.contains("hidden"), "{said}");
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.starts_with("a text"));
}

#[test]
fn a_port_in_use_is_said_with_another_and_nothing_is_generated() {
    let desk = Desk::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for command in ["serve", "demo"] {
        let ended = onehop(&desk.database, &[command, "--listen", &address])
            .output()
            .unwrap();
        assert_eq!(ended.status.code(), Some(1));
        let said = sentence(&String::from_utf8(ended.stderr).unwrap());
        says(&said, &[&address, "in use", "--listen 127.0.0.1:"]);
        assert!(!desk.path("onehop.db").exists());
    }
    says(
        &desk.refused(&["serve", "--listen", "here"]),
        &["here", "HOST:PORT"],
    );
}

fn change(number: usize) -> Value {
    json!({"id": format!("c{number}"), "service": "shop", "author": {"id": "ana"},
        "merged_at": "2026-11-17T12:00:00Z",
        "commits": [{"sha": "a", "authored_at": "2026-11-17T10:00:00Z"}]})
}

fn merged(database: &str) -> Value {
    let week = [
        "--from",
        "2026-W47",
        "--to",
        "2026-W47",
        "--as-of",
        "2027-01-15T08:00:00Z",
    ];
    let arguments = [&["export", "metric", "changes_merged"][..], &week].concat();
    command::json(database, &arguments)["figures"][0]["value"].clone()
}

#[test]
fn a_file_without_records_is_refused_and_changes_nothing() {
    let desk = Desk::new();
    let missing = desk.path("none.json").display().to_string();
    let folder = desk.folder.path().display().to_string();
    for (file, words) in [
        (missing, &["none.json", "cannot be read"][..]),
        (folder, &["could not be read", "directory"]),
        (
            desk.file("text.json", "Dear reader,"),
            &["all 1 were refused", "unchanged", "Mend"],
        ),
        (
            desk.file("bytes.json", [0xff, 0x00, 0xfe]),
            &["all 1 were refused"],
        ),
        (
            desk.file("empty.json", ""),
            &["holds no record", "nothing was changed", "JSON array"],
        ),
        (desk.file("blank.json", " \n\n"), &["holds no record"]),
        (desk.file("none.ndjson", "[]"), &["holds no record"]),
    ] {
        says(
            &desk.refused(&["import", "records", "changes", &file]),
            words,
        );
    }
    assert_eq!(merged(&desk.database), Value::Null);
}

#[tokio::test]
async fn of_an_array_cut_in_the_middle_what_came_before_is_kept_and_the_rest_can_follow() {
    for database in Database::on_each_engine().await {
        let desk = Desk::new();
        let whole = json!((0..1_500).map(change).collect::<Vec<_>>()).to_string();
        let before: usize = (0..1_200)
            .map(|number| change(number).to_string().len() + 1)
            .sum();
        let cut = desk.file("cut.json", &whole[..before + 30]);
        let said = sentence(&refusal(
            &database.url,
            &["import", "records", "changes", &cut],
        ));
        says(
            &said,
            &[
                "cut.json",
                "what came before it is taken in",
                "can be repeated",
            ],
        );
        assert_eq!(merged(&database.url), 1_200.0, "{}", database.engine());
        let whole = desk.file("whole.json", &whole);
        let said = run(&database.url, &["import", "records", "changes", &whole]);
        says(&said, &["300 accepted, 1200 repeated, 0 refused"]);
        assert_eq!(merged(&database.url), 1_500.0);
    }
}

#[test]
fn good_records_among_bad_ones_are_kept_and_each_refusal_is_listed() {
    let desk = Desk::new();
    let mut bad = change(2);
    bad["merged_at"] = json!("yesterday");
    let file = desk.file("some.ndjson", format!("{}\nnonsense\n{bad}\n", change(1)));
    let said = run(&desk.database, &["import", "records", "changes", &file]);
    says(
        &said,
        &[
            "refused record 1 (without id): not valid JSON",
            "refused record 2 (c2): merged_at: ",
            "1 accepted, 0 repeated, 2 refused",
            "[[service]]",
        ],
    );
}

#[test]
fn an_export_of_what_there_is_not_says_what_there_is() {
    let desk = Desk::new();
    for kind in ["metric", "records"] {
        for (rest, words) in [
            (
                &["nope"][..],
                &["nope", "changes_merged, changes_delivered"][..],
            ),
            (
                &["pr_cycle_time", "--scope", "service:nope"],
                &["service:nope", "onehop apply"],
            ),
            (
                &["pr_cycle_time", "--scope", "nope"],
                &["nope", "service:SLUG"],
            ),
            (
                &["pr_cycle_time", "--segment", "nope"],
                &["nope", "unmarked"],
            ),
        ] {
            says(
                &desk.refused(&[&["export", kind][..], rest].concat()),
                words,
            );
        }
    }
    let metric = ["export", "metric", "pr_cycle_time", "--from"];
    says(
        &desk.refused(&[&metric[..], &["2026-W99"]].concat()),
        &["99", "52"],
    );
    let records = ["export", "records", "pr_cycle_time", "--week"];
    says(
        &desk.refused(&[&records[..], &["soon"]].concat()),
        &["2026-W47"],
    );
}

#[test]
fn people_and_tokens_that_make_no_sense_are_refused() {
    let desk = Desk::new();
    for (arguments, words) in [
        (
            &["user", "add", "ada", "--role", "operator"][..],
            &["ada", "e-mail"][..],
        ),
        (
            &["user", "remove", "ada@example.org"],
            &["ada@example.org", "onehop user list"],
        ),
        (&["token", "revoke", "nope"], &["nope", "onehop token list"]),
    ] {
        says(&desk.refused(arguments), words);
    }
    run(
        &desk.database,
        &["token", "create", "ci", "--scope", "ingest"],
    );
    let twice = desk.refused(&["token", "create", "ci", "--scope", "read"]);
    says(&twice, &["ci", "another name", "onehop token revoke ci"]);
}

#[test]
fn a_wrong_argument_is_answered_with_those_there_are() {
    let desk = Desk::new();
    for (arguments, word) in [
        (
            &["import", "records", "nope", "file"][..],
            "changes, reviews, deployments, incidents, defects, runs, artifacts, evaluations, suite_runs, approvals and policy_decisions",
        ),
        (&["demo", "--size", "medium"], "small, large and huge"),
        (&["demo", "--weeks", "0"], "1..=520"),
        (&["user", "add", "a@b.org", "--role", "boss"], "executive"),
        (&["token", "create", "ci", "--scope", "all"], "ingest"),
        (
            &["export", "metric", "pr_cycle_time", "--as-of", "noon"],
            "RFC 3339",
        ),
        (
            &["export", "metric", "pr_cycle_time", "--format", "xml"],
            "csv",
        ),
        (&["nope"], "--help"),
    ] {
        says(&refusal(&desk.database, arguments), &["error: ", word]);
    }
    assert!(!Path::new(&desk.path("onehop.db")).exists());
}
