//! Who may do what: the roles of people, the scopes of tokens, and the one table of routes.
//!
//! The router is checked against [`ROUTES`]: a path that does not stand here answers nobody.

use std::fmt;
use std::str::FromStr;

use crate::auth::Caller;

/// What a person is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Executive,
    Dri,
    Finance,
    Operator,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// May send records.
    Ingest,
    /// May read figures and records.
    Read,
    /// May do both.
    Operator,
}

/// A role or scope that is none.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{word:?} is not a {kind}; use {known}")]
pub struct UnknownWord {
    word: String,
    kind: &'static str,
    known: String,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Executive, Role::Dri, Role::Finance, Role::Operator];

    /// As a person reads it.
    pub fn in_words(self) -> &'static str {
        match self {
            Role::Executive => "executive",
            Role::Dri => "DRI",
            Role::Finance => "finance",
            Role::Operator => "operator",
        }
    }
}

impl Scope {
    pub const ALL: [Scope; 3] = [Scope::Ingest, Scope::Read, Scope::Operator];
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Executive => "executive",
            Role::Dri => "dri",
            Role::Finance => "finance",
            Role::Operator => "operator",
        })
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scope::Ingest => "ingest",
            Scope::Read => "read",
            Scope::Operator => "operator",
        })
    }
}

impl FromStr for Role {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Role, UnknownWord> {
        named(&Role::ALL, "role", word)
    }
}

impl FromStr for Scope {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Scope, UnknownWord> {
        named(&Scope::ALL, "scope", word)
    }
}

fn named<T: Copy + fmt::Display>(
    all: &[T],
    kind: &'static str,
    word: &str,
) -> Result<T, UnknownWord> {
    let found = all.iter().find(|one| one.to_string() == word);
    found.copied().ok_or_else(|| UnknownWord {
        word: word.to_owned(),
        kind,
        known: words(&all.iter().map(T::to_string).collect::<Vec<_>>()),
    })
}

/// "a", "a or b", "a, b or c".
fn words(all: &[String]) -> String {
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => all.concat(),
    }
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who {
    pub anyone: bool,
    pub roles: &'static [Role],
    pub scopes: &'static [Scope],
}

/// Whoever asks.
pub const ANYONE: Who = Who {
    anyone: true,
    roles: &Role::ALL,
    scopes: &Scope::ALL,
};
/// Everyone who is signed in.
pub const PEOPLE: Who = Who {
    anyone: false,
    roles: &Role::ALL,
    scopes: &[],
};
/// Everyone who is signed in, and scripts that read.
pub const READERS: Who = Who {
    anyone: false,
    roles: &Role::ALL,
    scopes: &[Scope::Read, Scope::Operator],
};
/// Who puts right what was derived, explains figures and reads texts of runs: a DRI only within their own workflows.
pub const CORRECTORS: Who = Who {
    anyone: false,
    roles: &[Role::Dri, Role::Operator],
    scopes: &[],
};
/// Who decides what is to be done.
pub const EXECUTIVES: Who = Who {
    anyone: false,
    roles: &[Role::Executive],
    scopes: &[],
};
/// Who runs Onehop: sources, people, tokens.
pub const OPERATORS: Who = Who {
    anyone: false,
    roles: &[Role::Operator],
    scopes: &[],
};
/// Scripts that send records.
pub const SENDERS: Who = Who {
    anyone: false,
    roles: &[],
    scopes: &[Scope::Ingest, Scope::Operator],
};

impl Who {
    /// Whether this caller is among them.
    pub fn may(&self, caller: &Caller) -> bool {
        self.anyone
            || match caller {
                Caller::Nobody => false,
                Caller::Person(person) => self.roles.contains(&person.role),
                Caller::Token { scope, .. } => self.scopes.contains(scope),
            }
    }

