//! `onehop apply FILE`: what people declare, from reviewed TOML. Repeatable; says what changed.

mod document;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Context;
use serde::Serialize;

use super::say;
use crate::figures::{self, Because, Progress, Why};
use crate::store::accounts::people;
use crate::store::acts::decided::{self, BASELINE, DECIDING, MARGIN};
use crate::store::registry::{self, Company, Kind};
use crate::store::{Db, Tx};

use document::{CompanyTable, Decided};
pub use document::{Document, check_slug};

/// Declare company, people, services, workflows, agents and sources from a TOML file.
///
/// Repeatable: applying the same file again changes nothing. Entries that the file does not name
/// stay as they are. Margin, baseline, deciding metrics and tiers are set only where unset; later
/// changes are made by an executive in the page.
///
/// A [[workflow.hop]] names an agent_metric, the business_metric that it is meant to move, and maybe what
/// is expected of that one: better, worse, up or down. One each; it takes the place of the default.
///
/// A [[source]] has a kind ("push": its records are pushed or imported; "github": it is read, from its
/// repositories or organisations, signed in by token_env), a name (what they carry as
/// source) and, if it is to be judged, a rhythm: hourly, daily, weekdays (Monday to Friday) or weekly.
/// One rhythm without anything new and it is late, two and it is stale. Its streams are all that it has
/// delivered, or those that it names: leave out what comes seldom.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The TOML file; `-` reads from standard input.
    file: PathBuf,
    /// Say what changed as JSON.
    #[arg(long)]
    json: bool,
}

/// What an apply did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Applied {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    /// Values that stay although the file says otherwise, and why.
    pub kept: Vec<String>,
    pub unchanged: u64,
    /// How many weeks were computed again.
    pub weeks: u64,
}

impl Args {
    pub async fn run(self, db: &Db, now_ms: i64) -> anyhow::Result<()> {
        let text = say::read_text(&self.file)?;
        let document = Document::parse(&text).with_context(|| {
            format!(
                "{} was not applied, and nothing was changed",
                self.file.display()
            )
        })?;
        let progress = say::Progress::start();
        let applied = apply(db, document, now_ms, &|what, done, of| {
            progress.at(what, done, of)
        })
        .await?;
        progress.finish();
        if self.json {
            return say::json(&applied);
        }
        for (verb, lines) in [
            ("added", &applied.added),
            ("changed", &applied.changed),
            ("kept", &applied.kept),
        ] {
            for line in lines {
                say::line(&format!("{verb} {line}"))?;
            }
        }
        say::line(&format!(
            "{} added, {} changed, {} unchanged; weeks computed again: {}",
            applied.added.len(),
            applied.changed.len(),
            applied.unchanged,
            applied.weeks
        ))
    }
}

const NOT_APPLIED: &str = "the file was not applied, and nothing was changed";

/// Writes a document and brings the figures it moves up to date.
pub async fn apply(
    db: &Db,
    document: Document,
    now_ms: i64,
    progress: Progress<'_>,
) -> anyhow::Result<Applied> {
    // What is behind anyway is caught up with first, so that it is not laid to the edit.
    figures::refresh(db, &Because::records(now_ms), progress).await?;
    let mut tx = db.write().await?;
    // Nobody links by the registry as it was while it becomes another one.
    tx.lock_facts().await?;
    let before = registry::load(&mut tx).await?;
    document.check(&before).context(NOT_APPLIED)?;
    let mut applied = Applied::default();
    if let Some(company) = &document.company {
        put_company((&mut tx, &mut applied), company, &before.company).await?;
    }
    let services = (&document.service[..], &before.services[..]);
    put_each((&mut tx, &mut applied), services, Kind::Service, |own| {
        &own.slug
    })
    .await?;
    let workflows = document.workflows(&before, &mut applied.kept);
    let workflows = (&workflows[..], &before.workflows[..]);
    put_each((&mut tx, &mut applied), workflows, Kind::Workflow, |own| {
        &own.slug
    })
    .await?;
    let agents = document.agents(&before, &mut applied.kept);
    let agents = (&agents[..], &before.agents[..]);
    put_each((&mut tx, &mut applied), agents, Kind::Agent, |own| &own.id).await?;
    let tools = (&document.tool[..], &before.tools[..]);
    put_each((&mut tx, &mut applied), tools, Kind::Tool, |own| &own.name).await?;
    for rate in &document.rate {
        let key = rate.key();
        let old = before.rates.iter().find(|old| old.key() == key);
        put(
            &mut tx,
            &mut applied,
            Entry::of(Kind::Rate, &key, rate, old)?,
        )
        .await?;
    }
    for price in &document.price {
        let key = price.key();
        let old = before.prices.iter().find(|old| old.key() == key);
        put(
            &mut tx,
            &mut applied,
            Entry::of(Kind::Price, &key, price, old)?,
        )
        .await?;
    }
    let sources = document.sources().context(NOT_APPLIED)?;
    let sources = (&sources[..], &before.sources[..]);
    put_each((&mut tx, &mut applied), sources, Kind::Source, |own| {
        &own.name
    })
    .await?;
    for person in &document.person {
        put_person(&mut tx, &mut applied, person, now_ms).await?;
    }
    let after = registry::load(&mut tx).await?;
    figures::touch_what_follows(&mut tx, (&before, &after)).await?;
    tx.commit().await?;
    let because = Because {
        now_ms,
        why: Why::Registry,
    };
    applied.weeks = figures::refresh(db, &because, progress).await?;
    Ok(applied)
}

