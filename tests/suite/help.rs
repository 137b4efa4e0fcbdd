//! `--help`: every command says what each of its options is.

use tests::command::run;

/// The commands under a command, as its help lists them.
fn commands(help: &str) -> Vec<String> {
    let list = help.split("Commands:\n").nth(1).unwrap_or_default();
    let lines = list.lines().take_while(|line| !line.is_empty());
    lines
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// Options and arguments that short help lists without a word on what they are.
fn undescribed(help: &str) -> Vec<&str> {
    let listed = help
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with(['-', '<', '[']));
    listed
        .filter(|line| {
            let said = line.split_once("  ").map_or("", |(_, said)| said.trim());
            said.is_empty() || said.starts_with('[')
        })
        .collect()
}

#[test]
fn the_help_of_every_command_describes_every_option_of_it() {
    let mut waiting = vec![Vec::new()];
    let mut seen = Vec::new();
    while let Some(command) = waiting.pop() {
        let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        arguments.push("-h");
        let help = run("sqlite:unused", &arguments);
        assert_eq!(undescribed(&help), Vec::<&str>::new(), "{arguments:?}");
        waiting.extend(
            commands(&help)
                .into_iter()
                .map(|name| [command.clone(), vec![name]].concat()),
        );
        seen.push((command.join(" "), help));
    }
    for (command, options) in [
        ("", &["--database", "--config", "--public-url"][..]),
        ("serve", &["--listen"]),
        (
            "demo",
            &["--weeks", "--size", "--seed", "--no-serve", "--listen"],
        ),
        ("apply", &["<FILE>", "--json"]),
        ("import records", &["<STREAM>", "<FILE>", "--json"]),
        ("import git", &["<PATH>", "--service", "--tags", "--json"]),
        (
            "export review",
            &["--week", "--scope", "--format", "--as-of", "--output"],
        ),
        (
            "export metric",
            &[
                "<METRIC>",
                "--scope",
                "--segment",
                "--from",
                "--to",
                "--format",
                "--as-of",
            ],
        ),
        (
            "export records",
            &[
                "<METRIC>",
                "--week",
                "--scope",
                "--segment",
                "--format",
                "--as-of",
            ],
        ),
        (
            "export receipt",
            &["<KIND>", "<ID>", "--format", "--as-of", "--output"],
        ),
        ("receipt verify", &["<FILE>", "--public-key", "--json"]),
        ("recompute", &["--as-of"]),
        ("freeze", &["--week", "--as-of", "--json"]),
        ("backup", &["<FILE|DIR>", "--force", "--json"]),
        ("restore", &["<FILE>", "--force", "--json"]),
        ("doctor", &["--json"]),
        ("erase", &["<PERSON>", "--yes"]),
        ("user add", &["<EMAIL>", "--role"]),
        ("token create", &["<NAME>", "--scope"]),
    ] {
        let (_, help) = seen.iter().find(|(name, _)| name == command).unwrap();
        for option in options {
            assert!(help.contains(option), "{option} is missing in: {help}");
        }
    }
}
