//! One value, by the kind of its key.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use toml::Spanned;
use toml::de::{DeArray, DeFloat, DeInteger, DeValue};

use super::{until, wrong_type};
use crate::codes::{self, Code};
use crate::engine::SimDuration;
use crate::inputs::harmless::{first_harmful, named};
use crate::scenario::duration::{self, LONGEST};
use crate::scenario::error::{Problem, Problems};
use crate::scenario::keys::value::Value;
use crate::scenario::keys::{self, Key, Section, ValueKind, Word, future};
use crate::scenario::source::Span;
use crate::scenario::suggest::{did_you_mean, nearest};

/// Reads the value that is given for a key by this name; `None`, and a problem, if it is not
/// allowed.
pub(crate) fn read(
    key: &Key,
    name: &str,
    given: &Spanned<DeValue<'_>>,
    problems: &mut Problems,
) -> Option<Value> {
    let mut reader = ValueReader {
        key,
        name,
        given,
        problems,
    };
    reader.read()
}

/// The values of a section's keys where they are not given.
pub(crate) fn defaults(section: &Section) -> Cow<'static, [Value]> {
    static DEFAULTS: LazyLock<BTreeMap<&str, Vec<Value>>> = LazyLock::new(|| {
        let sections = keys::sections().iter();
        sections
            .map(|section| (section.path, parsed_defaults(section)))
            .collect()
    });
    match DEFAULTS.get(section.path) {
        Some(defaults) => defaults.as_slice().into(),
        // The parameters of a distribution belong to no section.
        None => parsed_defaults(section).into(),
    }
}

fn parsed_defaults(section: &Section) -> Vec<Value> {
    section.keys.iter().map(parsed_default).collect()
}

fn parsed_default(key: &Key) -> Value {
    let Some(toml) = key.default else {
        return Value::Absent;
    };
    let default = DeValue::parse(toml).expect("a default is TOML");
    let mut problems = Problems::default();
    let value = read(key, key.name, &default, &mut problems);
    assert!(
        problems.is_empty(),
        "the default of `{}` is not allowed",
        key.name
    );
    value.expect("what has no problem has a value")
}

/// A value that is given, and where its problems go.
struct ValueReader<'a> {
    key: &'a Key,
    name: &'a str,
    given: &'a Spanned<DeValue<'a>>,
    problems: &'a mut Problems,
}

