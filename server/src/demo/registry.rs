//! What the company declares about itself, as TOML.

use std::collections::BTreeMap;

use super::company::{Company, NAME, PAIR_AGENT, REVIEW_AGENT, Service, Workflow, login};
use super::people::Person;
use super::{Plan, TIME_ZONE};

pub(super) fn toml(plan: &Plan, company: &Company) -> String {
    let mut tables = vec![format!(
        "[company]\nname = {}\ntime_zone = {}\ncurrency = \"EUR\"\nfreeze = \"Mon 07:00\"\nmargin_points = 5\n",
        text(NAME),
        text(TIME_ZONE.name())
    )];
    tables.extend(people(company));
    tables.extend(company.services.iter().map(service));
    let since = plan.monday(0).format("%Y-%m-%d").to_string();
    tables.extend(
        company
            .workflows
            .iter()
            .map(|workflow| self::workflow(workflow, (company, &since))),
    );
    tables.extend(agents(company));
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
