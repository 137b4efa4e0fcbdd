//! Text in a picture: its letters, about how wide it is, and where it breaks.

use anyhow::Result;
use plotters::element::Text;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBColor, TextStyle};

use super::Canvas;

/// The face that comes with us; where a drawing is opened without it, what is like it.
const FAMILY: &str = "Inter, Arial, Helvetica, sans-serif";
/// plotters takes the height of a line for the size of its letters.
const LINE_OF_SIZE: f64 = 1.24;

/// How text is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letters {
    pub size: f64,
    pub colour: RGBColor,
    pub is_bold: bool,
}

impl Letters {
    pub const fn new(size: f64, colour: RGBColor) -> Letters {
        Letters {
            size,
            colour,
            is_bold: false,
        }
    }

    /// About how wide a text is; rather too wide than too narrow.
    pub fn width(self, text: &str) -> f64 {
        let ems: f64 = text.chars().map(ems).sum();
        let weight = if self.is_bold { 1.06 } else { 1.0 };
        ems * self.size * weight
    }

    /// The text in at most so many lines of this width, broken at spaces; what they do not hold is left
    /// out after an ellipsis.
    pub fn lines(self, text: &str, width: f64, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            let fits = longer.filter(|longer| self.width(longer) <= width);
            match (fits, lines.last_mut()) {
                (Some(longer), Some(line)) => *line = longer,
                _ => lines.push(word.to_owned()),
            }
        }
        if lines.len() > most {
            let rest = lines.split_off(most.saturating_sub(1)).join(" ");
            lines.push(rest);
        }
        lines.iter().map(|line| self.cut(line, width)).collect()
    }

    /// As much of a text as this width holds, with an ellipsis where something is left out.
    pub fn cut(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut cut = text.to_owned();
        while cut.pop().is_some() && self.width(&cut) + self.size > width {}
        format!("{}…", cut.trim_end())
    }

    /// Writes a line at a place, which is its middle in height and one of its ends, or its middle, in
    /// width.
    pub fn write(
        self,
        canvas: &Canvas<'_>,
        text: &str,
        (at, place): (HPos, (i32, i32)),
    ) -> Result<()> {
        let style = match self.is_bold {
            true => FontStyle::Bold,
            false => FontStyle::Normal,
        };
        let font = FontDesc::new(FontFamily::Name(FAMILY), self.size * LINE_OF_SIZE, style);
        let style = TextStyle::from(font)
            .color(&self.colour)
            .pos(Pos::new(at, VPos::Center));
        Ok(canvas.draw(&Text::new(readable(text), place, style))?)
    }
}

/// A letter's width in the face that comes with us, by kind.
fn ems(letter: char) -> f64 {
    match letter {
        '\u{202f}' => 0.2,
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '’' | '\'' | '·' | '|' | '!' => 0.3,
        'i' | 'j' | 'l' | 'I' => 0.28,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 0.4,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' | '—' => 0.93,
        '\u{2e80}'.. => 1.05,
        letter if letter.is_uppercase() => 0.72,
        _ => 0.61,
    }
}

/// Without what no XML may hold.
fn readable(text: &str) -> String {
    let unreadable = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.replace(unreadable, " ")
}

/// As the text of an element.
pub(super) fn escaped(text: &str) -> String {
    readable(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::INK;

    const LETTERS: Letters = Letters::new(10.0, INK);

    #[test]
    fn a_text_breaks_at_spaces_and_what_does_not_fit_is_left_out_after_an_ellipsis() {
        let text = "one two three four five six seven";
        let width = LETTERS.width("one two three");
        assert_eq!(
            LETTERS.lines(text, width, 3),
            ["one two three", "four five six", "seven"]
        );
        let cut = LETTERS.lines(text, width, 2);
        assert_eq!(cut[0], "one two three");
        assert!(
            cut[1].starts_with("four") && cut[1].ends_with('…'),
            "{cut:?}"
        );
        assert!(
            cut.iter().all(|line| LETTERS.width(line) <= width),
            "{cut:?}"
        );
        let long = LETTERS.lines(&"w".repeat(400), width, 3);
        assert!(
            long.len() == 1 && LETTERS.width(&long[0]) <= width,
            "{long:?}"
        );
        assert!(LETTERS.lines("", width, 3).is_empty());
    }

    #[test]
    fn what_no_xml_may_hold_is_left_out_and_markup_is_escaped() {
        assert_eq!(escaped("a\u{0}<b>&\u{ffff}"), "a &lt;b&gt;&amp; ");
    }
}
