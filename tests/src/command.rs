//! Onehop as a user runs it: the built program, its arguments, what it prints.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The program, which stands beside the folder of this test's own executable.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.parent().and_then(Path::parent).unwrap();
    let program = built.join(format!("onehop{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "the program is not built: cargo build -p server"
    );
    program
}

/// The program over a database, with nothing of the caller's settings.
pub fn onehop(database: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ONEHOP_") {
            command.env_remove(name);
        }
    }
    command
        .args(["--database", database])
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// Runs it to its end, which must be good; answers what it printed.
pub fn run(database: &str, arguments: &[&str]) -> String {
    let output = onehop(database, arguments).output().unwrap();
    assert!(
        output.status.success(),
        "onehop {} ended with {}\n{}",
        arguments.join(" "),
        output.status,
        said(&output),
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Runs it and reads what it printed as JSON.
pub fn json(database: &str, arguments: &[&str]) -> Value {
    serde_json::from_str(&run(database, arguments)).unwrap()
}

/// Runs it to its end, which must not be good; answers what it said of that.
pub fn refusal(database: &str, arguments: &[&str]) -> String {
    let output = onehop(database, arguments).output().unwrap();
    assert!(!output.status.success(), "onehop {}", arguments.join(" "));
    let said = said(&output);
    assert!(!said.contains("panicked"), "{said}");
    said
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
