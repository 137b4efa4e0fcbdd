//! Money in millionths of a unit of its currency: its exact decimal text, and exact shares of it.

const MILLION: i64 = 1_000_000;

/// The shortest decimal text.
pub(super) fn text(micros: i64) -> String {
    let digits = format!("{}.{:06}", micros / MILLION, micros % MILLION);
    digits
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// An equal share of a sum that is not negative, rounded half to even.
pub(super) fn share(micros: i64, of: i64) -> i64 {
    let (whole, rest) = (micros / of, micros % of);
    let is_up = 2 * rest > of || (2 * rest == of && whole % 2 == 1);
    whole + i64::from(is_up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_exact_and_halves_go_to_the_even() {
        for (micros, said) in [
            (0, "0"),
            (1_500_000, "1.5"),
            (42, "0.000042"),
            (30_000_000, "30"),
        ] {
            assert_eq!(text(micros), said);
        }
        assert_eq!([1, 2, 3, 5].map(|micros| share(micros, 2)), [0, 1, 2, 2]);
        assert_eq!([10, 11].map(|micros| share(micros, 3)), [3, 4]);
    }
}
