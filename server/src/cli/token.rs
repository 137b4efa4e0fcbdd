//! `onehop token`: what scripts sign in with.

use anyhow::bail;
use clap::Subcommand;

use crate::auth::role::Scope;
use crate::auth::token;
use crate::cli::{Setting, say};
use crate::store::Db;
use crate::store::accounts::tokens;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Make a token and print it, this once
    Create {
        /// What to call it, such as the script that uses it
        name: String,
        /// ingest (send records), read (figures and records) or operator (both)
        #[arg(long)]
        scope: Scope,
    },
    /// All tokens by name, with their scopes; never the tokens themselves
    List,
    /// Take a token back
    Revoke {
        /// The name it was made with
        name: String,
    },
}

pub async fn run(args: Args, setting: &Setting) -> anyhow::Result<()> {
    let db = setting.open().await?;
    let done = act(args.act, setting.now(), &db).await;
    db.close().await;
    done
}

async fn act(act: Act, now: i64, db: &Db) -> anyhow::Result<()> {
    match act {
        Act::Create { name, scope } => match token::create(db, &name, scope, now).await? {
            Some(secret) => say::line(secret.reveal())?,
            None => bail!(
                "there is a token named {name:?}; choose another name, or take that one back with `onehop token revoke {name}`"
            ),
        },
        Act::List => {
            for token in tokens::list(&mut db.read().await?).await? {
                let state = token.revoked_at.map_or("in use", |_| "revoked");
                say::line(&format!("{}\t{}\t{state}", token.name, token.scope))?;
            }
        }
        Act::Revoke { name } => {
            if !token::revoke(db, &name, now).await? {
                bail!("no token named {name:?} is in use; `onehop token list` shows all");
            }
            say::line(&format!("revoked: {name}"))?;
        }
    }
    Ok(())
}
