//! The value of a key once it is read and found to be allowed, and how it fills a field.

use std::path::PathBuf;

use super::key::Section;
use crate::engine::SimDuration;
use crate::scenario::width::Width;

/// What the keys of a section fill.
pub(crate) trait Keys {
    /// The section.
    const SECTION: &'static Section;

    /// Fills the fields with the values of the section's keys, which come in their order.
    fn filled(values: Vec<Value>) -> Self;
}

/// What a key's value is. Which of these it may be follows from its kind.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// The key is not given and has no default.
    Absent,
    /// It is a table, which is read apart.
    Table,
    /// A truth value.
    Truth(bool),
    /// A whole number.
    Count(u64),
    /// Several whole numbers.
    Counts(Vec<u64>),
    /// How wide an interval may be.
    Until(Width),
    /// A number.
    Number(f64),
    /// Several numbers.
    Numbers(Vec<f64>),
    /// A duration.
    Duration(SimDuration),
    /// No duration: "off".
    Off,
    /// A string.
    Text(String),
    /// A word, by its place among those of its kind.
    Word(usize),
    /// Several words, by their places, in the order of their kind.
    Words(Vec<usize>),
}

/// A field that a key can fill.
pub(crate) trait FromValue: Sized {
    /// The field's own type from a value of the key's kind.
    ///
    /// # Panics
    /// If the key is declared with a kind that has no such values.
    fn from_value(value: Value) -> Self;
}

impl Value {
    /// Stops the program: a key is declared with a kind that does not fit its field.
    pub(crate) fn misfit<T>(self) -> T {
        let field = std::any::type_name::<T>();
        panic!("a key whose value is {self:?} is declared for a field of type {field}")
    }
}

macro_rules! from_value {
    ($($field:ty: $($value:pat => $result:expr),*;)*) => {$(
        impl FromValue for $field {
            fn from_value(value: Value) -> Self {
                match value {
                    $($value => $result,)*
                    other => other.misfit(),
                }
            }
        }
    )*};
}

from_value! {
    bool: Value::Truth(truth) => truth;
    u8: Value::Count(count) => fitting(count);
    u16: Value::Count(count) => fitting(count);
    u32: Value::Count(count) => fitting(count);
    u64: Value::Count(count) => count;
    f64: Value::Number(number) => number;
    SimDuration: Value::Duration(span) => span;
    String: Value::Text(text) => text;
    PathBuf: Value::Text(text) => text.into();
}

/// A count in as many bits as its field has, which its range allows for.
fn fitting<T: TryFrom<u64>>(count: u64) -> T {
    let fits = T::try_from(count);
    fits.unwrap_or_else(|_| Value::Count(count).misfit())
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Absent | Value::Off => None,
            value => Some(T::from_value(value)),
        }
    }
}

/// Several words.
impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Words(places) => {
                let words = places.into_iter().map(Value::Word);
                words.map(T::from_value).collect()
            }
            other => other.misfit(),
        }
    }
}

/// The next of the values of a section, for the next of its fields.
pub(crate) fn next<T: FromValue>(values: &mut std::vec::IntoIter<Value>) -> T {
    let value = values.next();
    T::from_value(value.expect("a section has a value for each of its keys"))
}
