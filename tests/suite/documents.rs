//! What is written about Onehop is true of it, and speaks of no one's machine.

use tests::repository;

fn text(path: &str) -> String {
    repository::text(path).unwrap_or_else(|| panic!("there is no {path}"))
}

#[test]
fn the_readme_has_at_most_250_lines() {
    let lines = text("README.md").lines().count();
    assert!(lines <= 250, "{lines} lines");
}

#[test]
fn the_two_commands_of_the_readme_exist() {
    let (readme, makefile) = (text("README.md"), text("Makefile"));
    for command in ["run", "test"] {
        assert!(readme.contains(&format!("make {command}")), "{command}");
        let target = format!("{command}:");
        assert!(
            makefile.lines().any(|line| line.starts_with(&target)),
            "the Makefile does not know {command}"
        );
    }
}

#[test]
fn every_command_the_readme_names_is_one_that_make_knows() {
    let (readme, makefile) = (text("README.md"), text("Makefile"));
    for (at, start) in readme.match_indices("make ") {
        let quoted = readme[..at].ends_with('`') || readme[..at].ends_with('\n');
        let rest = &readme[at + start.len()..];
        let target: String = rest
            .chars()
            .take_while(|c| c.is_ascii_lowercase() || *c == '-')
            .collect();
        if quoted && !target.is_empty() {
            let rule = format!("{target}:");
            assert!(
                makefile.lines().any(|line| line.starts_with(&rule)),
                "make {target}"
            );
        }
    }
}

#[test]
fn every_file_the_readme_links_to_is_there() {
    let readme = text("README.md");
    for (at, _) in readme.match_indices("](") {
        let target = readme[at + 2..].split([')', '#', ' ']).next().unwrap();
        if target.is_empty() || target.contains("://") {
            continue;
        }
        assert!(repository::root().join(target).exists(), "{target}");
    }
}

#[test]
fn the_checks_run_what_a_person_runs() {
    assert!(text(".ci/run").contains("make test"));
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    let folders = ["work", "root", "home", "Users"].map(|name| format!("/{name}/"));
    let files = repository::files("", &[]);
    assert!(files.len() > 50);
    for path in files.iter().filter(|path| !path.ends_with("lock.json")) {
        let Some(text) = repository::text(path) else {
            continue;
        };
        for (at, line) in text.lines().enumerate() {
            let named = folders.iter().find(|folder| absolute(line, folder));
            assert!(named.is_none(), "{path}:{}: {line}", at + 1);
        }
    }
}

/// Whether a line names this folder from the root: not as a part of an address or a longer path.
fn absolute(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !(c.is_ascii_alphanumeric() || ".-_~}*".contains(c)))
    })
}
