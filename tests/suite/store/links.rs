//! What is kept of links, and what has to be linked again.

use server::store::blame::Kind;
use server::store::incidents::{self, Incident};
use server::store::links::changes::{By, Delivery};
use server::store::{changes, commits, defects, links, touched};
use tests::database::on_each_engine;

use super::rows::{blamed, change, commit, defect, incident, link};

#[tokio::test]
async fn links_are_found_by_key_and_by_merge_with_the_first_instant_in_and_the_last_out() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        assert_eq!(links::span(&mut tx).await.unwrap(), None);
        let put = [link("c1", Some(10)), link("c2", Some(20)), link("c3", None)];
        links::changes::put(&mut tx, &put).await.unwrap();
        changes::put(&mut tx, &[change("shop", "c1")])
            .await
            .unwrap();
        let keys = [("shop", "c1"), ("search", "c2"), ("shop", "c3")];
        let found = links::changes::find(&mut tx, &keys).await.unwrap();
        let mut found: Vec<_> = found.into_iter().map(|found| found.link).collect();
        found.sort_by(|a, b| a.change_id.cmp(&b.change_id));
        assert_eq!(found, [put[0].clone(), put[2].clone()]);
        let merged = links::changes::between(&mut tx, 10, 20).await.unwrap();
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].link, put[0]);
        let mut listed = Vec::new();
        let note = |one| {
            listed.push(one);
            Ok(())
        };
        links::changes::listed_between(&mut tx, By::Merge, (0, 100), note)
            .await
            .unwrap();
        assert_eq!(listed.len(), 1, "only what has its change is listed");
        assert_eq!((&listed[0].link, listed[0].number), (&put[0], Some(7)));
        assert_eq!(links::span(&mut tx).await.unwrap(), Some((10, 20)));
        links::changes::remove(&mut tx, "shop", "c1").await.unwrap();
        assert_eq!(links::span(&mut tx).await.unwrap(), Some((20, 20)));
    })
    .await;
}

#[tokio::test]
async fn a_delivery_stays_when_its_change_is_linked_again_and_is_found_by_its_deployment() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let put = [link("c1", Some(10)), link("c2", Some(20))];
        links::changes::put(&mut tx, &put).await.unwrap();
        let delivery = Delivery {
            deployment_id: Some("d1".to_owned()),
            deployment_at: Some(30),
            delivered_at: None,
        };
        let both = [("c1", delivery.clone()), ("c2", Delivery::default())];
        links::changes::deliver(&mut tx, "shop", &both)
            .await
            .unwrap();
        links::changes::put(&mut tx, &put).await.unwrap();
        let found = links::changes::between(&mut tx, 30, 31).await.unwrap();
        assert_eq!(found.len(), 1, "merged before, delivered then");
        let both = links::changes::between(&mut tx, 10, 31).await.unwrap();
        assert_eq!(both.len(), 2, "each once");
        assert_eq!((&found[0].link, &found[0].delivery), (&put[0], &delivery));
        let merged = links::changes::merged_up_to(&mut tx, "shop", (10, 20))
            .await
            .unwrap();
        assert_eq!(merged.len(), 1, "after the first instant, up to the last");
        assert_eq!(merged[0].change_id, "c2");
    })
    .await;
}

