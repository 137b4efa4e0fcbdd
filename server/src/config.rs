//! Every setting: from flags, then the environment, then one file.
//!
//! A setting that nobody made has its default here. Nothing here opens anything; what may hold a
//! password does not show it in `Debug`.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The file that is read when it is there and no other is named.
const FILE: &str = "onehop.toml";
const DATABASE: &str = "sqlite:data/onehop.db";
const LISTEN: &str = "127.0.0.1:3000";
/// What sets where gRPC is taken, and such an address.
const OTLP_GRPC: (&str, &str) = (
    "ONEHOP_OTLP_GRPC_LISTEN or --otlp-grpc-listen",
    "127.0.0.1:4317",
);

/// How this Onehop is set up.
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    pub database_url: String,
    pub listen: SocketAddr,
    /// Where OTLP is taken over gRPC, when that is switched on.
    pub otlp_grpc_listen: Option<SocketAddr>,
    /// For how many days texts of what went into runs and came out are kept; none are where it is not set.
    pub keep_bodies_days: Option<u16>,
    /// Where people reach us, when that was set; without a slash at its end.
    pub public_url: Option<String>,
    /// Whether the last address in `X-Forwarded-For` is the client's.
    pub behind_proxy: bool,
    /// Whether what is acknowledged survives power loss on SQLite as well.
    pub durable_full: bool,
}

/// Settings from one origin; what is `None` is left to the next.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub database_url: Option<String>,
    pub listen: Option<String>,
    pub otlp_grpc_listen: Option<String>,
    pub keep_bodies_days: Option<u16>,
    pub public_url: Option<String>,
    pub behind_proxy: Option<bool>,
    pub durable: Option<Durable>,
}

/// What an acknowledged record survives on SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Durable {
    /// The death of the process.
    Process,
    /// Power loss as well; each batch waits for the disk.
    Full,
}

/// Why the settings cannot be used, in a sentence that says what to change.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    #[error("the settings file {path} cannot be read: {reason}")]
    File { path: String, reason: String },
    #[error("the settings file {path} is not understood: {reason}")]
    Toml { path: String, reason: String },
    #[error(
        "{value:?} is not an address to listen on; set {setting} to HOST:PORT, such as {example}"
    )]
    Listen {
        value: String,
        setting: &'static str,
        example: &'static str,
    },
    #[error(
        "{value:?} is not a public address; use http:// or https:// and a host, without a path, such as https://onehop.example.org"
    )]
    PublicUrl { value: String },
    #[error("{value:?} is neither yes nor no; set ONEHOP_BEHIND_PROXY to true or false")]
    YesOrNo { value: String },
    #[error(
        "{value:?} is no number of days; set ONEHOP_KEEP_BODIES_DAYS to one from 1 to 65535, or to 0 to keep none"
    )]
    Days { value: String },
    #[error("{value:?} is not a durability; set ONEHOP_DURABLE to process or full")]
    Durable { value: String },
}

