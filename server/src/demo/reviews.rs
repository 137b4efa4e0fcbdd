//! The reviews of a change: by colleagues, now and then by an agent, by the author, or too late.

use serde_json::Value;

use super::chance::Chance;
use super::changes::Change;
use super::company::{REVIEW_AGENT, Service, login};
use super::hours::{HOUR, MINUTE, part_way, rfc3339};
use super::object::{account, object};
use super::people::Person;

/// A change's reviews.
pub(super) struct Reviews<'a> {
    change: &'a Change,
    /// None for a change that nobody looked at.
    pub records: Vec<Value>,
    /// By another person, up to the merge.
    pub first_at: Option<i64>,
}

/// Draws who reviewed a change, and when.
pub(super) fn of_change<'a>(
    change: &'a Change,
    (service, people): (&Service, &[Person]),
    chance: &mut Chance,
) -> Reviews<'a> {
    let mut reviews = Reviews {
        change,
        records: Vec::new(),
        first_at: None,
    };
    if change.agents_review {
        let at = change.opened + chance.between(2 * MINUTE, 12 * MINUTE);
        let reviewer = account(&login(REVIEW_AGENT), Some("agent"));
        reviews.add(&reviewer, "commented", at.min(change.end));
    }
    // The author's own remark, which ends no wait.
    if chance.happens(0.04) {
        let at = part_way(change.opened, change.first_review, chance.unit());
        reviews.add(&change.marks.author, "commented", at);
    }
    let colleague = colleague(change, (service, people), chance);
    if change.is_merged && chance.happens(0.06) {
        // Merged without review; a few are looked at afterwards.
        if chance.happens(0.2) {
            let at = change.end + chance.between(HOUR, 6 * HOUR);
            reviews.add(&colleague, "approved", at);
        }
        return reviews;
    }
    reviews.first_at = Some(change.first_review);
    let first = ["approved", "commented", "changes_requested"][chance.weighted(&[0.6, 0.24, 0.16])];
    reviews.add(&colleague, first, change.first_review);
    if first != "approved" && change.is_merged {
        let at = part_way(change.first_review, change.end, 0.3 + 0.7 * chance.unit());
        reviews.add(&colleague, "approved", at);
    }
    reviews
}

/// Somebody of the team who is not the author.
fn colleague(
    change: &Change,
    (service, people): (&Service, &[Person]),
    chance: &mut Chance,
) -> Value {
    let from = chance.below(service.team.len());
    let around = service.team.iter().cycle().skip(from);
    let login = around
        .take(service.team.len())
        .map(|place| &people[*place].login)
        .find(|login| **login != change.marks.login);
    account(login.map_or("", String::as_str), Some("person"))
}

impl Reviews<'_> {
    fn add(&mut self, author: &Value, state: &str, at: i64) {
        let number = self.records.len() + 1;
        let submitted_at = rfc3339(at);
        self.records.push(object([
            ("id", format!("{}/review/{number}", self.change.id).into()),
            ("change", self.change.id.as_str().into()),
            ("author", author.clone()),
            ("state", state.into()),
            ("updated_at", submitted_at.as_str().into()),
            ("submitted_at", submitted_at.into()),
        ]));
    }
}
