//! Receipts that leave: signed by the instance, proven anywhere, and not with a byte changed.

use std::path::Path;
use std::process::Output;

use tests::command::{self, onehop};
use tests::database::Database;

use super::*;

const ID: &str = "shop/7 <é>";

fn fed() -> Database {
    let database = Database::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let registry = write(
        "registry.toml",
        "[company]\nname = \"Acme\"\n[[service]]\nslug = \"shop\"\n",
    );
    command::run(&database.url, &["apply", &registry]);
    let change = json!({"id": ID, "service": "shop", "title": "Größer", "author": {"id": "ana"},
        "merged_at": "2026-11-16T10:00:00Z", "additions": 1, "deletions": 2});
    let changes = write("changes.ndjson", &change.to_string());
    command::run(&database.url, &["import", "records", "changes", &changes]);
    database
}

const AS_OF: [&str; 2] = ["--as-of", "2026-11-23T08:00:00Z"];

/// Exports the receipt into a file.
fn export(database: &Database, file: &Path) {
    let file = file.display().to_string();
    let asked = [
        "export", "receipt", "change", ID, "--format", "json", "-o", &file,
    ];
    command::run(&database.url, &[&asked[..], &AS_OF].concat());
}

/// Asks where nothing is there but the file.
fn verify(file: &Path, more: &[&str]) -> Output {
    let file = file.display().to_string();
    let asked = [&["receipt", "verify", &file][..], more].concat();
    let mut command = onehop("postgres://nobody@127.0.0.1:1/nothing", &asked);
    command.current_dir(std::env::temp_dir()).output().unwrap()
}

#[test]
fn an_exported_receipt_proves_itself_without_a_database_and_names_its_key() {
    let database = fed();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("receipt.json");
    export(&database, &file);
    let proven = verify(&file, &[]);
    let said = String::from_utf8(proven.stdout).unwrap();
    assert!(proven.status.success(), "{said}");
    assert!(
        said.contains(
            "the receipt of the change shop/7 <é> of Acme, exported 2026-11-23T08:00:00Z"
        ),
        "{said}"
    );
    let written: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let key = written["signature"]["public_key"].as_str().unwrap();
    assert!(said.contains(key), "{said}");
    assert_eq!(written["signature"]["algorithm"], "Ed25519");
    assert_eq!(written["receipt"]["title"], "Größer");
    assert!(verify(&file, &["--public-key", key]).status.success());
    let other = "00".repeat(32);
    let refused = verify(&file, &["--public-key", &other]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("signed with another key"));
    let told = verify(&file, &["--json"]);
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!((&told["verified"], &told["id"]), (&json!(true), &json!(ID)));
    // Without an operator the doctor finds a fault; it tells of the key all the same.
    let doctor = onehop(&database.url, &["doctor"]).output().unwrap().stdout;
    let doctor = String::from_utf8(doctor).unwrap();
    let told = format!("receipts are signed by the key {key}.");
    assert!(doctor.contains(&told), "{doctor}");
}

#[test]
fn a_receipt_of_which_one_byte_was_changed_does_not_verify() {
    let database = fed();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("receipt.json");
    export(&database, &file);
    let whole = std::fs::read(&file).unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
    let proves =
        |bytes: &[u8]| text(bytes).is_some_and(|own| server::signing::verify(&own).is_ok());
    assert!(proves(&whole));
    let step = (whole.len() / 200).max(1);
    let tail = whole.len().saturating_sub(300)..whole.len();
    for at in (0..whole.len()).step_by(step).chain(tail) {
        for bit in [0x01, 0x08, 0x20] {
            let mut changed = whole.clone();
            changed[at] ^= bit;
            assert!(!proves(&changed), "byte {at} of {}", whole.len());
        }
    }
    let mut changed = whole.clone();
    let at = whole
        .windows(8)
        .position(|part| part == "Größer".as_bytes())
        .unwrap();
    changed[at] = b'g';
    std::fs::write(&file, changed).unwrap();
    let refused = verify(&file, &[]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        said.contains("something was changed after it was signed"),
        "{said}"
    );
    std::fs::write(&file, "{\"receipt\": {}}").unwrap();
    let said = verify(&file, &[]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("not in the form"));
}

#[test]
fn the_key_is_kept_beside_the_database_and_left_out_of_backups() {
    let database = fed();
    let folder = tempfile::tempdir().unwrap();
    export(&database, &folder.path().join("one.json"));
    let path = database.url.strip_prefix("sqlite:").unwrap();
    let key = Path::new(path).with_file_name("onehop-signing.key");
    assert!(key.exists(), "{}", key.display());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&key).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let seed = std::fs::read_to_string(&key).unwrap();
    let backup = folder.path().join("copy.db").display().to_string();
    let said = command::run(&database.url, &["backup", &backup]);
    let left_out = format!("left out: {}, which signs receipts", key.display());
    assert!(said.contains(&left_out), "{said}");
    let copy = std::fs::read(&backup).unwrap();
    let held = copy.windows(64).any(|part| part == seed.trim().as_bytes());
    assert!(!held, "the copy holds the key");
    let asked = ["export", "receipt", "change", ID];
    let given = onehop(&database.url, &asked)
        .env("ONEHOP_SIGNING_KEY", "07".repeat(32))
        .output()
        .unwrap();
    let given: Value = serde_json::from_slice(&given.stdout).unwrap();
    let own = onehop(&database.url, &asked).output().unwrap();
    let own: Value = serde_json::from_slice(&own.stdout).unwrap();
    assert_ne!(
        given["signature"]["public_key"],
        own["signature"]["public_key"]
    );
    let refused = onehop(&database.url, &asked)
        .env("ONEHOP_SIGNING_KEY", "short")
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&refused.stderr).contains("ONEHOP_SIGNING_KEY is no seed"));
}

#[tokio::test]
async fn the_page_hands_out_what_the_command_line_writes_signed_by_its_own_key() -> Result<()> {
    let database = fed();
    let app = App::start(&database.url).await?;
    let (_, html) = page(&app, &routes::receipt("change", ID)).await?;
    let path = routes::signed_receipt("change", ID);
    assert!(html.contains(&format!("href=\"{path}\"")), "{html}");
    let text = Script::with(&app, Scope::Read).await?.text(&path).await?;
    let handed_out = server::signing::verify(&text)?;
    assert_eq!(handed_out.receipt["exported_at"], "2026-11-23T08:00:00Z");
    let asked = ["export", "receipt", "change", ID];
    let seed = tests::app::SEED.repeat(32);
    let mut command = onehop(&database.url, &[&asked[..], &AS_OF].concat());
    let written = command.env("ONEHOP_SIGNING_KEY", seed).output()?.stdout;
    assert_eq!(text, String::from_utf8(written)?);
    Ok(())
}

#[test]
fn what_has_no_receipt_is_not_exported() {
    let database = fed();
    for (kind, why) in [
        ("change", "the change \"nope\""),
        ("person", "receipts of the kind"),
    ] {
        let said = command::refusal(&database.url, &["export", "receipt", kind, "nope"]);
        assert!(said.contains(why), "{said}");
    }
}
