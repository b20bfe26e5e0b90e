//! Helvetica, one of the fonts that every reader of PDF has: its codes and the widths of its letters, from Adobe's
//! font metrics. It has the letters of Western Europe; for others stands a question mark.

/// A piece of a line that is set in one size.
pub(super) struct Run {
    /// In the font's code.
    pub bytes: Vec<u8>,
    /// How wide it is, in sizes of the line.
    pub width: f64,
    /// Its size, in those of the line.
    pub scale: f64,
    /// How much lower it stands, in its own size.
    pub lower: f64,
}

/// Widths of the letters from the blank to the tilde, in thousandths of the size.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// A line of text in pieces: digits that stand lower are smaller.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for letter in text.chars() {
        let is_low = ('₀'..='₉').contains(&letter);
        let (scale, lower) = if is_low { (0.7, 0.2) } else { (1.0, 0.0) };
        let byte = code(letter);
        if runs.last().is_none_or(|run| (run.scale < 1.0) != is_low) {
            runs.push(Run {
                bytes: Vec::new(),
                width: 0.0,
                scale,
                lower,
            });
        }
        let run = runs.last_mut().expect("there is one now");
        run.bytes.push(byte);
        run.width += f64::from(width(byte)) / 1000.0 * scale;
    }
    runs
}

/// The code of a letter, in `WinAnsiEncoding`.
fn code(letter: char) -> u8 {
    match letter {
        // ASCII and Latin 1.
        ' '..='~' | '\u{a0}'..='ÿ' => letter as u8,
        '₀'..='₉' => b'0' + (u32::from(letter) - u32::from('₀')) as u8,
        // A minus is as wide as a dash.
        '−' | '–' => 0x96,
        '—' => 0x97,
        '…' => 0x85,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '„' => 0x84,
        '€' => 0x80,
        'μ' => 0xb5,
        'Š' => 0x8a,
        'š' => 0x9a,
        'Ž' => 0x8e,
        'ž' => 0x9e,
        'Œ' => 0x8c,
        'œ' => 0x9c,
        _ => b'?',
    }
}

/// In thousandths of the size.
fn width(byte: u8) -> u16 {
    match byte {
        0x20..=0x7e => WIDTHS[usize::from(byte - 0x20)],
        0xa0 | 0xb7 | 0xec..=0xef => 278,
        0x84 | 0x93 | 0x94 => 333,
        0x91 | 0x92 => 222,
        0x85 | 0x97 | 0x8c | 0xc6 => 1000,
        0xbc..=0xbe => 834,
        0xb1 | 0xd7 | 0xf7 => 584,
        0xb0 => 400,
        0xd2..=0xd6 | 0xd8 => 778,
        0xc0..=0xdf => 667,
        // Most others are as wide as an e.
        _ => 556,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// N is 722 thousandths wide, o 556 and the blank 278.
    #[test]
    fn a_line_is_as_wide_as_its_letters() {
        let no = runs("No no");
        assert_eq!(no.len(), 1);
        assert!((no[0].width - (0.722 + 3.0 * 0.556 + 0.278)).abs() < 1e-9);
    }

    #[test]
    fn what_stands_lower_is_smaller_and_a_run_of_its_own() {
        let runs = runs("½ log₂ N − 1");
        let bytes: Vec<&[u8]> = runs.iter().map(|run| run.bytes.as_slice()).collect();
        assert_eq!(bytes, [&b"\xbd log"[..], b"2", b" N \x96 1"]);
        assert!((runs[1].width - 0.7 * 0.556).abs() < 1e-9 && runs[1].lower > 0.0);
    }
}
