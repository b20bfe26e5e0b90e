//! JSON for people and for many runs: a line for each value that lies one or two levels deep, and all that is
//! inside it on that line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// So many levels are spread over lines.
const LEVELS: usize = 2;

/// A value as JSON, with a line feed at the end.
pub(super) fn to_json(value: &impl Serialize) -> Vec<u8> {
    let mut json = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut json, Shallow::default());
    value.serialize(&mut serializer).expect("plain data");
    json.push(b'\n');
    json
}

#[derive(Default)]
struct Shallow {
    /// In how many arrays and objects the value is.
    level: usize,
    /// Whether the array or object that was read last has anything in it.
    filled: bool,
}

impl Shallow {
    fn begin(&mut self, to: &mut (impl Write + ?Sized), bracket: u8) -> io::Result<()> {
        self.level += 1;
        self.filled = false;
        to.write_all(&[bracket])
    }

    fn next(&self, to: &mut (impl Write + ?Sized), first: bool) -> io::Result<()> {
        if !first {
            to.write_all(b",")?;
        }
        self.line(to)
    }

    fn end(&mut self, to: &mut (impl Write + ?Sized), bracket: u8) -> io::Result<()> {
        let was_on_lines = self.level <= LEVELS;
        self.level -= 1;
        if self.filled && was_on_lines {
            self.line(to)?;
        }
        // Whatever this one is in has at least this one.
        self.filled = true;
        to.write_all(&[bracket])
    }

    /// Begins a line, if those of this level have lines of their own.
    fn line(&self, to: &mut (impl Write + ?Sized)) -> io::Result<()> {
        if self.level > LEVELS {
            return Ok(());
        }
        to.write_all(b"\n")?;
        to.write_all(&b"    "[..2 * self.level])
    }
}

impl Formatter for Shallow {
    fn begin_array<W: Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        self.begin(to, b'[')
    }

    fn end_array<W: Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        self.end(to, b']')
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.next(to, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _to: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        self.begin(to, b'{')
    }

    fn end_object<W: Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        self.end(to, b'}')
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.next(to, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(if self.level <= LEVELS { b": " } else { b":" })
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _to: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn two_levels_have_lines_of_their_own() {
        let value = json!({
            "a": {"b": 1, "c": [2, {"d": []}]}, "e": [{"f": 3, "g": "\n"}, {}], "h": [], "i": {},
        });
        let lines = r#"{
  "a": {
    "b": 1,
    "c": [2,{"d":[]}]
  },
  "e": [
    {"f":3,"g":"\n"},
    {}
  ],
  "h": [],
  "i": {}
}
"#;
        assert_eq!(String::from_utf8(to_json(&value)).unwrap(), lines);
    }
}
