//! The ways to a chart as a picture, to be put where Onehop is not: on slides, in e-mail, in chat.

use leptos::prelude::*;

use crate::backend::RecordsQuery;
use crate::routes;
use crate::view::figure::Figure;

/// "Picture: SVG · PNG", of the half year up to the figure's week.
pub fn pictures(figure: &Figure, name: &str) -> AnyView {
    let of = RecordsQuery {
        week: Some(figure.week.clone()),
        scope: Some(figure.scope.clone()),
        segment: Some(figure.segment.clone()),
        ..RecordsQuery::default()
    };
    let link = |format: &'static str, said: &'static str| {
        let url = routes::picture(&figure.metric, &of, format);
        view! { <a href=url>{said}<span class="unseen">{format!(" of {name}")}</span></a> }
    };
    view! { "Picture: " {link("svg", "SVG")} " · " {link("png", "PNG")} }.into_any()
}
