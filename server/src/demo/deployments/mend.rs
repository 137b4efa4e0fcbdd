//! What comes with the next change after a failed deployment: a fix, a change taken back, or a
//! rollback that is thought of late.

use super::super::chance::Chance;
use super::super::changes::{Change, Reverting};
use super::super::company::Service;
use super::Running;

/// How a change to come puts a deployment right.
pub(super) enum Mend {
    Fix,
    /// Takes a change back.
    Revert {
        id: String,
        merge_commit: String,
        title: String,
        /// Whether its title will be another, so that it cannot be found by it.
        is_edited: bool,
    },
    /// Deployed once more, then gone back to what ran before both.
    LateRollback {
        to: Running,
    },
}

/// A deployment that comes after one that failed.
pub(super) struct Brings {
    /// What its record says that it is, if anything.
    pub said: Option<&'static str>,
    /// What its sender calls planned was not made to put another one right.
    pub is_rework: bool,
    /// What is gone back to right after it.
    pub then_back_to: Option<Running>,
}

impl Mend {
    /// Takes the last change that a deployment brought back.
    pub(super) fn revert_of(change: &Change) -> Mend {
        Mend::Revert {
            id: change.id.clone(),
            merge_commit: change.merge_commit.clone(),
            title: change.title.clone(),
            is_edited: change.is_edited,
        }
    }

    /// Makes a change what puts right, if it is that.
    pub(super) fn make(
        &self,
        change: &mut Change,
        service: &Service,
        chance: &mut Chance,
    ) -> Brings {
        match self {
            Mend::Fix => {
                let is_said = chance.happens(0.5);
                // Known as a fix by its deployment, by itself, or by both.
                if !is_said || chance.happens(0.5) {
                    change.becomes_hotfix(service);
                }
                Brings {
                    said: is_said.then_some("fix"),
                    is_rework: true,
                    then_back_to: None,
                }
            }
            Mend::Revert {
                id,
                merge_commit,
                title,
                is_edited,
            } => {
                let ways = [0.2, 0.2, 0.3, if *is_edited { 0.0 } else { 0.3 }];
                let says = match chance.weighted(&ways) {
                    0 => Reverting::Field(id.clone()),
                    1 => Reverting::Field(merge_commit.clone()),
                    2 => Reverting::Body(merge_commit.clone()),
                    _ => Reverting::Title,
                };
                change.becomes_revert(title, says);
                let is_planned = chance.happens(0.2);
                Brings {
                    said: is_planned.then_some("planned"),
                    is_rework: !is_planned,
                    then_back_to: None,
                }
            }
            Mend::LateRollback { to } => Brings {
                said: None,
                is_rework: false,
                then_back_to: Some(to.clone()),
            },
        }
    }
}
