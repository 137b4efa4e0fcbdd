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

use super::app::{APP_ID, INSTALLATION_ID};
use super::{ENTERPRISE, Forge, Manner, Repository, TOKEN};
use crate::database::Database;
use crate::deliver;

/// The name of the source.
pub const SOURCE: &str = "forge";
/// Where its token is.
pub const TOKEN_ENV: &str = "FORGE_TOKEN";
/// Where what it signs with is.
pub const HOOK_SECRET_ENV: &str = "FORGE_HOOK_SECRET";

/// The one repository of most tests.
pub const SHOP: &str = "acme/shop";

/// A forge with that repository, and a database of its own that is to read it.
pub struct Connected {
    pub forge: Forge,
    pub db: Db,
    _database: Database,
}

impl Connected {
    pub async fn to(shop: Repository, manner: Manner) -> Connected {
        let forge = Forge::start(&[(SHOP, shop)], manner).await;
        let database = Database::sqlite();
        let db = database.open().await;
        declare(&db, &forge, &[SHOP]).await;
        Connected {
            forge,
            db,
            _database: database,
        }
    }
}

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

/// Declares a forge that is signed in to as an app, under the address of an enterprise server, and that
/// sends what happens.
pub async fn declare_app(db: &Db, forge: &Forge, repositories: &[&str]) {
    let source = json!({
        "kind": "github", "name": SOURCE, "base_url": format!("{}{ENTERPRISE}", forge.url),
        "repositories": repositories, "token_env": TOKEN_ENV, "webhook_secret_env": HOOK_SECRET_ENV,
        "app_id": APP_ID, "installation_id": INSTALLATION_ID,
    });
    deliver::declare(db, Kind::Source, SOURCE, source).await;
}

/// Reads it once, with little patience.
pub async fn pull(db: &Db) -> Pulled {
    pull_signed_in(db, TOKEN).await
}

/// The same, signed in by another token.
pub async fn pull_signed_in(db: &Db, token: &str) -> Pulled {
    pull_at(db, token, deliver::RECEIVED_AT_MS).await
}

/// The same at another time.
pub async fn pull_at(db: &Db, token: &str, now_ms: i64) -> Pulled {
    let connections = connections(token).with_patience(Patience {
        tries: 4,
        first_pause: Duration::from_millis(2),
        longest_wait: Duration::from_millis(1_500),
        spreads: false,
    });
    let pulled = pulled(db, &connections, now_ms).await;
    deliver::refresh(db).await;
    pulled
}

/// Reads it as a server does, and computes nothing of it.
pub async fn pull_patiently(db: &Db) -> Pulled {
    pulled(db, &connections(TOKEN), deliver::RECEIVED_AT_MS).await
}

/// What signs in by this token.
pub fn connections(token: &str) -> Connections {
    let token = token.to_owned();
    let environment = move |name: &str| match name {
        TOKEN_ENV => Some(token.clone()),
        HOOK_SECRET_ENV => Some("planted-hook-secret-77".to_owned()),
        _ => None,
    };
    Connections::new(Arc::new(environment), vault())
}

/// Reads it by ways that are kept.
pub async fn pull_with(db: &Db, connections: &Connections) -> Pulled {
    pulled(db, connections, deliver::RECEIVED_AT_MS).await
}

/// With a key that is the same in every test.
pub fn vault() -> Vault {
    Vault::new(Place::Given("5a".repeat(32).into()))
}

/// Reads it with the secrets that were entered in the page.
pub async fn pull_as_entered(db: &Db) -> Pulled {
    let connections = Connections::new(Arc::new(|_| None), vault());
    pulled(db, &connections, deliver::RECEIVED_AT_MS).await
}

async fn pulled(db: &Db, connections: &Connections, now_ms: i64) -> Pulled {
    let registry = registry::load(&mut db.read().await.unwrap()).await.unwrap();
    let source = registry
        .sources
        .iter()
        .find(|own| own.name == SOURCE)
        .unwrap();
    let clock: Clock = Arc::new(move || now_ms);
    let doing = Doing {
        clock: &clock,
        tell: &|_, _| {},
        holder: None,
    };
    let pulled = pull_source::pull(db, connections, (&registry, source), doing);
    pulled.await.unwrap()
}
