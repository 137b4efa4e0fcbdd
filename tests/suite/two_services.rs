//! Two workflows over two services: what is scoped to one says nothing of the other's work, not a title,
//! not a name, not an id, and not a count, which is why it is the same without that work.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use server::auth::role::{Role, Scope};
use server::explanations::{Word, write};
use server::ingest::StreamName;
use server::metrics::catalogue::CATALOGUE;
use server::store::Db;
use server::store::explanations::Subject;
use server::store::registry::Kind;
use tests::app::{App, Person};
use tests::company::{Company, HOUR_MS, Work, log_normal, week};
use tests::database::Database;
use tests::script::Script;
use tests::{command, deliver};

/// Settled by [`tests::app::NOW_MS`], and the sixteenth that brings anything.
const SHOWN: i32 = 43;
/// What the registry, and everything in the records, calls the other side's work.
const OTHERS: [&str; 2] = ["vault", "hoard"];

/// Sixteen weeks of the shop, the last of which stand out.
fn shop(number: i32) -> Work {
    let mut work = Work {
        deployments: if number % 2 == 0 { 20 } else { 18 },
        ..Work::default()
    };
    if number > SHOWN - 2 {
        work.durations_ms = log_normal(20, 4.0);
        work.failing = 12;
        work.defects_in = &["production", "pre_release"];
    }
    work
}

/// The same weeks of a vault, different in everything that can be counted.
fn vault(number: i32) -> Work {
    let last = number > SHOWN - 2;
    Work {
        service: "vault",
        durations_ms: log_normal(if last { 37 } else { 31 }, 700.0),
        deployments: if last { 37 } else { 31 },
        failing: if last { 5 } else { 23 },
        by_agents: true,
        wait_ms: 90 * HOUR_MS,
        unreviewed: 7,
        lines: 7_777,
        defects_in: if last {
            &["production", "production", "production"]
        } else {
            &[]
        },
    }
}

/// The records with titles, and some that wait for a person's word.
fn records(work: Work, stream: StreamName) -> Vec<Value> {
    let service = work.service;
    let company = Company {
        works: (28..=SHOWN)
            .map(|number| {
                (
                    number,
                    if service == "shop" {
                        shop(number)
                    } else {
                        vault(number)
                    },
                )
            })
            .collect(),
        ..Company::of(0)
    };
    let mut records = company.records_of(stream);
    let at = week(SHOWN).monday();
    match stream {
        StreamName::Incidents => records.push(json!({
            "id": format!("{service}-riddle"), "service": service, "started_at": format!("{at}T01:00:00Z"),
            "caused_by": {"deployment": format!("{service}-nowhere")},
        })),
        StreamName::Defects => records.push(json!({
            "id": format!("{service}-stray"), "service": service, "found_at": format!("{at}T02:00:00Z"),
        })),
        _ => {}
    }
    for record in &mut records {
        let id = record["id"].as_str().unwrap_or_default().to_owned();
        record["title"] = json!(format!("Title of {id}"));
        record["url"] = json!(format!("https://example.org/{id}"));
    }
    records
}

/// Both sides declared, and the work of one of them or of both.
async fn feed(db: &Db, works: &[Work]) -> Result<()> {
    let company = json!({"name": "Acme", "time_zones": [{"zone": "UTC"}]});
    deliver::declare(db, Kind::Company, "company", company).await;
    for (slug, name, dri, service) in [
        ("checkout", "Checkout", "dri@example.org", "shop"),
        ("hoarding", "Hoarding", "hoarder@example.org", "vault"),
    ] {
        deliver::declare(db, Kind::Service, service, json!({"slug": service})).await;
        let workflow = json!({"slug": slug, "name": name, "dri": dri, "services": [service]});
        deliver::declare(db, Kind::Workflow, slug, workflow).await;
    }
    for work in works {
        for stream in StreamName::ALL {
            let outcome = deliver::records(db, stream, &records(work.clone(), stream)).await;
            assert_eq!(outcome.refused, []);
        }
    }
    deliver::refresh(db).await;
    Ok(())
}

