//! Colours, dashes, markers and sizes, chosen so that a picture can be read by colour-blind
//! people, in black-and-white print, and at the width of a column of text (84 mm).

/// Width of every picture in user units: 84 mm, so that one unit is 0.2 mm or 0.57 pt.
pub(super) const WIDTH: f64 = 420.0;
/// Points of a PDF per user unit: 84 mm are 238 points.
pub(super) const POINTS_PER_UNIT: f64 = 84.0 / 25.4 * 72.0 / WIDTH;
/// Size of the smallest text: 13 units are 7.4 pt at column width.
pub(super) const SMALL: u32 = 13;
/// Size of the labels of axes.
pub(super) const LABEL: u32 = 14;
/// Size of the title.
pub(super) const TITLE: u32 = 15;
/// Pixels of the PNG per user unit: 1260 pixels.
pub(super) const PIXELS_PER_UNIT: f32 = 3.0;
/// Pixels per metre of the PNG, as it says itself: 300 per inch.
pub(super) const PIXELS_PER_METRE: u32 = 11_811;
/// Fonts for the SVG in order of preference. Distances are measured for the first one, which is
/// the widest of them and the one drawn into the PNG.
pub(super) const FONTS: &str = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif";
/// Lines across a panel at its ticks.
pub(super) const GRID: &str = "#cccccc";
/// Text that explains rather than names.
pub(super) const MUTED: &str = "#444444";

/// The most series in one picture: as many as there are different looks.
pub(super) const MOST_SERIES: usize = LOOKS.len();

/// Shape of a marker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
    TriangleDown,
    Cross,
    Plus,
    Star,
}

/// How a series looks: three differences, of which print leaves two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// As `#rrggbb`.
    pub color: &'static str,
    /// Lengths of dashes and gaps in user units; empty for a solid line.
    pub dash: &'static [f64],
    /// On its points.
    pub marker: Marker,
    /// Width of the line.
    pub width: f64,
}

const fn look(color: &'static str, dash: &'static [f64], marker: Marker) -> Look {
    Look {
        color,
        dash,
        marker,
        width: 1.8,
    }
}

/// The palette of Okabe and Ito without its yellow, which nobody can see on white; black again,
/// dotted, in its place.
pub(super) const LOOKS: [Look; 8] = [
    look("#0072B2", &[], Marker::Circle),
    look("#D55E00", &[7.0, 3.0], Marker::Square),
    look("#009E73", &[2.5, 2.5], Marker::Triangle),
    look("#CC79A7", &[9.0, 3.0, 2.0, 3.0], Marker::Diamond),
    look("#000000", &[14.0, 3.0], Marker::TriangleDown),
    look("#E69F00", &[9.0, 2.5, 2.0, 2.5, 2.0, 2.5], Marker::Star),
    look("#56B4E9", &[4.0, 2.0], Marker::Plus),
    look("#000000", &[1.5, 4.0], Marker::Cross),
];

/// Lines for orientation: grey, dashed differently.
pub(super) const ORIENTATION: [Look; 3] = [
    orientation(&[6.0, 3.0]),
    orientation(&[2.0, 2.0]),
    orientation(&[8.0, 2.0, 2.0, 2.0]),
];

/// What theory expects: thin, on top of what was measured.
pub(super) const THEORY: Look = Look {
    color: "#000000",
    dash: &[3.0, 3.0],
    marker: Marker::Circle,
    width: 0.9,
};

const fn orientation(dash: &'static [f64]) -> Look {
    Look {
        color: "#707070",
        dash,
        marker: Marker::Circle,
        width: 1.2,
    }
}

/// About how wide a text is in `DejaVu Sans`, in units; rather too much than too little.
pub(super) fn text_width(text: &str, size: u32) -> f64 {
    let ems: f64 = text.chars().map(ems).sum();
    ems * f64::from(size)
}

fn ems(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '\'' | '|' | ' ' | '\u{a0}' | '.' | ',' | ':' | ';' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' | '[' | ']' | '·' | '₂' => 0.42,
        'c' | 's' | 'z' => 0.56,
        'm' | 'M' | 'W' | '%' | '@' | '—' | '½' | '…' => 1.0,
        'w' | '=' | '−' | '<' | '>' | '&' | '+' | 'A'..='Z' => 0.8,
        _ => 0.64,
    }
}

/// Breaks a text into lines no wider than `width` (single words that are wider stay whole), at its blanks, tabs and line
/// ends; blanks that do not break are no such.
pub(super) fn wrap(text: &str, size: u32, width: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text
        .split([' ', '\t', '\n', '\r'])
        .filter(|word| !word.is_empty())
    {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if text_width(line, size) + text_width(word, size) + text_width(" ", size) <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_differ_without_their_colour() {
        for (i, a) in LOOKS.iter().enumerate() {
            for b in &LOOKS[..i] {
                assert!(a.dash != b.dash && a.marker != b.marker);
            }
        }
    }

    #[test]
    fn long_text_is_wrapped_within_the_width() {
        let text = "Lookups while nodes come and go, and go, and go, and never come back";
        let lines = wrap(text, 13, 200.0);
        assert!(lines.iter().all(|line| text_width(line, 13) <= 200.0));
        assert_eq!(lines.join(" "), text);
        assert_eq!(wrap("two\r\nlines\tand", 13, 200.0), ["two lines and"]);
    }
}
