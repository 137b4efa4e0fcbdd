//! What can be connected, what that adds, and what it needs.

use std::collections::BTreeSet;

use app::view::connect::{Connect, Sent, System};

use crate::connectors::{KINDS, Stream};

/// The form, empty or as it was sent.
pub fn form(sent: Sent, refused: Option<String>) -> Connect {
    let systems = KINDS.iter().map(|kind| {
        let mut asked = BTreeSet::new();
        let streams = kind
            .streams
            .iter()
            .filter(|own| asked.insert(own.permission));
        let permissions = streams.map(permission).collect();
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
    let fills = stream.feeds.join(" and ").replace('_', " ");
    let from = stream.in_words();
    match fills == from {
        true => (needs, fills),
        false => (needs, format!("{fills}, from {from}")),
    }
}
