//! `make bench`: the speed that is promised, measured in one run on one machine, and whether it holds.
//!
//! Ratios compare two things measured side by side here, so that they mean the same on any machine.
//! `ONEHOP_BENCH_SCALE=0.01` is a quick look; names of questions as arguments ask only those.
#![allow(clippy::print_stdout, reason = "it answers on standard output")]

mod agents;
mod answer;
mod bare;
mod company;
mod deliveries;
mod delivery;
mod git;
mod judging;
mod late;
mod memory;
mod noise;
mod normal;
mod one_change;
mod otlp;
mod pages;
mod push;
mod rates;
mod reading;
mod ready;
mod review;
mod rivals;
mod sync;
mod times;

use std::process::ExitCode;

use anyhow::Result;
use mimalloc::MiMalloc;

use answer::Answer;
use company::Company;

const QUESTIONS: [&str; 16] = [
    "push",
    "import",
    "delivery",
    "git",
    "sync",
    "otlp",
    "rivals",
    "full_ingest",
    "agents",
    "one_change",
    "review",
    "judging",
    "ready",
    "serve",
    "noise",
    "rates",
];

/// The same as the program's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    // Cargo adds `--bench`.
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    if let Some(unknown) = named
        .iter()
        .find(|name| !QUESTIONS.contains(&name.as_str()))
    {
        anyhow::bail!(
            "there is no question {unknown}; there are {}",
            QUESTIONS.join(", ")
        );
    }
    let scale = company::scale()?;
    let mut company = None;
    let mut answers = Vec::new();
    for question in QUESTIONS {
        if named.is_empty() || named.iter().any(|name| name == question) {
            println!("\n{question}");
            let found = match question {
                "noise" => vec![noise::answer()?],
                "rates" => vec![rates::answer()?],
                "sync" => sync::answer().await?,
                "otlp" => otlp::answer(scale).await?,
                "rivals" => rivals::answer(scale).await?,
                "full_ingest" => vec![memory::taking(scale).await?],
                "agents" => agents::answer(scale).await?,
                _ => {
                    let generated = company
                        .take()
                        .map_or_else(|| Company::generate(scale), Ok)?;
                    ask(question, company.insert(generated)).await?
                }
            };
            for answer in found {
                println!("  {answer}");
                answers.push(answer);
            }
        }
    }
    println!();
    for answer in &answers {
        println!("{answer}");
    }
    let all_hold = answers.iter().all(Answer::holds);
    Ok(if all_hold {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn ask(question: &str, company: &Company) -> Result<Vec<Answer>> {
    Ok(match question {
        "push" => vec![push::answer(company).await?],
        "import" => vec![memory::importing(company)?],
        "delivery" => delivery::answer(company).await?,
        "git" => vec![git::answer(company)?],
        "one_change" => vec![one_change::answer(company).await?],
        "review" => review::answer(company).await?,
        "judging" => vec![judging::answer(company).await?],
        "ready" => vec![ready::answer(company).await?],
        _ => vec![memory::serving(company).await?],
    })
}
