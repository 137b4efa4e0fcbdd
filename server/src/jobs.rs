//! Work that nobody asks for: a loop that looks once a minute what is due.
//!
//! Of several servers over one database one does it at a time, by a lease; another takes over when the
//! lease is given back or has run out.

pub mod freeze_week;
pub mod hear_source;
pub mod pull_source;

use std::time::Duration;

use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::connections::Connections;
use crate::figures::Refresher;
use crate::store::{self, Db, jobs as stored};
use crate::traces;

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
    pub fn start(
        db: Db,
        clock: Clock,
        (connections, refresher): (Connections, Refresher),
        keep_bodies_days: Option<u16>,
    ) -> Jobs {
        let holder = format!("{:016x}", rand::random::<u64>());
        let freezing = freeze(db.clone(), holder.clone(), clock.clone());
        let letting_go = let_go(db.clone(), keep_bodies_days, clock.clone());
        let pulling = pull(db.clone(), holder.clone(), clock, (connections, refresher));
        Jobs {
            // None waits for another: a system may be slow to answer, a week is frozen on time.
            work: tokio::spawn(async move {
                tokio::join!(freezing, letting_go, pulling);
            }),
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

async fn pull(
    db: Db,
    holder: String,
    clock: Clock,
    (connections, refresher): (Connections, Refresher),
) {
    loop {
        match pull_source::step(&db, &connections, (&holder, &clock)).await {
            Ok(pulled) => {
                for (source, pulled) in &pulled {
                    for failure in &pulled.failures {
                        tracing::warn!(source, %failure, "a source was not read whole");
                    }
                    tracing::info!(
                        source,
                        pages = pulled.pages,
                        accepted = pulled.accepted,
                        "a source was read"
                    );
                }
                if pulled.iter().any(|(_, pulled)| pulled.accepted > 0) {
                    refresher.poke();
                }
            }
            Err(error) => {
                tracing::error!(%error, "sources could not be read; nothing is lost, and it is tried again");
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn freeze(db: Db, holder: String, clock: Clock) {
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

/// Several servers may do it at once: what is gone is gone.
async fn let_go(db: Db, keep_bodies_days: Option<u16>, clock: Clock) {
    loop {
        if let Err(error) = traces::let_go(&db, keep_bodies_days, clock()).await {
            tracing::error!(%error, "what is old of traces could not be let go; it is tried again");
        }
        tokio::time::sleep(EVERY).await;
    }
}
