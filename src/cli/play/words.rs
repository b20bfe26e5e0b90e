//! A line as words. Quotes hold together what belongs together.

/// A word of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Word {
    pub text: String,
    /// Whether any of it stood in quotes: then it is a text, whatever it looks like.
    pub quoted: bool,
}

impl Word {
    /// Whether it is this word of the language.
    pub(super) fn is(&self, word: &str) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case(word)
    }
}

/// The words of a line. What follows a `#` at the beginning of a word is a comment.
///
/// # Errors
/// A sentence, if a quote is not closed.
pub(super) fn words(line: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut open: Option<char> = None;
    let mut signs = line.chars();
    while let Some(sign) = signs.next() {
        match (open, sign) {
            (Some(quote), _) if sign == quote => open = None,
            (Some('"'), '\\') => {
                let next = signs.next().unwrap_or('\\');
                begun(&mut word).text.push(next);
            }
            (None, '"' | '\'') => {
                begun(&mut word).quoted = true;
                open = Some(sign);
            }
            (None, '#') if word.is_none() => break,
            (None, _) if sign.is_whitespace() => words.extend(word.take()),
            _ => begun(&mut word).text.push(sign),
        }
    }
    if let Some(quote) = open {
        return Err(format!(
            "A quote is not closed: write {quote} behind the text as well."
        ));
    }
    words.extend(word);
    Ok(words)
}

fn begun(word: &mut Option<Word>) -> &mut Word {
    word.get_or_insert_with(|| Word {
        text: String::new(),
        quoted: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together_and_comments_end_a_line() {
        let told = |line: &str| -> Vec<(String, bool)> {
            let words = words(line).unwrap().into_iter();
            words.map(|word| (word.text, word.quoted)).collect()
        };
        let word = |text: &str, quoted| (text.to_owned(), quoted);
        assert_eq!(told("  a  b # c"), [word("a", false), word("b", false)]);
        assert_eq!(
            told(r#"a "b c" 'd"'"#),
            [word("a", false), word("b c", true), word("d\"", true)]
        );
        assert_eq!(told(r#""a \" \\""#), [word("a \" \\", true)]);
        assert_eq!(told(r#""""#), [word("", true)]);
        assert_eq!(told("a#b"), [word("a#b", false)]);
        assert!(told("# all of it").is_empty());
        assert!(words("put 'a").unwrap_err().contains("not closed"));
    }
}