#[tokio::test]
async fn a_touched_service_keeps_its_earliest_mark_and_a_thing_is_taken_once() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        for from in [20, 10, 15] {
            touched::service(&mut tx, "shop", from).await.unwrap();
        }
        let mark = touched::next_service(&mut tx).await.unwrap().unwrap();
        assert_eq!((mark.from_at, mark.from_id.as_str()), (10, ""));
        touched::advance(&mut tx, "shop", Some((12, "d")))
            .await
            .unwrap();
        touched::service(&mut tx, "shop", 13).await.unwrap();
        let mark = touched::next_service(&mut tx).await.unwrap().unwrap();
        assert_eq!((mark.from_at, mark.from_id.as_str()), (12, "d"));
        touched::advance(&mut tx, "shop", None).await.unwrap();
        assert_eq!(touched::next_service(&mut tx).await.unwrap(), None);
        let keys = [("shop", "i1"), ("", "i2"), ("shop", "i1")];
        touched::things(&mut tx, touched::Kind::Incident, &keys[..2])
            .await
            .unwrap();
        touched::things(&mut tx, touched::Kind::Incident, &keys[2..])
            .await
            .unwrap();
        let mut take = async || {
            touched::take(&mut tx, touched::Kind::Incident, 5)
                .await
                .unwrap()
        };
        assert_eq!(take().await.len(), 2);
        assert!(take().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_blames_something_is_marked_by_the_kind_and_the_id_of_what_it_blames() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let blaming = |id, caused_by| Incident {
            caused_by,
            ..incident("shop", id)
        };
        let put = [
            blaming("i1", blamed(Kind::Deployment, "x")),
            blaming("i2", blamed(Kind::Deployment, "y")),
            blaming("i3", blamed(Kind::Deployment, "z")),
            blaming("i4", blamed(Kind::Change, "x")),
            blaming("i5", None),
        ];
        incidents::put(&mut tx, &put).await.unwrap();
        let mut found = defect("shop", "d1");
        found.introduced_by = blamed(Kind::Change, "x");
        defects::put(&mut tx, &[found]).await.unwrap();
        for (kind, expected_incidents, expected_defects) in [
            (Kind::Deployment, &["i1", "i2"][..], &[][..]),
            (Kind::Change, &["i4"], &["d1"]),
            (Kind::Commit, &[], &[]),
        ] {
            let named = ["x", "y", "unknown"];
            touched::blaming(&mut tx, kind, &named).await.unwrap();
            for (of, expected) in [
                (touched::Kind::Incident, expected_incidents),
                (touched::Kind::Defect, expected_defects),
            ] {
                let taken = touched::take(&mut tx, of, 10).await.unwrap();
                let ids: Vec<&str> = taken.iter().map(|(_, id)| id.as_str()).collect();
                assert_eq!(ids, expected, "{kind:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_blames_a_commit_of_a_change_is_marked_with_it() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let mut own = change("shop", "c1");
        own.merge_commit = Some("merge".to_owned());
        own.commits = vec![commit("one"), commit("merge")];
        changes::put(&mut tx, &[own.clone()]).await.unwrap();
        commits::replace(&mut tx, &[own], &[]).await.unwrap();
        let blaming = |id, sha| Incident {
            caused_by: blamed(Kind::Commit, sha),
            ..incident("shop", id)
        };
        let put = [
            blaming("i1", "merge"),
            blaming("i2", "one"),
            blaming("i3", "two"),
        ];
        incidents::put(&mut tx, &put).await.unwrap();
        for (ids, expected) in [
            (&["c1", "c2"][..], &["i1", "i2"][..]),
            (&["c2"], &[]),
            (&[], &[]),
        ] {
            touched::blaming_commits_of(&mut tx, "shop", ids)
                .await
                .unwrap();
            let taken = touched::take(&mut tx, touched::Kind::Incident, 10)
                .await
                .unwrap();
            let taken: Vec<&str> = taken.iter().map(|(_, id)| id.as_str()).collect();
            assert_eq!(taken, expected, "{ids:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn commits_that_are_gone_or_other_ones_are_restored() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let mut own = change("shop", "c1");
        own.merged_at = Some(1);
        own.commits = vec![commit("one"), commit("two")];
        changes::put(&mut tx, std::slice::from_ref(&own))
            .await
            .unwrap();
        let mut other = own.clone();
        other.commits = vec![commit("one"), commit("three")];
        for before in [vec![], vec![other], vec![own.clone()]] {
            commits::replace(&mut tx, &before, &[("shop", "c1")])
                .await
                .unwrap();
            commits::restore(&mut tx, std::slice::from_ref(&own))
                .await
                .unwrap();
            let found = commits::holders(&mut tx, &["one", "two", "three"])
                .await
                .unwrap();
            let shas: Vec<&str> = found.iter().map(|holder| holder.sha.as_str()).collect();
            assert_eq!(shas, ["one", "two"]);
        }
    })
    .await;
}
