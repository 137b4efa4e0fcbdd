//! A forge as a source of Onehop: declared, and read as a server reads it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use server::clock::Clock;
use server::connections::Connections;
use server::connectors::client::Patience;
use server::jobs::pull_source::{self, Doing, Pulled};
use server::store::Db;
use server::store::registry::{self, Kind};
use server::vault::{Place, Vault};

use super::{Forge, TOKEN};
use crate::deliver;

/// The name of the source.
pub const SOURCE: &str = "forge";
/// Where its token is.
pub const TOKEN_ENV: &str = "FORGE_TOKEN";

/// Declares a forge as a source of these repositories, each the service of its own name.
pub async fn declare(db: &Db, forge: &Forge, repositories: &[&str]) {
    for repository in repositories {
        let slug = repository.rsplit('/').next().unwrap();
        let service = json!({"slug": slug, "repositories": [repository]});
        deliver::declare(db, Kind::Service, slug, service).await;
    }
    declare_source(db, forge, repositories).await;
}

/// The same, of services that are declared.
pub async fn declare_source(db: &Db, forge: &Forge, repositories: &[&str]) {
    let source = json!({
        "kind": "github", "name": SOURCE, "base_url": forge.url,
        "repositories": repositories, "token_env": TOKEN_ENV,
    });
    deliver::declare(db, Kind::Source, SOURCE, source).await;
}

/// Reads it once, with little patience.
pub async fn pull(db: &Db) -> Pulled {
    pull_signed_in(db, TOKEN).await
}

/// The same, signed in by another token.
pub async fn pull_signed_in(db: &Db, token: &'static str) -> Pulled {
    let connections = connections(token).with_patience(Patience {
        tries: 4,
        first_pause: Duration::from_millis(2),
        longest_wait: Duration::from_millis(1_500),
        spreads: false,
    });
    let pulled = pulled(db, &connections).await;
    deliver::refresh(db).await;
    pulled
}

/// Reads it as a server does, and computes nothing of it.
pub async fn pull_patiently(db: &Db) -> Pulled {
    pulled(db, &connections(TOKEN)).await
}

fn connections(token: &'static str) -> Connections {
    let environment = move |name: &str| (name == TOKEN_ENV).then(|| token.to_owned());
    Connections::new(Arc::new(environment), vault())
}

/// With a key that is the same in every test.
pub fn vault() -> Vault {
    Vault::new(Place::Given("5a".repeat(32).into()))
}

/// Reads it with the secrets that were entered in the page.
pub async fn pull_as_entered(db: &Db) -> Pulled {
    pulled(db, &Connections::new(Arc::new(|_| None), vault())).await
}

async fn pulled(db: &Db, connections: &Connections) -> Pulled {
    let registry = registry::load(&mut db.read().await.unwrap()).await.unwrap();
    let source = registry
        .sources
        .iter()
        .find(|own| own.name == SOURCE)
        .unwrap();
    let clock: Clock = Arc::new(|| deliver::RECEIVED_AT_MS);
    let doing = Doing {
        clock: &clock,
        tell: &|_, _| {},
        holder: None,
    };
    let pulled = pull_source::pull(db, connections, (&registry, source), doing);
    pulled.await.unwrap()
}