impl ValueReader<'_> {
    fn read(&mut self) -> Option<Value> {
        match (self.key.kind, self.given.get_ref()) {
            (ValueKind::Text | ValueKind::File | ValueKind::RingKey(_), DeValue::String(text)) => {
                self.harmless(text)
            }
            (ValueKind::Truth, DeValue::Boolean(truth)) => Some(Value::Truth(*truth)),
            (ValueKind::Count { least, most }, DeValue::Integer(number)) => {
                let count = self.whole(number, self.given)?;
                self.count(count, least, most, self.given.span())
                    .map(Value::Count)
            }
            (ValueKind::CountOrUntil { most }, DeValue::Integer(number)) => {
                let count = self.whole(number, self.given)?;
                self.count(count, 1, most, self.given.span())
                    .map(Value::Count)
            }
            (ValueKind::CountOrUntil { .. }, DeValue::String(text)) => {
                let read = until::read(self.name, text, self.given);
                read.map_err(|problem| self.problems.lasting.push(problem))
                    .ok()
            }
            (
                ValueKind::Number { least, most } | ValueKind::Numbers { least, most },
                DeValue::Integer(_) | DeValue::Float(_),
            ) => self.number(self.given, least, most).map(Value::Number),
            (ValueKind::Numbers { least, most }, DeValue::Array(list)) => {
                self.numbers(list, least, most)
            }
            (ValueKind::Duration { zero, off }, DeValue::String(text)) => {
                self.duration(text, zero, off)
            }
            (
                ValueKind::Word(words)
                | ValueKind::WordOrCounts(words)
                | ValueKind::WordOrCount(words)
                | ValueKind::WordOrTruth(words),
                DeValue::String(text),
            ) => {
                let names: Vec<&str> = words.iter().map(|word| word.name).collect();
                self.word(text, &names).map(Value::Word)
            }
            (ValueKind::WordOrTruth(words), DeValue::Boolean(truth)) => {
                let name = truth.to_string();
                let place = words.iter().position(|word| word.name == name);
                place.map(Value::Word)
            }
            (ValueKind::WordOrCounts(_), DeValue::Array(list)) => self.counts(list),
            (ValueKind::WordOrShare(words), DeValue::String(text)) => {
                let names: Vec<&str> = words.iter().map(|(word, _)| word.name).collect();
                let place = self.word(text, &names)?;
                Some(Value::Number(words[place].1))
            }
            (ValueKind::WordOrShare(_), DeValue::Boolean(all)) => {
                Some(Value::Number(f64::from(u8::from(*all))))
            }
            (ValueKind::WordOrShare(_), DeValue::Integer(_) | DeValue::Float(_)) => {
                self.number(self.given, 0.0, 1.0).map(Value::Number)
            }
            (ValueKind::Words(words), DeValue::String(text)) => {
                let given = text.split('+').map(|word| (word, self.given.span()));
                self.words(given.collect(), words)
            }
            (ValueKind::Words(words), DeValue::Array(list)) => self.list_of_words(list, words),
            (ValueKind::RingKey(_) | ValueKind::WordOrCount(_), DeValue::Integer(number)) => {
                let place = self.whole(number, self.given)?;
                self.count(place, 0, u64::MAX, self.given.span())
                    .map(Value::Count)
            }
            // Whether it is a table, and what is in it, is asked where it is read.
            (ValueKind::Distribution(_) | ValueKind::Table, _)
            | (ValueKind::RingKey(_) | ValueKind::Fields(_), DeValue::Table(_)) => {
                Some(Value::Table)
            }
            (ValueKind::Duration { off: true, .. }, DeValue::Boolean(_)) => {
                self.off_in_quotes();
                None
            }
            (kind, _) => {
                self.wrong_type(&expected(kind), self.given);
                None
            }
        }
    }

    /// Free text, which is shown on terminals and in pictures.
    fn harmless(&mut self, text: &str) -> Option<Value> {
        let Some(sign) = first_harmful(text) else {
            return Some(Value::Text(text.to_owned()));
        };
        let sign = named(sign);
        self.problems.lasting.push(Problem::new(
            codes::HIDDEN_SIGN,
            self.given.span(),
            format!("`{}` holds {sign}, which is not shown", self.name),
            "a sign that nobody can see",
            format!(
                "remove {sign}: control characters, signs that set the direction of text and what is no \
                 character have no place in a text"
            ),
        ));
        None
    }

    fn wrong_type(&mut self, expected: &str, given: &Spanned<DeValue<'_>>) {
        let problem = wrong_type::problem(self.name, expected, given);
        self.problems.lasting.push(problem);
    }

    fn push(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        let problem = Problem::new(code, span, message, label, help);
        if self.key.fixed {
            self.problems.lasting.push(problem);
        } else {
            self.problems.replaceable.push(problem);
        }
    }

    /// A whole number, of whatever size; beyond all that is allowed it need not be exact.
    fn whole(&mut self, number: &DeInteger<'_>, given: &Spanned<DeValue<'_>>) -> Option<i128> {
        let (text, radix) = (number.as_str(), number.radix());
        let larger = || u128::from_str_radix(text, radix).map(|_| i128::MAX);
        let whole = i128::from_str_radix(text, radix).or_else(|_| larger());
        if whole.is_err() {
            self.problems
                .lasting
                .push(wrong_type::overflow(self.name, given));
        }
        whole.ok()
    }

    fn count(&mut self, count: i128, least: u64, most: u64, span: Span) -> Option<u64> {
        let allowed = u64::try_from(count)
            .ok()
            .filter(|count| (least..=most).contains(count));
        if allowed.is_none() {
            let most_written = match most {
                u64::MAX => "2^64 - 1".to_owned(),
                _ => most.to_string(),
            };
            let limits = limits(&least.to_string(), &most_written);
            self.out_of_range(span, &limits);
        }
        allowed
    }

    fn counts(&mut self, list: &DeArray<'_>) -> Option<Value> {
        let mut counts = Vec::with_capacity(list.len());
        for element in list {
            let DeValue::Integer(number) = element.get_ref() else {
                self.wrong_type(wrong_type::COUNT, element);
                continue;
            };
            let count = self
                .whole(number, element)
                .and_then(|count| self.count(count, 0, u64::MAX, element.span()));
            counts.extend(count);
        }
        (counts.len() == list.len()).then_some(Value::Counts(counts))
    }

    fn number(&mut self, given: &Spanned<DeValue<'_>>, least: f64, most: f64) -> Option<f64> {
        let number = match given.get_ref() {
            DeValue::Integer(number) => self.whole(number, given)? as f64,
            DeValue::Float(number) => self.fraction(number, given)?,
            _ => {
                self.wrong_type(NUMBER, given);
                return None;
            }
        };
        if (least..=most).contains(&number) {
            // Without this "-0.0" would be a second zero.
            return Some(number + 0.0);
        }
        let limits = limits(&least.to_string(), &most.to_string());
        let is_list = matches!(self.key.kind, ValueKind::Numbers { .. });
        if number.is_finite() || is_list {
            self.out_of_range(given.span(), &limits);
        } else {
            let message = format!("`{}` must be a finite number", self.name);
            self.push(
                codes::OUT_OF_RANGE,
                given.span(),
                message,
                "not finite",
                within("a number", &limits),
            );
        }
        None
    }

    fn fraction(&mut self, number: &DeFloat<'_>, given: &Spanned<DeValue<'_>>) -> Option<f64> {
        let read = number.as_str().parse::<f64>().ok();
        let read = read.filter(|read| !read.is_infinite() || number.as_str().contains("inf"));
        if read.is_none() {
            self.problems
                .lasting
                .push(wrong_type::overflow(self.name, given));
        }
        read
    }

    fn numbers(&mut self, list: &DeArray<'_>, least: f64, most: f64) -> Option<Value> {
        let read: Vec<_> = list
            .iter()
            .map(|element| self.number(element, least, most))
            .collect();
        let numbers: Option<Vec<f64>> = read.into_iter().collect();
        numbers.map(Value::Numbers)
    }

    fn out_of_range(&mut self, span: Span, limits: &str) {
        let help = match self.key.default {
            Some(default) => {
                format!("{}; the default is {default}", within("a value", limits))
            }
            None => within("a number", limits),
        };
        let message = format!("`{}` is out of range", self.name);
        self.push(
            codes::OUT_OF_RANGE,
            span,
            message,
            format!("allowed: {limits}"),
            help,
        );
    }

    /// A truth value for a period, which may be that something is never done.
    fn off_in_quotes(&mut self) {
        self.problems.lasting.push(Problem::new(
            codes::WRONG_TYPE,
            self.given.span(),
            format!("`{}` must be {}", self.name, wrong_type::DURATION),
            "this is a truth value",
            format!("write \"off\" for never; {}", duration::FORMAT),
        ));
    }

    fn duration(&mut self, text: &str, zero: bool, off: bool) -> Option<Value> {
        if off && text == OFF {
            return Some(Value::Off);
        }
        match duration::parse(text) {
            Ok(SimDuration::ZERO) if !zero => {
                let help = match self.key.default {
                    Some(default) if off => {
                        format!("write \"off\" for never; the default is {default}")
                    }
                    Some(default) => format!("the default is {default}"),
                    None => duration::FORMAT.to_owned(),
                };
                self.push(
                    codes::OUT_OF_RANGE,
                    self.given.span(),
                    format!("`{}` must be more than zero", self.name),
                    format!("allowed: more than 0s, up to {LONGEST}"),
                    help,
                );
                None
            }
            Ok(span) => Some(Value::Duration(span)),
            Err(error) => {
                let help = match error.meant {
                    Some(meant) => format!("did you mean \"{meant}\"? {}", duration::FORMAT),
                    None => duration::FORMAT.to_owned(),
                };
                let message = format!("`{}` is not a duration", self.name);
                self.push(
                    codes::NOT_A_DURATION,
                    self.given.span(),
                    message,
                    error.label,
                    help,
                );
                None
            }
        }
    }

    fn list_of_words(&mut self, list: &DeArray<'_>, words: &[Word]) -> Option<Value> {
        let mut given = Vec::with_capacity(list.len());
        for element in list {
            match element.get_ref().as_str() {
                Some(text) => given.push((text, element.span())),
                None => self.wrong_type(wrong_type::TEXT, element),
            }
        }
        (given.len() == list.len()).then(|| self.words(given, words))?
    }

    /// Several words. In which order they are given makes no difference.
    fn words(&mut self, given: Vec<(&str, Span)>, words: &[Word]) -> Option<Value> {
        let names: Vec<&str> = words.iter().map(|word| word.name).collect();
        let mut places = BTreeSet::new();
        let count = given.len();
        for (text, span) in given {
            let Some(place) = names.iter().position(|name| *name == text) else {
                self.no_such_word(text, &names, span);
                continue;
            };
            if !places.insert(place) {
                let message = format!("`{}` names \"{text}\" twice", self.name);
                self.push(
                    codes::SAID_TWICE,
                    span,
                    message,
                    "stands there already",
                    "name it once",
                );
            }
        }
        if count == 0 {
            let message = format!("`{}` names nothing", self.name);
            let help = format!("name at least one of: {}", names.join(", "));
            self.push(
                codes::MISSING_KEY,
                self.given.span(),
                message,
                "an empty list",
                help,
            );
        }
        let all = count > 0 && places.len() == count;
        all.then(|| Value::Words(places.into_iter().collect()))
    }

    /// The place of a word among those of its kind.
    fn word(&mut self, text: &str, words: &[&str]) -> Option<usize> {
        let place = words.iter().position(|word| *word == text);
        if place.is_none() && future::is_missing_word(self.name, text) {
            self.unavailable(&words.join(", "));
        } else if place.is_none() {
            self.no_such_word(text, words, self.given.span());
        }
        place
    }

    fn no_such_word(&mut self, text: &str, words: &[&str], span: Span) {
        let allowed = format!("allowed: {}", words.join(", "));
        let help = did_you_mean(nearest(text, words.iter().copied()), allowed);
        self.problems.lasting.push(Problem::new(
            codes::NO_SUCH_CHOICE,
            span,
            format!("`{}` has no choice \"{text}\"", self.name),
            "not one of the choices",
            help,
        ));
    }

    /// Notes that something is known and not there yet.
    fn unavailable(&mut self, available: &str) {
        let message = format!(
            "this value of `{}` is known, but not available in this version",
            self.name
        );
        let available = format!("available: {available}");
        self.push(
            codes::NOT_AVAILABLE,
            self.given.span(),
            message,
            "not available yet",
            available,
        );
    }
}

