//! Secrets that are planted everywhere, and are found nowhere that anybody reads.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};
use server::store::registry::Kind;
use tempfile::NamedTempFile;
use tests::app::{field, location};
use tests::command::{onehop, refusal, run};
use tests::database::Database;
use tests::deliver;
use tests::forge::connected::{HOOK_SECRET_ENV, SOURCE, TOKEN_ENV};
use tests::forge::{Fault, Forge, Manner, TOKEN, made};

/// What signs in to a forge, and what it signs with.
const CONNECTED: [(&str, &str); 2] = [(TOKEN_ENV, TOKEN), (HOOK_SECRET_ENV, HOOK_SECRET)];
const HOOK_SECRET: &str = "planted-hook-secret-4c1d";

/// A server, and the file that it logs to.
struct Server {
    child: Child,
    url: String,
    log: NamedTempFile,
}

impl Server {
    fn start(database: &Database) -> Server {
        let mut command = onehop(&database.url, &["serve", "--listen", "127.0.0.1:0"]);
        let command = command.env("ONEHOP_LOG", "json,debug").envs(CONNECTED);
        // Into a file: a full pipe would hold the server up.
        let log = NamedTempFile::new().unwrap();
        let command = command.stdout(Stdio::piped()).stderr(log.reopen().unwrap());
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Server { child, url, log }
    }

    /// All that it logged.
    fn log(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::fs::read_to_string(self.log.path()).unwrap()
    }
}

/// What was handed out or sent, and what was answered.
#[derive(Default)]
struct Heard {
    secrets: Vec<String>,
    answers: Vec<String>,
}

async fn visit(server: &Server, database: &Database) -> Heard {
    let browser = Client::builder()
        .cookie_store(true)
        .redirect(Policy::none())
        .build()
        .unwrap();
    let at = |path: &str| format!("{}{path}", server.url);
    let mut heard = Heard::default();
    let token = run(
        &database.url,
        &["token", "create", "script", "--scope", "operator"],
    );
    let token = token.trim().to_owned();
    let invited = run(
        &database.url,
        &["user", "add", "ops@example.org", "--role", "operator"],
    );
    let link = invited.trim().rsplit_once("token=").unwrap().1.to_owned();
    let password = "planted-password-of-ops".to_owned();

    let door = browser
        .get(at(&format!("/sign-in?token={link}")))
        .send()
        .await
        .unwrap();
    let door = door.text().await.unwrap();
    let form = [
        ("token", field(&door, "token").unwrap_or(link.clone())),
        ("password", password.clone()),
    ];
    let signed_in = browser
        .post(at("/sign-in/link"))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(
        location(&signed_in),
        Some("/review"),
        "{}",
        signed_in.status()
    );
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let wrong = [
        ("email", "ops@example.org"),
        ("password", "planted-wrong-password"),
    ];
    heard.answers.push(
        browser
            .post(at("/sign-in"))
            .form(&wrong)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap(),
    );
    for path in [
        "/review",
        "/nothing?token=planted-query",
        "/corrections",
        "/metrics",
        "/api/v1/metrics",
    ] {
        heard.answers.push(
            browser
                .get(at(path))
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap(),
        );
    }
    for (method, path, body) in [
        (
            "POST",
            "/api/v1/records/changes",
            "[{\"id\": \"planted-body\"}",
        ),
        ("GET", "/metrics", ""),
        ("GET", "/api/v1/nothing?secret=planted-query", ""),
    ] {
        let request = browser
            .request(method.parse().unwrap(), at(path))
            .bearer_auth(&token);
        heard.answers.push(
            request
                .body(body)
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap(),
        );
    }
    heard.secrets = vec![token, link, password, cookie];
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_cookie_link_or_password_stands_in_a_log_a_page_an_error_or_a_measurement() {
    let database = Database::postgres().await.unwrap_or_else(Database::sqlite);
    let server = Server::start(&database);
    let mut heard = visit(&server, &database).await;
    let log = server.log();
    // A page says its own address, with the query that it was asked with.
    assert!(!log.contains("planted-query"), "a query is in the log");
    heard
        .secrets
        .extend(["planted-wrong", "planted-body"].map(str::to_owned));
    let doctor = onehop(&database.url, &["doctor"]).output().unwrap();
    heard
        .answers
        .push(String::from_utf8(doctor.stdout).unwrap());
    for secret in &heard.secrets {
        assert!(secret.len() >= 8);
        assert!(!log.contains(secret), "{secret} is in the log");
        for answer in &heard.answers {
            assert!(!answer.contains(secret), "{secret} is in {answer}");
        }
    }
    assert!(!log.contains("ops@example.org"), "{log}");
    let answered: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line["message"] == "answered")
        .collect();
    assert!(answered.len() >= 10);
    for line in answered {
        for (name, is_right) in [
            ("id", line["id"].as_str().is_some_and(|id| id.len() == 32)),
            ("method", line["method"].is_string()),
            (
                "route",
                line["route"]
                    .as_str()
                    .is_some_and(|route| !route.contains('?')),
            ),
            ("status", line["status"].is_u64()),
            ("ms", line["ms"].is_u64()),
        ] {
            assert!(is_right, "{name} of {line}");
        }
    }
}

