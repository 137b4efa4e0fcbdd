//! `onehop apply`: what people declare, again and again, and which figures it moves.

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::command::{self, refusal, run};
use tests::database::Database;
use tests::dump::{self, Dump};

/// A database of either engine, and a folder for files.
struct Desk {
    database: Database,
    folder: TempDir,
}

async fn desks() -> Vec<Desk> {
    let databases = Database::on_each_engine().await.into_iter();
    databases
        .map(|database| Desk {
            database,
            folder: tempfile::tempdir().unwrap(),
        })
        .collect()
}

impl Desk {
    fn file(&self, text: &str) -> String {
        let path = self.folder.path().join("file");
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn apply(&self, text: &str) -> Vec<String> {
        let said = run(&self.database.url, &["apply", &self.file(text)]);
        said.lines().map(str::to_owned).collect()
    }

    fn refused(&self, text: &str) -> String {
        refusal(&self.database.url, &["apply", &self.file(text)])
    }

    fn import(&self, records: &[Value]) {
        let file = self.file(&json!(records).to_string());
        run(&self.database.url, &["import", "records", "changes", &file]);
    }

    async fn dump(&self) -> Dump {
        let db = self.database.open().await;
        let dump = dump::whole(&db).await;
        db.close().await;
        dump
    }

    /// A week's changes in a scope and a segment.
    fn merged(&self, week: &str, of: (&str, &str)) -> Value {
        let arguments = [
            "export",
            "metric",
            "changes_merged",
            "--from",
            week,
            "--to",
            week,
            "--scope",
            of.0,
            "--segment",
            of.1,
            "--as-of",
            "2027-01-15T08:00:00Z",
        ];
        let told = command::json(&self.database.url, &arguments);
        told["figures"][0]["value"].clone()
    }
}

const COMPANY: (&str, &str) = ("company", "all");

fn merged(id: &str, author: &str, at: &str) -> Value {
    json!({"id": id, "service": "shop", "author": {"id": author}, "merged_at": at,
        "commits": [{"sha": id, "authored_at": "2026-10-01T10:00:00Z"}]})
}

const REGISTRY: &str = r#"
[company]
name = "Acme"
time_zone = "Europe/Berlin"
margin_points = 5
[[service]]
slug = "shop"
name = "Shop"
[[workflow]]
slug = "buying"
tier = 1
services = ["shop"]
[[agent]]
id = "helper"
workflow = "buying"
tier = 1
identities = ["helper-bot"]
[[person]]
email = "ada@example.org"
role = "executive"
"#;

#[tokio::test]
async fn applying_the_same_file_again_changes_nothing_and_an_edit_is_named() {
    for desk in desks().await {
        let first = desk.apply(REGISTRY);
        let added = [
            "company",
            "service shop",
            "workflow buying",
            "agent helper",
            "person ada@example.org",
        ];
        for (line, name) in first.iter().zip(added) {
            assert_eq!(*line, format!("added {name}"));
        }
        assert_eq!(
            first[5],
            "5 added, 0 changed, 0 unchanged; weeks computed again: 0"
        );
        let again = desk.apply(REGISTRY);
        assert_eq!(
            again,
            ["0 added, 0 changed, 5 unchanged; weeks computed again: 0"]
        );
        let edited = desk.apply("[[service]]\nslug = \"shop\"\nname = \"The shop\"");
        assert_eq!(edited[0], "changed service shop: name");
        assert_eq!(
            edited[1],
            "0 added, 1 changed, 0 unchanged; weeks computed again: 0"
        );
    }
}

#[tokio::test]
async fn what_an_executive_decides_stays_as_it_was_first_set_and_that_is_said() {
    for desk in desks().await {
        desk.apply(REGISTRY);
        let other = REGISTRY
            .replace("tier = 1", "tier = 3")
            .replace("margin_points = 5", "margin_points = 9");
        let said = desk.apply(&other);
        for (line, what) in said.iter().zip([
            "company: margin",
            "workflow buying: tier",
            "agent helper: tier",
        ]) {
            assert_eq!(
                *line,
                format!("kept {what} (set already; an executive changes it in the page)")
            );
        }
        assert_eq!(
            said[3],
            "0 added, 0 changed, 5 unchanged; weeks computed again: 0"
        );
    }
}

#[tokio::test]
async fn a_new_time_zone_needs_a_week_and_moves_only_the_changes_at_its_edge() {
    for desk in desks().await {
        desk.apply("[company]\ntime_zone = \"Europe/Berlin\"");
        desk.import(&[
            merged("inside", "ana", "2026-11-18T12:00:00Z"),
            // Sunday evening in Berlin, Monday morning in Tokyo.
            merged("edge", "ana", "2026-11-22T20:00:00Z"),
            merged("edge of the week before", "ana", "2026-11-15T20:00:00Z"),
        ]);
        let tokyo = "[company]\ntime_zone = \"Asia/Tokyo\"";
        let said = desk.refused(tokyo);
        assert!(
            said.contains("Europe/Berlin") && said.contains("time_zone_from"),
            "{said}"
        );
        let weeks = ["2026-W46", "2026-W47", "2026-W48"];
        let counts = || weeks.map(|week| desk.merged(week, COMPANY));
        assert_eq!(counts(), [json!(1.0), json!(2.0), json!(0.0)]);
        let said = desk.apply(&format!("{tokyo}\ntime_zone_from = \"2026-W48\""));
        assert_eq!(said[0], "changed company: time_zones");
        assert_eq!(counts(), [json!(1.0), json!(1.0), json!(1.0)]);
        let back = desk.refused("[company]\ntime_zone = \"UTC\"\ntime_zone_from = \"2026-W40\"");
        assert!(back.contains("does not come after"), "{back}");
    }
}

#[tokio::test]
async fn a_service_and_a_workflow_registered_afterwards_get_their_figures() {
    for desk in desks().await {
        desk.import(&[merged("c1", "ana", "2026-11-18T12:00:00Z")]);
        let said = desk.apply("[[service]]\nslug = \"shop\"");
        assert_eq!(
            said[1],
            "1 added, 0 changed, 0 unchanged; weeks computed again: 1"
        );
        assert_eq!(desk.merged("2026-W47", ("service:shop", "all")), 1.0);
        desk.apply("[[workflow]]\nslug = \"buying\"\nservices = [\"shop\"]");
        assert_eq!(desk.merged("2026-W47", ("workflow:buying", "all")), 1.0);
        desk.apply("[[workflow]]\nslug = \"buying\"\nservices = []");
        assert_eq!(
            desk.merged("2026-W47", ("workflow:buying", "all")),
            Value::Null
        );
        assert_eq!(desk.merged("2026-W47", COMPANY), 1.0);
    }
}

#[tokio::test]
async fn an_agent_registered_afterwards_moves_its_changes_and_only_the_weeks_it_touches() {
    for desk in desks().await {
        desk.import(&[
            merged("c1", "ana", "2026-11-04T12:00:00Z"),
            merged("c2", "helper-bot", "2026-11-11T12:00:00Z"),
            merged("c3", "ana", "2026-11-18T12:00:00Z"),
        ]);
        let agents = |week| desk.merged(week, ("company", "agent"));
        assert_eq!(agents("2026-W46"), 0.0);
        let said = desk.apply("[[agent]]\nid = \"helper\"\nidentities = [\"helper-bot\"]");
        assert_eq!(
            said[1],
            "1 added, 0 changed, 0 unchanged; weeks computed again: 1"
        );
        assert_eq!(agents("2026-W46"), 1.0);
        assert_eq!(desk.merged("2026-W46", ("company", "unmarked")), 0.0);
        assert_eq!(agents("2026-W47"), 0.0);
        desk.apply("[[agent]]\nid = \"helper\"\nidentities = []");
        assert_eq!(agents("2026-W46"), 0.0);
    }
}

#[tokio::test]
async fn a_source_is_added_its_rhythm_is_edited_and_taken_away_again() {
    for desk in desks().await {
        let source = |rest: &str| format!("[[source]]\nkind = \"push\"\nname = \"pager\"\n{rest}");
        let daily =
            source("rhythm = \"daily\"\nstreams = [\"incidents\", \"defects\", \"incidents\"]");
        assert_eq!(desk.apply(&daily)[0], "added source pager");
        let sorted = daily.replace(
            "[\"incidents\", \"defects\", \"incidents\"]",
            "[\"defects\", \"incidents\"]",
        );
        assert_eq!(
            desk.apply(&sorted),
            ["0 added, 0 changed, 1 unchanged; weeks computed again: 0"]
        );
        let weekly = sorted.replace("daily", "weekly");
        assert_eq!(desk.apply(&weekly)[0], "changed source pager: rhythm");
        assert_eq!(
            desk.apply(&source(""))[0],
            "changed source pager: rhythm, streams"
        );
    }
}

#[tokio::test]
async fn people_get_the_role_that_the_file_gives_them() {
    for desk in desks().await {
        let person = |role| format!("[[person]]\nemail = \"Ada@Example.org\"\nrole = \"{role}\"");
        let listed = || run(&desk.database.url, &["user", "list"]);
        desk.apply(&person("dri"));
        assert_eq!(listed(), "ada@example.org\tdri\t0\n");
        let said = desk.apply(&person("finance"));
        assert_eq!(said[0], "changed person ada@example.org");
        assert_eq!(listed(), "ada@example.org\tfinance\t0\n");
    }
}

#[tokio::test]
async fn a_file_with_one_mistake_changes_nothing_of_the_rest() {
    for desk in desks().await {
        desk.refused(&format!(
            "{REGISTRY}\n[[workflow]]\nslug = \"w\"\nservices = [\"nope\"]"
        ));
        assert_eq!(run(&desk.database.url, &["user", "list"]), "");
        assert_eq!(
            desk.apply(REGISTRY).last().unwrap(),
            "5 added, 0 changed, 0 unchanged; weeks computed again: 0"
        );
    }
}

#[tokio::test]
async fn a_freeze_that_is_no_day_and_time_is_refused_with_what_is_and_changes_nothing() {
    for desk in desks().await {
        let company = |name: &str, freeze: &str| {
            format!("[company]\nname = {name:?}\nfreeze = {freeze:?}\n[[service]]\nslug = {name:?}")
        };
        desk.apply(&company("acme", "Tue 09:30"));
        let before = desk.dump().await;
        for wrong in ["Mon 25:00", "Someday 07:00", "07:00", "Mon", ""] {
            let said = desk.refused(&company("other", wrong));
            let field = format!("freeze {wrong:?}");
            for words in [field.as_str(), "such as Mon 07:00", "nothing was changed"] {
                assert!(said.contains(words), "{words}: {said}");
            }
            desk.dump().await.assert_same(&before, wrong);
        }
    }
}

#[tokio::test]
async fn a_path_that_two_services_of_one_repository_claim_is_refused_by_name() {
    let service = |slug: &str, repository: &str, path: &str| {
        format!(
            "[[service]]\nslug = \"{slug}\"\nrepositories = [\"{repository}\"]\npaths = [\"{path}\"]\n"
        )
    };
    for desk in desks().await {
        let known = service("shop", "acme/mono", "pay/");
        let both = format!("{known}{}", service("desk", "acme/mono", "/pay/**"));
        let said = desk.refused(&both);
        for words in ["shop", "desk", "\"pay\"", "nothing was changed"] {
            assert!(said.contains(words), "{words}: {said}");
        }
        desk.apply(&known);
        let said = desk.refused(&service("desk", "acme/mono", "pay"));
        assert!(
            said.contains("the services desk and shop both claim"),
            "{said}"
        );
        desk.apply(&service("desk", "acme/other", "pay"));
        desk.apply(&service("tools", "acme/mono", "pay/tools"));
        let unnamed = "[[service]]\nslug = \"a\"\npaths = [\"x\"]\n[[service]]\nslug = \"b\"\npaths = [\"x\"]";
        assert!(
            desk.refused(unnamed)
                .contains("name the repositories of each")
        );
    }
}
