//! Work that nobody asks for: a loop that looks once a minute what is due.
//!
//! Of several servers over one database one does it at a time, by a lease; another takes over when the
//! lease has run out.

pub mod freeze_week;

use std::time::Duration;

use crate::clock::Clock;
use crate::store::Db;

const EVERY: Duration = Duration::from_secs(60);

/// Works until it is dropped.
pub async fn run(db: Db, clock: Clock) {
    let holder = format!("{:016x}", rand::random::<u64>());
    loop {
        match freeze_week::step(&db, &holder, clock()).await {
            Ok(frozen) => {
                for week in frozen.iter().filter(|week| !week.was_frozen) {
                    tracing::info!(week = week.week, figures = week.figures, "a week is frozen");
                }
            }
            Err(error) => {
                tracing::error!(%error, "a week could not be frozen; nothing is lost, and it is tried again");
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}
