//! A graph in GML (Himsolt, "GML: A portable Graph File Format", Passau 1997): keys with values, a value being a number,
//! a text or a list of such pairs in brackets. Shadow's graphs and those of the Topology Zoo are such.
//!
//! ```text
//! graph [
//!   directed 0
//!   node [ id 0 label "Oslo" Longitude 10.75 Latitude 59.91 ]
//!   node [ id 1 label "Bergen" Longitude 5.32 Latitude 60.39 ]
//!   edge [ source 0 target 1 latency "2738 us" ]
//! ]
//! ```
//!
//! What is not known is passed over, however deep. Lists are walked through without recursion.

use std::borrow::Cow;

use super::builder::Builder;
use super::data::Graph;
use super::fault::GraphFault;
use super::options::Reading;
use super::values::{EdgeValues, NodeValues};
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::fault::Fault;
use crate::inputs::text::TextFile;

/// Lists within lists, at most.
const DEPTH_MAX: usize = 64;

/// Whether a text begins as GML does.
pub(super) fn is_such(file: TextFile<'_>) -> bool {
    let mut tokens = Tokens::of(file);
    let Ok(Some(Token::Word(first))) = tokens.next() else {
        return false;
    };
    let second = tokens.next();
    if is("graph", first) {
        return matches!(second, Ok(Some(Token::Open(_))));
    }
    let opens_a_file = ["creator", "version", "comment"];
    opens_a_file.iter().any(|key| is(key, first))
        && matches!(second, Ok(Some(Token::Text(_) | Token::Word(_))))
        && file.text().contains('[')
}

/// Reads GML.
///
/// # Errors
/// The first fault in the text.
pub(super) fn read<'a>(file: TextFile<'a>, reading: Reading<'_>) -> Result<Graph<'a>, InputError> {
    let mut reader = Reader {
        file,
        reading,
        tokens: Tokens::of(file),
        builder: Builder::new(file, reading),
        is_directed: false,
        undirected: None,
    };
    let mut seen = false;
    while let Some((key, value)) = reader.pair()? {
        match value {
            Value::List if is("graph", key) => {
                if std::mem::replace(&mut seen, true) {
                    return Err(file.fault(key, GraphFault::SecondGraph));
                }
                reader.graph()?;
            }
            Value::List => reader.skip(key)?,
            Value::Scalar(..) => {}
        }
    }
    if !seen {
        return Err(file.fault(file.text().trim_end(), Fault::Empty));
    }
    reader.builder.finish_declared()
}

/// Whether a key is this one; the case of letters makes no difference.
fn is(name: &str, key: &str) -> bool {
    key.eq_ignore_ascii_case(name)
}

struct Reader<'a, 'k> {
    file: TextFile<'a>,
    reading: Reading<'k>,
    tokens: Tokens<'a>,
    builder: Builder<'a, 'k>,
    is_directed: bool,
    /// The first edge that was read as undirected.
    undirected: Option<&'a str>,
}

/// The value of a key.
enum Value<'a> {
    /// As it is meant, and as it stands there.
    Scalar(Cow<'a, str>, &'a str),
    /// The bracket that opens a list has been read.
    List,
}

