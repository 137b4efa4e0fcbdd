//! What can be connected, what that adds, and what it needs.

use app::view::connect::{Connect, Sent, System};

use crate::connectors::KINDS;

/// The form, empty or as it was sent.
pub fn form(sent: Sent, refused: Option<String>) -> Connect {
    let systems = KINDS.iter().map(|kind| {
        let permission = |stream: &crate::connectors::Stream| {
            (stream.permission.to_owned(), stream.feeds.join(" and "))
        };
        System {
            kind: kind.name.to_owned(),
            name: kind.in_words.to_owned(),
            adds: kind.adds.to_owned(),
            permissions: kind.streams.iter().map(permission).collect(),
        }
    });
    Connect {
        systems: systems.collect(),
        sent,
        refused,
    }
}
