//! The log: on standard error, one line an event, for people or as JSON.
//!
//! `ONEHOP_LOG` says what and how, in words with commas between them: `json` or `text`, and what is
//! worth a line, such as `debug` or `info,hyper=warn`.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::store;

/// Starts it, as `ONEHOP_LOG` says; without a word on what, `RUST_LOG` or what is worth knowing.
pub fn start() {
    let said = std::env::var("ONEHOP_LOG").unwrap_or_default();
    let (is_json, what) = read(&said);
    let is_json = is_json || std::env::var("ONEHOP_LOG_FORMAT").is_ok_and(|word| word == "json");
    let filter = EnvFilter::try_new(&what)
        .ok()
        .filter(|_| !what.is_empty())
        .or_else(|| EnvFilter::try_from_default_env().ok())
        .unwrap_or_else(|| EnvFilter::new(format!("info,{}", store::LOG)));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    // Fails only when a log was started before, which then goes on.
    let _ = match is_json {
        true => log.json().flatten_event(true).try_init(),
        false => log.with_target(false).try_init(),
    };
}

/// Whether it is JSON, and what is worth a line.
fn read(said: &str) -> (bool, String) {
    let words = said.split(',').map(str::trim);
    let (formats, what): (Vec<&str>, Vec<&str>) = words
        .filter(|word| !word.is_empty())
        .partition(|word| ["json", "text"].contains(word));
    (formats.last() == Some(&"json"), what.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_and_what_is_worth_a_line_stand_in_one_setting() {
        for (said, is_json, what) in [
            ("", false, ""),
            ("json", true, ""),
            ("debug", false, "debug"),
            ("text, info,hyper=warn", false, "info,hyper=warn"),
            ("json,debug", true, "debug"),
        ] {
            assert_eq!(read(said), (is_json, what.to_owned()), "{said}");
        }
    }
}
