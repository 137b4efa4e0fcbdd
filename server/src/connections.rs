//! A source of the registry as a way into its system: where it is, what is read of it, and its secrets,
//! which come from the environment or from a file.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::connectors::client::Patience;
use crate::connectors::failure::Failure;
use crate::connectors::{self, Connector, Interest, Settings, SignIn};
use crate::store::registry::{Registry, Source};

/// What the environment says of a name; nothing of an empty one.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Connects sources. Cheap to clone.
#[derive(Clone)]
pub struct Connections {
    environment: Environment,
    patience: Patience,
}

impl Connections {
    pub fn new(environment: Environment) -> Connections {
        Connections {
            environment,
            patience: Patience::default(),
        }
    }

    /// Without any secret: nothing is connected.
    pub fn none() -> Connections {
        Connections::new(Arc::new(|_| None))
    }

    /// The same, with another patience.
    pub fn with_patience(self, patience: Patience) -> Connections {
        Connections { patience, ..self }
    }

    /// A way into a source's system; none where its records are pushed.
    ///
    /// # Errors
    /// What is missing or cannot be used, as [`Failure`] of ours.
    pub fn connect(
        &self,
        registry: &Registry,
        source: &Source,
    ) -> Result<Option<Box<dyn Connector>>, Failure> {
        let Some(kind) = connectors::kind(&source.kind) else {
            return Ok(None);
        };
        let settings = Settings {
            base_url: source.base_url.clone(),
            sign_in: self.sign_in(source)?,
            interest: interest(registry, source),
            patience: self.patience,
        };
        (kind.connect)(settings).map(Some)
    }

    /// The secret that a source signs with what it sends; none where it has none.
    pub fn webhook_secret(&self, source: &Source) -> Option<SecretString> {
        let name = source.webhook_secret_env.as_ref()?;
        (self.environment)(name).map(SecretString::from)
    }

    fn sign_in(&self, source: &Source) -> Result<SignIn, Failure> {
        let secret = self.secret(source)?;
        Ok(match (source.app_id, source.installation_id) {
            (Some(app_id), Some(installation_id)) => SignIn::App {
                app_id,
                installation_id,
                key: secret,
            },
            _ => SignIn::Token(secret),
        })
    }

    fn secret(&self, source: &Source) -> Result<SecretString, Failure> {
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
        Err(Failure::ours(
            "it has no token; name token_env or token_file in its [[source]]",
        ))
    }
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