/// Says something of a week of both sides.
async fn explain(db: &Db) -> Result<()> {
    let week = week(SHOWN).to_string();
    for (scope, said) in [
        ("workflow:checkout", "The checkout was opened."),
        ("workflow:hoarding", "The vault was opened."),
    ] {
        let subject = Subject {
            metric: "change_lead_time",
            scope,
            week: &week,
        };
        let word = Word {
            subject,
            said,
            cause: "known_cause",
            by: "dri@example.org",
        };
        write(db, word, tests::app::NOW_MS).await?;
    }
    Ok(())
}

/// The pages that are of one workflow, of one service, or of one thing.
fn pages() -> Vec<String> {
    let week = week(SHOWN);
    let mut pages = vec![
        format!("/workflows/checkout?week={week}"),
        format!("/workflows/checkout?week={week}&weeks=52&sort=-title"),
        "/workflows/checkout/edit".to_owned(),
        format!("/corrections/change/shop-{SHOWN}-3"),
        format!("/corrections/deployment/shop-{SHOWN}-deployment-3"),
        format!("/corrections/incident/incident-shop-{SHOWN}-deployment-3"),
        format!("/receipts/change/shop-{SHOWN}-3"),
        format!("/receipts/deployment/shop-{SHOWN}-deployment-3"),
        format!("/receipts/incident/incident-shop-{SHOWN}-deployment-3"),
        "/receipts/defect/shop-stray".to_owned(),
        "/corrections/incident/shop-riddle".to_owned(),
        "/corrections/defect/shop-stray".to_owned(),
    ];
    for scope in ["workflow:checkout", "service:shop"] {
        pages.push(format!("/review/{week}?scope={scope}"));
        pages.push(format!("/definitions/answer?week={week}&scope={scope}"));
        for metric in CATALOGUE {
            let id = metric.id;
            pages.extend([
                format!("/records/{id}?week={week}&scope={scope}"),
                format!("/records/{id}?week={week}&scope={scope}&segment=unmarked&sort=-value"),
                format!("/explanations/{id}?week={week}&scope={scope}"),
                format!("/limits/{id}?scope={scope}"),
                format!("/records/{id}/chart.svg?week={week}&scope={scope}"),
            ]);
        }
    }
    pages
}

/// The same for whoever calculates.
fn data() -> Vec<String> {
    let week = week(SHOWN);
    let mut data = Vec::new();
    for scope in ["workflow:checkout", "service:shop"] {
        for format in ["json", "csv"] {
            data.push(format!(
                "/api/v1/review/{week}?scope={scope}&format={format}"
            ));
            for metric in CATALOGUE {
                let id = metric.id;
                data.extend([
                    format!("/api/v1/metrics/{id}?scope={scope}&format={format}"),
                    format!("/api/v1/metrics/{id}?scope={scope}&segment=agent&format={format}"),
                    format!("/api/v1/records/{id}?week={week}&scope={scope}&format={format}"),
                ]);
            }
        }
    }
    data
}

/// One side of the comparison: an Onehop with its readers.
struct Side {
    database: Database,
    app: App,
    dri: Person,
    script: Script,
}

impl Side {
    async fn over(database: Database, works: &[Work]) -> Result<Side> {
        let app = App::start(&database.url).await?;
        feed(&app.db, works).await?;
        explain(&app.db).await?;
        Ok(Side {
            dri: app.signed_in(Role::Dri).await?,
            script: Script::with(&app, Scope::Read).await?,
            database,
            app,
        })
    }

    /// A page, without what is its server's or its session's alone and without the way to other scopes.
    async fn page(&self, path: &str) -> Result<String> {
        let browser = self.app.browser()?;
        let request = browser.client.get(browser.at(path));
        let answer = request.header("cookie", self.dri.cookie()).send().await?;
        ensure!(answer.status().is_success(), "{path}: {}", answer.status());
        let policy = answer.headers()["content-security-policy"].to_str()?;
        let (_, nonce) = policy.split_once("'nonce-").context("a nonce")?;
        let nonce = nonce.split('\'').next().unwrap_or_default().to_owned();
        let mut html = scoped(&answer.text().await?);
        for own in [self.dri.csrf(), self.app.url.clone(), nonce] {
            html = html.replace(&own, "");
        }
        Ok(html)
    }

