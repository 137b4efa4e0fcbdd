//! What can be connected, what that adds, and what it needs.

use app::view::connect::{Connect, Sent, System};

use crate::connectors::{KINDS, Stream};

/// The form, empty or as it was sent.
pub fn form(sent: Sent, refused: Option<String>) -> Connect {
    let systems = KINDS.iter().map(|kind| {
        let mut permissions: Vec<(String, String)> = kind.streams.iter().map(permission).collect();
        permissions.dedup();
        System {
            kind: kind.name.to_owned(),
            name: kind.in_words.to_owned(),
            adds: kind.adds.to_owned(),
            permissions,
        }
    });
    Connect {
        systems: systems.collect(),
        sent,
        refused,
    }
}

/// What a token needs, and what for.
fn permission(stream: &Stream) -> (String, String) {
    let needs = match stream.is_optional {
        true => format!("{}, if you like", stream.permission),
        false => stream.permission.to_owned(),
    };
    (needs, stream.feeds.join(" and ").replace('_', " "))
}
