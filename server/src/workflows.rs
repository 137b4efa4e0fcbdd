//! What people say of a workflow in the page: adding one, and editing what was agreed about it.
//!
//! What it covers is an input to the links like all of the registry, so that an edit of it is followed
//! by whoever computes next.

use app::view::workflow_form::Sent;
use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::figures;
use crate::store::accounts::people;
use crate::store::acts::{self, Act};
use crate::store::registry::{self, Kind, Pattern, Registry, Tier, Workflow};
use crate::store::{self, Db, Tx};

const NAME_CHARACTERS: usize = 200;
const PARAGRAPH_CHARACTERS: usize = 2_000;

/// Who edits, and whether they may also say who answers for a workflow and what it covers.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    pub email: &'a str,
    pub may_own: bool,
}

/// Why an edit is not taken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// In words for the person who sent it.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Adds a workflow (no slug) or edits one, and answers its slug.
pub async fn save(
    db: &Db,
    slug: Option<&str>,
    sent: &Sent,
    (by, now_ms): (By<'_>, i64),
) -> Result<String, Error> {
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    let before = registry::load(&mut tx).await?;
    let slug = slug.unwrap_or_else(|| sent.slug.trim()).to_owned();
    let old = before.workflow(&slug).cloned();
    let new = edited(&mut tx, &before, (old.as_ref(), &slug), (sent, by)).await?;
    let body = json!(new);
    registry::put(&mut tx, Kind::Workflow, &slug, &body.to_string()).await?;
    let after = registry::load(&mut tx).await?;
    figures::touch_what_follows(&mut tx, (&before, &after)).await?;
    let act = Act {
        at_ms: now_ms,
        by: by.email,
        kind: "workflow",
        subject: &slug,
        before: old.map_or(Value::Null, |old| json!(old)),
        after: body,
    };
    acts::record(&mut tx, &act).await?;
    tx.commit().await?;
    Ok(slug)
}

/// The workflow as it is to be.
async fn edited(
    tx: &mut Tx,
    registry: &Registry,
    (old, slug): (Option<&Workflow>, &str),
    (sent, by): (&Sent, By<'_>),
) -> Result<Workflow, Error> {
    let mut new = match old {
        Some(old) => old.clone(),
        None => begun(slug, sent)?,
    };
    new.name = text(&sent.name, "name", NAME_CHARACTERS)?;
    if new.name.is_none() {
        return Err(refused("A workflow needs a name."));
    }
    if by.may_own {
        new.dri = dri(tx, sent).await?;
        new.services = sent.services.clone();
        let unknown = new
            .services
            .iter()
            .find(|slug| registry.service(slug).is_none());
        if let Some(unknown) = unknown {
            return Err(refused(&format!(
                "The service {unknown:?} is not registered."
            )));
        }
    }
    new.pattern = pattern(&sent.pattern)?;
    new.rules = text(&sent.rules, "rules of the road", PARAGRAPH_CHARACTERS)?;
    new.escalation = text(&sent.escalation, "escalation", PARAGRAPH_CHARACTERS)?;
    new.playbook = text(&sent.playbook, "playbook", NAME_CHARACTERS)?;
    new.playbook_practised_on = text(&sent.playbook_practised_on, "day", NAME_CHARACTERS)?;
    if let Some(day) = &new.playbook_practised_on
        && day.parse::<NaiveDate>().is_err()
    {
        return Err(refused(&format!(
            "{day:?} is no day; write it as 2026-11-20."
        )));
    }
    Ok(new)
}

/// A new one, of which nothing is known but its slug and its tier.
fn begun(slug: &str, sent: &Sent) -> Result<Workflow, Error> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty() || slug.len() > 100 || !slug.chars().all(fits) || slug == "new" {
        return Err(refused(
            "The short name has small letters, digits and hyphens, such as support-triage.",
        ));
    }
    let tier = match sent.tier.as_str() {
        "" => None,
        tier => {
            let tier = tier.parse::<u8>().ok();
            let tier = tier.and_then(|tier| Tier::try_from(tier).ok());
            Some(tier.ok_or_else(|| refused("Tiers run from 0 to 3."))?)
        }
    };
    Ok(Workflow {
        slug: slug.to_owned(),
        tier,
        ..Workflow::default()
    })
}

async fn dri(tx: &mut Tx, sent: &Sent) -> Result<Option<String>, Error> {
    let email = sent.dri.trim().to_lowercase();
    if email.is_empty() {
        return Ok(None);
    }
    match people::find(tx, &email).await? {
        Some(_) => Ok(Some(email)),
        None => Err(refused(&format!(
            "{email} is nobody who may sign in; add the person first."
        ))),
    }
}

fn pattern(sent: &str) -> Result<Option<Pattern>, Error> {
    if sent.is_empty() {
        return Ok(None);
    }
    serde_json::from_value(json!(sent)).map_err(|_| refused("Choose a pattern from the list."))
}

/// A field without blanks around it; nothing where it is empty.
fn text(sent: &str, name: &str, at_most: usize) -> Result<Option<String>, Error> {
    let text = sent.trim();
    if text.chars().count() > at_most {
        return Err(refused(&format!(
            "The {name} is longer than {at_most} characters."
        )));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

fn refused(why: &str) -> Error {
    Error::Refused(why.to_owned())
}
