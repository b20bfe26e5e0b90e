//! One line of CSV made of numbers and fixed words, without an allocation per row.
//!
//! None of these cells can hold a comma, a quote or a line break, so nothing is ever quoted; cells
//! with text of the user's go through the `csv` crate instead (see `table`).

use std::io::Write as _;

/// Cells are appended one by one; [`Line::end`] closes a row. Rows pile up until they are taken.
#[derive(Default)]
pub struct Line {
    bytes: Vec<u8>,
}

impl Line {
    /// A whole number.
    pub fn integer(&mut self, value: u64) {
        let mut digits = itoa::Buffer::new();
        self.bytes
            .extend_from_slice(digits.format(value).as_bytes());
        self.bytes.push(b',');
    }

    /// A number in the shortest decimal form that reads back as the same value, never with an
    /// exponent; whole numbers without a fraction. What is not finite does not exist: empty.
    pub fn number(&mut self, value: f64) {
        push_number(&mut self.bytes, value);
        self.bytes.push(b',');
    }

    /// One of a fixed set of words.
    pub fn word(&mut self, word: &str) {
        self.bytes.extend_from_slice(word.as_bytes());
        self.bytes.push(b',');
    }

    /// A text for people: in quotes if it needs them.
    pub fn text(&mut self, text: &str) {
        if text.contains([',', '"', '\n', '\r']) {
            self.word(&format!("\"{}\"", text.replace('"', "\"\"")));
        } else {
            self.word(text);
        }
    }

    /// A value that does not exist.
    pub fn empty(&mut self) {
        self.bytes.push(b',');
    }

    /// A whole number, or nothing.
    pub fn maybe_integer(&mut self, value: Option<u64>) {
        match value {
            Some(value) => self.integer(value),
            None => self.empty(),
        }
    }

    /// A number, or nothing.
    pub fn maybe_number(&mut self, value: Option<f64>) {
        self.number(value.unwrap_or(f64::NAN));
    }

    /// Closes the row.
    pub fn end(&mut self) {
        if let Some(last) = self.bytes.last_mut() {
            *last = b'\n';
        }
    }

    /// The bytes of everything appended and not yet cleared.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets what was appended and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }
}

fn push_number(bytes: &mut Vec<u8>, value: f64) {
    if !value.is_finite() {
        return;
    }
    if value == 0.0 {
        bytes.push(b'0'); // also what is written for -0.0
        return;
    }
    let mut digits = ryu::Buffer::new();
    let text = digits.format_finite(value);
    if text.contains('e') {
        // Display has no exponents; it is the slow way, for very large and very small values.
        write!(bytes, "{value}").expect("writing to memory does not fail");
    } else {
        bytes.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
    }
}

/// As [`Line::number`] writes it; empty for `None`.
#[must_use]
pub fn number(value: Option<f64>) -> String {
    let mut bytes = Vec::new();
    push_number(&mut bytes, value.unwrap_or(f64::NAN));
    String::from_utf8(bytes).expect("digits, a sign and a point")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Stream, stream};
    use rand::RngExt as _;

    /// Display's form but for ties: of two shortest forms that are equally near it takes the odd.
    #[test]
    fn numbers_read_back_and_are_as_short_as_can_be() {
        let mut rng = stream(1, Stream::Protocol);
        let odd = [
            1e21,
            1e-9,
            1.5,
            -2.0,
            0.1,
            1e15,
            5e-324,
            f64::MAX,
            0.1 + 0.2,
        ];
        let random = (0..20_000).map(|_| f64::from_bits(rng.random()));
        let finite = |value: &f64| value.is_finite();
        for value in odd.into_iter().chain(random).filter(finite) {
            let text = number(Some(value));
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits());
            assert_eq!(text.len(), value.to_string().len(), "{text}");
            assert!(!text.contains('e'), "{text}");
        }
    }

    #[test]
    fn what_does_not_exist_is_empty_and_zero_has_no_sign() {
        assert_eq!(number(None), "");
        assert_eq!(number(Some(f64::NAN)), "");
        assert_eq!(number(Some(f64::INFINITY)), "");
        assert_eq!(number(Some(-0.0)), "0");
    }

    #[test]
    fn a_line_is_cells_between_commas_and_a_line_feed() {
        let mut line = Line::default();
        line.integer(u64::MAX);
        line.word("ok");
        line.maybe_number(None);
        line.maybe_integer(Some(3));
        line.number(0.25);
        line.end();
        assert_eq!(line.bytes(), b"18446744073709551615,ok,,3,0.25\n");
    }
}
