//! One figure everywhere: every page that shows it, its JSON, its CSV and its list say the same, and a
//! script that shares no code with the server computes it again from the list.

mod everywhere;
mod said;

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use app::format;
use app::view::answer::{Answer, Compared, Side, Span};
use app::view::figure::Figure;
use serde_json::{Value, json};
use server::freeze::freeze;
use server::metrics::catalogue::{CATALOGUE, Group};
use server::metrics::week::Week;
use server::store::registry::Kind;
use tests::app::App;
use tests::company::{Company, Work, log_normal, week};
use tests::database::Database;
use tests::{command, deliver, repository};

use crate::shown::holds;
use everywhere::{Beside, Everywhere, figures_in, segments};
use said::{between, numbers, tables, text};

/// The shown week: settled by [`tests::app::NOW_MS`], and the sixteenth that brings anything.
const SHOWN: i32 = 43;
const SCOPES: [&str; 3] = ["company", "workflow:checkout", "service:desk"];

/// Two workflows: one of people's work and agents' in two services, which gets faster and sloppier in
/// the end, and one of a service that stays as it is.
fn company() -> Company {
    let of = |service, number, work: Work| (number, Work { service, ..work });
    let works = (28..=SHOWN).flat_map(|number| {
        let mut shop = Work {
            deployments: if number % 2 == 0 { 20 } else { 18 },
            ..Work::default()
        };
        if number > SHOWN - 2 {
            shop.durations_ms = log_normal(20, 4.0);
            shop.failing = 12;
            shop.defects_in = &["production", "pre_release"];
        }
        let bots = Work {
            durations_ms: log_normal(21, 9.0),
            deployments: 7,
            by_agents: true,
            unreviewed: 3,
            lines: 300,
            ..Work::default()
        };
        let desk = Work {
            durations_ms: log_normal(6, 30.0),
            deployments: 3,
            failing: 1,
            ..Work::default()
        };
        [
            of("shop", number, shop),
            of("bots", number, bots),
            of("desk", number, desk),
        ]
    });
    Company {
        works: works.collect(),
        declared: json!({"name": "Laid out", "time_zones": [{"zone": "UTC"}]}),
        workflow: Some(json!({
            "slug": "checkout", "name": "Checkout", "dri": "ana@example.org", "services": ["shop", "bots"],
        })),
    }
}

/// That company at an Onehop over each engine.
async fn at_each_engine(
    test: impl AsyncFn(&App, &Database, &mut Everywhere) -> Result<()>,
) -> Result<()> {
    for database in Database::on_each_engine().await {
        println!("on {}", database.engine());
        let app = App::start(&database.url).await?;
        let support = json!({"slug": "support", "name": "Support", "services": ["desk"]});
        deliver::declare(&app.db, Kind::Workflow, "support", support).await;
        company().feed(&app.db).await;
        let mut everywhere = Everywhere::at(&app).await?;
        test(&app, &database, &mut everywhere).await?;
    }
    Ok(())
}

/// How many metrics stand in a review's table: all but agents' own.
fn in_table() -> usize {
    let all = CATALOGUE.iter();
    all.filter(|metric| metric.group != Group::Agents).count()
}

fn shown() -> Week {
    week(SHOWN)
}

