//! The record of what people did, without the one who is erased; and the act that says why its hashes
//! are others now.

use serde_json::{Value, json};

use super::Names;
use super::rows::{PEOPLE, rewritten};
use crate::store::acts::again::{Rewritten, rewrite};
use crate::store::acts::{self, Act, Head, Kept};
use crate::store::{self, Tx};

/// Who erases: whoever may type commands, whom the program does not know.
const BY: &str = "onehop erase";

/// Takes them out of every act.
pub(super) async fn rewritten_without(tx: &mut Tx, names: &Names) -> store::Result<Rewritten> {
    rewrite(tx, &|act| clean(act, names)).await
}

/// Keeps where the chain ended before, so that whoever holds an old head against it finds why.
pub(super) async fn record(
    tx: &mut Tx,
    (head, rewritten): (Option<Head>, Rewritten),
    now_ms: i64,
) -> store::Result<()> {
    let act = Act {
        at_ms: now_ms,
        by: BY,
        kind: "erase",
        subject: "acts",
        before: head.map_or(
            Value::Null,
            |head| json!({"number": head.number, "hash": head.hash}),
        ),
        after: json!({"hashed_anew_from": rewritten.first}),
    };
    acts::record(tx, &act).await
}

fn clean(act: &mut Kept, names: &Names) {
    act.by_whom = names.account(&act.by_whom).into_owned();
    let of = act.subject.split_once(':');
    let is_token = matches!(of, Some(("token", _)));
    act.subject = match of {
        Some((of @ ("person" | "token"), who)) => format!("{of}:{}", names.account(who)),
        _ => names.text(&act.subject).into_owned(),
    };
    for said in [&mut act.before, &mut act.after] {
        let is_account = |member: &str| PEOPLE.contains(&member) || is_token && member == "name";
        if names.may_be_in(said)
            && let Some(clean) = rewritten(said, names, is_account)
        {
            *said = clean;
        }
    }
}
