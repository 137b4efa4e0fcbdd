//! A database of its own for each test, on every engine there is.
//!
//! SQLite always, in a temporary folder; PostgreSQL when `TEST_DATABASE_URL` names a server. There a
//! template is migrated once a run and copied for each test; the copy is dropped after it.

use server::store::{Db, Durable};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// The PostgreSQL server to test on; without it only SQLite is tested.
pub const SERVER: &str = "TEST_DATABASE_URL";

/// A database that lives as long as this value.
#[derive(Debug)]
pub struct Database {
    pub url: String,
    kept_by: Keeper,
}

#[derive(Debug)]
enum Keeper {
    Folder { _removed_with_this: TempDir },
    Server { url: String, name: String },
}

impl Database {
    /// A new file in a folder of its own.
    pub fn sqlite() -> Database {
        let folder = tempfile::tempdir().unwrap();
        Database {
            url: format!("sqlite:{}", folder.path().join("onehop.db").display()),
            kept_by: Keeper::Folder {
                _removed_with_this: folder,
            },
        }
    }

    /// A copy of the migrated template, if there is a server.
    pub async fn postgres() -> Option<Database> {
        let server = std::env::var(SERVER).ok().filter(|url| !url.is_empty())?;
        let template = TEMPLATE.get_or_init(|| migrated(&server)).await;
        let name = random_name("test");
        run(
            &server,
            format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await;
        Some(Database {
            url: on_server(&server, &name),
            kept_by: Keeper::Server { url: server, name },
        })
    }

    /// One on each engine there is.
    pub async fn on_each_engine() -> Vec<Database> {
        let mut databases = vec![Database::sqlite()];
        databases.extend(Database::postgres().await);
        databases
    }

    /// A new one on the same engine.
    pub async fn another(&self) -> Database {
        match self.kept_by {
            Keeper::Folder { .. } => Database::sqlite(),
            Keeper::Server { .. } => Database::postgres().await.unwrap(),
        }
    }

    /// Opened as Onehop opens it.
    pub async fn open(&self) -> Db {
        Db::open(&self.url, Durable::Process).await.unwrap()
    }

    /// In words, for a message.
    pub fn engine(&self) -> &'static str {
        match self.kept_by {
            Keeper::Folder { .. } => "SQLite",
            Keeper::Server { .. } => "PostgreSQL",
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Keeper::Server { url, name } = &self.kept_by else {
            return;
        };
        let (url, name) = (url.clone(), name.clone());
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(run(
                &url,
                format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            ));
        });
        // A database left behind fails no test: the server of a run goes with the run.
        let _ = dropped.join();
    }
}

/// Runs a test on an empty, migrated database of each engine.
pub async fn on_each_engine(test: impl AsyncFn(Db)) {
    for database in Database::on_each_engine().await {
        println!("on {}", database.engine());
        let db = database.open().await;
        test(db.clone()).await;
        db.close().await;
    }
}

/// Runs a statement past the store, as somebody with access to the database could.
pub async fn execute(db: &Db, statement: &str) {
    let statement = AssertSqlSafe(statement.to_owned());
    match db {
        Db::Sqlite { write, .. } => sqlx::query(statement).execute(write).await.map(|_| ()),
        Db::Postgres(pool) => sqlx::query(statement).execute(pool).await.map(|_| ()),
    }
    .unwrap();
}

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

async fn migrated(server: &str) -> String {
    let name = random_name("template");
    run(server, format!("CREATE DATABASE {name}")).await;
    let db = Db::open(&on_server(server, &name), Durable::Process)
        .await
        .unwrap();
    db.close().await;
    name
}

async fn run(server: &str, statement: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

fn random_name(kind: &str) -> String {
    format!("onehop_{kind}_{:016x}", rand::random::<u64>())
}

/// The address of another database on the same server.
fn on_server(server: &str, name: &str) -> String {
    let (address, options) = match server.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (server, String::new()),
    };
    let host = address
        .rsplit_once('/')
        .filter(|(before, _)| before.contains("://"))
        .map_or(address, |(before, _)| before);
    format!("{}/{name}{options}", host.trim_end_matches('/'))
}
