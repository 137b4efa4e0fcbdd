//! The one thing that a record is about, where it may be of several kinds.

use super::Refusal;
use super::record::name;

/// Its kind and id as one text, `run:R1`. Of several it would not be known which is meant.
pub(super) fn one<const N: usize>(
    field: &str,
    members: [(&str, Option<String>); N],
) -> Result<String, Refusal> {
    let kinds = members.each_ref().map(|(kind, _)| *kind).join(", ");
    let mut given = members
        .into_iter()
        .filter_map(|(kind, id)| Some((kind, id?)));
    match (given.next(), given.next()) {
        (Some((kind, id)), None) => {
            name(field, &id)?;
            Ok(format!("{kind}:{id}"))
        }
        (None, _) => Err(Refusal::field(
            field,
            format!("names nothing; name one of {kinds}"),
        )),
        (Some(_), Some(_)) => Err(Refusal::field(
            field,
            format!("names several; name one of {kinds}"),
        )),
    }
}
