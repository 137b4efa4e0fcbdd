//! The command line: what was asked, and the one place that answers on standard output.

pub mod apply;
mod backup;
mod demo;
mod doctor;
mod erase;
mod export;
mod freeze;
mod import;
mod log;
mod receipt;
mod recompute;
mod restore;
pub mod say;
pub mod serve;
mod sync;
mod token;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{Config, Settings};
use crate::connections::Connections;
use crate::signing::{self, Signer};
use crate::store::backup::Place as DatabasePlace;
use crate::store::{Db, Durable};
use crate::vault::{self, Vault};

/// Did we get faster without getting sloppier?
#[derive(Parser)]
#[command(name = "onehop", version)]
pub struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Args)]
struct Flags {
    /// The database: sqlite:PATH or postgres://USER@HOST/NAME
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Where people reach this Onehop, for links and cookies
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// The settings file, onehop.toml when it is there
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and the API
    Serve(serve::Args),
    Demo(demo::Args),
    Apply(apply::Args),
    Import(import::Args),
    Recompute(recompute::Args),
    Freeze(freeze::Args),
    Sync(sync::Args),
    Export(export::Args),
    Receipt(receipt::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Doctor(doctor::Args),
    Erase(erase::Args),
    /// People who may sign in
    User(user::Args),
    /// Tokens for scripts
    Token(token::Args),
}

/// What every command works on.
pub struct Setting {
    pub config: Config,
    pub clock: Clock,
    pub connections: Connections,
    pub signer: Signer,
}

impl Setting {
    /// Opens the database and brings its schema up to date.
    pub async fn open(&self) -> anyhow::Result<Db> {
        Ok(Db::open(&self.config.database_url, self.durable()).await?)
    }

    fn durable(&self) -> Durable {
        if self.config.durable_full {
            Durable::Full
        } else {
            Durable::Process
        }
    }

    /// Opens the database, works on it, and closes it whatever came of the work.
    async fn work(&self, work: impl AsyncFnOnce(&Db) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let db = self.open().await?;
        let done = work(&db).await;
        db.close().await;
        done
    }

    /// Milliseconds since 1970.
    pub fn now(&self) -> i64 {
        (self.clock)()
    }
}

/// Runs what was asked; a failure is one sentence on standard error and exit code 1.
pub async fn run(cli: Cli, clock: Clock) -> ExitCode {
    log::start();
    match execute(cli, clock).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::sorry(&error);
            ExitCode::FAILURE
        }
    }
}

/// Reads an instant given as an argument: RFC 3339, as milliseconds since 1970.
fn instant(text: &str) -> Result<i64, String> {
    chrono::DateTime::parse_from_rfc3339(text)
        .map(|at| at.timestamp_millis())
        .map_err(|_| format!("{text:?} is not an RFC 3339 instant such as 2026-11-23T07:00:00Z"))
}

/// Where the key is that seals what is entered in pages: in the environment, else in a file beside the
/// database.
fn vault(database: &str, env: impl Fn(&str) -> Option<String>) -> anyhow::Result<Vault> {
    if let Some(key) = env("ONEHOP_KEY") {
        return Ok(Vault::new(vault::Place::Given(key.into())));
    }
    let beside = || beside(database, "onehop.key");
    let file = env("ONEHOP_KEY_FILE").map_or_else(beside, PathBuf::from);
    Ok(Vault::new(vault::Place::File(file)))
}

/// Where the key is that signs receipts: in the environment, else in a file beside the database.
fn signer(database: &str, env: impl Fn(&str) -> Option<String>) -> Signer {
    Signer::new(match env("ONEHOP_SIGNING_KEY") {
        Some(key) => signing::Place::Given(key.into()),
        None => signing::Place::File(beside(database, "onehop-signing.key")),
    })
}

/// A file of this name beside the database.
fn beside(database: &str, name: &str) -> PathBuf {
    match DatabasePlace::of(database) {
        Ok(DatabasePlace::File(file)) => file.with_file_name(name),
        _ => PathBuf::from("data").join(name),
    }
}

async fn execute(cli: Cli, clock: Clock) -> anyhow::Result<()> {
    let Cli { flags, command } = cli;
    let of_command = match &command {
        Command::Serve(args) => Settings {
            listen: args.listen.clone(),
            otlp_grpc_listen: args.otlp_grpc_listen.clone(),
            keep_bodies_days: args.keep_bodies_days,
            ..Settings::default()
        },
        Command::Demo(args) => Settings {
            listen: args.listen.clone(),
            ..Settings::default()
        },
        _ => Settings::default(),
    };
    let settings = Settings {
        database_url: flags.database,
        public_url: flags.public_url,
        ..of_command
    };
    let env = |name: &str| {
        let value = std::env::var(name).ok();
        value.filter(|value| !value.is_empty())
    };
    let config = Config::load(settings, flags.config, env)?;
    let vault = vault(&config.database_url, env)?;
    let setting = Setting {
        signer: signer(&config.database_url, env),
        connections: Connections::new(Arc::new(env), vault),
        config,
        clock,
    };
    match command {
        Command::Serve(_) => Box::pin(serve::run(&setting)).await,
        Command::Demo(args) => Box::pin(demo::run(args, &setting)).await,
        Command::Apply(args) => {
            setting
                .work(async |db| args.run(db, setting.now()).await)
                .await
        }
        Command::Import(args) => {
            setting
                .work(async |db| args.run(db, &setting.clock).await)
                .await
        }
        Command::Recompute(args) => {
            setting
                .work(async |db| args.run(db, setting.now()).await)
                .await
        }
        Command::Freeze(args) => {
            setting
                .work(async |db| args.run(db, setting.now()).await)
                .await
        }
        Command::Sync(args) => setting.work(async |db| args.run(db, &setting).await).await,
        Command::Export(args) => setting.work(async |db| args.run(db, &setting).await).await,
        Command::Receipt(args) => args.run(),
        Command::Erase(args) => {
            setting
                .work(async |db| args.run(db, setting.now()).await)
                .await
        }
        Command::Backup(args) => args.run(&setting).await,
        Command::Restore(args) => args.run(&setting).await,
        Command::Doctor(args) => args.run(&setting).await,
        Command::User(args) => user::run(args, &setting).await,
        Command::Token(args) => token::run(args, &setting).await,
    }
}
