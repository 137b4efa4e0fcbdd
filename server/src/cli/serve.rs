//! `onehop serve`: listens, says where, and stops when asked to.

use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::{Context, bail};
use tokio::net::TcpListener;

use crate::cli::{Setting, say};
use crate::http::{self, AppState};
use crate::jobs::Jobs;
use crate::store::Db;

#[derive(clap::Args)]
pub struct Args {
    /// Where to listen; port 0 takes any free one [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}

pub async fn run(setting: &Setting) -> anyhow::Result<()> {
    let listener = listen(setting.config.listen).await?;
    let db = setting.open().await?;
    serve(setting, listener, db, |_| Ok(())).await
}

/// Serves until asked to stop; `once_open` is told where people reach us, after the line that
/// says where it listens.
pub async fn serve(
    setting: &Setting,
    listener: TcpListener,
    db: Db,
    once_open: impl FnOnce(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let bound = listener.local_addr()?;
    let public_url = setting.config.public_url(bound);
    let mut state = AppState::new(db.clone(), setting.clock.clone(), public_url)
        .with_connections(setting.connections.clone());
    let (clock, connections) = (setting.clock.clone(), setting.connections.clone());
    let jobs = Jobs::start(db, clock, connections, state.refresher.clone());
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
    once_open(&state.public_url)?;
    let stop = async move {
        asked_to_stop().await;
        jobs.stop().await;
    };
    http::serve(listener, state, stop)
        .await
        .context("the server broke off")
}

/// Takes the address, or says what to do when it is taken.
pub async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let other = SocketAddr::new(address.ip(), address.port().wrapping_add(1).max(1024));
            bail!(
                "{address} is in use by another program; stop that one, or choose another port with --listen {other}"
            )
        }
        Err(error) => Err(error).with_context(|| {
            format!("cannot listen on {address}; choose another address with --listen HOST:PORT")
        }),
    }
}

/// Ctrl-C, or the system asking.
async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut asked) => {
                asked.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("stopping: answers under way are finished first");
}
