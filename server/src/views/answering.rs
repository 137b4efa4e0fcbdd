//! Whether a reader answers for some work: operators for all of it, a DRI for their own.

use app::backend::{Reader, Role};

use super::people::Names;

/// Whether this reader does, of work that these DRIs answer for.
pub(super) fn answers(reader: &Reader, dris: &[&str]) -> bool {
    let is_own = || {
        dris.iter()
            .any(|dri| dri.eq_ignore_ascii_case(&reader.email))
    };
    match reader.role {
        Role::Operator => true,
        Role::Dri => is_own(),
        Role::Executive | Role::Finance => false,
    }
}

/// Who does, in words, when this reader does not.
pub(super) fn closed(reader: &Reader, dris: &[&str], names: &Names) -> Option<String> {
    if answers(reader, dris) {
        return None;
    }
    let named: Vec<String> = dris.iter().map(|dri| names.of(dri)).collect();
    Some(match named.as_slice() {
        [] => "operators".to_owned(),
        named => format!("operators and the DRI of its work, {}", named.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dri_answers_for_their_own_work_and_only_as_a_dri() {
        let reader = |role| Reader {
            email: "ana@example.org".to_owned(),
            role,
        };
        assert!(answers(&reader(Role::Dri), &["Ana@example.org"]));
        assert!(!answers(&reader(Role::Dri), &["ben@example.org"]));
        assert!(!answers(&reader(Role::Executive), &["ana@example.org"]));
        assert!(answers(&reader(Role::Operator), &[]));
    }
}
