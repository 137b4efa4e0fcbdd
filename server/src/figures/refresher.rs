//! Keeps figures current behind the ingest: whoever pushes pokes it and goes on, whoever reads
//! waits for what was pushed before.
//!
//! A burst of pushes is computed once, when it is over, so that taking in does not compete with computing;
//! and computing takes at most a tenth of the time while nobody reads.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

use super::Because;
use crate::clock::Clock;
use crate::store::{self, Db};

/// How long after a push the computing begins, when nobody waits for it.
const SETTLE: Duration = Duration::from_millis(300);
/// How long nothing is pushed when a burst is over.
const QUIET: Duration = Duration::from_millis(100);
/// How long a burst is waited for at most.
const LONG: Duration = Duration::from_secs(5);
/// How long a reader waits at most; then it is shown what is there.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long after a failure it is tried again.
const RETRY: Duration = Duration::from_secs(2);

/// What is done before figures are computed, with the database and the time.
pub type Before = fn(Db, i64) -> Pin<Box<dyn Future<Output = store::Result<()>> + Send>>;

/// A handle on the work behind. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Refresher {
    /// How many pushes there were.
    pushed: Arc<watch::Sender<u64>>,
    /// How many of them the figures hold.
    computed: Arc<watch::Sender<u64>>,
    waiting: Arc<Notify>,
}

impl Refresher {
    /// Begins with what an earlier process left behind; works until the last handle is gone.
    pub fn start(db: Db, clock: Clock) -> Refresher {
        Refresher::after(db, clock, |_, _| Box::pin(std::future::ready(Ok(()))))
    }

    /// The same, with something that is done before each time.
    pub fn after(db: Db, clock: Clock, before: Before) -> Refresher {
        let refresher = Refresher {
            pushed: Arc::new(watch::Sender::new(1)),
            computed: Arc::new(watch::Sender::new(0)),
            waiting: Arc::new(Notify::new()),
        };
        let worker = Worker {
            db,
            clock,
            before,
            pushed: refresher.pushed.subscribe(),
            computed: Arc::downgrade(&refresher.computed),
            waiting: Arc::clone(&refresher.waiting),
        };
        tokio::spawn(worker.run());
        refresher
    }

    /// Says that weeks may have been touched. Call it after the commit.
    pub fn poke(&self) {
        self.pushed.send_modify(|pushes| *pushes += 1);
    }

    /// Waits, for a while, until the figures hold all that was pushed before.
    pub async fn current(&self) {
        let target = *self.pushed.borrow();
        let mut computed = self.computed.subscribe();
        if *computed.borrow_and_update() >= target {
            return;
        }
        self.waiting.notify_one();
        // Out of patience, the reader is shown what is there.
        let _ = tokio::time::timeout(PATIENCE, computed.wait_for(|done| *done >= target)).await;
    }
}

struct Worker {
    db: Db,
    clock: Clock,
    before: Before,
    pushed: watch::Receiver<u64>,
    computed: std::sync::Weak<watch::Sender<u64>>,
    waiting: Arc<Notify>,
}

impl Worker {
    async fn run(mut self) {
        let mut done = 0;
        let mut pause = Duration::ZERO;
        loop {
            if *self.pushed.borrow() == done && self.pushed.changed().await.is_err() {
                return;
            }
            // A reader cuts it short.
            let waiting = Arc::clone(&self.waiting);
            tokio::select! {
                () = waiting.notified() => {}
                () = self.quiet(pause) => {}
            }
            let target = *self.pushed.borrow_and_update();
            let began = Instant::now();
            match self.refresh().await {
                Ok(_) => {
                    done = target;
                    let Some(computed) = self.computed.upgrade() else {
                        return;
                    };
                    computed.send_replace(target);
                    pause = SETTLE.max(began.elapsed() * 9);
                }
                Err(error) => {
                    tracing::error!(%error, "figures could not be computed; nothing is lost, and it is tried again");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    /// Waits for this pause, and for the end of a burst of pushes.
    async fn quiet(&mut self, pause: Duration) {
        let pushes = async {
            tokio::time::sleep(pause).await;
            while let Ok(Ok(())) = tokio::time::timeout(QUIET, self.pushed.changed()).await {}
        };
        // A burst that is not over by then is computed while it goes on.
        let _ = tokio::time::timeout(pause + LONG, pushes).await;
    }

    async fn refresh(&self) -> store::Result<u64> {
        let now_ms = (self.clock)();
        (self.before)(self.db.clone(), now_ms).await?;
        super::refresh(&self.db, &Because::records(now_ms), &|_, _, _| {}).await
    }
}
