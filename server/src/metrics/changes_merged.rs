//! How many changes were merged.
//!
//! Knows only their number; which changes belong to the week, scope and segment is settled before.

use super::Computed;

/// The figure of a week at or after the scope's first merged change: a count, so zero is a value.
///
/// ```
/// use server::metrics::changes_merged::compute;
/// assert_eq!((compute(3).value, compute(3).sample), (Some(3.0), 3));
/// assert_eq!(compute(0).value, Some(0.0));
/// ```
pub fn compute(changes: u64) -> Computed {
    Computed {
        value: Some(changes as f64),
        sample: changes,
        ..Computed::default()
    }
}

/// The figure of a week before the scope's first merged change: nothing was known, which is not zero.
pub fn before_first_record() -> Computed {
    Computed {
        reason: Some("no change of this scope was merged up to this week".to_owned()),
        ..Computed::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_before_the_first_record_has_no_value_and_says_why() {
        let computed = before_first_record();
        assert_eq!(computed.value, None);
        assert!(computed.reason.is_some());
    }
}
