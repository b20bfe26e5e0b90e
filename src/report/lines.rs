//! Lines that fit.

/// Only within so many columns a text is looked for that stands behind blanks.
const TEXT_BEGINS_MAX: usize = 40;

/// The text, broken between words into lines of at most `width` signs. What is broken off stands below the last column
/// that begins behind two blanks or more, if there is one. Colours take no room. A word that is longer than a line has one
/// of its own.
pub(crate) fn wrapped(text: &str, width: usize) -> String {
    let lines: Vec<String> = text.lines().map(|line| wrapped_line(line, width)).collect();
    lines.join("\n")
}

fn wrapped_line(line: &str, width: usize) -> String {
    if visible(line) <= width {
        return line.to_owned();
    }
    let hang = text_begins(line);
    let (mut done, mut column) = (String::new(), 0);
    for (word, number) in line.split(' ').zip(0..) {
        let length = visible(word);
        if number > 0 && column + 1 + length > width && length > 0 {
            let kept = done.trim_end().len();
            done.truncate(kept);
            done.push('\n');
            done.push_str(&" ".repeat(hang));
            column = hang;
        } else if number > 0 {
            done.push(' ');
            column += 1;
        }
        done.push_str(word);
        column += length;
    }
    done
}

/// The last column, among the first ones, in front of which there are two blanks.
fn text_begins(line: &str) -> usize {
    let (mut column, mut blanks, mut found) = (0, 0, 0);
    let mut steering = false;
    for sign in line.chars() {
        match sign {
            '\u{1b}' => steering = true,
            'm' if steering => steering = false,
            _ if steering => {}
            ' ' => (column, blanks) = (column + 1, blanks + 1),
            _ => {
                if blanks > 1 && column < TEXT_BEGINS_MAX {
                    found = column;
                }
                (column, blanks) = (column + 1, 0);
            }
        }
    }
    found
}

/// How many signs of a text are seen.
pub(crate) fn visible(text: &str) -> usize {
    let mut count = 0;
    let mut steering = false;
    for sign in text.chars() {
        match sign {
            '\u{1b}' => steering = true,
            'm' if steering => steering = false,
            _ if steering => {}
            _ => count += 1,
        }
    }
    count
}

/// The text and as many blanks as it lacks of the width.
pub(crate) fn padded(text: &str, width: usize) -> String {
    let lacks = width.saturating_sub(visible(text));
    format!("{text}{}", " ".repeat(lacks))
}

/// A list of at most `most` items, and how many more there are.
pub(crate) fn listed(items: impl IntoIterator<Item = String>, most: usize) -> String {
    let items: Vec<String> = items.into_iter().collect();
    let more = items.len().saturating_sub(most);
    let shown = items[..items.len() - more].join(", ");
    match more {
        0 => shown,
        _ => format!("{shown} and {more} more"),
    }
}

/// So many of something.
pub(crate) fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// With a capital letter at its beginning.
pub(crate) fn capital(text: &str) -> String {
    let mut signs = text.chars();
    let first = signs.next().map(|sign| sign.to_uppercase().to_string());
    first.unwrap_or_default() + signs.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_between_words_and_colours_take_no_room() {
        assert_eq!(wrapped("  one two three", 9), "  one two\n  three");
        assert_eq!(wrapped("a   bcd efg", 9), "a   bcd\n    efg");
        assert_eq!(wrapped("short\nlines", 9), "short\nlines");
        let red = "\u{1b}[1;31mone\u{1b}[0m two";
        assert_eq!(wrapped(red, 7), red);
        assert_eq!(wrapped("unbreakable and", 5), "unbreakable\nand");
    }

    #[test]
    fn lists_end() {
        let items = |n: u32| (0..n).map(|it| it.to_string());
        assert_eq!(listed(items(3), 3), "0, 1, 2");
        assert_eq!(listed(items(5), 3), "0, 1, 2 and 2 more");
    }
}
