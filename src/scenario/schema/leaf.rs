//! The kinds of value a key can have, as they are written. Each accepts just what its kind allows
//! and says in its own words what it expected; ranges are checked later.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

/// A key that need not be there, with its place.
pub type Opt<T> = Option<Spanned<T>>;

/// A whole number.
#[derive(Clone, Copy, Debug)]
pub struct Int(pub i128);

/// Any number; whole ones need no decimal point.
#[derive(Clone, Copy, Debug)]
pub struct Num(pub f64);

/// A duration, not yet parsed.
#[derive(Clone, Debug)]
pub struct Dur(pub String);

/// A string out of a closed set.
#[derive(Clone, Copy, Debug)]
pub struct Word<E>(pub E);

/// A table. Plain structs would also accept a list of their values in order, which nobody means.
#[derive(Clone, Default, Debug)]
pub struct Table<T>(pub T);

/// `overlay.ids`
#[derive(Clone, Debug)]
pub enum Ids {
    /// By name.
    Rule(IdRule),
    /// One by one.
    List(Vec<Spanned<Int>>),
}

/// The named ways to give out identifiers.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdRule {
    Hashed,
    Even,
}

/// `output.lookups`
#[derive(Clone, Copy, Debug)]
pub enum Rows {
    /// By name.
    Named(RowsName),
    /// A share of them.
    Share(f64),
}

/// The named shares.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowsName {
    All,
    None,
}

/// `expect.value`
#[derive(Clone, Debug)]
pub enum Numbers {
    /// The same everywhere.
    One(Num),
    /// One for each value of a swept key.
    List(Vec<Spanned<Num>>),
}

/// One word, or a list of them (whose words are checked and then forgotten).
#[derive(Clone, Debug)]
pub enum OneOrMore<E> {
    One(E),
    More,
}

impl<T> Deref for Table<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// A word out of a closed set, from its text.
fn word<'de, E: Deserialize<'de>, F: de::Error>(text: &str) -> Result<E, F> {
    E::deserialize(StrDeserializer::new(text))
}

macro_rules! visitor {
    ($name:ident $(<$e:ident>)? -> $value:ty, $expecting:literal, { $($method:item)* }) => {
        struct $name $(<$e>(PhantomData<$e>))?;

        impl<'de $(, $e: Deserialize<'de>)?> Visitor<'de> for $name $(<$e>)? {
            type Value = $value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($expecting)
            }

            $($method)*
        }
    };
}

visitor!(IntVisitor -> Int, "a whole number", {
    fn visit_i64<F>(self, value: i64) -> Result<Int, F> {
        Ok(Int(value.into()))
    }
    fn visit_u64<F>(self, value: u64) -> Result<Int, F> {
        Ok(Int(value.into()))
    }
    fn visit_i128<F>(self, value: i128) -> Result<Int, F> {
        Ok(Int(value))
    }
    fn visit_u128<F>(self, value: u128) -> Result<Int, F> {
        Ok(Int(i128::try_from(value).unwrap_or(i128::MAX)))
    }
});

visitor!(NumVisitor -> Num, "a number", {
    fn visit_i64<F>(self, value: i64) -> Result<Num, F> {
        Ok(Num(value as f64))
    }
    fn visit_u64<F>(self, value: u64) -> Result<Num, F> {
        Ok(Num(value as f64))
    }
    fn visit_i128<F>(self, value: i128) -> Result<Num, F> {
        Ok(Num(value as f64))
    }
    fn visit_u128<F>(self, value: u128) -> Result<Num, F> {
        Ok(Num(value as f64))
    }
    fn visit_f64<F>(self, value: f64) -> Result<Num, F> {
        Ok(Num(value))
    }
});

visitor!(DurVisitor -> Dur, "a duration", {
    fn visit_str<F>(self, value: &str) -> Result<Dur, F> {
        Ok(Dur(value.to_owned()))
    }
});

visitor!(WordVisitor<E> -> Word<E>, "a string", {
    fn visit_str<F: de::Error>(self, value: &str) -> Result<Word<E>, F> {
        word(value).map(Word)
    }
});

visitor!(TableVisitor<E> -> Table<E>, "a table", {
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Table<E>, A::Error> {
        E::deserialize(MapAccessDeserializer::new(map)).map(Table)
    }
});

visitor!(IdsVisitor -> Ids, "a string or a list of whole numbers", {
    fn visit_str<F: de::Error>(self, value: &str) -> Result<Ids, F> {
        word(value).map(Ids::Rule)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Ids, A::Error> {
        let mut list = Vec::new();
        while let Some(id) = seq.next_element()? {
            list.push(id);
        }
        Ok(Ids::List(list))
    }
});

visitor!(RowsVisitor -> Rows, "\"all\", \"none\" or a share from 0 to 1", {
    fn visit_str<F: de::Error>(self, value: &str) -> Result<Rows, F> {
        word(value).map(Rows::Named)
    }
    fn visit_i64<F>(self, value: i64) -> Result<Rows, F> {
        Ok(Rows::Share(value as f64))
    }
    fn visit_f64<F>(self, value: f64) -> Result<Rows, F> {
        Ok(Rows::Share(value))
    }
});

visitor!(NumbersVisitor -> Numbers, "a number or a list of numbers", {
    fn visit_i64<F>(self, value: i64) -> Result<Numbers, F> {
        Ok(Numbers::One(Num(value as f64)))
    }
    fn visit_f64<F>(self, value: f64) -> Result<Numbers, F> {
        Ok(Numbers::One(Num(value)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Numbers, A::Error> {
        let mut list = Vec::new();
        while let Some(number) = seq.next_element()? {
            list.push(number);
        }
        Ok(Numbers::List(list))
    }
});

visitor!(OneOrMoreVisitor<E> -> OneOrMore<E>, "a string or a list of strings", {
    fn visit_str<F: de::Error>(self, value: &str) -> Result<OneOrMore<E>, F> {
        word(value).map(OneOrMore::One)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMore<E>, A::Error> {
        while seq.next_element::<Word<E>>()?.is_some() {}
        Ok(OneOrMore::More)
    }
});

macro_rules! deserialize {
    ($($name:ident $(<$e:ident>)? : $visitor:expr, $method:ident;)*) => {$(
        impl<'de $(, $e: Deserialize<'de>)?> Deserialize<'de> for $name $(<$e>)? {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.$method($visitor)
            }
        }
    )*};
}

deserialize! {
    Int: IntVisitor, deserialize_i128;
    Num: NumVisitor, deserialize_f64;
    Dur: DurVisitor, deserialize_str;
    Word<E>: WordVisitor(PhantomData), deserialize_str;
    Table<E>: TableVisitor(PhantomData), deserialize_map;
    Ids: IdsVisitor, deserialize_any;
    Rows: RowsVisitor, deserialize_any;
    Numbers: NumbersVisitor, deserialize_any;
    OneOrMore<E>: OneOrMoreVisitor(PhantomData), deserialize_any;
}
