//! `onehop recompute`: all links and figures again, from the records that are stored.

use super::say;
use crate::figures;
use crate::store::Db;

/// Derive all links and compute all figures again from the stored records.
///
/// From the same records the same figures come out, byte for byte; nothing is fetched. Killed half
/// way, it is finished by whoever computes next.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The instant taken as now (RFC 3339); the clock when absent. A frozen figure that moves is
    /// restated at it.
    #[arg(long, value_name = "INSTANT", value_parser = super::instant)]
    as_of: Option<i64>,
}

impl Args {
    pub async fn run(self, db: &Db, clock_ms: i64) -> anyhow::Result<()> {
        let progress = say::Progress::start();
        let now_ms = self.as_of.unwrap_or(clock_ms);
        let weeks = figures::recompute(db, now_ms, &|what, done, of| {
            progress.at(what, done, of);
        })
        .await?;
        progress.finish();
        say::line(&format!("weeks computed again: {weeks}"))
    }
}
