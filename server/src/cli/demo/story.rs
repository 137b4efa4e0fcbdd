//! The generated company's story, as the store keeps it.

use crate::demo::Plan;
use crate::demo::story::{self, Chapter, Direction, Kind};
use crate::store::story as stored;

pub(super) fn stored(plan: &Plan) -> Vec<stored::Chapter> {
    story::story(plan).into_iter().map(chapter).collect()
}

fn chapter(chapter: Chapter) -> stored::Chapter {
    let metrics = chapter.metrics.into_iter();
    stored::Chapter {
        service: chapter.service,
        title: chapter.title,
        what: chapter.what,
        begins: chapter.begins.to_string(),
        kind: match chapter.kind {
            Kind::FasterAndSloppier => stored::Kind::FasterAndSloppier,
            Kind::FasterNoSloppier => stored::Kind::FasterNoSloppier,
            Kind::NothingChanged => stored::Kind::NothingChanged,
        },
        metrics: metrics
            .map(|(metric, direction)| stored::Moved {
                metric: metric.to_owned(),
                direction: match direction {
                    Direction::Better => stored::Direction::Better,
                    Direction::Worse => stored::Direction::Worse,
                    Direction::Unchanged => stored::Direction::Unchanged,
                },
            })
            .collect(),
    }
}
