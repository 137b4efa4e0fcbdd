//! `onehop recompute`: all links and figures again, from the records that are stored.

use super::say;
use crate::figures;
use crate::store::Db;

/// Derive all links and compute all figures again from the stored records.
///
/// From the same records the same figures come out, byte for byte; nothing is fetched. Killed half
/// way, it is simply run again.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The instant taken as now (RFC 3339); the clock when absent. No stored figure depends on it
    /// yet: what is maturing is judged when it is read.
    #[arg(long, value_name = "INSTANT", value_parser = super::instant)]
    as_of: Option<i64>,
}

impl Args {
    pub async fn run(self, db: &Db) -> anyhow::Result<()> {
        let progress = say::Progress::start();
        let weeks = figures::recompute(db, &|what, done, of| progress.at(what, done, of)).await?;
        progress.finish();
        say::line(&format!("weeks computed again: {weeks}"))
    }
}
