//! How a change is taken back, and what became of it in production.

use app::routes;
use app::view::receipt::{Link, Quality, Question};
use app::view::records::Level;

use super::Own;
use crate::store::links::changes::Delivered;
use crate::store::{Result, Tx, told};
use crate::views::receipt::draft::{Draft, Happened, Piece, Told};
use crate::views::receipt::{Reading, deployment, words};

/// How it is taken back, and what became of it in production.
pub(super) async fn next(
    tx: &mut Tx,
    reading: &Reading<'_>,
    own: &Own,
    draft: &mut Draft,
) -> Result<()> {
    let Delivered { link, delivery } = &own.linked;
    let change = Told::of("changes", &own.row.version);
    match &own.row.merge_commit {
        Some(sha) => {
            let what = format!("Revert {}", words::short(sha));
            let piece = Piece::new(Level::Recorded, what).told(Some(change));
            draft.answers.add(Question::Reversed, piece);
        }
        None => draft
            .answers
            .lack(Question::Reversed, "its merge commit is not known."),
    }
    deployment::playbooks(reading, draft);
    reverts(tx, own, draft).await?;
    match (&delivery.deployment_id, link.merged_at) {
        (Some(id), _) => {
            deployment::delivered_with(tx, reading, (&link.service, id), draft).await?
        }
        (None, Some(_)) => draft.answers.lack(
            Question::Next,
            "not in production yet; its lead time ends when it ships.",
        ),
        (None, None) => draft.answers.lack(Question::Next, "not merged."),
    }
    Ok(())
}

/// The changes called after it that take it back.
async fn reverts(tx: &mut Tx, own: &Own, draft: &mut Draft) -> Result<()> {
    let (Some(title), Some(merged_at)) = (&own.row.title, own.linked.link.merged_at) else {
        return Ok(());
    };
    let found = told::titled(tx, &own.linked.link.service, &format!("Revert \"{title}\"")).await?;
    for revert in found
        .into_iter()
        .filter(|own| own.merged_at.is_some_and(|at| at > merged_at))
    {
        let url = routes::receipt("change", &revert.id);
        let at = revert.merged_at.unwrap_or(merged_at);
        let what = format!("Taken back after {} by", words::exact(at - merged_at));
        let piece = Piece::new(Level::Declared, what).link(&revert.id, url.clone());
        draft.answers.add(Question::Next, piece.exception());
        draft
            .events
            .push(Happened::new(at, "taken back by", None).link(&revert.id, url.clone()));
        draft.quality.push(Quality {
            what: "Revert".to_owned(),
            said: "taken back by".to_owned(),
            link: Some(Link {
                text: revert.id,
                url,
            }),
            at: Some(crate::views::rfc3339(at)),
            is_bad: true,
        });
    }
    Ok(())
}
