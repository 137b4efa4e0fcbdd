//! Addresses of receipts: of any id, and of what is not there.

use std::collections::BTreeSet;

use anyhow::Context;

use tests::script::problem;

use super::*;

#[tokio::test]
async fn an_id_of_any_letters_has_an_address_that_leads_to_it() -> Result<()> {
    let app = App::fresh().await?;
    let ids = [
        "a/b/c",
        "shop#7",
        "50%",
        "%2F",
        "two words",
        "größe/№ 7",
        "a?b=c&d",
        "<i>&\"'",
        "+",
        "日本",
    ];
    let changes: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({"id": id, "service": "shop", "author": {"id": "ana"}, "merged_at": "2026-11-16T10:00:00Z"})
        })
        .collect();
    deliver::good(&app.db, StreamName::Changes, &changes).await;
    let script = Script::with(&app, Scope::Read).await?;
    let listed = script
        .json("/api/v1/records/changes_merged?week=2026-W47")
        .await?;
    let urls: BTreeSet<&str> = listed["records"]
        .as_array()
        .context("records")?
        .iter()
        .filter_map(|own| own["receipt_url"].as_str())
        .collect();
    assert_eq!(urls.len(), ids.len());
    for id in ids {
        let path = routes::receipt("change", id);
        assert!(urls.contains(path.as_str()), "{path}");
        assert_eq!(told(&script, &path).await?.id, id);
        let (status, html) = page(&app, &path).await?;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(html.contains(&format!(">{}</h1>", escaped(id))), "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_to_do() -> Result<()> {
    let app = App::fresh().await?;
    let script = Script::with(&app, Scope::Read).await?;
    for kind in [
        "change",
        "run",
        "artifact",
        "ticket",
        "deployment",
        "incident",
        "defect",
    ] {
        let path = routes::receipt(kind, "no/such");
        let told = script.get(&format!("/api/v1{path}")).await?;
        problem(
            told,
            StatusCode::NOT_FOUND,
            &format!("the {kind} \"no/such\" among all records"),
        );
        let (status, html) = page(&app, &path).await?;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(
            html.contains("look for it by its id or its link under Find"),
            "{html}"
        );
    }
    let told = script.get("/api/v1/receipts/person/ana").await?;
    problem(
        told,
        StatusCode::NOT_FOUND,
        "change, run, artifact, deployment, incident, defect",
    );
    Ok(())
}
