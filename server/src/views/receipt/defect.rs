//! The receipt of a defect: what brought it in, where it was found, and how it ended.

use app::routes;
use app::view::receipt::{Kind, Question};
use app::view::records::Level;

use super::counted::{self, Facts};
use super::draft::{Draft, Happened, Piece, Told};
use super::{Reading, computed, incident, words};
use crate::metrics::defect::Place;
use crate::store::blame::Kind as Blamed;
use crate::store::defects::{self, Defect};
use crate::store::links::defects::{self as links, DefectLink};
use crate::store::{Result, Tx, from_json};

pub(super) async fn draft(tx: &mut Tx, reading: &Reading<'_>, id: &str) -> Result<Option<Draft>> {
    let Some(row) = defects::find(tx, &[id]).await?.into_iter().next() else {
        return Ok(None);
    };
    let found = links::find(tx, &[(&row.version.home, id)]).await?;
    let Some(link) = found.into_iter().next() else {
        return Ok(None);
    };
    let mut draft = Draft::new(Kind::Defect, id);
    draft.title = row.title.clone().unwrap_or_else(|| id.to_owned());
    draft.service = link.service.clone();
    draft.workflows = from_json("workflows", &link.workflows)?;
    draft.at_ms = link.found_at;
    draft.evidence = from_json("evidence", &link.evidence)?;
    draft.stands = place(&link.place).to_owned();
    draft.corrected_as = Some("defect");
    draft.no_cost = Some("the cost of a defect is not collected.".to_owned());
    let told = Told::of("defects", &row.version);
    draft
        .events
        .push(Happened::new(row.found_at, "found", Some(&told)));
    let resolved = row
        .resolved_at
        .map(|at| Happened::new(at, resolution(&row), Some(&told)));
    draft.events.extend(resolved);
    draft.told.push(told);
    brought_in(tx, reading, &row, &mut draft).await?;
    ended(reading, &row, &mut draft);
    count(reading, &link, &mut draft);
    Ok(Some(draft))
}

fn place(place: &str) -> &'static str {
    match place {
        "production" => "found in production",
        "pre_release" => "found before its release",
        _ => "nobody says where it was found",
    }
}

fn resolution(row: &Defect) -> String {
    let word = row.resolution.map(|own| match own {
        defects::Resolution::Fixed => "fixed",
        defects::Resolution::Duplicate => "closed as a duplicate",
        defects::Resolution::NotADefect => "closed as no defect",
        defects::Resolution::WontFix => "closed unfixed",
    });
    word.unwrap_or("resolved").to_owned()
}

/// What its source says that brought it in.
async fn brought_in(
    tx: &mut Tx,
    reading: &Reading<'_>,
    row: &Defect,
    draft: &mut Draft,
) -> Result<()> {
    let told = Told::of("defects", &row.version);
    let blamed = row.introduced_by.as_ref();
    match blamed.map(|own| (own.kind, own.id.as_str())) {
        Some((Blamed::Deployment, id)) => {
            incident::laid_to(tx, reading, (&row.version.home, Some(id)), draft).await?;
        }
        Some((Blamed::Change, id)) => {
            let piece = Piece::new(
                Level::Declared,
                "Brought in, as its source says, by the change",
            );
            let piece = piece
                .told(Some(told))
                .link(id, routes::receipt("change", id));
            draft.answers.add(Question::Did, piece);
        }
        Some((_, id)) => {
            let what = format!("Brought in, as its source says, by {id}");
            draft.answers.add(
                Question::Did,
                Piece::new(Level::Declared, what).told(Some(told)),
            );
        }
        None => draft
            .answers
            .lack(Question::Did, "its source does not say what brought it in."),
    }
    Ok(())
}

fn ended(reading: &Reading<'_>, row: &Defect, draft: &mut Draft) {
    let told = Told::of("defects", &row.version);
    match row.resolved_at {
        Some(at) => {
            let after = words::exact(at.saturating_sub(row.found_at));
            let at = words::local(reading.calendar, at);
            let what = format!("Was {} {at}, after {after}", resolution(row));
            let piece = Piece::new(Level::Recorded, what).told(Some(told));
            draft.answers.add(Question::Next, piece);
        }
        None => draft.answers.lack(Question::Next, "not resolved yet."),
    }
}

fn count(reading: &Reading<'_>, link: &DefectLink, draft: &mut Draft) {
    let own = Place::parse(&link.place);
    let said = place(&link.place).to_owned();
    draft
        .computed
        .push(computed::line("defect_escape_rate", said, None));
    let facts = Facts {
        defect: Some((link.found_at, &own)),
        ..Facts::default()
    };
    draft.counts = counted::counts(reading, &facts);
}
