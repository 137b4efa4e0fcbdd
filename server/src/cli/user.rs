//! `onehop user`: who may sign in, and as what.

use anyhow::bail;
use clap::Subcommand;

use crate::auth::role::Role;
use crate::auth::{self, session, sign_in};
use crate::cli::{Setting, say};
use crate::store::Db;
use crate::store::accounts::people;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Add a person, or give one another role; prints a link that signs them in once, within a day
    Add {
        /// Their e-mail address
        email: String,
        /// executive, dri, finance or operator
        #[arg(long)]
        role: Role,
    },
    /// Everyone who may sign in, with their roles and open sessions
    List,
    /// End a person's sessions
    SignOut {
        /// Their e-mail address
        email: String,
    },
    /// Remove a person, their links and their sessions
    Remove {
        /// Their e-mail address
        email: String,
    },
}

pub async fn run(args: Args, setting: &Setting) -> anyhow::Result<()> {
    let db = setting.open().await?;
    let done = act(args.act, setting, &db).await;
    db.close().await;
    done
}

async fn act(act: Act, setting: &Setting, db: &Db) -> anyhow::Result<()> {
    let now = setting.now();
    match act {
        Act::Add { email, role } => {
            let email = address(&email)?;
            let link = sign_in::invite(db, &email, role, now).await?;
            let public_url = setting.config.public_url(setting.config.listen);
            say::line(&format!(
                "sign in: {}",
                sign_in::link_url(&public_url, &link)
            ))?;
        }
        Act::List => {
            let everyone = people::list(&mut db.read().await?).await?;
            for person in everyone {
                let sessions = session::of_person(db, &person.email, now).await?.len();
                say::line(&format!("{}\t{}\t{sessions}", person.email, person.role))?;
            }
        }
        Act::SignOut { email } => {
            let ended = session::close_all(db, &address(&email)?).await?;
            say::line(&format!("sessions ended: {ended}"))?;
        }
        Act::Remove { email } => {
            let email = address(&email)?;
            let mut tx = db.write().await?;
            if !people::remove(&mut tx, &email).await? {
                bail!(
                    "there is nobody with the address {email}; `onehop user list` shows everyone"
                );
            }
            tx.commit().await?;
            say::line(&format!("removed: {email}"))?;
        }
    }
    Ok(())
}

fn address(typed: &str) -> anyhow::Result<String> {
    match auth::email(typed) {
        Some(email) => Ok(email),
        None => bail!("{typed:?} is not an e-mail address; use one like ada@example.org"),
    }
}