    /// Who is needed, in words: "the role finance or operator".
    pub fn in_words(&self) -> String {
        let mut needs = Vec::new();
        if self.roles == Role::ALL {
            needs.push("everyone who is signed in".to_owned());
        } else if !self.roles.is_empty() {
            let roles: Vec<_> = self
                .roles
                .iter()
                .map(|role| role.in_words().to_owned())
                .collect();
            needs.push(format!("the role {}", words(&roles)));
        }
        if !self.scopes.is_empty() {
            let scopes: Vec<_> = self.scopes.iter().map(Scope::to_string).collect();
            needs.push(format!("a token with the scope {}", words(&scopes)));
        }
        needs.join(", or ")
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub who: Who,
}

const fn get(path: &'static str, who: Who) -> Route {
    Route {
        method: "GET",
        path,
        who,
    }
}

const fn post(path: &'static str, who: Who) -> Route {
    Route {
        method: "POST",
        path,
        who,
    }
}

/// Every route there is, and who may use it.
pub const ROUTES: &[Route] = &[
    get("/", PEOPLE),
    get("/review", PEOPLE),
    get("/review/{week}", PEOPLE),
    get("/records/{metric}", PEOPLE),
    get("/records/{metric}/chart.svg", PEOPLE),
    get("/records/{metric}/chart.png", PEOPLE),
    get("/receipts/{kind}/{id}", PEOPLE),
    get("/bodies/{run}", CORRECTORS),
    get("/definitions/answer", PEOPLE),
    get("/definitions/{metric}", PEOPLE),
    get("/workflows", PEOPLE),
    get("/workflows/new", OPERATORS),
    post("/workflows/new", OPERATORS),
    get("/workflows/{slug}", PEOPLE),
    get("/workflows/{slug}/edit", CORRECTORS),
    post("/workflows/{slug}/edit", CORRECTORS),
    get("/limits/{metric}", PEOPLE),
    post("/limits/{metric}", CORRECTORS),
    get("/demo", PEOPLE),
    get("/sources", PEOPLE),
    post("/sources/read", OPERATORS),
    post("/sources/check", OPERATORS),
    post("/sources/disconnect", OPERATORS),
    get("/sources/connect", OPERATORS),
    post("/sources/connect", OPERATORS),
    get("/settings", PEOPLE),
    post("/settings/decisions", EXECUTIVES),
    post("/settings/people", OPERATORS),
    post("/settings/tokens", OPERATORS),
    post("/settings/sessions", PEOPLE),
    get("/corrections", PEOPLE),
    get("/corrections/{kind}/{id}", PEOPLE),
    post("/corrections/{kind}/{id}", CORRECTORS),
    get("/explanations/{metric}", PEOPLE),
    post("/explanations/{metric}", CORRECTORS),
    get("/actions", PEOPLE),
    post("/actions", EXECUTIVES),
    post("/actions/{number}", PEOPLE),
    get("/sign-in", ANYONE),
    post("/sign-in", ANYONE),
    post("/sign-in/link", ANYONE),
    post("/sign-out", PEOPLE),
    get("/search", PEOPLE),
    get("/keys", PEOPLE),
    post("/keys", PEOPLE),
    post("/theme", ANYONE),
    get("/api/v1/openapi.json", ANYONE),
    get("/api/v1/review/{week}", READERS),
    get("/api/v1/search", READERS),
    get("/api/v1/metrics", READERS),
    get("/api/v1/metrics/{metric}", READERS),
    get("/api/v1/records/{name}", READERS),
    get("/api/v1/receipts/{kind}/{id}", READERS),
    post("/api/v1/records/{name}", SENDERS),
    post("/api/v1/evals", SENDERS),
    post("/api/v1/opa/logs", SENDERS),
    post("/v1/traces", SENDERS),
    post("/v1/logs", SENDERS),
    post("/v1/metrics", SENDERS),
    post("/hooks/{source}", ANYONE),
    get("/health/live", ANYONE),
    get("/health/ready", ANYONE),
    get("/metrics", READERS),
    get("/style.css", ANYONE),
    get("/print.css", ANYONE),
    get("/pkg/{*file}", ANYONE),
];

/// Who may use a route; `None` when it does not stand in the table. HEAD is a GET without a body.
pub fn who_may(method: &str, path: &str) -> Option<Who> {
    let method = if method == "HEAD" { "GET" } else { method };
    ROUTES
        .iter()
        .find(|route| route.method == method && route.path == path)
        .map(|route| route.who)
}

/// Whether the path stands in the table under any method.
pub fn known_path(path: &str) -> bool {
    ROUTES.iter().any(|route| route.path == path)
}

#[cfg(test)]
mod tests;
