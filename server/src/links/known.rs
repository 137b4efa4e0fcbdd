//! The well-known agents and their marks, as `agent_marks.toml` lists them.
//!
//! Knows facts about others and no rule of ours; of the registry it knows nothing.

use std::sync::LazyLock;

use serde::Deserialize;

use super::account::Account;

pub(super) static KNOWN: LazyLock<Known> =
    LazyLock::new(|| toml::from_str(include_str!("agent_marks.toml")).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    footers: Vec<String>,
    models: Vec<String>,
    automation: Automation,
    #[serde(rename = "agent")]
    agents: Vec<KnownAgent>,
    #[serde(rename = "trailer")]
    trailers: Vec<Trailer>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Automation {
    logins: Vec<String>,
    ids: Vec<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct KnownAgent {
    pub name: String,
    logins: Vec<String>,
    ids: Vec<u64>,
    emails: Vec<String>,
    branches: Vec<String>,
    texts: Vec<String>,
    words: Vec<String>,
}

/// A trailer that only an agent's work carries.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trailer {
    pub key: String,
    /// The only values that count; any, when there are none.
    #[serde(default)]
    pub values: Vec<String>,
    /// Whether the value must name an agent or a model.
    #[serde(default)]
    pub named: bool,
}

impl Known {
    /// The agent whose account or address this is. The login decides; the number does only when
    /// nobody knows the login, and never one that automation shares with the agents inside it.
    pub(super) fn owner(&self, account: Account<'_>) -> Option<&KnownAgent> {
        if has(&self.automation.logins, account.login) {
            return None;
        }
        let named = |agent: &&KnownAgent| {
            has(&agent.logins, account.login) || has(&agent.emails, account.whole)
        };
        let id = account.id.filter(|id| !self.automation.ids.contains(id));
        let numbered = |agent: &&KnownAgent| id.is_some_and(|id| agent.ids.contains(&id));
        let find_named = self.agents.iter().find(named);
        find_named.or_else(|| self.agents.iter().find(numbered))
    }

    /// The agent whose branches begin like this one.
    pub(super) fn of_branch(&self, branch: &str) -> Option<&KnownAgent> {
        let begins = |start: &String| branch.starts_with(start);
        self.agents
            .iter()
            .find(|agent| agent.branches.iter().any(begins))
    }

    /// The trailer of this key, whatever its case.
    pub(super) fn trailer(&self, key: &str) -> Option<&Trailer> {
        let mut trailers = self.trailers.iter();
        trailers.find(|trailer| trailer.key.eq_ignore_ascii_case(key))
    }

    /// What only agents leave in a text, each with its agent.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&KnownAgent, &str)> {
        self.agents
            .iter()
            .flat_map(|agent| agent.texts.iter().map(move |text| (agent, text.as_str())))
    }

    /// What follows the beginning of a footer, emoji and brackets aside.
    pub(super) fn after_footer<'a>(&self, line: &'a str) -> Option<&'a str> {
        let line = from_word(line);
        let mut footers = self.footers.iter();
        footers.find_map(|footer| after(line, footer))
    }

    /// The agent that a text names first of all.
    pub(super) fn agent_named(&self, text: &str) -> Option<&KnownAgent> {
        let text = from_word(text);
        let mut agents = self.agents.iter();
        agents.find(|agent| agent.words.iter().any(|word| begins_with(text, word)))
    }

    /// Whether a text names an agent or a model first of all.
    pub(super) fn is_name(&self, text: &str) -> bool {
        let mut models = self.models.iter();
        self.agent_named(text).is_some() || models.any(|model| begins_with(from_word(text), model))
    }
}

fn has(list: &[String], text: &str) -> bool {
    list.iter().any(|item| item.eq_ignore_ascii_case(text))
}

fn from_word(text: &str) -> &str {
    text.trim_start_matches(|c: char| !c.is_alphanumeric())
}

/// What follows a beginning, whatever its case.
fn after<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(beginning.len())?;
    head.eq_ignore_ascii_case(beginning).then_some(rest)
}

/// Whether a text begins with a word, or with it and a number.
fn begins_with(text: &str, word: &str) -> bool {
    after(text, word).is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(account: &str) -> Option<&'static str> {
        let agent = KNOWN.owner(Account::read(account))?;
        Some(agent.name.as_str())
    }

    #[test]
    fn the_list_can_be_read_and_names_each_account_once() {
        let agents = &KNOWN.agents;
        assert!(!agents.is_empty() && !KNOWN.trailers.is_empty());
        let lists: [(&str, Vec<&String>); 5] = [
            ("names", agents.iter().map(|a| &a.name).collect()),
            ("logins", agents.iter().flat_map(|a| &a.logins).collect()),
            ("emails", agents.iter().flat_map(|a| &a.emails).collect()),
            ("words", agents.iter().flat_map(|a| &a.words).collect()),
            ("trailers", KNOWN.trailers.iter().map(|t| &t.key).collect()),
        ];
        for (what, mut names) in lists {
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{what}");
        }
    }

    #[test]
    fn the_login_decides_before_the_number() {
        for account in [
            "claude[bot]",
            "Claude[Bot]",
            "209825114+claude[bot]@users.noreply.github.com",
            "claude[bot]@users.noreply.github.com",
            "41898282+claude[bot]@users.noreply.github.com",
        ] {
            assert_eq!(owner(account), Some("Claude Code"), "{account}");
        }
    }

    #[test]
    fn the_number_decides_when_nobody_knows_the_login() {
        let renamed = "209825114+claude-next[bot]@users.noreply.github.com";
        assert_eq!(owner(renamed), Some("Claude Code"));
        let automation = "41898282+somebody@users.noreply.github.com";
        assert_eq!(owner(automation), None, "a number that automation shares");
        assert_eq!(owner("209825114"), None, "a number is no login");
    }

    #[test]
    fn automation_is_no_agent_by_itself() {
        for account in [
            "github-actions[bot]",
            "41898282+github-actions[bot]@users.noreply.github.com",
            "209825114+github-actions[bot]@users.noreply.github.com",
            "49699333+dependabot[bot]@users.noreply.github.com",
            "renovate[bot]",
            "github-merge-queue@users.noreply.github.com",
        ] {
            assert_eq!(owner(account), None, "{account}");
        }
    }

    #[test]
    fn a_person_who_bears_an_agents_name_is_none() {
        for account in [
            "claude",
            "cursor",
            "devin",
            "claude@users.noreply.github.com",
        ] {
            assert_eq!(owner(account), None, "{account}");
        }
    }

    #[test]
    fn a_name_counts_as_a_whole_word_and_first_of_all() {
        for (text, named) in [
            ("Claude Opus 4.8 (1M context)", true),
            ("anthropic/claude-opus", true),
            ("[GitHub Copilot](https://host)", true),
            ("gpt5", true),
            ("Claudette", false),
            ("iPhone 12", false),
            ("fixed for Claude", false),
            ("", false),
        ] {
            assert_eq!(KNOWN.is_name(text), named, "{text}");
        }
    }
}
