//! The reviews of a change: by colleagues, now and then by an agent, by the author, or too late.

use serde_json::Value;

use super::chance::Chance;
use super::changes::Change;
use super::company::{REVIEW_AGENT, Service, login};
use super::hours::{HOUR, MINUTE, part_way, rfc3339};
use super::object::{account, object};
use super::people::Person;

/// A change's reviews.
pub(super) struct Reviews {
    /// None for a change that nobody looked at.
    pub records: Vec<Value>,
    /// By another person, up to the merge.
    pub first_at: Option<i64>,
    /// When another person approved it, up to the merge; that review is the last record.
    approved_at: Option<i64>,
}

/// Draws who reviewed a change, and when.
pub(super) fn of_change(
    change: &Change,
    (service, people): (&Service, &[Person]),
    chance: &mut Chance,
) -> Reviews {
    let mut reviews = Reviews {
        records: Vec::new(),
        first_at: None,
        approved_at: None,
    };
    if change.agents_review {
        let at = change.opened + chance.between(2 * MINUTE, 12 * MINUTE);
        let reviewer = account(&login(REVIEW_AGENT), Some("agent"));
        reviews.add((change, &reviewer), "commented", at.min(change.end));
    }
    // The author's own remark, which ends no wait.
    if chance.happens(0.04) {
        let at = part_way(change.opened, change.first_review, chance.unit());
        reviews.add((change, &change.marks.author), "commented", at);
    }
    let colleague = colleague(change, (service, people), chance);
    if change.is_merged && chance.happens(0.06) {
        // Merged without review; a few are looked at afterwards.
        if chance.happens(0.2) {
            let at = change.end + chance.between(HOUR, 6 * HOUR);
            reviews.add((change, &colleague), "approved", at);
        }
        return reviews;
    }
    reviews.first_at = Some(change.first_review);
    let first = ["approved", "commented", "changes_requested"][chance.weighted(&[0.6, 0.24, 0.16])];
    reviews.add((change, &colleague), first, change.first_review);
    reviews.approved_at = (first == "approved").then_some(change.first_review);
    if first != "approved" && change.is_merged {
        let at = part_way(change.first_review, change.end, 0.3 + 0.7 * chance.unit());
        reviews.add((change, &colleague), "approved", at);
        reviews.approved_at = Some(at);
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

impl Reviews {
    fn add(&mut self, (change, author): (&Change, &Value), state: &str, at: i64) {
        let number = self.records.len() + 1;
        let submitted_at = rfc3339(at);
        self.records.push(object([
            ("id", format!("{}/review/{number}", change.id).into()),
            ("change", change.id.as_str().into()),
            ("author", author.clone()),
            ("state", state.into()),
            ("updated_at", submitted_at.as_str().into()),
            ("submitted_at", submitted_at.into()),
        ]));
    }

    /// Draws of which commit the approval is said to be, if of any; answers whether what was merged
    /// is approved. Where approvals are missing, it was pushed to once more.
    pub(super) fn name_commit(
        &mut self,
        change: &Change,
        is_missing: bool,
        chance: &mut Chance,
    ) -> bool {
        let (Some(at), Some(approval)) = (self.approved_at, self.records.last_mut()) else {
            return false;
        };
        let Some((head, made_at)) = change.head() else {
            return true;
        };
        let outdated = if is_missing { 0.9 } else { 0.04 };
        match chance.weighted(&[outdated, 0.45 * (1.0 - outdated), 0.55 * (1.0 - outdated)]) {
            0 => {
                approval["commit"] = chance.sha().into();
                false
            }
            1 if made_at <= at => {
                approval["commit"] = head.into();
                true
            }
            _ => true,
        }
    }
}
