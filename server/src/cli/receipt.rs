//! `onehop receipt verify`: whether a signed receipt is what was signed, and by which key.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::json;

use super::say;
use crate::signing::{self, Verified};

/// Receipts that were exported and signed
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Verify(Verify),
}

/// Check that a signed receipt is what was signed, byte for byte.
///
/// It needs no database and no network: the file holds the receipt, the public key and the signature. A
/// signature proves the key, not the company: compare the key that is printed with the one that `onehop
/// doctor` tells where the receipt came from, or give it with --public-key. Ends with 1 when the receipt
/// was changed, was not signed, or was signed with another key.
#[derive(clap::Args, Debug)]
struct Verify {
    /// What `onehop export receipt` wrote
    file: PathBuf,
    /// The only key that is accepted, in 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    public_key: Option<String>,
    /// Say what was found as JSON.
    #[arg(long)]
    json: bool,
}

impl Args {
    pub fn run(self) -> anyhow::Result<()> {
        let What::Verify(verify) = self.what;
        verify.run()
    }
}

impl Verify {
    fn run(self) -> anyhow::Result<()> {
        let verified = read(&self.file)?;
        let key = verified.public_key.as_str();
        let expected = self
            .public_key
            .as_deref()
            .map(|hex| hex.trim().to_ascii_lowercase());
        if expected.as_deref().is_some_and(|expected| expected != key) {
            bail!(
                "{} was signed with another key, {key}; nothing is proven",
                self.file.display()
            );
        }
        let of = |member: &str| verified.receipt[member].as_str().unwrap_or("not told");
        let (kind, id, company, at) = (of("kind"), of("id"), of("company"), of("exported_at"));
        if self.json {
            return say::json(&json!({
                "verified": true, "kind": kind, "id": id, "company": company, "exported_at": at,
                "public_key": key,
            }));
        }
        say::line(&format!(
            "verified: the receipt of the {kind} {id} of {company}, exported {at}"
        ))?;
        say::line(&format!("signed by: {key}"))?;
        match expected {
            Some(_) => say::line("which is the key that was expected."),
            None => say::line(
                "A signature proves the key, not the company: compare it with the key that `onehop doctor` tells there.",
            ),
        }
    }
}

fn read(file: &Path) -> anyhow::Result<Verified> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let text = String::from_utf8(bytes).map_err(|_| signing::Unproven::Form);
    text.and_then(|text| signing::verify(&text))
        .with_context(|| format!("{} does not verify", file.display()))
}
