//! One damage to a text.

use std::ops::Range;

use proptest::prelude::*;

use chordsim::scenario::known_keys;

/// What is done to a text. Numbers are places: they are taken modulo what there is.
#[derive(Clone, Debug)]
pub(super) enum Mutation {
    /// A byte becomes another.
    Byte(usize, u8),
    /// Bytes are put in.
    Insert(usize, String),
    /// The text ends here.
    Truncate(usize),
    /// Bytes are taken out.
    Remove(usize, usize),
    /// A line goes.
    RemoveLine(usize),
    /// Lines are there twice, the second time further down.
    DoubleLines(usize, usize, usize),
    /// Two lines change places.
    SwapLines(usize, usize),
    /// What stands behind two equals signs changes places.
    SwapValues(usize, usize),
    /// What stands behind an equals sign becomes something else.
    Value(usize, String),
    /// A number becomes another.
    Number(usize, String),
    /// A key is given at the very beginning.
    Key(usize, String),
}

/// Any of them.
pub(super) fn mutation() -> impl Strategy<Value = Mutation> {
    let place = any::<usize>;
    prop_oneof![
        1 => (place(), any::<u8>()).prop_map(|(at, byte)| Mutation::Byte(at, byte)),
        2 => (place(), sign()).prop_map(|(at, text)| Mutation::Insert(at, text)),
        1 => place().prop_map(Mutation::Truncate),
        2 => (place(), 1_usize..4).prop_map(|(at, count)| Mutation::Remove(at, count)),
        2 => place().prop_map(Mutation::RemoveLine),
        2 => (place(), 1_usize..8, place()).prop_map(|(at, count, to)| Mutation::DoubleLines(at, count, to)),
        1 => (place(), place()).prop_map(|(one, other)| Mutation::SwapLines(one, other)),
        2 => (place(), place()).prop_map(|(one, other)| Mutation::SwapValues(one, other)),
        4 => (place(), value()).prop_map(|(at, text)| Mutation::Value(at, text)),
        12 => (place(), number()).prop_map(|(at, text)| Mutation::Number(at, text)),
        4 => (place(), value()).prop_map(|(key, text)| Mutation::Key(key, text)),
    ]
}

fn number() -> impl Strategy<Value = String> {
    let extremes = [
        "0",
        "1",
        "-1",
        "2",
        "3",
        "64",
        "65",
        "0.5",
        "1.0000001",
        "-0.0",
        "1e-320",
        "1e308",
        "-1e308",
        "inf",
        "nan",
        "100000000",
        "2147483648",
        "4294967295",
        "4294967296",
        "9223372036854775807",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999999999999999999",
        "0x7fffffffffffffff",
        "1_000",
        "1,5",
    ];
    prop::sample::select(extremes.to_vec()).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = String> {
    let others = [
        "true",
        "[]",
        "{}",
        "\"\"",
        "\"off\"",
        "\"none\"",
        "[1, 2]",
        "[\"a\"]",
        "[[]]",
        "{ a = 1 }",
        "1979-05-27",
        "\"0s\"",
        "\"1ns\"",
        "\"1s\"",
        "\"999999999h\"",
        "\"-1s\"",
        "\"5 m\"",
        "\"\\u0007\"",
        "\"größe\"",
        "'\u{202e}'",
        "\"../../x\"",
        "{ exponential = { mean = \"1ns\" } }",
        "{ pareto = { shape = 0.1, minimum = \"1s\" } }",
        "\"matrix\"",
        "\"graph\"",
        "\"transit-stub\"",
        "\"fingers\"",
        "\"hashed\"",
        "[0, 0]",
        "[18446744073709551615]",
    ];
    let others = prop::sample::select(others.to_vec()).prop_map(str::to_owned);
    let list =
        prop::collection::vec(number(), 1..4).prop_map(|all| format!("[{}]", all.join(", ")));
    let long = Just(format!("\"{}\"", "x".repeat(100_000)));
    prop_oneof![8 => others, 4 => number(), 2 => list, 1 => long]
}

fn sign() -> impl Strategy<Value = String> {
    let signs = [
        "\"", "'", "[", "]", "[[", "{", "}", "=", ".", ",", "#", "\n", "\r", "\t", "\0", "\u{1b}",
        "\u{9b}", "\u{202e}", "\u{feff}", "\u{fffe}", "ä", "测", "🦀", "\\", "\"\"\"", "\\u0000",
        " ", "-", "9",
    ];
    prop::sample::select(signs.to_vec()).prop_map(str::to_owned)
}

impl Mutation {
    /// The damaged text. What is no text can only be damaged byte by byte, and nothing is done otherwise.
    pub(super) fn applied(&self, mut text: Vec<u8>) -> Vec<u8> {
        let length = text.len() + 1;
        match self {
            Self::Byte(at, byte) => {
                if let Some(place) = text.get_mut(at % length) {
                    *place = *byte;
                }
            }
            Self::Truncate(at) => text.truncate(at % length),
            Self::Remove(at, count) => {
                let start = at % length;
                text.drain(start..(start + count).min(text.len()));
            }
            Self::Insert(at, sign) => {
                let start = at % length;
                text.splice(start..start, sign.bytes());
            }
            other => {
                if let Ok(known) = std::str::from_utf8(&text) {
                    return other.of_text(known).into_bytes();
                }
            }
        }
        text
    }

    fn of_text(&self, text: &str) -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        let count = lines.len() + 1;
        match self {
            Self::RemoveLine(at) if at % count < lines.len() => {
                lines.remove(at % count);
            }
            Self::DoubleLines(at, many, to) => {
                let start = at % count;
                let copied = lines[start..(start + many).min(lines.len())].to_vec();
                let to = to % count;
                lines.splice(to..to, copied);
            }
            Self::SwapLines(one, other) if count > 1 => {
                lines.swap(one % (count - 1), other % (count - 1));
            }
            Self::SwapValues(one, other) => {
                let values = values(text);
                let Some([one, other]) = nth(&values, *one)
                    .zip(nth(&values, *other))
                    .map(<[_; 2]>::from)
                else {
                    return text.to_owned();
                };
                let (first, second) = if one.start < other.start {
                    (one, other)
                } else {
                    (other, one)
                };
                let swapped = replaced(text, &second, &text[first.clone()]);
                return replaced(&swapped, &first, &text[second]);
            }
            Self::Value(at, value) => return with_one_of(text, &values(text), *at, value),
            Self::Number(at, number) => return with_one_of(text, &numbers(text), *at, number),
            Self::Key(key, value) => {
                let keys = known_keys();
                return format!("{} = {value}\n{text}", keys[key % keys.len()]);
            }
            _ => {}
        }
        lines.join("\n") + "\n"
    }
}

fn nth(all: &[Range<usize>], at: usize) -> Option<Range<usize>> {
    all.get(at.checked_rem(all.len())?).cloned()
}

fn with_one_of(text: &str, places: &[Range<usize>], at: usize, by: &str) -> String {
    nth(places, at).map_or_else(|| text.to_owned(), |place| replaced(text, &place, by))
}

fn replaced(text: &str, place: &Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..place.start], &text[place.end..])
}

/// What stands behind the first equals sign of each line.
fn values(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut values = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(equals) = line.find('=') {
            values.push(start + equals + 1..start + line.trim_end().len().max(equals + 1));
        }
        start += line.len();
    }
    values
}

/// Runs of digits.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut numbers: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices(|c: char| c.is_ascii_digit()) {
        match numbers.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => numbers.push(at..at + 1),
        }
    }
    numbers
}
