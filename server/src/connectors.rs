//! What reads other systems, each in its own words; knows nothing of who keeps what they say, or where.
//!
//! A connector declares its streams, checks its sign-in with a sentence, and pulls: pages of records, each
//! with the place to read on from. What takes a page keeps records and place together or neither, so that
//! a pull can be broken off anywhere and taken up again.

pub mod client;
pub mod failure;
pub mod git;
pub mod github;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use secrecy::SecretString;

use client::Patience;
use client::rates::Left;
use failure::Failure;

/// The kinds of systems that are read, by name. A new one is a line here.
pub const KINDS: [&Kind; 1] = [&github::KIND];

/// A kind of system.
pub struct Kind {
    /// As the registry names it.
    pub name: &'static str,
    /// As people name it.
    pub in_words: &'static str,
    /// What it adds, in a sentence.
    pub adds: &'static str,
    /// What its parts are, as people name them.
    pub parts_in_words: &'static str,
    /// The first is one that every part has: where it is not there, the part is gone.
    pub streams: &'static [Stream],
    pub connect: fn(Settings) -> Result<Box<dyn Connector>, Failure>,
    /// Verifies and reads what the system sends of its own accord.
    pub hear: fn(&Call<'_>, &Interest) -> Result<Heard, NotHeard>,
}

/// What came in, and the secret that it is to be signed with.
pub struct Call<'a> {
    pub headers: &'a http::HeaderMap,
    pub body: &'a [u8],
    pub secret: &'a SecretString,
}

/// What a system said of its own accord.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// The system's own id of this delivery.
    pub id: String,
    pub event: String,
    pub read: Vec<Read>,
    /// The part that is worth reading again, as this says only that something changed.
    pub part: Option<String>,
}

/// Why it was not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotHeard {
    /// Its signature does not hold, or it has none.
    Forged,
    /// It is signed, and cannot be read.
    Unreadable,
}

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.into_iter().find(|kind| kind.name == name)
}

/// What is read, from where, signed in how.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it is, unless it is where all the others are.
    pub base_url: Option<String>,
    pub sign_in: SignIn,
    pub interest: Interest,
    pub patience: Patience,
}

/// What of a system is read, and what things of it are.
#[derive(Clone, Debug, Default)]
pub struct Interest {
    /// Read whole, with what is added to them later.
    pub organisations: Vec<String>,
    /// Read by name, `owner/name`.
    pub repositories: Vec<String>,
    /// The service that a repository belongs to, by `owner/name` in lower case; one that is missing here
    /// is its own.
    pub services: Vec<(String, String)>,
    /// What is a deployment, in the words of the kind; what is usual where none is named.
    pub deployed_by: Vec<String>,
    /// The labels or types of what is an incident, and of what is a defect.
    pub incident_labels: Vec<String>,
    pub defect_labels: Vec<String>,
    /// Nothing that was last touched before is read.
    pub since: Option<DateTime<Utc>>,
}

impl Interest {
    /// Whether a repository is read.
    pub fn holds(&self, repository: &str) -> bool {
        let owner = repository.split('/').next().unwrap_or_default();
        let is = |one: &String, other: &str| one.eq_ignore_ascii_case(other);
        self.repositories.iter().any(|own| is(own, repository))
            || self.organisations.iter().any(|own| is(own, owner))
    }

    /// The service that a repository belongs to.
    pub fn service(&self, repository: &str) -> String {
        let key = repository.to_lowercase();
        let own = self.services.iter().find(|(name, _)| *name == key);
        own.map_or_else(
            || key.rsplit('/').next().unwrap_or(&key).to_owned(),
            |(_, service)| service.clone(),
        )
    }

    /// Whether these things are deployments; what is named `deployments` is where nothing else is named.
    pub fn is_deployed_by(&self, what: &str) -> bool {
        match self.deployed_by.as_slice() {
            [] => what == "deployments",
            named => named.iter().any(|own| own == what),
        }
    }

