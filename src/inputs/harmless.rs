//! Signs that do harm where a text is shown: they steer a terminal, turn what is read around, or are not allowed in XML.
//!
//! A scenario that has one in a text is refused. What is not ours to refuse, such as the name of a file or what stands in
//! one, is shown with [`escaped`].

use std::borrow::Cow;

/// Whether a sign has no place in a text that is shown.
///
/// Control characters but line feed and tab, the signs that set the direction of what follows, line separators, and
/// what Unicode says is no character.
#[must_use]
pub fn is_harmful(sign: char) -> bool {
    match sign {
        '\n' | '\t' => false,
        '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fdd0}'..='\u{fdef}' => true,
        _ => sign.is_control() || u32::from(sign) & 0xfffe == 0xfffe,
    }
}

/// The first such sign of a text. A carriage return before a line feed is none.
#[must_use]
pub fn first_harmful(text: &str) -> Option<char> {
    let harmful = |(at, sign): &(usize, char)| is_harmful(*sign) && !ends_line(text, *at);
    text.char_indices().find(harmful).map(|(_, sign)| sign)
}

/// A text to be shown on a terminal: each such sign, and a tab, is written by its number as in `<U+001B>`. Line feeds
/// stay.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    let is_shown = |sign: char| sign != '\t' && !is_harmful(sign);
    if text.chars().all(is_shown) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for (at, sign) in text.char_indices() {
        if is_shown(sign) {
            escaped.push(sign);
        } else if !ends_line(text, at) {
            escaped.push_str(&named(sign));
        }
    }
    escaped.into()
}

/// A sign by its number, as in `<U+001B>`.
#[must_use]
pub fn named(sign: char) -> String {
    format!("<U+{:04X}>", u32::from(sign))
}

/// A text of at most `most` characters and a few: what is longer lacks its middle.
#[must_use]
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    // No text has more characters than bytes.
    if text.len() <= most || text.char_indices().nth(most).is_none() {
        return text.into();
    }
    let half = (most / 2).max(1);
    let head = text.char_indices().nth(half).map_or(0, |(at, _)| at);
    let tail = text.char_indices().rev().nth(half - 1);
    let tail = tail.map_or(0, |(at, _)| at);
    format!("{} … {}", &text[..head], &text[tail..]).into()
}

/// Whether a carriage return stands here, and a line feed behind it.
fn ends_line(text: &str, at: usize) -> bool {
    text[at..].starts_with("\r\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_steers_a_terminal_is_named_and_what_people_write_stays() {
        for (text, shown) in [
            ("\u{1b}[31mred", "<U+001B>[31mred"),
            ("a\u{0}b\u{7f}", "a<U+0000>b<U+007F>"),
            ("\u{9b}2J", "<U+009B>2J"),
            ("\u{202e}gpj.exe", "<U+202E>gpj.exe"),
            ("\u{fffe}\u{1ffff}", "<U+FFFE><U+1FFFF>"),
            ("a\tb\rc", "a<U+0009>b<U+000D>c"),
            ("two\r\nlines\n", "two\nlines\n"),
            ("größe 测试 🦀 \u{feff}", "größe 测试 🦀 \u{feff}"),
        ] {
            assert_eq!(escaped(text), shown);
        }
        assert_eq!(first_harmful("a\r\n\tb"), None);
        assert_eq!(first_harmful("a\rb\u{1b}"), Some('\r'));
    }

    #[test]
    fn a_long_text_keeps_its_ends() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened(&"ä".repeat(40), 4), "ää … ää");
        assert_eq!(shortened("0123456789", 4), "01 … 89");
        assert_eq!(shortened("", 0), "");
    }

    proptest! {
        #[test]
        fn what_is_escaped_holds_no_control_character_but_line_feeds(text in any::<String>()) {
            let shown = escaped(&text).into_owned();
            prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", shown);
            prop_assert_eq!(first_harmful(&shown), None);
            prop_assert_eq!(escaped(&shown).into_owned(), shown);
        }

        #[test]
        fn a_shortened_text_is_short(text in any::<String>(), most in 2_usize..20) {
            let short = shortened(&text, most);
            prop_assert!(short.chars().count() <= most + 3);
            prop_assert!(text.chars().count() > most || short == text);
        }
    }
}
