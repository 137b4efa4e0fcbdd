//! What a page says: its numbers with where they lead, and the tables behind its charts.

/// What follows a mark, up to another.
pub fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(from)?;
    Some(rest.split_once(to)?.0)
}

/// The text without its tags.
pub fn text(html: &str) -> String {
    let (first, pieces) = html.split_once('<').unwrap_or((html, ""));
    let texts = pieces
        .split('<')
        .filter_map(|piece| piece.split_once('>'))
        .map(|(_, text)| text);
    let said: String = std::iter::once(first).chain(texts).collect();
    said.replace("&amp;", "&").trim().to_owned()
}

/// A number: where it leads, how it reads aloud, and what stands between it and the next one.
#[derive(Clone, Debug)]
pub struct Number {
    pub url: String,
    pub aloud: String,
    pub beside: String,
}

/// The numbers of a page.
pub fn numbers(html: &str) -> Vec<Number> {
    let marked = html.replace("<a ", "\u{0}<a ");
    let mut numbers: Vec<Number> = Vec::new();
    for link in marked.split('\u{0}').skip(1) {
        let (inside, beside) = link.split_once("</a>").unwrap_or((link, ""));
        let (tag, _) = inside.split_once('>').unwrap_or((inside, ""));
        if tag.contains("class=\"value") {
            numbers.push(Number {
                url: between(tag, "href=\"", "\"")
                    .unwrap_or_default()
                    .replace("&amp;", "&"),
                aloud: text(inside),
                beside: text(beside),
            });
        } else if let Some(last) = numbers.last_mut() {
            last.beside.push_str(&text(link));
        }
    }
    numbers
}

/// The rows of the numbers behind a chart, the oldest first: week, value, records.
pub type Rows = Vec<[String; 3]>;

/// The tables behind charts, each with its caption where it has one.
pub fn tables(html: &str) -> Vec<(Option<String>, Rows)> {
    let folded = html.split("<details class=\"numbers\">").skip(1);
    let folded = folded.filter_map(|rest| rest.split("</details>").next());
    let tables = folded.flat_map(|fold| fold.split("<table").skip(1));
    let table = |table: &str| {
        let caption = between(table, "<caption>", "</caption>").map(text);
        let rows = table.split("<tr>").skip(2);
        (caption, rows.filter_map(row).collect())
    };
    tables.map(table).collect()
}

fn row(row: &str) -> Option<[String; 3]> {
    let mut cells = row.split("<td").skip(1);
    let mut cell = || {
        let (_, inside) = cells.next()?.split_once('>')?;
        Some(text(inside))
    };
    Some([
        text(between(row, "<th scope=\"row\">", "</th>")?),
        cell()?,
        cell()?,
    ])
}
