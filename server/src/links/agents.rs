//! Whose account it is: a registered agent's, a well-known agent's, one that its source calls an
//! agent's, or nobody's that is known, which counts as a person's.

use std::collections::HashMap;
use std::fmt;

use super::account::Account;
use super::known::KNOWN;
use crate::store::changes::{Author, AuthorKind};
use crate::store::registry::Registry;

/// The registered agents, by their accounts and addresses in lower case.
pub(super) struct Agents {
    registered: HashMap<String, String>,
}

/// The agent behind an account, by what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agent<'a> {
    /// By its id.
    Registered(&'a str),
    /// By its name.
    Known(&'a str),
    /// Its source says no more than that it is one.
    Told,
}

impl fmt::Display for Agent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Agent::Registered(id) => write!(f, "the registered agent {id}"),
            Agent::Known(name) => f.write_str(name),
            Agent::Told => f.write_str("an agent, as its source says"),
        }
    }
}

impl Agents {
    pub(super) fn of(registry: &Registry) -> Agents {
        let identities = registry.agents.iter().flat_map(|agent| {
            std::iter::once(&agent.id)
                .chain(&agent.identities)
                .map(|identity| (identity.to_lowercase(), agent.id.clone()))
        });
        Agents {
            registered: identities.collect(),
        }
    }

    /// The agent whose account or address this is; the registry's word comes first.
    pub(super) fn owner(&self, account: &str) -> Option<Agent<'_>> {
        let account = Account::read(account);
        self.registered(account).or_else(|| known(account))
    }

    /// The agent behind an author. The registry's word comes first, then the kind that the source
    /// gives; without a kind it is a person unless the account is a known agent's.
    pub(super) fn behind(&self, author: &Author) -> Option<Agent<'_>> {
        let account = Account::read(&author.id);
        self.registered(account).or_else(|| match author.kind {
            Some(AuthorKind::Person) => None,
            Some(AuthorKind::Agent) => known(account).or(Some(Agent::Told)),
            None => known(account),
        })
    }

    pub(super) fn is_agent(&self, author: &Author) -> bool {
        self.behind(author).is_some()
    }

    fn registered(&self, account: Account<'_>) -> Option<Agent<'_>> {
        let find = |name: &str| self.registered.get(&name.to_lowercase());
        let by_login = || {
            let differs = account.login != account.whole;
            differs.then(|| find(account.login)).flatten()
        };
        let found = find(account.whole).or_else(by_login);
        found.map(|id| Agent::Registered(id))
    }
}

fn known(account: Account<'_>) -> Option<Agent<'static>> {
    let agent = KNOWN.owner(account)?;
    Some(Agent::Known(&agent.name))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::store::registry;

    /// One registered agent, of the checkout.
    pub(in super::super) fn agents(identities: &[&str]) -> Agents {
        Agents::of(&Registry {
            agents: vec![registry::Agent {
                id: "checkout-agent".to_owned(),
                name: None,
                workflow: None,
                tier: None,
                identities: identities.iter().map(|id| (*id).to_owned()).collect(),
                scopes: Vec::new(),
            }],
            ..Registry::default()
        })
    }

    const PERSON: Option<AuthorKind> = Some(AuthorKind::Person);
    const AGENT: Option<AuthorKind> = Some(AuthorKind::Agent);

    const IDENTITIES: [&str; 2] = ["Checkout[bot]", "github-actions[bot]"];

    fn check(cases: &[(&str, Option<AuthorKind>, Option<Agent<'_>>)]) {
        for (id, kind, agent) in cases {
            let author = Author {
                id: (*id).to_owned(),
                kind: *kind,
            };
            assert_eq!(agents(&IDENTITIES).behind(&author), *agent, "{author:?}");
        }
    }

    #[test]
    fn a_registered_account_is_its_agents_whatever_else_is_said() {
        let registered = Some(Agent::Registered("checkout-agent"));
        check(&[
            ("checkout[bot]", None, registered),
            ("checkout-agent", PERSON, registered),
            ("7+checkout[bot]@users.noreply.github.com", None, registered),
            ("github-actions[bot]", None, registered),
        ]);
    }

    #[test]
    fn the_kind_that_a_source_gives_comes_before_the_list() {
        check(&[
            ("claude[bot]", PERSON, None),
            ("claude[bot]", AGENT, Some(Agent::Known("Claude Code"))),
            ("ana", AGENT, Some(Agent::Told)),
            ("dependabot[bot]", AGENT, Some(Agent::Told)),
        ]);
    }

    #[test]
    fn an_author_without_kind_is_a_person_unless_the_id_is_a_known_agent() {
        check(&[
            ("ana", None, None),
            ("dependabot[bot]", None, None),
            ("Copilot", None, Some(Agent::Known("GitHub Copilot"))),
            (
                "noreply@anthropic.com",
                None,
                Some(Agent::Known("Claude Code")),
            ),
        ]);
    }

    #[test]
    fn the_login_in_an_address_decides_before_automations_number_that_is_registered() {
        let address = "41898282+claude[bot]@users.noreply.github.com";
        let owner = Some(Agent::Known("Claude Code"));
        assert_eq!(agents(&IDENTITIES).owner(address), owner);
    }
}
