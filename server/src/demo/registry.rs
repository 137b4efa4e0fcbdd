//! What the company declares about itself, as TOML.

use std::collections::BTreeMap;

use super::company::{Company, NAME, PAIR_AGENT, REVIEW_AGENT, Service, login};
use super::people::Person;
use super::suite_runs::SUITES;
use super::tools::Tool;
use super::workflows::Workflow;
use super::{Plan, TIME_ZONE};

pub(super) fn toml(plan: &Plan, company: &Company) -> String {
    let mut tables = vec![format!(
        "[company]\nname = {}\ntime_zone = {}\ncurrency = \"EUR\"\nfreeze = \"Mon 07:00\"\nmargin_points = 5\n",
        text(NAME),
        text(TIME_ZONE.name())
    )];
    tables.extend(people(company));
    tables.extend(company.services.iter().map(service));
    let day = |week| plan.monday(week).format("%Y-%m-%d").to_string();
    let (since, practised_on) = (day(0), day(plan.weeks * 3 / 4));
    tables.extend(company.workflows.iter().map(|own| {
        let mut table = workflow(own, (company, &since));
        table.push_str(&of_agents_work(own, &practised_on));
        table
    }));
    tables.extend(agents(company));
    tables.extend(Tool::declared().map(|tool| {
        let (name, effect) = (text(tool.name), text(tool.effect.as_str()));
        format!("[[tool]]\nname = {name}\neffect = {effect}\n")
    }));
    tables.join("\n")
}

/// Those who have a role; who only writes changes needs no account.
fn people(company: &Company) -> Vec<String> {
    // The last three lead, count the money and run the systems.
    let leading = company.people.iter().rev();
    let mut roles: BTreeMap<String, (&Person, &str)> = company
        .workflows
        .iter()
        .map(|workflow| &company.people[workflow.dri % company.people.len()])
        .map(|person| (person.email(), (person, "dri")))
        .collect();
    let named = leading.zip(["executive", "finance", "operator"]);
    roles.extend(named.map(|(person, role)| (person.email(), (person, role))));
    roles
        .iter()
        .map(|(email, (person, role))| {
            format!(
                "[[person]]\nemail = {}\nname = {}\nrole = {}\n",
                text(email),
                text(&person.name),
                text(role)
            )
        })
        .collect()
}

fn service(service: &Service) -> String {
    format!(
        "[[service]]\nslug = {}\nname = {}\ndelivery = \"deployment\"\nproduction = [\"production\"]\nincident_window_hours = 72\nrepositories = {}\nfix_labels = [\"hotfix\"]\n",
        text(&service.slug),
        text(&service.name),
        list(&[service.repository()])
    )
}

fn workflow(workflow: &Workflow, (company, since): (&Company, &str)) -> String {
    let dri = &company.people[workflow.dri % company.people.len()];
    let mut table = format!(
        "[[workflow]]\nslug = {}\nname = {}\ndri = {}\ndri_since = {}\ntier = {}\npattern = {}\nservices = {}\n",
        text(&workflow.slug),
        text(&workflow.name),
        text(&dri.email()),
        text(since),
        workflow.tier,
        text(workflow.pattern),
        list(&workflow.services)
    );
    let folders: Vec<String> = workflow
        .areas
        .iter()
        .map(|area| format!("src/{area}"))
        .collect();
    for (key, values) in [
        ("paths", list(&folders)),
        ("labels", list(&workflow.labels)),
    ] {
        if values != "[]" {
            table.push_str(&format!("{key} = {values}\n"));
        }
    }
    table
}

/// How a workflow's work is taken back, and what its agent is held against.
fn of_agents_work(workflow: &Workflow, practised_on: &str) -> String {
    let mut lines = String::new();
    if workflow.has_playbook {
        let page = format!("https://example.com/playbooks/{}", workflow.slug);
        lines.push_str(&format!("playbook = {}\n", text(&page)));
    }
    if workflow.has_playbook && !workflow.is_narrow() || workflow.tier >= 2 {
        lines.push_str(&format!(
            "playbook_practised_on = {}\nevaluation_checks = [\"agent-evaluation\"]\n",
            text(practised_on)
        ));
    }
    if workflow.agent.is_none() {
        return lines;
    }
    for suite in &SUITES {
        lines.push_str(&format!(
            "\n[[workflow.suite]]\nname = {}\nkind = {}\nthreshold_ratio = 0.{}\n",
            text(suite.name),
            text(suite.kind),
            suite.threshold
        ));
    }
    lines
}

fn agents(company: &Company) -> Vec<String> {
    let of_workflows = company.workflows.iter().filter_map(|workflow| {
        let id = workflow.agent.as_deref()?;
        let place = format!(
            "workflow = {}\ntier = {}\n",
            text(&workflow.slug),
            workflow.tier
        );
        Some(agent(id, &[login(id), format!("{id}@example.com")], &place))
    });
    let reviews = agent(REVIEW_AGENT, &[login(REVIEW_AGENT)], "tier = 1\n");
    let pairs = agent(
        PAIR_AGENT,
        &[format!("{PAIR_AGENT}@example.com")],
        "tier = 1\n",
    );
    of_workflows.chain([reviews, pairs]).collect()
}

/// An agent's table; `place` holds the lines that only some agents have.
fn agent(id: &str, identities: &[String], place: &str) -> String {
    let words = id.replace('-', " ");
    let name: String = words
        .char_indices()
        .map(|(at, letter)| {
            if at == 0 {
                letter.to_ascii_uppercase()
            } else {
                letter
            }
        })
        .collect();
    format!(
        "[[agent]]\nid = {}\nname = {}\n{place}identities = {}\n",
        text(id),
        text(&name),
        list(identities)
    )
}

/// A TOML string; the words of this company hold neither quotes nor backslashes.
fn text(words: &str) -> String {
    format!("\"{words}\"")
}

fn list<T: AsRef<str>>(words: &[T]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| text(word.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}
