//! What is kept of figures, and from when to when.

use std::time::Duration;

use server::store::figures;
use tests::database::on_each_engine;

use super::rows::figure;

#[tokio::test]
async fn a_weeks_figures_replace_those_of_that_week_alone() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let (first, second) = (figure("2026-W46", Some(1.5)), figure("2026-W47", None));
        figures::replace_week(&mut tx, "2026-W46", std::slice::from_ref(&first))
            .await
            .unwrap();
        figures::replace_week(&mut tx, "2026-W47", std::slice::from_ref(&second))
            .await
            .unwrap();
        let series = figures::Series {
            metric: "m",
            scope: "company",
            segment: "all",
        };
        let between = figures::between(&mut tx, series, "2026-W46", "2026-W47")
            .await
            .unwrap();
        assert_eq!(between, [first, second.clone()]);
        figures::replace_week(&mut tx, "2026-W46", &[])
            .await
            .unwrap();
        let between = figures::between(&mut tx, series, "2026-W01", "2026-W53")
            .await
            .unwrap();
        assert_eq!(between, [second]);
        assert_eq!(figures::weeks(&mut tx).await.unwrap(), ["2026-W47"]);
    })
    .await;
}

#[tokio::test]
async fn the_span_of_metrics_reaches_from_the_first_to_the_last_week_that_counts() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        for (metric, week, sample) in [
            ("m", "2026-W45", 0),
            ("m", "2026-W46", 1),
            ("n", "2026-W48", 2),
            ("n", "2026-W49", 0),
        ] {
            let counted = figures::Figure {
                metric: metric.to_owned(),
                sample,
                ..figure(week, None)
            };
            figures::replace_week(&mut tx, week, &[counted])
                .await
                .unwrap();
        }
        for (metrics, segment, weeks) in [
            (&["m"][..], "all", Some(("2026-W46", "2026-W46"))),
            (&["m", "n", "none"], "all", Some(("2026-W46", "2026-W48"))),
            (&["m"], "agent", None),
        ] {
            let span = figures::span(&mut tx, metrics, ("company", segment))
                .await
                .unwrap();
            let weeks = weeks.map(|(first, last)| (first.to_owned(), last.to_owned()));
            assert_eq!(span, weeks, "{metrics:?} {segment}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_touched_week_is_taken_once() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let weeks = ["2026-W47", "2026-W46"].map(str::to_owned);
        figures::touch(&mut tx, &weeks).await.unwrap();
        figures::touch(&mut tx, &weeks[..1]).await.unwrap();
        figures::touch(&mut tx, &[]).await.unwrap();
        assert_eq!(
            figures::touched(&mut tx).await.unwrap(),
            ["2026-W46", "2026-W47"]
        );
        assert!(figures::take(&mut tx, "2026-W46").await.unwrap());
        assert!(!figures::take(&mut tx, "2026-W46").await.unwrap());
        assert_eq!(figures::touched(&mut tx).await.unwrap(), ["2026-W47"]);
    })
    .await;
}

#[tokio::test]
async fn a_week_cannot_be_taken_while_it_is_being_touched() {
    on_each_engine(async |db| {
        let week = ["2026-W47".to_owned()];
        let mut tx = db.write().await.unwrap();
        figures::touch(&mut tx, &week).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.write().await.unwrap();
        figures::touch(&mut tx, &week).await.unwrap();
        let take = async {
            let mut tx = db.write().await.unwrap();
            figures::take(&mut tx, &week[0]).await.unwrap()
        };
        let waited = tokio::time::timeout(Duration::from_millis(200), take).await;
        assert!(waited.is_err(), "what is about to arrive would be missed");
        tx.commit().await.unwrap();
    })
    .await;
}
