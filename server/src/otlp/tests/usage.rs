//! What a span used and cost.

use serde_json::{Value, json};

use crate::otlp::Tokens;
use crate::otlp::fixture::row;

fn tokens(input: u64, cached_input: u64, output: u64) -> Option<Tokens> {
    Some(Tokens {
        model: "m".to_owned(),
        input,
        cached_input,
        output,
    })
}

#[test]
fn cached_tokens_are_counted_once_whoever_counts_them() {
    let read = |own: Value| {
        let mut own = own;
        own["gen_ai.request.model"] = json!("m");
        row(&own).tokens
    };
    // The GenAI conventions, now and before, and OpenInference: input holds the cached ones.
    let genai = json!({"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 9,
        "gen_ai.usage.cache_read.input_tokens": 60, "gen_ai.usage.cache_creation.input_tokens": 10});
    assert_eq!(read(genai), tokens(100, 60, 9));
    let older = json!({"gen_ai.usage.prompt_tokens": 100, "gen_ai.usage.completion_tokens": 9});
    assert_eq!(read(older), tokens(100, 0, 9));
    let inference = json!({"llm.token_count.prompt": 100, "llm.token_count.completion": 9,
        "llm.token_count.total": 109, "llm.token_count.prompt_details.cache_read": 60});
    assert_eq!(read(inference), tokens(100, 60, 9));
    // Anthropic's own counts lie beside each other.
    let beside = json!({"input_tokens": 2, "output_tokens": "9", "cache_read_tokens": "60",
        "cache_creation_tokens": 10});
    assert_eq!(read(beside), tokens(72, 60, 9));
    // A total tells that input was sent without them.
    let told = json!({"gen_ai.usage.input_tokens": 30, "gen_ai.usage.output_tokens": 9,
        "gen_ai.usage.cache_read.input_tokens": 60, "gen_ai.usage.total_tokens": 99});
    assert_eq!(read(told), tokens(90, 60, 9));
}

#[test]
fn counts_that_contradict_themselves_are_not_counted_and_the_span_is_kept() {
    let more = json!({"gen_ai.usage.input_tokens": 10, "gen_ai.usage.cache_read.input_tokens": 60});
    let without_input = json!({"gen_ai.usage.output_tokens": 9});
    let many = json!({"gen_ai.usage.input_tokens": i64::MAX});
    let negative = json!({"gen_ai.usage.input_tokens": -1});
    for own in [more, without_input, many, negative] {
        assert_eq!(row(&own).tokens, None, "{own}");
    }
}

#[test]
fn cost_is_exact_as_it_was_written() {
    let cost = |own: Value| row(&own).cost.map(|own| own.to_string());
    assert_eq!(cost(json!({"llm.cost.total": 0.1})).as_deref(), Some("0.1"));
    assert_eq!(
        cost(json!({"gen_ai.usage.cost": "0.0171"})).as_deref(),
        Some("0.0171")
    );
    assert_eq!(
        cost(json!({"gen_ai.usage.cost": 1.5e-7})).as_deref(),
        Some("0.00000015")
    );
    let both = json!({"cost_usd": 0.017_100_000_1, "cost_usd_micros": 17_100});
    assert_eq!(cost(both).as_deref(), Some("0.0171"));
    for none in [
        json!(-1.0),
        json!("free"),
        json!(1e300),
        json!("NaN"),
        json!([1]),
    ] {
        assert_eq!(cost(json!({"llm.cost.total": none})), None);
    }
}
