//! The shape of a receipt.

use app::view::receipt::{Kind, Question, State};
use app::view::records::Level;
use serde_json::{Value, json};

use super::{Shape, flag, instant, list, named, object, or_null, text, whole, words};

/// A receipt, and what stands in it.
pub fn shapes() -> Vec<Shape> {
    vec![
        ("Receipt", receipt()),
        ("SignedReceipt", signed()),
        ("Signature", signature()),
        ("ReceiptAnswer", answer()),
        ("ReceiptEvent", event()),
        ("ReceiptAttribution", attribution()),
        ("ReceiptRecord", record()),
        (
            "Level",
            words(&[Level::Recorded, Level::Declared, Level::Inferred]),
        ),
        ("Link", object(&[("text", text()), ("url", text())])),
    ]
}

fn receipt() -> Value {
    let states = [State::Counted, State::NotCounted, State::Corrected];
    let workflow = object(&[
        ("slug", text()),
        ("name", text()),
        ("dri", or_null(text())),
        ("tier", or_null(text())),
    ]);
    let agent = object(&[
        ("name", text()),
        ("tier", or_null(text())),
        ("is_registered", flag()),
    ]);
    let source = object(&[
        ("name", text()),
        ("records", whole()),
        ("newest_at", or_null(instant())),
    ]);
    object(&[
        ("kind", words(&Kind::ALL)),
        ("id", text()),
        ("title", text()),
        ("what", text()),
        ("url", or_null(text())),
        ("company", text()),
        ("time_zone", text()),
        ("week", or_null(text())),
        ("service", or_null(text())),
        ("workflows", list(workflow)),
        ("agent", or_null(agent)),
        ("state", words(&states)),
        ("answers", list(named("ReceiptAnswer"))),
        ("timeline", list(named("ReceiptEvent"))),
        ("sources", list(source)),
        ("computed", list(computed())),
        ("items", list(item())),
        ("counted", list(counted())),
        ("not_counted", list(not_counted())),
        ("attribution", named("ReceiptAttribution")),
        ("cost", list(cost())),
        ("no_cost", or_null(text())),
        ("quality", list(quality())),
        ("raw", list(named("ReceiptRecord"))),
        ("more_raw", whole()),
        ("correction_url", or_null(text())),
        ("bodies_url", or_null(text())),
    ])
}

fn signed() -> Value {
    let said = "A Receipt with exported_at; the signature is of its canonical JSON.";
    object(&[
        ("receipt", json!({"type": "object", "description": said})),
        ("signature", named("Signature")),
    ])
}

fn signature() -> Value {
    object(&[
        ("algorithm", json!({"const": "Ed25519"})),
        ("public_key", text()),
        ("value", text()),
    ])
}

fn answer() -> Value {
    let found = object(&[
        ("what", text()),
        ("link", or_null(named("Link"))),
        ("level", named("Level")),
        ("by", or_null(text())),
        ("is_exception", flag()),
    ]);
    object(&[
        ("question", words(&Question::ALL)),
        ("found", list(found)),
        ("missing", or_null(text())),
    ])
}

fn event() -> Value {
    object(&[
        ("at", instant()),
        ("local", text()),
        ("what", text()),
        ("link", or_null(named("Link"))),
        ("source", or_null(text())),
        ("record", or_null(text())),
        ("gap", or_null(text())),
    ])
}

fn computed() -> Value {
    object(&[
        ("metric", text()),
        ("name", text()),
        ("said", text()),
        ("note", or_null(text())),
    ])
}

fn item() -> Value {
    object(&[
        ("item", text()),
        ("is_met", flag()),
        ("level", or_null(named("Level"))),
        ("what", text()),
    ])
}

fn counted() -> Value {
    object(&[
        ("metric", text()),
        ("name", text()),
        ("week", text()),
        ("contribution", text()),
        ("records_url", text()),
    ])
}

fn not_counted() -> Value {
    object(&[("metric", text()), ("name", text()), ("reason", text())])
}

fn attribution() -> Value {
    let made = object(&[
        ("at", instant()),
        ("by", text()),
        ("was", text()),
        ("value", text()),
        ("reason", text()),
    ]);
    object(&[
        ("stands", text()),
        ("evidence", list(named("Evidence"))),
        ("reason", or_null(text())),
        ("made", list(made)),
    ])
}

fn cost() -> Value {
    object(&[
        ("of", named("Link")),
        ("amount", or_null(text())),
        ("how", text()),
    ])
}

fn quality() -> Value {
    object(&[
        ("what", text()),
        ("said", text()),
        ("link", or_null(named("Link"))),
        ("at", or_null(instant())),
        ("is_bad", flag()),
    ])
}

fn record() -> Value {
    object(&[
        ("stream", text()),
        ("id", text()),
        ("source", or_null(text())),
        ("received_at", or_null(instant())),
        ("hash", text()),
        ("record", or_null(json!({"type": "object"}))),
    ])
}
