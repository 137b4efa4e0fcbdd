//! Work that nobody asks for: a loop that looks once a minute what is due.
//!
//! Of several servers over one database one does it at a time, by a lease; another takes over when the
//! lease is given back or has run out.

pub mod freeze_week;

use std::time::Duration;

use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::store::{self, Db, jobs as stored};

const EVERY: Duration = Duration::from_secs(60);
/// How long a stopping server tries to give its leases back; then they run out.
const PATIENCE: Duration = Duration::from_secs(5);

/// The loop of one server, and the name under which it holds leases.
pub struct Jobs {
    db: Db,
    holder: String,
    work: JoinHandle<()>,
}

impl Jobs {
    pub fn start(db: Db, clock: Clock) -> Jobs {
        let holder = format!("{:016x}", rand::random::<u64>());
        Jobs {
            work: tokio::spawn(run(db.clone(), holder.clone(), clock)),
            db,
            holder,
        }
    }

    /// Breaks off what is half done, which is rolled back, and gives the leases back, so that the next
    /// server need not wait for their end.
    pub async fn stop(self) {
        self.work.abort();
        // It was broken off, which is no news.
        let _ = self.work.await;
        match tokio::time::timeout(PATIENCE, give_up(&self.db, &self.holder)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "leases could not be given back"),
            Err(_) => tracing::warn!("leases could not be given back in time"),
        }
    }
}

async fn give_up(db: &Db, holder: &str) -> store::Result<()> {
    let mut tx = db.write().await?;
    stored::give_up(&mut tx, holder).await?;
    tx.commit().await
}

async fn run(db: Db, holder: String, clock: Clock) {
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
