//! The bounds of a record: how large, how deep, how many; and how a refusal is said.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::json::Json;

/// The largest record that is read.
pub const MAX_RECORD_BYTES: usize = 1 << 20;
/// The deepest nesting of lists and objects.
const MAX_DEPTH: usize = 32;
/// The most values in one record, counted at every depth.
const MAX_VALUES: usize = 100_000;
/// The longest text of one field.
const MAX_TEXT_BYTES: usize = 256 << 10;
/// The longest id, slug or account name.
const MAX_NAME_BYTES: usize = 512;

/// Why a record was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub id: Option<String>,
    pub field: Option<String>,
    pub reason: String,
    /// The source that the record names, where that much of it reads.
    pub source: Option<String>,
}

impl Refusal {
    pub(crate) fn whole(reason: impl Into<String>) -> Refusal {
        Refusal {
            id: None,
            field: None,
            reason: reason.into(),
            source: None,
        }
    }

    pub(crate) fn field(field: &str, reason: impl Into<String>) -> Refusal {
        Refusal {
            id: None,
            field: Some(field.to_owned()),
            reason: reason.into(),
            source: None,
        }
    }

    /// Names the record that is refused.
    pub(crate) fn of(self, record: &Json<'_>) -> Refusal {
        let named = self.named(record.text("id"));
        Refusal {
            source: source(record).ok().flatten(),
            ..named
        }
    }

    /// With this id, if it is none too long.
    pub(super) fn named(self, id: Option<&str>) -> Refusal {
        let id = id.filter(|id| id.len() <= MAX_NAME_BYTES);
        Refusal {
            id: id.map(str::to_owned),
            ..self
        }
    }
}

/// A record's JSON, within bounds.
pub(crate) fn parse(text: &str) -> Result<Json<'_>, Refusal> {
    if text.len() > MAX_RECORD_BYTES {
        return Err(Refusal::whole(format!(
            "the record has {} bytes; at most {MAX_RECORD_BYTES} are read",
            text.len()
        )));
    }
    let record: Json<'_> =
        serde_json::from_str(text).map_err(|error| Refusal::whole(not_json(&error)))?;
    if !matches!(record, Json::Object(_)) {
        return Err(Refusal::whole("a record is a JSON object"));
    }
    let mut bounds = Bounds { values: 0 };
    match bounds.check(&record, 0) {
        Ok(()) => Ok(record),
        Err(broken) => Err(broken.refusal().of(&record)),
    }
}

fn not_json(error: &serde_json::Error) -> String {
    if error.to_string().starts_with("recursion limit") {
        format!("the record is nested too deeply; at most {MAX_DEPTH} levels are read")
    } else {
        format!("not valid JSON: {error}")
    }
}

struct Bounds {
    values: usize,
}

/// A bound that a record breaks, and where. The way there is told on the way back, so that a good
/// record costs nothing for it.
struct Broken {
    /// From the inside out; none when it is the whole record.
    path: Option<Vec<String>>,
    reason: String,
}

impl Bounds {
    fn check(&mut self, value: &Json<'_>, depth: usize) -> Result<(), Broken> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(Broken {
                path: None,
                reason: format!("the record holds more than {MAX_VALUES} values"),
            });
        }
        if depth > MAX_DEPTH {
            return Err(Broken::here(format!(
                "nested too deeply; at most {MAX_DEPTH} levels are read"
            )));
        }
        match value {
            Json::Text(text) => check_text(text),
            Json::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.check(item, depth + 1)
                        .map_err(|broken| broken.inside(format!("[{index}]")))?;
                }
                Ok(())
            }
            Json::Object(members) => {
                for (name, member) in members {
                    check_text(name)
                        .and_then(|()| self.check(member, depth + 1))
                        .map_err(|broken| broken.inside(name.to_string()))?;
                }
                Ok(())
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => Ok(()),
        }
    }
}

fn check_text(text: &str) -> Result<(), Broken> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Broken::here(format!(
            "has {} bytes; at most {MAX_TEXT_BYTES} are read",
            text.len()
        )));
    }
    if text.contains('\0') {
        return Err(Broken::here(
            "holds a NUL character, which no store can keep".to_owned(),
        ));
    }
    Ok(())
}

impl Broken {
    fn here(reason: String) -> Broken {
        Broken {
            path: Some(Vec::new()),
            reason,
        }
    }

    fn inside(mut self, step: String) -> Broken {
        if let Some(path) = &mut self.path {
            path.push(step);
        }
        self
    }

