//! The reviews of a change: what each said, and which of them approved it.

use app::view::receipt::{Quality, Question};
use app::view::records::Level;

use super::draft::{Draft, Happened, Piece, Told};
use super::{Reading, words};
use crate::links;
use crate::store::told::Review;

/// The reviews, and what they are held against.
pub(super) struct Reviewed<'a> {
    pub reviews: &'a [Review],
    pub author: &'a str,
    /// The commits at which a review is of what was merged.
    pub heads: &'a [String],
    pub merged_at: Option<i64>,
}

/// When each came; only who approved is named.
pub(super) fn tell(reading: &Reading<'_>, reviews: &[Review], draft: &mut Draft) {
    for review in reviews {
        let told = Told::of("reviews", &review.version);
        let what = match review.state.as_str() {
            "approved" if is_agents(reading, review) => "approved by an agent".to_owned(),
            "approved" => format!("approved by {}", reading.names.of(&review.author_id)),
            "changes_requested" => "changes asked for in a review".to_owned(),
            _ => "commented on in a review".to_owned(),
        };
        let event = Happened::new(review.submitted_at, what, Some(&told));
        draft.events.push(event.awaited("review"));
        draft.told.push(told);
    }
}

fn is_agents(reading: &Reading<'_>, review: &Review) -> bool {
    review.author_kind.as_deref() == Some("agent")
        || links::is_agent(reading.registry, &review.author_id)
}

/// Approving reviews by people other than the author.
pub(super) fn approved(reading: &Reading<'_>, of: &Reviewed<'_>, draft: &mut Draft) {
    for review in of.reviews.iter().filter(|own| own.state == "approved") {
        if review.author_id == of.author || is_agents(reading, review) {
            continue;
        }
        let at = words::local(reading.calendar, review.submitted_at);
        let commit = match &review.commit_sha {
            Some(sha) if of.heads.contains(sha) => ", at the merged commit",
            Some(_) => ", at an earlier commit",
            None => "",
        };
        let late = of
            .merged_at
            .is_some_and(|merged| review.submitted_at > merged);
        let late = if late { ", after it was merged" } else { "" };
        let what = format!(
            "{}{commit}{late}, {at}",
            reading.names.of(&review.author_id)
        );
        let told = Told::of("reviews", &review.version);
        let piece = Piece::new(Level::Recorded, what).told(Some(told));
        draft.answers.add(Question::Approved, piece);
    }
    let said: Vec<String> = of
        .reviews
        .iter()
        .map(|own| own.state.replace('_', " "))
        .collect();
    let said = match said.is_empty() {
        true => "no review is known".to_owned(),
        false => format!(
            "{}: {}",
            words::counted(said.len(), "review"),
            words::first(&said, 6)
        ),
    };
    let quality = Quality {
        what: "Review".to_owned(),
        said,
        link: None,
        at: None,
        is_bad: false,
    };
    draft.quality.insert(0, quality);
}