async fn put_company(
    (tx, applied): (&mut Tx, &mut Applied),
    table: &CompanyTable,
    before: &Company,
) -> anyhow::Result<()> {
    let decided = in_page(tx).await?;
    let company = table.onto(before, &decided, &mut applied.kept);
    let company = company.context(NOT_APPLIED)?;
    let old = (*before != Company::default()).then_some(before);
    let entry = Entry::of(Kind::Company, "company", &company, old)?;
    put(tx, applied, entry).await
}

/// What executives decided in the page, which stands over the file.
async fn in_page(tx: &mut Tx) -> anyhow::Result<Decided> {
    let mut said = [None, None, None];
    for (said, kind) in said.iter_mut().zip([MARGIN, BASELINE, DECIDING]) {
        let act = decided::latest(tx, kind, i64::MAX).await?;
        *said = act.map(|act| {
            let on = chrono::DateTime::from_timestamp_millis(act.at).unwrap_or_default();
            format!("{} decided it on {}", act.by_whom, app::format::instant(on))
        });
    }
    let [margin, baseline, deciding] = said;
    Ok(Decided {
        margin,
        baseline,
        deciding,
    })
}

/// An entry as it is to be, beside the one that is there.
struct Entry<'a> {
    kind: Kind,
    key: &'a str,
    new: serde_json::Value,
    old: Option<serde_json::Value>,
}

impl<'a> Entry<'a> {
    fn of<T: Serialize>(
        kind: Kind,
        key: &'a str,
        new: &T,
        old: Option<&T>,
    ) -> anyhow::Result<Entry<'a>> {
        let old = old.map(serde_json::to_value).transpose()?;
        Ok(Entry {
            kind,
            key,
            new: serde_json::to_value(new)?,
            old,
        })
    }

    fn name(&self) -> String {
        if self.kind == Kind::Company {
            "company".to_owned()
        } else {
            format!("{} {}", self.kind.as_str(), self.key)
        }
    }

    /// The members that differ.
    fn differences(&self) -> Vec<String> {
        let empty = serde_json::Map::new();
        let new = self.new.as_object().unwrap_or(&empty);
        let old = self
            .old
            .as_ref()
            .and_then(serde_json::Value::as_object)
            .unwrap_or(&empty);
        let names: BTreeSet<&String> = new.keys().chain(old.keys()).collect();
        names
            .into_iter()
            .filter(|name| new.get(*name) != old.get(*name))
            .cloned()
            .collect()
    }
}

/// Puts each of a kind over the one of the same key that was there.
async fn put_each<T: Serialize>(
    (tx, applied): (&mut Tx, &mut Applied),
    (new, old): (&[T], &[T]),
    kind: Kind,
    key: fn(&T) -> &str,
) -> anyhow::Result<()> {
    for own in new {
        let old = old.iter().find(|old| key(old) == key(own));
        put(tx, applied, Entry::of(kind, key(own), own, old)?).await?;
    }
    Ok(())
}

async fn put(tx: &mut Tx, applied: &mut Applied, entry: Entry<'_>) -> anyhow::Result<()> {
    if entry.old.as_ref() == Some(&entry.new) {
        applied.unchanged += 1;
        return Ok(());
    }
    match entry.old {
        None => applied.added.push(entry.name()),
        Some(_) => applied.changed.push(format!(
            "{}: {}",
            entry.name(),
            entry.differences().join(", ")
        )),
    }
    registry::put(tx, entry.kind, entry.key, &entry.new.to_string()).await?;
    Ok(())
}

async fn put_person(
    tx: &mut Tx,
    applied: &mut Applied,
    person: &document::Person,
    now_ms: i64,
) -> anyhow::Result<()> {
    let email = person.email.to_lowercase();
    let old = people::find(tx, &email).await?;
    let name = person.name.clone().unwrap_or_default();
    let role = person.role.clone();
    match &old {
        Some(old) if old.role == role && (name.is_empty() || old.name == name) => {
            applied.unchanged += 1;
            return Ok(());
        }
        Some(_) => applied.changed.push(format!("person {email}")),
        None => applied.added.push(format!("person {email}")),
    }
    people::put(
        tx,
        &people::Person {
            email,
            name,
            role,
            created_at: now_ms,
            signed_in_at: None,
        },
    )
    .await?;
    Ok(())
}