    /// Names the outermost few steps of the way.
    fn refusal(self) -> Refusal {
        let path = self.path.unwrap_or_default();
        let steps: Vec<&str> = path.iter().rev().take(4).map(String::as_str).collect();
        let field = steps.join(".").replace(".[", "[");
        Refusal {
            id: None,
            field: (!field.is_empty()).then_some(field),
            reason: self.reason,
            source: None,
        }
    }
}

/// Reads a record as the stream's type; a value that does not fit is refused with its field named.
pub(crate) fn typed<'de, T: Deserialize<'de>>(record: &'de Json<'_>) -> Result<T, Refusal> {
    // Keeping track of the path takes longer than reading, and only a refusal needs it.
    let read = T::deserialize(record).or_else(|_| serde_path_to_error::deserialize(record));
    read.map_err(|error: serde_path_to_error::Error<_>| {
        let path = error.path().to_string();
        let reason = error.into_inner().to_string();
        let field = match missing_field(&reason) {
            Some(name) if path == "." => name.to_owned(),
            Some(name) => format!("{path}.{name}"),
            None => path,
        };
        Refusal::field(&field, in_json_words(reason))
    })
}

/// Without the names that this program has for what it reads.
fn in_json_words(reason: String) -> String {
    // The last, since what stands before it is what was sent.
    match reason.rsplit_once("expected struct ") {
        Some((before, _)) => format!("{before}expected an object"),
        None => reason,
    }
}

fn missing_field(reason: &str) -> Option<&str> {
    reason.strip_prefix("missing field `")?.split('`').next()
}

/// Refuses an empty or over-long id, slug or account.
pub(crate) fn name(field: &str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::field(field, "is empty"));
    }
    if text.len() > MAX_NAME_BYTES {
        return Err(Refusal::field(
            field,
            format!(
                "has {} bytes; at most {MAX_NAME_BYTES} are read",
                text.len()
            ),
        ));
    }
    Ok(())
}

/// The source that a record names as its own.
pub(crate) fn source(record: &Json<'_>) -> Result<Option<String>, Refusal> {
    let Some(source) = record.text("source") else {
        return Ok(None);
    };
    name("source", source)?;
    Ok(Some(source.to_owned()))
}

/// The elements of a JSON array, or the lines of NDJSON, each still as text: one that is broken does
/// not take the others with it. `Err` when the array itself does not close.
pub fn elements(body: &str) -> Result<Vec<&str>, serde_json::Error> {
    let body = body.trim_start_matches('\u{feff}');
    if body.trim_start().starts_with('[') {
        let elements: Vec<&RawValue> = serde_json::from_str(body)?;
        return Ok(elements.into_iter().map(RawValue::get).collect());
    }
    Ok(body
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deeply_nested_element_does_not_take_the_others_with_it() {
        let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
        let body = format!(r#"[{{"id":"a","x":{deep}}},{{"id":"b"}}]"#);
        let elements = elements(&body).unwrap();
        assert_eq!(elements.len(), 2);
        assert!(
            parse(elements[0])
                .unwrap_err()
                .reason
                .contains("nested too deeply")
        );
        assert!(parse(elements[1]).is_ok());
    }

    #[test]
    fn a_text_in_the_place_of_an_object_is_refused_in_words_of_json() {
        #[derive(Debug, Deserialize)]
        struct Person {
            #[expect(dead_code, reason = "only read")]
            id: String,
        }
        #[derive(Debug, Deserialize)]
        struct Record {
            #[expect(dead_code, reason = "only read")]
            author: Person,
        }
        for sent in ["ada", "expected struct of steel"] {
            let text = format!(r#"{{"author":"{sent}"}}"#);
            let refusal = typed::<Record>(&parse(&text).unwrap()).unwrap_err();
            assert_eq!(refusal.field.as_deref(), Some("author"));
            let reason = format!("invalid type: string \"{sent}\", expected an object");
            assert_eq!(refusal.reason, reason);
        }
    }

    #[test]
    fn null_is_absent() {
        assert_eq!(
            parse(r#"{"id":"a","x":null}"#).unwrap(),
            parse(r#"{"id":"a"}"#).unwrap()
        );
    }

    #[test]
    fn a_nul_character_is_refused_with_its_field() {
        let refusal = parse(r#"{"id":"a","title":"x\u0000y"}"#).unwrap_err();
        assert_eq!(refusal.id.as_deref(), Some("a"));
        assert_eq!(refusal.field.as_deref(), Some("title"));
    }

    #[test]
    fn an_oversized_record_is_refused() {
        let text = format!(r#"{{"id":"{}"}}"#, "x".repeat(MAX_RECORD_BYTES));
        assert!(parse(&text).unwrap_err().reason.contains("bytes"));
    }
}
