//! An app that is installed at a forge: it signs with its key what the forge verifies, and gets a token of an
//! hour for it.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{self, KeyPair as _, UnparsedPublicKey};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Held, TOKEN, json as answered, said};

/// What the app is called, and where it is installed.
pub const APP_ID: u64 = 42;
pub const INSTALLATION_ID: u64 = 7;

/// A key that was made for one test.
pub struct App {
    /// As it is downloaded from the page of an app.
    pub key: String,
    pub(super) public: Vec<u8>,
}

impl App {
    #[expect(clippy::new_without_default, reason = "each is another")]
    pub fn new() -> App {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
        let body = BASE64_STANDARD.encode(der.as_ref());
        let begin_and_end = ["BEGIN", "END"].map(|word| format!("-----{word} PRIVATE KEY-----"));
        let [begin, end] = begin_and_end;
        App {
            key: format!("{begin}\n{body}\n{end}\n"),
            public: pair.public_key().as_ref().to_vec(),
        }
    }
}

/// The answer to what only an app may ask; none where something else is asked.
pub(super) fn answer(
    held: &Held,
    (method, path): (&Method, &str),
    token: Option<&str>,
) -> Option<Response> {
    let rest = path.strip_prefix("/app/")?;
    if !token.is_some_and(|own| is_signed(held, own)) {
        return Some(said(
            StatusCode::UNAUTHORIZED,
            "A JSON web token could not be decoded",
        ));
    }
    let path: Vec<&str> = rest.split('/').collect();
    Some(match (method.as_str(), path.as_slice()) {
        ("POST", ["installations", id, "access_tokens"]) if id.parse() == Ok(INSTALLATION_ID) => {
            let token =
                json!({"token": TOKEN, "permissions": {}, "expires_at": "2199-01-01T00:00:00Z"});
            answered(StatusCode::CREATED, &token)
        }
        ("GET", ["hook", "deliveries"]) => {
            let newest_first: Vec<Value> = held.deliveries.iter().rev().cloned().collect();
            answered(StatusCode::OK, &Value::Array(newest_first))
        }
        ("POST", ["hook", "deliveries", _, "attempts"]) => {
            answered(StatusCode::ACCEPTED, &json!({}))
        }
        _ => said(StatusCode::NOT_FOUND, "Not Found"),
    })
}

/// Whether the app signed it, as its own.
fn is_signed(held: &Held, token: &str) -> bool {
    let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).ok();
    let checked = || {
        let (text, signature) = token.rsplit_once('.')?;
        let algorithm = &signature::RSA_PKCS1_2048_8192_SHA256;
        let key = UnparsedPublicKey::new(algorithm, held.app.as_ref()?);
        key.verify(text.as_bytes(), &decode(signature)?).ok()?;
        let claims: Value = serde_json::from_slice(&decode(text.split_once('.')?.1)?).ok()?;
        let issuer = match &claims["iss"] {
            Value::String(text) => text.parse().ok(),
            number => number.as_u64(),
        };
        (issuer == Some(APP_ID)).then_some(())
    };
    checked().is_some()
}
