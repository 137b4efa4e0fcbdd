//! `onehop serve`: listens, says where, and stops when asked to.

use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::{Context, bail};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::cli::{Setting, say};
use crate::config::Config;
use crate::http::{self, AppState, grpc};
use crate::jobs::Jobs;
use crate::store::Db;

#[derive(clap::Args)]
pub struct Args {
    /// Where to listen; port 0 takes any free one [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Take OTLP over gRPC too, such as on 127.0.0.1:4317 [default: over HTTP alone]
    #[arg(long, value_name = "ADDR")]
    pub otlp_grpc_listen: Option<String>,
    /// Keep the texts of what went into runs and came out, as OTLP tells them and redacted, for so many days;
    /// without it only their size and hash are kept, and texts that were kept before go: set the same on every
    /// server over a database [default: keep none]
    #[arg(long, value_name = "DAYS")]
    pub keep_bodies_days: Option<u16>,
}

/// The addresses that are ours.
pub struct Listeners {
    http: TcpListener,
    grpc: Option<TcpListener>,
}

impl Listeners {
    /// Takes the addresses, or says what to do when one is taken.
    pub async fn bind(config: &Config) -> anyhow::Result<Listeners> {
        let grpc = match config.otlp_grpc_listen {
            Some(address) => Some(listen(address, "--otlp-grpc-listen").await?),
            None => None,
        };
        let http = listen(config.listen, "--listen").await?;
        Ok(Listeners { http, grpc })
    }
}

pub async fn run(setting: &Setting) -> anyhow::Result<()> {
    let listeners = Listeners::bind(&setting.config).await?;
    let db = setting.open().await?;
    serve(setting, listeners, db, |_| Ok(())).await
}

/// Serves until asked to stop; `once_open` is told where people reach us, after the lines that
/// say where it listens.
pub async fn serve(
    setting: &Setting,
    listeners: Listeners,
    db: Db,
    once_open: impl FnOnce(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    // Heard before any work begins, so that what is begun is given back.
    let asked = Asked::listen()?;
    let bound = listeners.http.local_addr()?;
    let public_url = setting.config.public_url(bound);
    let mut state = AppState::new(db.clone(), setting.clock.clone(), public_url)
        .with_connections(setting.connections.clone());
    let (clock, connections) = (setting.clock.clone(), setting.connections.clone());
    let keep_bodies_days = setting.config.keep_bodies_days;
    let jobs = Jobs::start(
        db,
        clock,
        (connections, state.refresher.clone()),
        keep_bodies_days,
    );
    state.keeps_bodies = keep_bodies_days.is_some();
    state.behind_proxy = setting.config.behind_proxy;
    state.signer = Some(setting.signer.clone());
    if !bound.ip().is_loopback() && !state.is_https() {
        tracing::warn!(
            "listening beyond this machine without TLS: passwords and sessions travel in the open; put a TLS proxy in front and set ONEHOP_PUBLIC_URL to its https:// address"
        );
    }
    // The socket takes connections since it was bound, and the schema is up to date: whoever
    // reads this line gets an answer.
    say::line(&format!("listening on http://{bound}"))?;
    let exports = match listeners.grpc {
        Some(listener) => Some(Exports::take(listener, &state)?),
        None => None,
    };
    once_open(&state.public_url)?;
    let stop = async move {
        asked.heard().await;
        let exports = async {
            if let Some(exports) = exports {
                exports.stop().await;
            }
        };
        tokio::join!(exports, jobs.stop());
    };
    http::serve(listeners.http, state, stop)
        .await
        .context("the server broke off")
}

/// What takes exports over gRPC, beside the pages.
struct Exports {
    stopping: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Exports {
    fn take(listener: TcpListener, state: &AppState) -> anyhow::Result<Exports> {
        let bound = listener.local_addr()?;
        if !bound.ip().is_loopback() {
            tracing::warn!(
                "gRPC is taken beyond this machine without TLS: tokens travel in the open; put a TLS proxy in front"
            );
        }
        let (stopping, stopped) = oneshot::channel();
        let state = state.clone();
        let serving = tokio::spawn(async move {
            let shutdown = async { drop(stopped.await) };
            if let Err(error) = grpc::serve(listener, state, shutdown).await {
                tracing::error!(%error, "OTLP is not taken over gRPC any more; restart to take it again");
            }
        });
        say::line(&format!("taking OTLP over gRPC on http://{bound}"))?;
        Ok(Exports { stopping, serving })
    }

    /// Waits a little for exports under way.
    async fn stop(self) {
        drop(self.stopping);
        if timeout(http::DRAIN, self.serving).await.is_err() {
            tracing::warn!(
                "some exports over gRPC took too long and are left behind; their senders send them again"
            );
        }
    }
}

/// Takes the address, or says what to do when it is taken.
async fn listen(address: SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let other = SocketAddr::new(address.ip(), address.port().wrapping_add(1).max(1024));
            bail!(
                "{address} is in use by another program; stop that one, or choose another port with {flag} {other}"
            )
        }
        Err(error) => Err(error).with_context(|| {
            format!("cannot listen on {address}; choose another address with {flag} HOST:PORT")
        }),
    }
}

/// Ctrl-C, or the system asking: heard from the moment this is made, also while it is not waited for.
struct Asked {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl Asked {
    fn listen() -> anyhow::Result<Asked> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let hear = |kind| signal(kind).context("cannot hear when asked to stop");
            Ok(Asked {
                signals: [
                    hear(SignalKind::interrupt())?,
                    hear(SignalKind::terminate())?,
                ],
            })
        }
        #[cfg(not(unix))]
        Ok(Asked {})
    }

    async fn heard(self) {
        #[cfg(unix)]
        {
            let [mut interrupt, mut terminate] = self.signals;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        tracing::info!("stopping: answers under way are finished first");
    }
}
