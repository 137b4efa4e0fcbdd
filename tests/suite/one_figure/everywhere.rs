//! A figure as the API says it, held against its CSV, its list, and every place of a page that shows it.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use app::components::figure::{interval, normal_range};
use app::format::{self, Sample};
use app::view::figure::Figure;
use serde_json::Value;
use server::auth::role::{Role, Scope};
use server::metrics::catalogue::metric;
use tests::app::{App, Browser, Person};
use tests::script::Script;

use super::said::{self, Number, between, text};
use crate::shown::{holds, whole_list};

/// What must stand beside a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    Nothing,
    /// Its interval and its sample.
    Sample,
    /// Its normal range too.
    Range,
}

/// A reader of pages and a script over one company, with the figures that were asked for so far.
pub struct Everywhere {
    pub script: Script,
    browser: Browser,
    person: Person,
    figures: BTreeMap<String, Figure>,
    series: BTreeMap<String, Vec<Figure>>,
}

impl Everywhere {
    pub async fn at(app: &App) -> Result<Everywhere> {
        Ok(Everywhere {
            script: Script::with(app, Scope::Read).await?,
            browser: app.browser()?,
            person: app.signed_in(Role::Executive).await?,
            figures: BTreeMap::new(),
            series: BTreeMap::new(),
        })
    }

    pub async fn page(&self, path: &str) -> Result<String> {
        let request = self.browser.client.get(self.browser.at(path));
        let answer = request
            .header("cookie", self.person.cookie())
            .send()
            .await?;
        ensure!(answer.status().is_success(), "{path}: {}", answer.status());
        Ok(answer.text().await?)
    }

    /// The figure whose records are here, once its CSV and its list have said the same.
    pub async fn figure(&mut self, url: &str) -> Result<Figure> {
        if let Some(known) = self.figures.get(url) {
            return Ok(known.clone());
        }
        let (metric, query) = parted(url)?;
        let week = between(&format!("{query}&"), "week=", "&")
            .context("a week")?
            .to_owned();
        let rest = query.replace(&format!("week={week}&"), "");
        let api = format!("/api/v1/metrics/{metric}?from={week}&to={week}&{rest}");
        let told = self.script.json(&api).await?;
        let told = told["figures"].as_array().context("figures")?.clone();
        holds(
            &self.script.text(&format!("{api}&format=csv")).await?,
            &told,
        )?;
        let [told] = told
            .try_into()
            .map_err(|_| anyhow::anyhow!("{api}: one figure"))?;
        let figure: Figure = serde_json::from_value(told)?;
        assert_eq!(figure.records_url, url);
        let (records, _) = whole_list(&self.script, &format!("/api/v1{url}")).await?;
        assert_eq!(records.len() as u64, figure.sample, "{url}");
        let csv = self
            .script
            .text(&format!("/api/v1{url}&format=csv"))
            .await?;
        let rows = csv::Reader::from_reader(csv.as_bytes())
            .into_records()
            .count();
        assert_eq!(rows as u64, figure.sample, "{url}");
        self.figures.insert(url.to_owned(), figure.clone());
        Ok(figure)
    }

    /// Holds every number of a page, or of a part of it, against its figure; answers how many there are.
    pub async fn hold(&mut self, html: &str, beside: Beside) -> Result<usize> {
        let numbers = said::numbers(html);
        for number in &numbers {
            let figure = self.figure(&number.url).await?;
            says(number, &figure)?;
            stands(number, &figure, beside)?;
        }
        Ok(numbers.len())
    }

    /// Holds the numbers behind a chart against the figures of their weeks, of the same series as this
    /// one.
    pub async fn hold_rows(&mut self, of: &Figure, rows: &said::Rows) -> Result<()> {
        let series = self.series(of).await?;
        ensure!(!rows.is_empty(), "no rows of {}", of.records_url);
        for row in rows {
            let own = series.iter().find(|own| format::week(&own.week) == row[0]);
            let own = own.with_context(|| row[0].clone())?;
            let value = match own.value {
                Some(value) => format::value(value, own.unit, Sample(own.sample)),
                None => format!("{} no value", format::ABSENT),
            };
            let records = match (own.value, own.sample) {
                (None, 0) => format::ABSENT.to_owned(),
                (_, sample) => format::count(sample),
            };
            let shown = row[2].split(' ').next().unwrap_or_default();
            assert_eq!(
                (&row[1], shown),
                (&value, records.as_str()),
                "{} {}",
                of.metric,
                own.week
            );
        }
        Ok(())
    }

