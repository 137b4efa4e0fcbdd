//! `onehop erase`: takes out what could still name a person.

use std::io::{self, IsTerminal};

use anyhow::bail;

use super::say;
use crate::auth::secret::random_hex;
use crate::erase::{self, Names};
use crate::store::Db;

/// Take out what could still name a person; a pseudonym stands in its place.
///
/// Their account here goes, with its sessions and links. Wherever a change, a commit, a review, a
/// correction, an explanation, an action, an act, the registry or a record as it came names one of their
/// accounts or addresses, a random pseudonym stands from then on, the same everywhere, so that every
/// figure stays as it is. The record of acts is hashed anew; an act keeps where it ended before. What
/// would change is shown first, and nothing is until you say yes.
///
/// It does not reach: ids of records; titles, branches and reasons that name them other than by
/// address or as @login, and so reviews that were frozen with such a text; other accounts of theirs
/// that are not named here; backups, exports and logs; and the systems that records come from, which
/// bring the name back with the next version that they send. The same for the file that you `apply`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Their e-mail addresses and account ids, all of one person
    #[arg(value_name = "PERSON", required = true)]
    person: Vec<String>,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

impl Args {
    pub async fn run(self, db: &Db, now_ms: i64) -> anyhow::Result<()> {
        let names = Names::of(&self.person, || format!("erased-{}", random_hex::<8>()))?;
        if names.all().next().is_none() {
            bail!("name an e-mail address or an account id; nothing was changed");
        }
        let person = self.person.join(", ");
        if !self.yes {
            let counts = erase::preview(db, &names, now_ms).await?;
            if counts.is_empty() {
                return say::line(&format!("nothing here names {person}"));
            }
            told("would be changed", &counts)?;
            if !agreed(&person)? {
                bail!("nothing was changed; say yes, or run it again with --yes");
            }
        }
        let counts = erase::erase(db, &names, now_ms).await?;
        if counts.is_empty() {
            return say::line(&format!("nothing here names {person}"));
        }
        told("changed", &counts)?;
        say::line(
            "No figure moved. Backups, and the systems that records come from, still name them.",
        )
    }
}

fn told(what: &str, counts: &erase::Counts) -> anyhow::Result<()> {
    for (table, rows) in counts {
        say::line(&format!("{table}\t{rows}\t{what}"))?;
    }
    Ok(())
}

fn agreed(person: &str) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    say::line(&format!("Erase {person} for good? Type yes:"))?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}
