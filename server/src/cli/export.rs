//! `onehop export review|metric|records|receipt`: what a page shows, figures, the records behind them, and
//! what is known of one of these, signed.

use std::path::PathBuf;

use app::backend::RecordsQuery;

use super::{Setting, say};
use crate::http::file;
use crate::metrics::catalogue::CATALOGUE;
use crate::store::{Db, registry};
use crate::views::records::{self, Part};
use crate::views::{self, receipt, review, table};

/// Write a review, figures, the records behind one, or a signed receipt, to standard output.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Review(Review),
    Metric(Metric),
    Records(Records),
    Receipt(Receipt),
}

/// The review of a week: all that its page shows as JSON, its fixed table as CSV, or the page as one
/// HTML file that needs no server.
#[derive(clap::Args, Debug)]
struct Review {
    /// The week, such as 2026-W47, or latest: the latest complete one.
    #[arg(long, default_value = review::LATEST)]
    week: String,
    /// company, service:SLUG or workflow:SLUG.
    #[arg(long, default_value = "company")]
    scope: String,
    /// How it is written.
    #[arg(long, default_value = "json")]
    format: ReviewFormat,
    /// The instant taken as now (RFC 3339); the clock when absent.
    #[arg(long, value_name = "INSTANT", value_parser = super::instant)]
    as_of: Option<i64>,
    /// The file to write instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The figures of one metric, week by week.
#[derive(clap::Args, Debug)]
struct Metric {
    /// A metric's id, such as pr_cycle_time.
    metric: String,
    /// company, service:SLUG or workflow:SLUG.
    #[arg(long, default_value = "company")]
    scope: String,
    /// all, agent, assisted or unmarked.
    #[arg(long, default_value = "all")]
    segment: String,
    /// The first week, such as 2026-W01; the first with a record when absent.
    #[arg(long, value_name = "WEEK")]
    from: Option<String>,
    /// The last week; the latest complete one when absent.
    #[arg(long, value_name = "WEEK")]
    to: Option<String>,
    /// How it is written.
    #[arg(long, default_value = "json")]
    format: Format,
    /// The instant taken as now (RFC 3339); the clock when absent.
    #[arg(long, value_name = "INSTANT", value_parser = super::instant)]
    as_of: Option<i64>,
}

/// The records behind one figure, as many as its sample. JSON also lists those it leaves out.
#[derive(clap::Args, Debug)]
struct Records {
    /// A metric's id, such as pr_cycle_time.
    metric: String,
    /// The week, such as 2026-W47; the latest complete one when absent.
    #[arg(long)]
    week: Option<String>,
    /// company, service:SLUG or workflow:SLUG.
    #[arg(long, default_value = "company")]
    scope: String,
    /// all, agent, assisted or unmarked.
    #[arg(long, default_value = "all")]
    segment: String,
    /// How it is written.
    #[arg(long, default_value = "json")]
    format: Format,
    /// The instant taken as now (RFC 3339); the clock when absent.
    #[arg(long, value_name = "INSTANT", value_parser = super::instant)]
    as_of: Option<i64>,
}

/// What is known of one thing and every figure it stands behind, signed: `onehop receipt verify` proves
/// it anywhere.
#[derive(clap::Args, Debug)]
struct Receipt {
    /// change, run, artifact, deployment, incident or defect.
    kind: String,
    /// Its id, as its source names it.
    id: String,
    /// How it is written.
    #[arg(long, default_value = "json")]
    format: ReceiptFormat,
    /// The instant that is written as that of the export (RFC 3339); the clock when absent.
    #[arg(long, value_name = "INSTANT", value_parser = super::instant)]
    as_of: Option<i64>,
    /// The file to write instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum ReceiptFormat {
    Json,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum ReviewFormat {
    Json,
    Csv,
    Html,
}

impl Args {
    pub async fn run(self, db: &Db, setting: &Setting) -> anyhow::Result<()> {
        match self.what {
            What::Review(review) => review.run(db, setting).await,
            What::Metric(metric) => metric.run(db, setting.now()).await,
            What::Records(records) => records.run(db, setting.now()).await,
            What::Receipt(receipt) => receipt.run(db, setting).await,
        }
    }
}

impl Review {
    async fn run(self, db: &Db, setting: &Setting) -> anyhow::Result<()> {
        let now_ms = self.as_of.unwrap_or_else(|| setting.now());
        let review = review::review(db, Some(&self.week), Some(&self.scope), now_ms).await?;
        let text = match self.format {
            ReviewFormat::Json => table::review_json(&review)?,
            ReviewFormat::Csv => table::review_csv(&review)?,
            ReviewFormat::Html => {
                let public_url = setting.config.public_url(setting.config.listen);
                file::review(review, &public_url)
            }
        };
        say::text(&text, self.output.as_deref())
    }
}

impl Metric {
    async fn run(self, db: &Db, clock_ms: i64) -> anyhow::Result<()> {
        let now_ms = self.as_of.unwrap_or(clock_ms);
        let asked = table::Weeks {
            metric: &self.metric,
            scope: Some(&self.scope),
            segment: Some(&self.segment),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
        };
        let figures = table::figures(db, asked, now_ms).await.map_err(not_there)?;
        match self.format {
            Format::Json => say::json(&serde_json::json!({ "figures": figures })),
            Format::Csv => say::line(table::figures_csv(&figures)?.trim_end()),
        }
    }
}

impl Records {
    async fn run(self, db: &Db, clock_ms: i64) -> anyhow::Result<()> {
        let query = RecordsQuery {
            week: self.week,
            scope: Some(self.scope),
            segment: Some(self.segment),
            ..RecordsQuery::default()
        };
        let mut tx = db.read().await?;
        let registry = registry::load(&mut tx).await?;
        let asked = records::Asked::read(
            &self.metric,
            &query,
            &registry,
            self.as_of.unwrap_or(clock_ms),
        )
        .map_err(not_there)?;
        let lists = records::lists(&mut tx, &asked, Part::WHOLE).await?;
        match self.format {
            Format::Json => say::json(&serde_json::json!({
                "records": lists.counted, "next": null, "left_out": lists.left_out,
            })),
            Format::Csv => say::line(table::records_csv(&lists.counted)?.trim_end()),
        }
    }
}

impl Receipt {
    async fn run(self, db: &Db, setting: &Setting) -> anyhow::Result<()> {
        let ReceiptFormat::Json = self.format;
        let receipt = receipt::receipt(db, &self.kind, &self.id).await?;
        let now_ms = self.as_of.unwrap_or_else(|| setting.now());
        let receipt = receipt::exported(&receipt, now_ms)?;
        say::text(&setting.signer.sign(&receipt)?, self.output.as_deref())
    }
}

/// Says what there is to whoever asked for what there is not.
fn not_there(error: views::Error) -> anyhow::Error {
    let views::Error::NotFound(_) = &error else {
        return error.into();
    };
    let metrics: Vec<&str> = CATALOGUE.iter().map(|metric| metric.id).collect();
    anyhow::anyhow!(
        "{error}; the metrics are {}, and services and workflows are those that `onehop apply` registered",
        metrics.join(", ")
    )
}
