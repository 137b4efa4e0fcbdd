//! When a change was opened for review, and when it was first reviewed.

use super::agents::Agents;
use crate::store::changes::Change;
use crate::store::reviews::Reviewed;

/// The instant a change was opened for review: when it left the draft state, if that lies between
/// creation and merge; else its creation. Not known without a creation.
pub(super) fn opened_at(change: &Change) -> Option<i64> {
    let created_at = change.created_at?;
    let in_time = |ready_at: &i64| {
        created_at <= *ready_at
            && change
                .merged_at
                .is_none_or(|merged_at| *ready_at <= merged_at)
    };
    Some(change.ready_at.filter(in_time).unwrap_or(created_at))
}

/// The first reviews of a change; those before its opening or after its merge do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FirstReviews {
    /// By a person other than the author, in any state.
    pub by_person_at: Option<i64>,
    /// By an agent; ends no wait.
    pub by_agent_at: Option<i64>,
}

pub(super) fn first_reviews(
    change: &Change,
    opened_at: Option<i64>,
    reviews: &[Reviewed],
    agents: &Agents,
) -> FirstReviews {
    let Some(merged_at) = change.merged_at else {
        return FirstReviews::default();
    };
    // Without a creation the opening is not known; any review up to the merge is taken.
    let opened_at = opened_at.unwrap_or(i64::MIN);
    let counted = |review: &&Reviewed| {
        opened_at <= review.submitted_at
            && review.submitted_at <= merged_at
            && review.author.id != change.author.id
    };
    let earliest = |by_agent: bool| {
        let by = reviews
            .iter()
            .filter(counted)
            .filter(|review| agents.is_agent(&review.author) == by_agent);
        by.map(|review| review.submitted_at).min()
    };
    FirstReviews {
        by_person_at: earliest(false),
        by_agent_at: earliest(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::changes::{Author, AuthorKind};
    use crate::store::registry::Registry;

    fn change() -> Change {
        Change {
            author: Author {
                id: "ana".to_owned(),
                kind: None,
            },
            created_at: Some(10),
            merged_at: Some(100),
            ..Change::default()
        }
    }

    fn review(by: &str, kind: Option<AuthorKind>, submitted_at: i64) -> Reviewed {
        Reviewed {
            change_id: "c".to_owned(),
            author: Author {
                id: by.to_owned(),
                kind,
            },
            submitted_at,
            state: "commented".to_owned(),
            commit_sha: None,
        }
    }

    fn first(reviews: &[Reviewed]) -> FirstReviews {
        first_reviews(
            &change(),
            Some(10),
            reviews,
            &Agents::of(&Registry::default()),
        )
    }

    #[test]
    fn ready_counts_only_between_creation_and_merge() {
        for (ready_at, opened) in [
            (None, 10),
            (Some(5), 10),
            (Some(10), 10),
            (Some(50), 50),
            (Some(100), 100),
            (Some(101), 10),
        ] {
            assert_eq!(
                opened_at(&Change {
                    ready_at,
                    ..change()
                }),
                Some(opened),
                "{ready_at:?}"
            );
        }
    }

    #[test]
    fn edges_count_as_in_and_what_lies_beyond_does_not() {
        assert_eq!(
            first(&[review("ben", None, 9), review("ben", None, 101)]).by_person_at,
            None
        );
        assert_eq!(first(&[review("ben", None, 10)]).by_person_at, Some(10));
        assert_eq!(first(&[review("ben", None, 100)]).by_person_at, Some(100));
    }

    #[test]
    fn ones_own_review_is_none_and_an_agents_is_kept_apart() {
        let reviews = [
            review("ana", None, 20),
            review("bot", Some(AuthorKind::Agent), 30),
            review("coderabbitai[bot]", None, 35),
            review("ben", None, 40),
        ];
        assert_eq!(
            first(&reviews),
            FirstReviews {
                by_person_at: Some(40),
                by_agent_at: Some(30)
            }
        );
    }
}