    async fn data(&self, path: &str) -> Result<String> {
        let told = self.script.text(path).await?;
        let Ok(mut value) = serde_json::from_str::<Value>(&told) else {
            return Ok(told);
        };
        if let Some(review) = value.as_object_mut() {
            review.remove("elsewhere");
            review.remove("acts_head");
        }
        Ok(value.to_string())
    }

    /// The page of a review as a file.
    fn file(&self, scope: &str) -> String {
        let asked = [
            "--week",
            &week(SHOWN).to_string(),
            "--scope",
            scope,
            "--format",
            "html",
        ];
        let as_of = [
            "--as-of",
            "2026-11-23T08:00:00Z",
            "--public-url",
            "https://hop.example.org",
        ];
        let whole = [&["export", "review"], &asked[..], &as_of].concat();
        scoped(&command::run(&self.database.url, &whole))
    }
}

/// A review leads to other scopes by their names, and holds the head of everybody's acts.
fn scoped(html: &str) -> String {
    let html = without(html, ("id=\"elsewhere\"", "</nav>"));
    without(&html, ("class=\"acts\"", "</p>"))
}

/// The text without what stands between these marks.
fn without(text: &str, (from, to): (&str, &str)) -> String {
    let mut pieces = text.split(from);
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.filter_map(|piece| piece.split_once(to));
    rest.fold(first, |kept, (_, after)| kept + after)
}

/// Fails where two texts differ first.
fn assert_same(what: &str, (both, alone): (&str, &str)) {
    let same = both
        .chars()
        .zip(alone.chars())
        .take_while(|(one, other)| one == other);
    let at = same.count().saturating_sub(100);
    let around = |text: &str| text.chars().skip(at).take(300).collect::<String>();
    assert_eq!(around(both), around(alone), "{what}");
    assert_eq!(both.len(), alone.len(), "{what}");
}

fn assert_nothing_of_others(what: &str, text: &str) {
    let text = text.to_lowercase();
    for other in OTHERS {
        let at = text.find(other);
        let around = at.map(|at| text[at.saturating_sub(200)..].chars().take(300).collect());
        assert_eq!(around, None::<String>, "{what} says {other}");
    }
}

#[tokio::test]
async fn nothing_that_is_scoped_to_one_service_says_anything_of_the_others_work() -> Result<()> {
    for database in Database::on_each_engine().await {
        println!("on {}", database.engine());
        let alone = Side::over(database.another().await, &[shop(0)]).await?;
        let both = Side::over(database, &[shop(0), vault(0)]).await?;
        // What is of everybody, and of the other side, does say it.
        let week = week(SHOWN);
        for path in [
            format!("/review/{week}"),
            format!("/records/change_size?week={week}&scope=service:vault"),
            format!("/workflows/hoarding?week={week}"),
        ] {
            let page = both.page(&path).await?;
            assert_ne!(page, alone.page(&path).await?, "{path}");
            assert!(page.to_lowercase().contains("hoard") || page.contains("Title of vault"));
        }
        let own = both
            .page(&format!("/workflows/checkout?week={week}"))
            .await?;
        for said in ["Title of shop", "The checkout was opened."] {
            assert!(own.contains(said), "{said}");
        }
        for path in pages() {
            let page = both.page(&path).await?;
            assert_nothing_of_others(&path, &page);
            assert_same(&path, (&page, &alone.page(&path).await?));
        }
        for path in data() {
            let data = both.data(&path).await?;
            assert_nothing_of_others(&path, &data);
            assert_same(&path, (&data, &alone.data(&path).await?));
        }
        for scope in ["workflow:checkout", "service:shop"] {
            let file = both.file(scope);
            assert_nothing_of_others(scope, &file);
            assert_same(scope, (&file, &alone.file(scope)));
        }
    }
    Ok(())
}
