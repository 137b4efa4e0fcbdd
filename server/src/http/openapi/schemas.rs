//! The shapes of what is answered: every field stands in each answer, null where it is absent.

mod receipt;
mod review;

use app::view::figure::State;
use app::view::records::Level;
use app::view::search::PlaceKind;
use app::view::signal::{Rule, Signal};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// All shapes, by name.
pub fn all() -> Value {
    let shapes = records_and_figures().into_iter();
    let shapes = shapes.chain(review::shapes()).chain(receipt::shapes());
    let named: Map<String, Value> = shapes
        .map(|(name, shape)| (name.to_owned(), shape))
        .collect();
    Value::Object(named)
}

type Shape = (&'static str, Value);

fn records_and_figures() -> Vec<Shape> {
    vec![
        (
            "Unit",
            json!({"type": "string", "description": "count, seconds, ratio (0 to 1), or the currency of an amount of money, such as EUR, and money where the company has named no currency; amounts of money are decimal texts", "pattern": "^(count|seconds|ratio|money|[A-Z]{3})$"}),
        ),
        ("Signal", signals()),
        ("Rule", rules()),
        ("State", states()),
        ("Figure", figure()),
        ("Figures", object(&[("figures", list(named("Figure")))])),
        ("Evidence", evidence()),
        ("Record", record()),
        ("Records", records()),
        ("Metric", metric()),
        ("Place", place()),
        (
            "Search",
            object(&[("query", text()), ("places", list(named("Place")))]),
        ),
        ("Metrics", object(&[("metrics", list(named("Metric")))])),
        ("RefusedRecord", refused()),
        ("Outcome", outcome()),
        ("Evals", evals()),
        ("Problem", problem()),
    ]
}

fn signals() -> Value {
    words(&[
        Signal::Better,
        Signal::Worse,
        Signal::Up,
        Signal::Down,
        Signal::Routine,
        Signal::TooFew,
        Signal::None,
    ])
}

fn rules() -> Value {
    words(&[
        Rule::OutsideLimits,
        Rule::ThreeOfFourNearLimit,
        Rule::EightOnOneSide,
    ])
}

fn states() -> Value {
    words(&[
        State::None,
        State::Stale,
        State::Partial,
        State::Restated,
        State::Maturing,
        State::TooFew,
        State::Provisional,
        State::Estimated,
        State::Exact,
    ])
}

fn figure() -> Value {
    object(&[
        ("metric", text()),
        ("week", text()),
        ("scope", text()),
        ("segment", text()),
        ("value", or_null(number())),
        ("unit", named("Unit")),
        ("sample", whole()),
        ("numerator", or_null(whole())),
        ("denominator", or_null(whole())),
        ("p90", or_null(number())),
        ("low", or_null(number())),
        ("high", or_null(number())),
        ("parts", or_null(json!({"type": "object"}))),
        ("interval", or_null(pair(number()))),
        ("normal_range", or_null(pair(number()))),
        ("signal", named("Signal")),
        ("rule", or_null(named("Rule"))),
        ("state", named("State")),
        ("settles", instant()),
        ("reason", or_null(text())),
        ("definition_version", whole()),
        ("records_url", text()),
    ])
}

fn place() -> Value {
    let kinds = words(&[
        PlaceKind::Page,
        PlaceKind::Workflow,
        PlaceKind::Metric,
        PlaceKind::Week,
        PlaceKind::Record,
    ]);
    object(&[("kind", kinds), ("name", text()), ("url", text())])
}

fn evidence() -> Value {
    let levels = words(&[Level::Recorded, Level::Declared, Level::Inferred]);
    object(&[("level", levels), ("what", text())])
}

fn record() -> Value {
    object(&[
        ("id", text()),
        ("kind", text()),
        ("title", or_null(text())),
        ("url", or_null(text())),
        ("at", instant()),
        ("value", or_null(number())),
        ("unit", named("Unit")),
        ("parts", json!({"type": "object"})),
        ("reason", or_null(text())),
        ("segment", text()),
        ("evidence", list(named("Evidence"))),
        ("receipt_url", or_null(text())),
    ])
}

fn records() -> Value {
    object(&[
        ("records", list(named("Record"))),
        ("next", or_null(text())),
        ("left_out", list(named("Record"))),
    ])
}

fn metric() -> Value {
    object(&[
        ("metric", text()),
        ("name", text()),
        ("unit", named("Unit")),
        ("definition_version", whole()),
        ("figures_url", text()),
        ("definition_url", text()),
    ])
}

fn refused() -> Value {
    object(&[
        ("index", whole()),
        ("id", or_null(text())),
        ("field", or_null(text())),
        ("reason", text()),
    ])
}

fn evals() -> Value {
    let run = object(&[
        ("suite", text()),
        ("cases", whole()),
        ("passed", whole()),
        ("threshold_ratio", or_null(number())),
        ("is_met", or_null(flag())),
        ("summary", text()),
    ]);
    object(&[
        ("runs", list(run)),
        ("accepted", whole()),
        ("repeated", whole()),
        ("refused", list(refused())),
    ])
}

fn outcome() -> Value {
    object(&[
        ("accepted", whole()),
        ("repeated", whole()),
        ("refused", list(named("RefusedRecord"))),
    ])
}

fn problem() -> Value {
    object(&[
        ("type", text()),
        ("title", text()),
        ("status", whole()),
        ("detail", text()),
        ("instance", text()),
    ])
}

/// A shape that stands elsewhere under its name.
pub fn named(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// All of these fields.
fn object(fields: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let shapes: Map<String, Value> = fields
        .iter()
        .map(|(name, shape)| ((*name).to_owned(), shape.clone()))
        .collect();
    json!({"type": "object", "properties": shapes, "required": names})
}

/// One of the words that the code writes for these.
fn words<T: Serialize>(all: &[T]) -> Value {
    json!({"type": "string", "enum": all})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

fn pair(items: Value) -> Value {
    json!({"type": "array", "items": items, "minItems": 2, "maxItems": 2})
}

fn either(shapes: &[Value]) -> Value {
    json!({"anyOf": shapes})
}

fn or_null(shape: Value) -> Value {
    either(&[shape, json!({"type": "null"})])
}

fn text() -> Value {
    json!({"type": "string"})
}

fn instant() -> Value {
    json!({"type": "string", "format": "date-time"})
}

fn day() -> Value {
    json!({"type": "string", "format": "date"})
}

fn number() -> Value {
    json!({"type": "number"})
}

fn whole() -> Value {
    json!({"type": "integer"})
}

fn flag() -> Value {
    json!({"type": "boolean"})
}
