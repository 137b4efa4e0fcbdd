//! Titles of changes, from a few words.
//!
//! A walk through all pairs of thing and circumstance, a step per number, so that neighbours never
//! read alike and a title comes again only after a long while.

use super::company::Service;

/// What kind of work a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Feature,
    Fix,
    Upkeep,
    Dependencies,
    Hotfix,
}

impl Kind {
    pub(super) const ORDINARY: [Kind; 4] =
        [Kind::Feature, Kind::Fix, Kind::Upkeep, Kind::Dependencies];

    pub(super) fn label(self) -> &'static str {
        match self {
            Kind::Feature => "feature",
            Kind::Fix => "fix",
            Kind::Upkeep => "upkeep",
            Kind::Dependencies => "dependencies",
            Kind::Hotfix => "hotfix",
        }
    }

    fn verbs(self) -> &'static [&'static str] {
        match self {
            Kind::Feature => &["Add", "Show", "Support", "Allow", "Offer"],
            Kind::Fix => &["Fix", "Correct", "Repair", "Restore"],
            Kind::Upkeep => &["Tidy", "Speed up", "Simplify", "Log", "Test", "Rework"],
            Kind::Dependencies => &["Update"],
            Kind::Hotfix => &["Quickly fix", "Undo the break in", "Bring back"],
        }
    }
}

const WHEN: [&str; 13] = [
    "for guest customers",
    "on small screens",
    "when stock runs out",
    "after a time-out",
    "with several currencies",
    "for business customers",
    "during the nightly run",
    "behind a flag",
    "when the address is incomplete",
    "on the first visit",
    "for returning customers",
    "in the weekly export",
    "on slow connections",
];

const LIBRARIES: [&str; 11] = [
    "the HTTP client",
    "the date library",
    "the test runner",
    "the PDF writer",
    "the form library",
    "the database driver",
    "the base image",
    "the linter",
    "the e-mail library",
    "the metrics client",
    "the translation files",
];

/// The title of a service's change with this number.
///
/// Steps of 1 through things and of 5 through circumstances meet every pair, since 12 and 13 share
/// no factor.
pub(super) fn title(service: &Service, kind: Kind, number: u64) -> String {
    let at = |length: usize, step: u64| (number * step % length as u64) as usize;
    if kind == Kind::Dependencies {
        let library = LIBRARIES[at(LIBRARIES.len(), 1)];
        let (major, minor, patch) = (1 + at(LIBRARIES.len(), 1), number / 90, number / 11 % 9);
        return format!(
            "Update {library} to {major}.{minor}.{patch} in {}",
            service.name
        );
    }
    // The same thing meets another verb each time round.
    let round = number / service.domain.things.len() as u64;
    let verbs = kind.verbs();
    let verb = verbs[((number + round) % verbs.len() as u64) as usize];
    let thing = service.domain.things[at(service.domain.things.len(), 1)];
    let when = WHEN[at(WHEN.len(), 5)];
    match service.part {
        "" => format!("{verb} {thing} {when}"),
        part => format!("{verb} {thing} {when} ({part})"),
    }
}
