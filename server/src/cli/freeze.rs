//! `onehop freeze`: freezes a week by hand.

use super::say;
use crate::freeze;
use crate::metrics::week::Week;
use crate::store::Db;

/// Freeze a week: keep what its review shows, for good.
///
/// A frozen week opens as it was shown on the day it froze, whatever comes later. A figure that had
/// settled and moves all the same is restated: the old value, the new one and the reason stand beside
/// it. `onehop serve` freezes each week by itself, on Monday at 07:00 where the company is, or when
/// `[company] freeze` says; this command is for whoever cannot wait. A week freezes once.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The week, such as 2026-W47; the latest complete one when absent.
    #[arg(long)]
    week: Option<Week>,
    /// The instant taken as now (RFC 3339); the clock when absent.
    #[arg(long, value_name = "INSTANT", value_parser = super::instant)]
    as_of: Option<i64>,
    /// Say what was frozen as JSON.
    #[arg(long)]
    json: bool,
}

impl Args {
    pub async fn run(self, db: &Db, clock_ms: i64) -> anyhow::Result<()> {
        let now_ms = self.as_of.unwrap_or(clock_ms);
        let frozen = freeze::freeze(db, self.week, now_ms).await?;
        if self.json {
            return say::json(&frozen);
        }
        if frozen.was_frozen {
            return say::line(&format!(
                "{} is frozen already, since {}; nothing was changed",
                frozen.week,
                frozen.frozen_at.format("%Y-%m-%d %H:%M UTC")
            ));
        }
        say::line(&format!(
            "{} is frozen: {} figures, {} of them settled; settled of earlier weeks: {}",
            frozen.week, frozen.figures, frozen.settled, frozen.settled_since
        ))
    }
}
