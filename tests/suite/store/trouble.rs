//! Incidents and defects: what comes back, and how they are found.

use server::store::blame::Kind;
use server::store::defects::{self, Defect};
use server::store::incidents::{self, Incident};
use server::store::versions::Version;
use tests::database::on_each_engine;

use super::rows::{blamed, defect, incident};

/// Keys whose order differs between bytes and a language; the empty service comes first.
const KEYS: [(&str, &str); 6] = [
    ("a", "2"),
    ("a", "10"),
    ("", "3"),
    ("b", "1"),
    ("B", "1"),
    ("a", "é"),
];

fn key(version: &Version) -> (String, String) {
    (version.home.clone(), version.id.clone())
}

fn ids<'a>(versions: impl Iterator<Item = &'a Version>) -> Vec<&'a str> {
    versions.map(|version| version.id.as_str()).collect()
}

fn bytewise() -> Vec<(String, String)> {
    let mut keys = KEYS.map(|(service, id)| (service.to_owned(), id.to_owned()));
    keys.sort();
    keys.to_vec()
}

#[tokio::test]
async fn an_incident_comes_back_as_it_was_put() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let full = incident("shop", "i1");
        let bare = Incident {
            severity: None,
            kind: None,
            title: None,
            acknowledged_at: None,
            resolved_at: None,
            caused_by: None,
            url: None,
            ..incident("", "i2")
        };
        let put = [full.clone(), bare.clone()];
        incidents::put(&mut tx, &put).await.unwrap();
        let mut found = incidents::find(&mut tx, &["i1", "i2", "i9"]).await.unwrap();
        found.sort_by_key(|incident| key(&incident.version));
        assert_eq!(found, [bare, full.clone()]);
        let edited = Incident {
            caused_by: None,
            ..full
        };
        let put = std::slice::from_ref(&edited);
        incidents::put(&mut tx, put).await.unwrap();
        let found = incidents::find(&mut tx, &["i1"]).await.unwrap();
        assert_eq!(found, [edited]);
    })
    .await;
}

#[tokio::test]
async fn a_defect_comes_back_as_it_was_put() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let full = defect("shop", "b1");
        let bare = Defect {
            title: None,
            found_in: None,
            resolved_at: None,
            resolution: None,
            severity: None,
            introduced_by: None,
            ..defect("", "b2")
        };
        let put = [full.clone(), bare.clone()];
        defects::put(&mut tx, &put).await.unwrap();
        let mut found = defects::find(&mut tx, &["b1", "b2", "b9"]).await.unwrap();
        found.sort_by_key(|defect| key(&defect.version));
        assert_eq!(found, [bare, full.clone()]);
        let edited = Defect {
            introduced_by: None,
            ..full
        };
        let put = std::slice::from_ref(&edited);
        defects::put(&mut tx, put).await.unwrap();
        let found = defects::find(&mut tx, &["b1"]).await.unwrap();
        assert_eq!(found, [edited]);
    })
    .await;
}

#[tokio::test]
async fn incidents_of_a_service_are_found_by_start_with_the_first_instant_in_and_the_last_out() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let started = |service, id, started_at| Incident {
            started_at,
            ..incident(service, id)
        };
        let put = [
            started("shop", "late", 20),
            started("shop", "b", 15),
            started("shop", "a", 15),
            started("shop", "first", 10),
            started("shop", "early", 9),
            started("search", "other", 15),
            started("", "without", 15),
        ];
        incidents::put(&mut tx, &put).await.unwrap();
        for (service, expected) in [
            ("shop", &["first", "a", "b"][..]),
            ("", &["without"]),
            ("mail", &[]),
        ] {
            let found = incidents::of_service(&mut tx, service, 10, 20)
                .await
                .unwrap();
            assert_eq!(ids(found.iter().map(|found| &found.version)), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn defects_of_a_service_are_found_by_their_find_with_the_first_instant_in_and_the_last_out() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let found_at = |service, id, found_at| Defect {
            found_at,
            ..defect(service, id)
        };
        let put = [
            found_at("shop", "late", 20),
            found_at("shop", "b", 15),
            found_at("shop", "a", 15),
            found_at("shop", "first", 10),
            found_at("shop", "early", 9),
            found_at("search", "other", 15),
            found_at("", "without", 15),
        ];
        defects::put(&mut tx, &put).await.unwrap();
        for (service, expected) in [
            ("shop", &["first", "a", "b"][..]),
            ("", &["without"]),
            ("mail", &[]),
        ] {
            let found = defects::of_service(&mut tx, service, 10, 20).await.unwrap();
            assert_eq!(ids(found.iter().map(|found| &found.version)), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn incidents_are_found_by_the_kind_and_the_id_of_what_they_blame() {
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
        for (kind, expected) in [
            (Kind::Deployment, &["i1", "i2"][..]),
            (Kind::Change, &["i4"]),
            (Kind::Commit, &[]),
        ] {
            let named = ["x", "y", "unknown"];
            let mut found = incidents::naming(&mut tx, kind, &named).await.unwrap();
            found.sort_by_key(|incident| key(&incident.version));
            assert_eq!(ids(found.iter().map(|found| &found.version)), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn a_walk_through_all_incidents_meets_each_once_in_key_order() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let put = KEYS.map(|(service, id)| incident(service, id));
        incidents::put(&mut tx, &put).await.unwrap();
        let mut walked = vec![(String::new(), String::new())];
        while let Some((service, id)) = walked.last().cloned() {
            let next = incidents::after(&mut tx, &service, &id, 2).await.unwrap();
            if next.is_empty() {
                break;
            }
            walked.extend(next.iter().map(|incident| key(&incident.version)));
        }
        assert_eq!(walked[1..], bytewise());
    })
    .await;
}

#[tokio::test]
async fn a_walk_through_all_defects_meets_each_once_in_key_order() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let put = KEYS.map(|(service, id)| defect(service, id));
        defects::put(&mut tx, &put).await.unwrap();
        let mut walked = vec![(String::new(), String::new())];
        while let Some((service, id)) = walked.last().cloned() {
            let next = defects::after(&mut tx, &service, &id, 2).await.unwrap();
            if next.is_empty() {
                break;
            }
            walked.extend(next.iter().map(|defect| key(&defect.version)));
        }
        assert_eq!(walked[1..], bytewise());
    })
    .await;
}