#[test]
fn the_password_of_a_database_is_in_no_apology() {
    let url = "postgres://one:planted-password@127.0.0.1:1/hop";
    let (folder, file) = (tempfile::tempdir().unwrap(), "copy.db");
    let file = folder.path().join(file).display().to_string();
    for arguments in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["doctor"],
        &["backup", &file],
        &["restore", &file],
        &["erase", "ana", "--yes"],
        &["recompute"],
    ] {
        let said = refusal(url, arguments);
        assert!(!said.contains("planted"), "{said}");
        let output = onehop(url, arguments).output().unwrap();
        assert!(
            !String::from_utf8(output.stdout)
                .unwrap()
                .contains("planted")
        );
    }
}

/// A forge that signs what it sends, as a source.
async fn connected(database: &Database) -> Forge {
    let forge = Forge::start(&[("acme/shop", made::repository(3))], Manner::default()).await;
    let db = database.open().await;
    let source = json!({
        "kind": "github", "name": SOURCE, "base_url": forge.url, "repositories": ["acme/shop"],
        "token_env": TOKEN_ENV, "webhook_secret_env": HOOK_SECRET_ENV,
    });
    deliver::declare(&db, Kind::Source, SOURCE, source).await;
    db.close().await;
    forge
}

/// All that a command says.
fn said(database: &Database, arguments: &[&str]) -> String {
    let mut command = onehop(&database.url, arguments);
    let command = command.env("ONEHOP_LOG", "json,debug").envs(CONNECTED);
    let output = command.output().unwrap();
    let bytes = [output.stdout, output.stderr].concat();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_of_a_connected_system_stands_in_a_log_an_error_a_page_or_a_backup() {
    let database = Database::sqlite();
    let forge = connected(&database).await;
    let mut all = Vec::new();
    // Whatever it answers, also with what it was sent.
    for fault in [
        Fault::Text(format!("<html>{TOKEN}</html>")),
        Fault::Status(401, vec![("www-authenticate", format!("Bearer {TOKEN}"))]),
        Fault::Status(
            403,
            vec![("x-accepted-github-permissions", TOKEN.to_owned())],
        ),
        Fault::Status(
            301,
            vec![(
                "location",
                format!("https://elsewhere.example/?token={TOKEN}"),
            )],
        ),
    ] {
        forge.fail("/pulls?", fault);
        all.push(said(&database, &["sync"]));
    }
    all.push(said(&database, &["sync", "--json"]));
    assert!(all[4].contains("\"accepted\": 6"), "{}", all[4]);
    let server = Server::start(&database);
    let hook = Client::new().post(format!("{}/hooks/{SOURCE}", server.url));
    let hook = hook.header("x-hub-signature-256", format!("sha256={HOOK_SECRET}"));
    let answer = hook.body(HOOK_SECRET).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    all.push(answer.text().await.unwrap());
    all.push(server.log());
    all.push(said(&database, &["doctor"]));
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    all.push(said(&database, &["backup", &copy.display().to_string()]));
    all.push(String::from_utf8_lossy(&std::fs::read(&copy).unwrap()).into_owned());
    for (nth, text) in all.iter().enumerate() {
        for (_, secret) in CONNECTED {
            assert!(!text.contains(secret), "{secret} is in text {nth}");
        }
    }
}