/// What a period may be besides a duration.
const OFF: &str = "off";

const NUMBER: &str = "a number";

/// What is allowed, for messages.
fn limits(least: &str, most: &str) -> String {
    if least == most {
        least.to_owned()
    } else {
        format!("{least} to {most}")
    }
}

/// A remedy for `what` is not within these limits.
fn within(what: &str, limits: &str) -> String {
    if limits.contains(' ') {
        format!("write {what} from {limits}")
    } else {
        format!("write {limits}")
    }
}

/// Words as they are written in TOML.
fn quoted<'a>(words: impl Iterator<Item = &'a Word>) -> String {
    let words: Vec<String> = words.map(|word| format!("{:?}", word.name)).collect();
    words.join(", ")
}

/// What a value of this kind is called.
fn expected(kind: ValueKind) -> String {
    let expected = match kind {
        ValueKind::Text | ValueKind::File | ValueKind::Word(_) => wrong_type::TEXT,
        ValueKind::Truth => "true or false",
        ValueKind::Count { .. } => wrong_type::COUNT,
        ValueKind::CountOrUntil { .. } => until::EXPECTED,
        ValueKind::Number { .. } => NUMBER,
        ValueKind::Numbers { .. } => "a number or a list of numbers",
        ValueKind::Duration { .. } => wrong_type::DURATION,
        ValueKind::Words(_) => "a string or a list of strings",
        ValueKind::WordOrCounts(_) => "a string or a list of whole numbers",
        ValueKind::WordOrCount(words) => {
            return format!("{} or a whole number", quoted(words.iter()));
        }
        ValueKind::WordOrTruth(words) => {
            let words = words
                .iter()
                .filter(|word| !matches!(word.name, "true" | "false"));
            return format!("{}, true or false", quoted(words));
        }
        ValueKind::WordOrShare(words) => {
            let words = quoted(words.iter().map(|(word, _)| word));
            return format!("{words}, true, false or a share from 0 to 1");
        }
        ValueKind::RingKey(_) => "a whole number, a text or a table { key = …, label = \"…\" }",
        ValueKind::Fields(section) => {
            let keys: Vec<String> = section
                .keys
                .iter()
                .map(|key| format!("{} = …", key.name))
                .collect();
            return format!("a table {{ {} }}", keys.join(", "));
        }
        ValueKind::Distribution(_) | ValueKind::Table => wrong_type::TABLE,
    };
    expected.to_owned()
}