impl Config {
    /// Joins what the flags say, what `env` says and what the file says, in this order.
    pub fn load(
        flags: Settings,
        file: Option<PathBuf>,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Config, Error> {
        let named = file.or_else(|| env("ONEHOP_CONFIG").map(PathBuf::from));
        let from_file = match named {
            Some(path) => read(&path)?,
            None if Path::new(FILE).exists() => read(Path::new(FILE))?,
            None => Settings::default(),
        };
        let from_env = Settings {
            database_url: env("ONEHOP_DATABASE_URL"),
            listen: env("ONEHOP_LISTEN"),
            otlp_grpc_listen: env("ONEHOP_OTLP_GRPC_LISTEN"),
            keep_bodies_days: env("ONEHOP_KEEP_BODIES_DAYS").map(days).transpose()?,
            public_url: env("ONEHOP_PUBLIC_URL"),
            behind_proxy: env("ONEHOP_BEHIND_PROXY").map(yes_or_no).transpose()?,
            durable: env("ONEHOP_DURABLE").map(durable).transpose()?,
        };
        flags.or(from_env).or(from_file).checked()
    }

    /// Where people reach a server that listens at `bound`.
    pub fn public_url(&self, bound: SocketAddr) -> String {
        let port = bound.port();
        self.public_url.clone().unwrap_or_else(|| {
            if bound.ip().is_unspecified() {
                format!("http://localhost:{port}")
            } else {
                format!("http://{bound}")
            }
        })
    }
}

impl Settings {
    /// These settings, and where there is none, those.
    fn or(self, other: Settings) -> Settings {
        Settings {
            database_url: self.database_url.or(other.database_url),
            listen: self.listen.or(other.listen),
            otlp_grpc_listen: self.otlp_grpc_listen.or(other.otlp_grpc_listen),
            keep_bodies_days: self.keep_bodies_days.or(other.keep_bodies_days),
            public_url: self.public_url.or(other.public_url),
            behind_proxy: self.behind_proxy.or(other.behind_proxy),
            durable: self.durable.or(other.durable),
        }
    }

    fn checked(self) -> Result<Config, Error> {
        let listen = self.listen.unwrap_or_else(|| LISTEN.to_owned());
        Ok(Config {
            database_url: self.database_url.unwrap_or_else(|| DATABASE.to_owned()),
            listen: address(listen, ("ONEHOP_LISTEN or --listen", LISTEN))?,
            otlp_grpc_listen: self
                .otlp_grpc_listen
                .map(|own| address(own, OTLP_GRPC))
                .transpose()?,
            keep_bodies_days: self.keep_bodies_days.filter(|days| *days > 0),
            public_url: self.public_url.map(public_url).transpose()?,
            behind_proxy: self.behind_proxy.unwrap_or_default(),
            durable_full: self.durable == Some(Durable::Full),
        })
    }
}

fn read(path: &Path) -> Result<Settings, Error> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| Error::File {
        path: shown.clone(),
        reason: error.to_string(),
    })?;
    // The reason alone: the line itself may hold a password.
    toml::from_str(&text).map_err(|error: toml::de::Error| Error::Toml {
        path: shown,
        reason: error.message().to_owned(),
    })
}

fn address(
    value: String,
    (setting, example): (&'static str, &'static str),
) -> Result<SocketAddr, Error> {
    let numeric = match value.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => value.clone(),
    };
    numeric.parse().map_err(|_| Error::Listen {
        value,
        setting,
        example,
    })
}

fn public_url(value: String) -> Result<String, Error> {
    let url = value.trim_end_matches('/').to_ascii_lowercase();
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let plain = |host: &str| {
        !host.is_empty() && !host.contains(|c: char| "/?#@\\".contains(c) || c.is_whitespace())
    };
    if host.is_some_and(plain) {
        Ok(url)
    } else {
        Err(Error::PublicUrl { value })
    }
}

fn durable(value: String) -> Result<Durable, Error> {
    match value.as_str() {
        "process" => Ok(Durable::Process),
        "full" => Ok(Durable::Full),
        _ => Err(Error::Durable { value }),
    }
}

fn days(value: String) -> Result<u16, Error> {
    value.parse().map_err(|_| Error::Days { value })
}

fn yes_or_no(value: String) -> Result<bool, Error> {
    match value.as_str() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" | "" => Ok(false),
        _ => Err(Error::YesOrNo { value }),
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let engine = self.database_url.split(':').next().unwrap_or_default();
        f.debug_struct("Config")
            .field("database_url", &format_args!("{engine}:…"))
            .field("listen", &self.listen)
            .field("otlp_grpc_listen", &self.otlp_grpc_listen)
            .field("keep_bodies_days", &self.keep_bodies_days)
            .field("public_url", &self.public_url)
            .field("behind_proxy", &self.behind_proxy)
            .finish()
    }
}

#[cfg(test)]
mod tests;
