//! Which merged change holds a commit: as its merge commit first, else the one merged first.

use std::collections::HashMap;

use crate::store::commits::Holder;

/// The holders of some commits, by commit.
#[derive(Debug, Default)]
pub(super) struct Holders(HashMap<String, Vec<Holder>>);

impl Holders {
    pub(super) fn of(holders: Vec<Holder>) -> Holders {
        let mut by_sha: HashMap<String, Vec<Holder>> = HashMap::new();
        for holder in holders {
            by_sha.entry(holder.sha.clone()).or_default().push(holder);
        }
        Holders(by_sha)
    }

    /// The service's change that holds a commit and was merged by then.
    pub(super) fn in_service(&self, sha: &str, service: &str, by_ms: i64) -> Option<&Holder> {
        let holders = self.0.get(sha)?.iter();
        holders
            .filter(|holder| holder.service == service && holder.merged_at <= by_ms)
            .min_by_key(|holder| rank(holder))
    }

    /// The change of any service that holds a commit; this service's come first.
    pub(super) fn anywhere(&self, sha: &str, service: &str) -> Option<&Holder> {
        let holders = self.0.get(sha)?.iter();
        holders.min_by_key(|holder| (holder.service != service, rank(holder)))
    }
}

fn rank(holder: &Holder) -> (bool, i64, &str, &str) {
    (
        holder.is_merge_commit == 0,
        holder.merged_at,
        &holder.change_id,
        &holder.service,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(service: &str, id: &str, merged_at: i64, is_merge_commit: i64) -> Holder {
        Holder {
            sha: "a".to_owned(),
            service: service.to_owned(),
            change_id: id.to_owned(),
            merged_at,
            is_merge_commit,
        }
    }

    #[test]
    fn a_merge_commit_comes_before_a_commit_and_the_first_merge_before_later_ones() {
        let holders = Holders::of(vec![
            holder("shop", "c1", 1, 0),
            holder("shop", "c3", 3, 1),
            holder("shop", "c2", 2, 1),
        ]);
        let found = |by| {
            holders
                .in_service("a", "shop", by)
                .map(|holder| holder.merged_at)
        };
        assert_eq!((found(9), found(1), found(0)), (Some(2), Some(1), None));
        assert_eq!(holders.in_service("b", "shop", 9), None);
    }

    #[test]
    fn a_commit_of_two_services_belongs_to_the_one_that_asks() {
        let holders = Holders::of(vec![holder("desk", "d", 1, 1), holder("shop", "s", 2, 0)]);
        let found = |service| {
            holders
                .anywhere("a", service)
                .map(|holder| holder.change_id.as_str())
        };
        assert_eq!((found("shop"), found("billing")), (Some("s"), Some("d")));
    }
}
