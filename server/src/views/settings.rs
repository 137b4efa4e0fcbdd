//! What stands of the settings, whose word each is, and who may sign in, as far as the reader may see.

mod decisions;
mod registered;

use std::collections::BTreeMap;

use app::backend::{Reader, Role};
use app::view::settings::{Once, Part, Person, Refused, Session, Settings, Token};

use super::{Result, rfc3339};
use crate::store::accounts::people as stored;
use crate::store::accounts::{sessions, tokens};
use crate::store::registry;
use crate::store::{Db, Tx};

/// Who reads, when, and with which session.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub reader: &'a Reader,
    /// The first letters of its hash.
    pub session: &'a str,
    pub now_ms: i64,
}

/// All settings, with those parts that only operators see where the reader is one.
pub async fn page(db: &Db, asked: Asked<'_>) -> Result<Settings> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let everyone = stored::list(&mut tx).await?;
    let operates = asked.reader.role == Role::Operator;
    Ok(Settings {
        company: registered::company(&registry.company),
        decisions: decisions::decisions(&mut tx, &registry, asked).await?,
        registry: registered::registry(&registry, &everyone),
        tokens: match operates {
            true => Some(tokens(&mut tx).await?),
            false => None,
        },
        people: operates.then(|| everyone.into_iter().map(person).collect()),
        sessions: sessions(&mut tx, asked).await?,
        once: None,
        refused: None,
    })
}

/// What became of a form, on the page it was sent from.
#[derive(Debug)]
pub enum Answered {
    Once(Once),
    Refused {
        part: Part,
        why: String,
        typed: BTreeMap<String, String>,
    },
}

/// The page with what became of a form.
pub fn answered(settings: Settings, answered: Answered) -> Settings {
    match answered {
        Answered::Once(once) => Settings {
            once: Some(once),
            ..settings
        },
        Answered::Refused { part, why, typed } => Settings {
            refused: Some(Refused { part, why, typed }),
            ..settings
        },
    }
}

fn person(person: stored::Person) -> Person {
    Person {
        email: person.email,
        name: person.name,
        role: person.role,
        signed_in: person.signed_in_at.map(rfc3339),
    }
}

async fn tokens(tx: &mut Tx) -> Result<Vec<Token>> {
    let all = tokens::list(tx).await?.into_iter();
    let in_use = all.filter(|token| token.revoked_at.is_none());
    let shown = in_use.map(|token| Token {
        name: token.name,
        scope: token.scope,
        created: rfc3339(token.created_at),
        used: token.used_at.map(rfc3339),
    });
    Ok(shown.collect())
}

async fn sessions(tx: &mut Tx, asked: Asked<'_>) -> Result<Vec<Session>> {
    let own = sessions::of_person(tx, &asked.reader.email).await?;
    let holds = own
        .into_iter()
        .filter(|session| session.expires_at > asked.now_ms);
    let shown = holds.filter_map(|session| {
        let id = session.token_hash.get(..asked.session.len())?.to_owned();
        Some(Session {
            is_this: id == asked.session,
            created: rfc3339(session.created_at),
            seen: rfc3339(session.seen_at),
            id,
        })
    });
    Ok(shown.collect())
}