    /// The workflows whose runs are deployments.
    pub fn workflows(&self) -> Vec<&str> {
        let named = self.deployed_by.iter();
        named
            .filter_map(|own| own.strip_prefix("workflow:"))
            .collect()
    }
}

/// How a system is signed in to. Shows no secret.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// A token that is sent as it is.
    Token(SecretString),
    /// An app that is installed: its private key, in PEM, makes tokens that last an hour.
    App {
        app_id: u64,
        installation_id: u64,
        key: SecretString,
    },
}

/// What a system has of one kind, read by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    pub name: &'static str,
    /// The streams of records that it fills.
    pub feeds: &'static [&'static str],
    /// What a token needs for it, in the system's own words.
    pub permission: &'static str,
    /// Worth having, and done without where the sign-in does not open it.
    pub is_optional: bool,
    /// Read once a day at most.
    pub is_daily: bool,
}

impl Stream {
    /// One that every sign-in should open, read each time.
    pub const fn new(
        name: &'static str,
        feeds: &'static [&'static str],
        permission: &'static str,
    ) -> Stream {
        Stream {
            name,
            feeds,
            permission,
            is_optional: false,
            is_daily: false,
        }
    }

    /// As people name it: "pull requests".
    pub fn in_words(&self) -> String {
        self.name.replace('_', " ")
    }
}

/// What one thing in a system became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// A record of a stream, in JSON.
    Record { stream: &'static str, body: String },
    /// What is no longer such a thing since an instant, or is there no more where none is told. If a record
    /// of it was taken in that is not newer, this field of it says so from then on.
    Withdrawn {
        stream: &'static str,
        id: String,
        at: Option<DateTime<Utc>>,
        says: (&'static str, &'static str),
    },
    /// What could not be read, as it came, and why.
    Unread {
        stream: &'static str,
        /// What its sender calls it, where that much of it reads.
        id: Option<String>,
        body: String,
        reason: String,
    },
}

impl Read {
    /// The stream of records that it fills, or would fill.
    pub fn stream(&self) -> &'static str {
        match self {
            Read::Record { stream, .. }
            | Read::Withdrawn { stream, .. }
            | Read::Unread { stream, .. } => stream,
        }
    }
}

/// What was read together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub read: Vec<Read>,
    /// Where to read on once this page is kept, in the connector's own words.
    pub cursor: String,
}

/// What takes pages.
pub trait Sink: Send {
    /// Keeps a page and its cursor, both or neither.
    fn take(&mut self, page: Page) -> BoxFuture<'_, Result<(), Failure>>;
}

/// The parts of a system, as far as it tells.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    pub found: Vec<String>,
    /// Why there may be more.
    pub failures: Vec<Failure>,
}

/// A way into one system.
pub trait Connector: Send + Sync {
    /// Whether the sign-in holds, in a sentence for whoever set it up.
    fn check(&self) -> BoxFuture<'_, Result<String, Failure>>;

    /// The parts that a stream is read in, each with a cursor of its own, such as repositories.
    fn parts(&self) -> BoxFuture<'_, Parts>;

    /// Whether a stream is read at all, as it is set up.
    fn reads(&self, stream: &str) -> bool;

    /// Reads a part of a stream from where it was left, page by page.
    fn pull<'a>(
        &'a self,
        stream: &'a str,
        part: &'a str,
        cursor: Option<&'a str>,
        sink: &'a mut dyn Sink,
    ) -> BoxFuture<'a, Result<(), Failure>>;

    /// Asks the system to send once more what it sent of its own accord since an instant and what did not
    /// arrive.
    fn ask_again(&self, since: DateTime<Utc>) -> BoxFuture<'_, Result<(), Failure>>;

    /// What is left of the system's limits, as it told last.
    fn left(&self) -> Vec<(&'static str, Left)>;
}