impl<'a> Reader<'a, '_> {
    /// The next key and its value; `None` where the list ends, or the file.
    fn pair(&mut self) -> Result<Option<(&'a str, Value<'a>)>, InputError> {
        let key = match self.tokens.next()? {
            None if self.tokens.depth > 0 => {
                let fault = GraphFault::UnclosedList;
                return Err(self.file.fault(self.tokens.end(), fault));
            }
            None | Some(Token::Close) => return Ok(None),
            Some(Token::Word(key)) => key,
            Some(Token::Open(place) | Token::Text(place)) => {
                return Err(self.file.fault(place, GraphFault::NoKey));
            }
        };
        let value = match self.tokens.next()? {
            Some(Token::Open(_)) => Value::List,
            Some(Token::Word(word)) => Value::Scalar(word.into(), word),
            Some(Token::Text(text)) => Value::Scalar(unescaped(text), text),
            Some(Token::Close) | None => {
                let key = shortened(key);
                let place = self.tokens.last;
                return Err(self.file.fault(place, GraphFault::NoValue { key }));
            }
        };
        Ok(Some((key, value)))
    }

    /// Passes over a list that has just been opened.
    fn skip(&mut self, key: &'a str) -> Result<(), InputError> {
        let outside = self.tokens.depth - 1;
        while self.tokens.depth > outside {
            if self.tokens.next()?.is_none() {
                return Err(self.file.fault(key, GraphFault::UnclosedList));
            }
        }
        Ok(())
    }

    fn graph(&mut self) -> Result<(), InputError> {
        self.builder.say("read as GML");
        while let Some((key, value)) = self.pair()? {
            match value {
                Value::List if is("node", key) => self.node(key)?,
                Value::List if is("edge", key) => self.edge(key)?,
                Value::List => self.skip(key)?,
                Value::Scalar(value, place) if is("directed", key) => {
                    self.is_directed = match value.trim() {
                        "0" => false,
                        "1" => true,
                        _ => {
                            let value = shortened(place);
                            return Err(self.file.fault(place, GraphFault::NoDirection { value }));
                        }
                    };
                    if let Some(first) = self.undirected.filter(|_| self.is_directed) {
                        return Err(self.file.fault(first, GraphFault::LateDirection));
                    }
                }
                Value::Scalar(..) => {}
            }
        }
        Ok(())
    }

    fn node(&mut self, node: &'a str) -> Result<(), InputError> {
        let (mut id, mut values) = (None, NodeValues::default());
        while let Some((key, value)) = self.pair()? {
            match value {
                Value::List => self.skip(key)?,
                Value::Scalar(value, place) if is("id", key) => id = Some((value, place)),
                Value::Scalar(value, place) => {
                    self.builder.has_attribute(Cow::Borrowed(key));
                    values.take(self.file, &self.reading, key, value, place)?;
                }
            }
        }
        let Some((id, place)) = id else {
            return Err(self.file.fault(node, GraphFault::NoId));
        };
        let number = self.builder.node(id, place)?;
        self.builder.declare(number, place, values)
    }

    fn edge(&mut self, edge: &'a str) -> Result<(), InputError> {
        let (mut ends, mut values) = ([None, None], EdgeValues::default());
        while let Some((key, value)) = self.pair()? {
            match value {
                Value::List => self.skip(key)?,
                Value::Scalar(value, place) if is("source", key) => ends[0] = Some((value, place)),
                Value::Scalar(value, place) if is("target", key) => ends[1] = Some((value, place)),
                Value::Scalar(value, place) => values.take(&self.reading, key, value, place),
            }
        }
        let [Some((from, first)), Some((to, second))] = ends else {
            return Err(self.file.fault(edge, GraphFault::NoEnd));
        };
        let ends = [
            self.builder.node(from, first)?,
            self.builder.node(to, second)?,
        ];
        let known = values.latency(self.file, &self.reading, edge)?;
        if let Some(told) = known.told {
            self.builder.say(format!("latencies {told}"));
        }
        if !self.is_directed {
            self.undirected.get_or_insert(edge);
        }
        self.builder
            .edge(ends, known.ms, self.is_directed, known.place)
    }
}

/// A word, a text in quotes (without them), or a bracket.
enum Token<'a> {
    Word(&'a str),
    Text(&'a str),
    Open(&'a str),
    Close,
}

/// The tokens of a file.
struct Tokens<'a> {
    file: TextFile<'a>,
    rest: &'a str,
    depth: usize,
    /// The one that was read last.
    last: &'a str,
}

impl<'a> Tokens<'a> {
    fn of(file: TextFile<'a>) -> Self {
        let rest = file.text();
        Self {
            file,
            rest,
            depth: 0,
            last: &rest[..0],
        }
    }

    /// Blanks, and comments from a `#` at the beginning of a line to its end.
    fn skip_blanks(&mut self) {
        loop {
            let text = self.file.text();
            self.rest = self.rest.trim_start();
            let before = &text[..text.len() - self.rest.len()];
            let begins = before.trim_end_matches([' ', '\t']);
            let begins = begins.is_empty() || begins.ends_with('\n');
            if !begins || !self.rest.starts_with('#') {
                return;
            }
            let line = self.rest.find('\n').unwrap_or(self.rest.len());
            self.rest = &self.rest[line..];
        }
    }

    fn next(&mut self) -> Result<Option<Token<'a>>, InputError> {
        self.skip_blanks();
        let Some(first) = self.rest.chars().next() else {
            return Ok(None);
        };
        let token = match first {
            '"' => return self.text().map(Some),
            '[' => Token::Open(self.take(1)),
            ']' => {
                self.take(1);
                Token::Close
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || matches!(c, '[' | ']' | '"');
                let end = self.rest.find(ends).unwrap_or(self.rest.len());
                Token::Word(self.take(end))
            }
        };
        match token {
            Token::Open(_) if self.depth == DEPTH_MAX => {
                let most = DEPTH_MAX;
                return Err(self.file.fault(self.last, GraphFault::TooDeep { most }));
            }
            Token::Open(_) => self.depth += 1,
            Token::Close => match self.depth.checked_sub(1) {
                Some(outside) => self.depth = outside,
                None => return Err(self.file.fault(self.last, GraphFault::NothingToClose)),
            },
            _ => {}
        }
        Ok(Some(token))
    }

    fn text(&mut self) -> Result<Token<'a>, InputError> {
        let Some(length) = self.rest[1..].find('"') else {
            let line = self.rest.lines().next().unwrap_or(self.rest);
            return Err(self.file.fault(line, GraphFault::UnclosedQuote));
        };
        let whole = self.take(length + 2);
        Ok(Token::Text(&whole[1..=length]))
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        (self.last, self.rest) = self.rest.split_at(bytes);
        self.last
    }

    /// Where the file ends.
    fn end(&self) -> &'a str {
        let text = self.file.text().trim_end();
        text.lines().last().unwrap_or(text)
    }
}

/// A text with its signs that are written as in HTML; others than those of XML stay as they are.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    quick_xml::escape::unescape(text).unwrap_or_else(|_| text.into())
}
