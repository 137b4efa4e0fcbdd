//! Incidents and defects: what comes back, and how they are found.

use server::store::defects::{self, Defect};
use server::store::incidents::{self, Incident};
use server::store::versions::Version;
use tests::database::on_each_engine;

use super::rows::{defect, incident};

fn key(version: &Version) -> (String, String) {
    (version.home.clone(), version.id.clone())
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
