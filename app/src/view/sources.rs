//! Where records come from, how each source stands, and what works behind the pages.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::freshness::Freshness;
use super::signal::Signal;

/// What `/sources` shows. Instants are in the company's time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sources {
    pub time_zone: String,
    /// The worst first.
    pub sources: Vec<Source>,
    /// How many more have brought something, too many to be listed.
    pub more: u64,
    /// Streams that nobody has brought yet.
    pub never_came: Vec<Addable>,
    pub work: Work,
    pub database: Database,
    /// What came of trying a sign-in just now.
    #[serde(default)]
    pub checked: Option<Checked>,
    /// The source that was connected, or asked to be read, just now.
    #[serde(default)]
    pub awaited: Option<String>,
}

/// What a system said of its sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub source: String,
    pub holds: bool,
    pub said: String,
}

/// One source: declared, or known by what it brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub name: String,
    /// None without a rhythm: then it is not judged.
    pub freshness: Option<Freshness>,
    /// What has not come and since when, where it is not fresh.
    pub reason: Option<String>,
    /// When what is missing came last.
    pub since: Option<DateTime<FixedOffset>>,
    /// "every weekday".
    pub rhythm: Option<String>,
    pub is_declared: bool,
    /// Those that keep the rhythm, else those it has brought.
    pub streams: Vec<String>,
    /// The last delivery, also of what was known already.
    pub last_delivery: Option<DateTime<FixedOffset>>,
    /// The last delivery that brought something new.
    pub newest: Option<DateTime<FixedOffset>>,
    pub traffic: Traffic,
    pub feeds: Vec<Metric>,
    /// Of these, what lacks something while the source is not fresh.
    pub affects: Vec<Metric>,
    /// The newest first.
    pub deliveries: Vec<Delivery>,
    pub set_aside: SetAside,
    /// How it is read; none where its records are pushed.
    #[serde(default)]
    pub reading: Option<Reading>,
}

/// How a connected system is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// As people name its kind: "GitHub".
    pub system: String,
    /// What was in the way the last time.
    pub trouble: Option<Trouble>,
    /// When it is due again.
    pub next: Option<DateTime<FixedOffset>>,
    /// How much of it was read whole the last time; none before that is known.
    pub coverage: Option<Coverage>,
    /// What was left of its limits when it told last, of those that have not begun anew since.
    pub limits: Vec<LimitLeft>,
    /// How far its parts are read, those first that moved last.
    pub cursors: Vec<Cursor>,
    /// The latest times that it was read, the newest first.
    pub pulls: Vec<Pulled>,
    /// None where it has no secret to sign with.
    pub hooks: Option<Hooks>,
}

/// Parts of a system, such as repositories, and how many of them were read whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub parts: u64,
    pub read: u64,
    /// As people name them: "Repositories".
    pub in_words: String,
}

/// What is left of a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitLeft {
    /// As the system calls it.
    pub name: String,
    pub most: u64,
    pub remaining: u64,
    pub resets: DateTime<FixedOffset>,
}

/// How far a part of a stream is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// "pull_requests acme/shop".
    pub of: String,
    /// In the connector's own words.
    pub position: String,
    pub moved: DateTime<FixedOffset>,
}

/// Why a system was not read whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub whose: Whose,
    pub said: String,
}

/// Whose it is to mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    Ours,
    WillPass,
    Theirs,
    Unknown,
}

/// One time that a system was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulled {
    pub started: DateTime<FixedOffset>,
    pub ended: Option<DateTime<FixedOffset>>,
    /// Whether it ended without anybody's noting it, as a server that was stopped.
    #[serde(default)]
    pub is_broken_off: bool,
    pub pages: u64,
    pub accepted: u64,
    pub repeated: u64,
    pub refused: u64,
    /// What was not read, and why.
    pub said: Option<String>,
}

/// What a system sent of its own accord in seven days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hooks {
    pub deliveries: u64,
    /// Ever: those whose signature did not hold.
    pub forgeries: u64,
}

/// New records of the last seven days, judged by the spans of seven days before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Traffic {
    pub records: u64,
    pub normal_range: Option<[f64; 2]>,
    pub signal: Signal,
    /// How many spans stand behind the range.
    pub spans: u32,
}

/// A figure that is made of what a source brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metric {
    pub id: String,
    pub name: String,
}

/// What came in a stream within an hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub at: DateTime<FixedOffset>,
    pub stream: String,
    pub deliveries: u64,
    pub accepted: u64,
    pub repeated: u64,
    pub refused: u64,
}

/// Records that could not be taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    pub count: u64,
    /// The newest of them.
    pub latest: Vec<Aside>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    pub at: DateTime<FixedOffset>,
    pub stream: String,
    pub id: Option<String>,
    pub field: Option<String>,
    pub reason: String,
}

/// A stream that could come, and what it would add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addable {
    pub stream: String,
    pub adds: Vec<Metric>,
    /// What to type, one command a line.
    pub commands: Vec<String>,
}

/// What works behind the pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Work {
    pub last_freeze: Option<Frozen>,
    pub next_freeze: Option<Frozen>,
    /// Why none comes by itself.
    pub no_freeze: Option<String>,
    /// How often in a row the freeze failed, and why last.
    pub freeze_failed: Option<(u64, String)>,
    /// Weeks whose figures wait to be computed.
    pub weeks_waiting: u64,
    pub walk: Option<Walk>,
}

/// A week, and when it froze or will.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    pub week: String,
    pub at: DateTime<FixedOffset>,
}

/// All changes are linked again, and so many are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// The registry was edited; else everything is derived anew.
    pub is_of_registry: bool,
    pub changes: u64,
}

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {
    /// With its version: "SQLite 3.50.2".
    pub engine: String,
    pub bytes: u64,
    /// "25, arrivals".
    pub schema: String,
    /// Of Onehop itself.
    pub version: String,
}