/// Holds a review's page, and its file, against the figures they show.
async fn hold_review(own: &mut Everywhere, html: &str, review: &Value) -> Result<()> {
    ensure!(own.hold(html, Beside::Nothing).await? >= in_table() + 4);
    let halves = between(html, "class=\"halves\"", "</section>").context("halves")?;
    assert_eq!(own.hold(halves, Beside::Sample).await?, 4);
    let table = between(html, "class=\"fixed\"", "</table>").context("the table")?;
    let rows = review["groups"].as_array().context("groups")?.iter();
    let rows = rows.flat_map(|group| group["rows"].as_array().unwrap());
    let rows: Vec<&Value> = rows.collect();
    assert_eq!(own.hold(table, Beside::Range).await?, rows.len());
    let hops = review["hops"]["rows"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let ends = hops.iter().flat_map(|hop| {
        let workflow = hop["workflow"].as_str().unwrap();
        ["agent", "business"].map(|end| (format!("{workflow}: "), &hop[end]))
    });
    let named = rows.iter().map(|row| (String::new(), *row)).chain(ends);
    let mut by_caption = BTreeMap::new();
    for (before, row) in named {
        let figure: Figure = serde_json::from_value(row["figure"].clone())?;
        by_caption.insert(format!("{before}{}", row["name"].as_str().unwrap()), figure);
    }
    let charts = tables(html);
    assert_eq!(charts.len(), by_caption.len());
    for (caption, rows) in &charts {
        let caption = caption.as_ref().context("a caption")?;
        own.hold_rows(&by_caption[caption], rows).await?;
    }
    Ok(())
}

/// Holds a review in all of its shapes against the figures.
async fn hold_reviews(database: &Database, own: &mut Everywhere) -> Result<()> {
    for scope in SCOPES {
        let shown = shown();
        let api = format!("/api/v1/review/{shown}?scope={scope}");
        let review = own.script.json(&api).await?;
        let csv = own.script.text(&format!("{api}&format=csv")).await?;
        let table = figures_in(&review["groups"]);
        assert_eq!(table.len(), in_table());
        let mut told = Vec::new();
        for figure in &table {
            told.push(serde_json::to_value(
                own.figure(&figure.records_url).await?,
            )?);
        }
        holds(&csv, &told)?;
        let html = own.page(&format!("/review/{shown}?scope={scope}")).await?;
        if scope != "service:desk" {
            assert!(!figures_in(&review["exceptions"]).is_empty(), "{scope}");
            assert!(!figures_in(&review["hops"]).is_empty(), "{scope}");
        }
        let on_page: Vec<String> = numbers(&html)
            .into_iter()
            .map(|number| number.url)
            .collect();
        for figure in figures_in(&review) {
            assert_eq!(own.figure(&figure.records_url).await?, figure);
            assert!(
                on_page.contains(&figure.records_url),
                "{}",
                figure.records_url
            );
        }
        hold_review(own, &html, &review).await?;
        let asked = [
            "--week",
            &shown.to_string(),
            "--scope",
            scope,
            "--format",
            "html",
        ];
        let url = "https://hop.example.org";
        let as_of = ["--as-of", "2026-11-23T08:00:00Z", "--public-url", url];
        let file = command::run(
            &database.url,
            &[&["export", "review"], &asked[..], &as_of].concat(),
        );
        hold_review(own, &file.replace(&format!("{url}/"), "/"), &review).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_review_its_file_its_csv_and_its_json_show_the_figures_of_the_api_frozen_or_not()
-> Result<()> {
    at_each_engine(async |app, database, own| {
        hold_reviews(database, own).await?;
        assert!(!freeze(&app.db, Some(shown()), app.now()).await?.was_frozen);
        let frozen = own.page(&format!("/review/{}", shown())).await?;
        assert!(frozen.contains("frozen Mon 23 Nov 2026"));
        hold_reviews(database, own).await
    })
    .await
}

#[tokio::test]
async fn a_workflow_shows_the_figures_of_the_api_in_its_measures_its_stages_and_its_segments()
-> Result<()> {
    at_each_engine(async |_, _, own| {
        for weeks in [26, 52] {
            let path = format!("/workflows/checkout?week={}&weeks={weeks}", shown());
            let html = own.page(&path).await?;
            own.hold(&html, Beside::Nothing).await?;
            let mut measured = 0;
            for article in html.split("class=\"measure\"").skip(1) {
                let article = article.split("</article>").next().context("its end")?;
                measured += own.hold(article, Beside::Sample).await?;
                let figure = own.figure(&numbers(article)[0].url).await?;
                for (_, rows) in tables(article) {
                    own.hold_rows(&figure, &rows).await?;
                }
            }
            assert!(measured >= in_table(), "{measured} are measured");
            for (section, count) in [("stages", 4), ("segments", 2)] {
                let from = format!("<section aria-labelledby=\"{section}\"");
                let part = between(&html, &from, "</section>").context(from.clone())?;
                assert_eq!(own.hold(part, Beside::Sample).await?, count, "{section}");
            }
            let items = between(&html, "<section id=\"records\"", "</section>").context("items")?;
            let all = between(items, "<a href=\"/records/", "</a>").context("all")?;
            assert!(all.ends_with(">All 41 changes"), "{all}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_list_of_workflows_counts_the_exceptions_of_their_reviews() -> Result<()> {
    at_each_engine(async |_, _, own| {
        let html = own.page("/workflows").await?;
        let mut counted = 0;
        for slug in ["checkout", "support"] {
            let rows = between(&html, "<tbody>", "</tbody>").context("rows")?;
            let row = rows
                .split("<tr>")
                .find(|row| row.contains(&format!("/workflows/{slug}?")));
            let week = between(&html, "week=", "\"").context("a week")?;
            let api = format!("/api/v1/review/{week}?scope=workflow:{slug}");
            let review = own.script.json(&api).await?;
            let found = review["exceptions"]["found"]
                .as_array()
                .context("a list")?
                .len();
            let said = text(row.context("a row")?);
            let expected = match found {
                0 => "stands out: nothing".to_owned(),
                _ => format!("stands out: {found}"),
            };
            assert!(said.ends_with(&expected), "{said}: {expected}");
            counted += found;
        }
        assert!(counted > 0);
        Ok(())
    })
    .await
}

/// Holds the page of a figure's list: the number again, what it is judged by, its chart, its segments.
async fn hold_list(own: &mut Everywhere, url: &str) -> Result<()> {
    let html = own.page(url).await?;
    assert_eq!(own.hold(&html, Beside::Range).await?, 1, "{url}");
    let figure = own.figure(&numbers(&html)[0].url).await?;
    assert_eq!(figure.records_url, url);
    let noun = server::views::metric(&figure.metric)?.records_noun;
    let counted = between(&html, "<section id=\"records\"", "</h2>").context("a heading")?;
    let counted = text(
        counted
            .split("<h2")
            .nth(1)
            .context("a heading")?
            .split_once('>')
            .context("a tag")?
            .1,
    );
    assert!(
        counted.starts_with(&format::counted(figure.sample, noun)),
        "{url}: {counted}"
    );
    for (_, rows) in tables(&html) {
        own.hold_rows(&figure, &rows).await?;
    }
    let others = segments(&html);
    let is_split = server::views::metric(&figure.metric)?.of.is_split();
    assert_eq!(others.len(), if is_split { 4 } else { 0 }, "{url}");
    for (url, said) in others {
        assert_eq!(said, format::count(own.figure(&url).await?.sample), "{url}");
    }
    Ok(())
}

#[tokio::test]
async fn lists_explanations_and_limits_show_the_figures_of_the_api() -> Result<()> {
    at_each_engine(async |_, _, own| {
        for scope in SCOPES {
            for metric in CATALOGUE {
                let (id, week) = (metric.id, shown());
                for segment in ["all", "agent", "unmarked"] {
                    hold_list(
                        own,
                        &format!("/records/{id}?week={week}&scope={scope}&segment={segment}"),
                    )
                    .await?;
                }
                let html = own
                    .page(&format!("/explanations/{id}?scope={scope}&week={week}"))
                    .await?;
                assert_eq!(own.hold(&html, Beside::Range).await?, 1);
                let html = own.page(&format!("/limits/{id}?scope={scope}")).await?;
                assert_eq!(own.hold(&html, Beside::Nothing).await?, 1);
                let figure = own.figure(&numbers(&html)[0].url).await?;
                for (_, rows) in tables(&html) {
                    own.hold_rows(&figure, &rows).await?;
                }
            }
        }
        Ok(())
    })
    .await
}

/// The figures of a span of weeks of what decides on a side.
async fn over(
    own: &mut Everywhere,
    side: &Side,
    (scope, span): (&str, &Span),
) -> Result<Vec<Figure>> {
    let url = format!(
        "/records/{}?week={}&scope={scope}&segment=all",
        side.metric, span.to
    );
    let last = own.figure(&url).await?;
    let series = own.series(&last).await?;
    Ok(series
        .into_iter()
        .filter(|own| span.from <= own.week)
        .collect())
}

#[tokio::test]
async fn what_an_answer_stands_on_are_the_figures_of_its_weeks() -> Result<()> {
    at_each_engine(async |_, _, own| {
        let mut spans_held = 0;
        for scope in SCOPES {
            let of = format!("week={}&scope={scope}", shown());
            let page = text(&own.page(&format!("/definitions/answer?{of}")).await?);
            let api = format!("/api/v1/review/{}?scope={scope}", shown());
            let review = own.script.json(&api).await?;
            let answer: Answer = serde_json::from_value(review["answer"].clone())?;
            assert!(page.contains(&answer.sentence));
            for side in [&answer.speed, &answer.quality] {
                let Some(spans) = side.spans.as_ref() else {
                    continue;
                };
                spans_held += 2;
                let mut parts = Vec::new();
                for span in [&spans.recent, &spans.baseline] {
                    let figures = over(own, side, (scope, span)).await?;
                    let sum = |part: fn(&Figure) -> u64| figures.iter().map(part).sum::<u64>();
                    assert_eq!(sum(|own| own.sample), span.records);
                    let counted = format::counted(span.records, &side.records_noun);
                    assert!(page.contains(&format!("{}: {counted}", format::dated_week(&span.to))));
                    parts.push([
                        sum(|own| own.numerator.unwrap_or(0)),
                        sum(|own| own.denominator.unwrap_or(0)),
                    ]);
                }
                if let Some(Compared::Shares {
                    recent, baseline, ..
                }) = side.compared
                {
                    assert_eq!(parts, [recent, baseline]);
                    for [part, whole] in parts {
                        assert!(page.contains(&format::fraction(part, whole)));
                    }
                }
            }
        }
        assert!(spans_held >= 8, "{spans_held}");
        Ok(())
    })
    .await
}

/// What the script finds that reads the same API.
async fn computed_again(app: &App, own: &Everywhere) -> Result<String> {
    let mut node = Command::new("node");
    node.arg(repository::root().join("tests/recompute.mjs"))
        .args(["--url", &app.url, "--as-of", "2026-11-23T08:00:00Z"])
        .env("ONEHOP_TOKEN", own.script.token().context("a token")?);
    for scope in SCOPES {
        node.args(["--scope", scope]);
    }
    let output = tokio::task::spawn_blocking(move || node.output()).await??;
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{said}");
    Ok(said)
}

#[tokio::test]
async fn every_figure_of_the_api_is_what_a_script_computes_from_its_list() -> Result<()> {
    at_each_engine(async |app, _, own| {
        let said = computed_again(app, own).await?;
        assert!(said.contains("; 0 differences"), "{said}");
        Ok(())
    })
    .await
}
