//! A source of the registry as a way into its system: where it is, what is read of it, and its secrets,
//! which come from the environment, from a file, or sealed from a page.

mod check;
mod connect;
mod declared;
mod disconnect;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::connectors::client::Patience;
use crate::connectors::failure::Failure;
use crate::connectors::{self, Connector, Interest, Settings, SignIn};
use crate::store::registry::{Registry, Source};
use crate::store::secrets::{TOKEN, WEBHOOK};
use crate::vault::{Place, Vault};

pub use check::check;
pub use connect::{Connected, NotConnected, connect};
pub use declared::{Refused, declared};
pub use disconnect::disconnect;

/// What the environment says of a name; nothing of an empty one.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The sealed secrets of a source, by what they are.
pub type Sealed = [(String, Vec<u8>)];

/// Connects sources. Cheap to clone.
#[derive(Clone)]
pub struct Connections {
    environment: Environment,
    vault: Vault,
    patience: Patience,
    opened: Arc<Mutex<BTreeMap<String, Opened>>>,
}

/// A way that was opened. It is kept while nothing of it changes: so are its limits, and the token that an
/// app got for an hour, by which a system knows what it told before.
struct Opened {
    /// What it was opened with, as a fingerprint.
    with: String,
    way: Arc<dyn Connector>,
}

impl Connections {
    pub fn new(environment: Environment, vault: Vault) -> Connections {
        Connections {
            environment,
            vault,
            patience: Patience::default(),
            opened: Arc::default(),
        }
    }

    /// Without any secret: nothing is connected.
    pub fn none() -> Connections {
        let nowhere = Vault::new(Place::Given(SecretString::from("")));
        Connections::new(Arc::new(|_| None), nowhere)
    }

    /// The same, with another patience.
    pub fn with_patience(self, patience: Patience) -> Connections {
        Connections { patience, ..self }
    }

    /// A way into a source's system; none where its records are pushed.
    ///
    /// # Errors
    /// What is missing or cannot be used, as [`Failure`] of ours.
    pub fn open(
        &self,
        registry: &Registry,
        source: &Source,
        sealed: &Sealed,
    ) -> Result<Option<Arc<dyn Connector>>, Failure> {
        match connectors::kind(&source.kind) {
            Some(_) => {
                let secret = self.token(source, sealed)?;
                self.open_with(registry, source, secret).map(Some)
            }
            None => Ok(None),
        }
    }

    fn open_with(
        &self,
        registry: &Registry,
        source: &Source,
        secret: SecretString,
    ) -> Result<Arc<dyn Connector>, Failure> {
        let kind = connectors::kind(&source.kind);
        let kind = kind.ok_or_else(|| Failure::ours("its records are pushed"))?;
        let interest = interest(registry, source);
        let with = fingerprint(
            &secret,
            &format!("{source:?} {interest:?} {:?}", self.patience),
        );
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = opened.get(&source.name).filter(|own| own.with == with) {
            return Ok(own.way.clone());
        }
        let way: Arc<dyn Connector> = Arc::from((kind.connect)(Settings {
            base_url: source.base_url.clone(),
            sign_in: sign_in(source, secret),
            interest,
            patience: self.patience,
        })?);
        let own = Opened {
            with,
            way: way.clone(),
        };
        opened.insert(source.name.clone(), own);
        Ok(way)
    }

    /// The file with the key that seals what is entered in pages, where it is in one.
    pub fn key_file(&self) -> Option<&Path> {
        self.vault.file()
    }

    /// The secret that a source signs with what it sends; none where it has none.
    pub fn webhook_secret(&self, source: &Source, sealed: &Sealed) -> Option<SecretString> {
        match &source.webhook_secret_env {
            Some(name) => (self.environment)(name).map(SecretString::from),
            None => self.opened(source, WEBHOOK, sealed).ok().flatten(),
        }
    }

    fn token(&self, source: &Source, sealed: &Sealed) -> Result<SecretString, Failure> {
        if let Some(name) = &source.token_env {
            let found = (self.environment)(name).map(SecretString::from);
            return found.ok_or_else(|| {
                Failure::ours(format!(
                    "its token is to be in the environment as {name}, and is not; set it where onehop is started"
                ))
            });
        }
        if let Some(path) = &source.token_file {
            return read(Path::new(path));
        }
        self.opened(source, TOKEN, sealed)?.ok_or_else(|| {
            Failure::ours("it has no token; name token_env or token_file in its [[source]], or enter one under /sources/connect")
        })
    }

    fn opened(
        &self,
        source: &Source,
        name: &str,
        sealed: &Sealed,
    ) -> Result<Option<SecretString>, Failure> {
        let Some((_, sealed)) = sealed.iter().find(|(own, _)| own == name) else {
            return Ok(None);
        };
        let opened = self.vault.open(&used_for(&source.name, name), sealed);
        opened
            .map(Some)
            .map_err(|error| Failure::ours(error.to_string()))
    }
}

fn sign_in(source: &Source, secret: SecretString) -> SignIn {
    match (source.app_id, source.installation_id) {
        (Some(app_id), Some(installation_id)) => SignIn::App {
            app_id,
            installation_id,
            key: secret,
        },
        _ => SignIn::Token(secret),
    }
}

/// Tells one secret with its settings from another, and neither to anybody.
fn fingerprint(secret: &SecretString, settings: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(secret.expose_secret());
    hash.update([0]);
    hash.update(settings);
    hex::encode(hash.finalize())
}

/// What a sealed secret may be used for.
fn used_for(source: &str, name: &str) -> String {
    format!("source {source}: {name}")
}

fn read(path: &Path) -> Result<SecretString, Failure> {
    let read = std::fs::read_to_string(path).map_err(|error| {
        Failure::ours(format!(
            "its token file {} cannot be read: {}",
            path.display(),
            error.kind()
        ))
    })?;
    match read.trim() {
        "" => Err(Failure::ours(format!(
            "its token file {} is empty",
            path.display()
        ))),
        secret => Ok(SecretString::from(secret)),
    }
}

/// What is read of a source's system.
pub fn interest(registry: &Registry, source: &Source) -> Interest {
    Interest {
        organisations: source.organisations.clone(),
        repositories: source.repositories.clone(),
        services: services(registry),
        deployed_by: source.deployed_by.clone(),
        incident_labels: or_usual(&source.incident_labels, "incident"),
        defect_labels: or_usual(&source.defect_labels, "bug"),
        since: source.since.as_deref().and_then(since),
    }
}

/// Which service has which repositories, by `owner/name` in lower case.
fn services(registry: &Registry) -> Vec<(String, String)> {
    let all = registry.services.iter().flat_map(|service| {
        let repositories = service.repositories.iter();
        repositories.map(|own| (own.to_lowercase(), service.slug.clone()))
    });
    all.collect()
}

fn or_usual(labels: &[String], usual: &str) -> Vec<String> {
    match labels {
        [] => vec![usual.to_owned()],
        named => named.to_vec(),
    }
}

/// A day, from its first instant on.
fn since(text: &str) -> Option<DateTime<Utc>> {
    let day: chrono::NaiveDate = text.parse().ok()?;
    Some(day.and_time(chrono::NaiveTime::MIN).and_utc())
}
