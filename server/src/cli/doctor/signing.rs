//! The key by which exported receipts are known.

use super::Finding;
use crate::signing::Signer;

const CHECK: &str = "signing";

/// Its public half, for whoever holds a receipt; it makes none.
pub(super) fn key(signer: &Signer) -> Finding {
    match signer.public_key() {
        Ok(Some(key)) => Finding::well(CHECK, format!("receipts are signed by the key {key}.")),
        Ok(None) => Finding::well(
            CHECK,
            "there is no key yet; the first `onehop export receipt` makes it.",
        ),
        Err(error) => Finding::well(CHECK, format!("{error}.")).fault(
            "Mend it, or move it away: without it no receipt is signed, and with another key earlier ones are no longer known as ours.",
        ),
    }
}