    /// The figures of a year of the same series, as the API says them.
    pub async fn series(&mut self, of: &Figure) -> Result<Vec<Figure>> {
        let last: server::metrics::week::Week = of.week.parse().map_err(anyhow::Error::msg)?;
        let from = last.plus(-60);
        let path = format!(
            "/api/v1/metrics/{}?from={from}&to={last}&scope={}&segment={}",
            of.metric, of.scope, of.segment
        );
        if !self.series.contains_key(&path) {
            let told = self.script.json(&path).await?;
            let figures = serde_json::from_value(told["figures"].clone())?;
            self.series.insert(path.clone(), figures);
        }
        Ok(self.series[&path].clone())
    }
}

/// Metric and query of a list's address.
fn parted(url: &str) -> Result<(&str, &str)> {
    let rest = url.strip_prefix("/records/").context("a list")?;
    rest.split_once('?').with_context(|| url.to_owned())
}

/// What a number may be called: by its metric, or by the stage it is on a workflow's page.
fn names(figure: &Figure) -> Vec<&'static str> {
    let own = metric(&figure.metric).map(|metric| metric.name);
    let stage = match figure.metric.as_str() {
        "stage_coding" => Some("coding"),
        "stage_pickup" => Some("waiting for review"),
        "stage_review" => Some("review"),
        "stage_deploy" => Some("to production"),
        _ => None,
    };
    own.into_iter().chain(stage).collect()
}

/// Fails unless a number reads aloud as its figure does.
fn says(number: &Number, figure: &Figure) -> Result<()> {
    let week = format::week_name(&figure.week);
    let noun = metric(&figure.metric).context("a metric")?.records_noun;
    let expected = names(figure).into_iter().flat_map(|name| {
        let before = format!("{name}, {week}: ");
        match format::figure(figure) {
            Some(value) => [noun, "records"].map(|noun| {
                let sample = format::counted(figure.sample, noun);
                format!("{before}{value}, from {sample}: open the list")
            }),
            None => [(); 2].map(|()| format!("{before}{} No value", format::ABSENT)),
        }
    });
    let expected: Vec<String> = expected.collect();
    ensure!(
        expected.contains(&number.aloud),
        "{number:?} is none of {expected:?}"
    );
    Ok(())
}

/// Fails unless what must stand beside a number does.
fn stands(number: &Number, figure: &Figure, beside: Beside) -> Result<()> {
    let noun = metric(&figure.metric).context("a metric")?.records_noun;
    let sample = format::counted(figure.sample, noun);
    let mut expected = Vec::new();
    if beside != Beside::Nothing {
        expected.push(sample);
        expected.extend(interval(figure, noun));
    }
    if beside == Beside::Range {
        expected.extend(normal_range(figure));
    }
    for said in expected {
        ensure!(
            number.beside.contains(&said),
            "{said} is not beside {number:?}"
        );
    }
    Ok(())
}

/// The links of a list to its other segments: where each leads, and how many records it says.
pub fn segments(html: &str) -> Vec<(String, String)> {
    let nav = between(html, "class=\"segments\"", "</nav>").unwrap_or_default();
    let links = nav.split("<a ").skip(1);
    let told = links.filter_map(|link| {
        let url = between(link, "href=\"", "\"")?.replace("&amp;", "&");
        Some((url, text(between(link, "<small>", "</small>")?)))
    });
    told.collect()
}

/// Everything of a JSON document that is a figure.
pub fn figures_in(value: &Value) -> Vec<Figure> {
    match value {
        Value::Array(items) => items.iter().flat_map(figures_in).collect(),
        Value::Object(fields)
            if fields.contains_key("records_url") && fields.contains_key("settles") =>
        {
            serde_json::from_value(value.clone()).into_iter().collect()
        }
        Value::Object(fields) => fields.values().flat_map(figures_in).collect(),
        _ => Vec::new(),
    }
}
