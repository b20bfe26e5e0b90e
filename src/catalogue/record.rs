//! What a record is: the rows of one file, declared once.
//!
//! [`record!`] takes the declaration of a record: its file, when it is wanted, and each field with its type,
//! its unit and what it means. From that follow the structure, the header of the file, how a row is written
//! and the page of the documentation.

use super::cell::Cells;
use super::column::Column;
use crate::scenario::resolved::Output;

/// A row of one of the files to which a run contributes many.
pub trait Record {
    /// What is known of it besides its values.
    const INFO: RecordInfo;

    /// Writes a cell for each column, in their order.
    fn write(&self, cells: &mut impl Cells);
}

/// A kind of record.
#[derive(Clone, Copy, Debug)]
pub struct RecordInfo {
    /// The file of its rows.
    pub file: &'static str,
    /// What there is a row for, such as `lookup`.
    pub row_per: &'static str,
    /// Whether a scenario with this `[output]` asks for it.
    pub wanted: fn(&Output) -> bool,
    /// The key of a scenario that decides that; `None` if it is always written.
    pub key: Option<&'static str>,
    /// Its columns, behind those that name the run. The first one numbers the rows of a run: it ascends.
    pub columns: &'static [Column],
    /// What it is, for people.
    pub doc: &'static str,
}

impl RecordInfo {
    /// The names of its columns.
    pub fn column_names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.columns.iter().map(|column| column.name)
    }

    /// The column of this name.
    ///
    /// # Panics
    /// If there is none: whoever asks has a wrong name in the program.
    #[must_use]
    pub fn column(&self, name: &str) -> &'static Column {
        let found = self.columns.iter().find(|column| column.name == name);
        found.unwrap_or_else(|| panic!("{} has no column {name}", self.file))
    }
}

/// Declares a record: its file, what there is a row for, the key of a scenario that asks for it and how that is
/// read off `[output]`, then its fields. A field reads `name: type => unit;`, with `as type` behind its type if it is written as
/// another one, and behind its unit the label of an axis that shows it, where its name is not enough.
macro_rules! record {
    (
        $(#[doc = $about:literal])+
        $Record:ident in $file:literal, a row per $per:literal, wanted $(by $key:literal)? if $wanted:expr;
        $(
            $(#[doc = $doc:literal])+
            $field:ident: $type:ty $(as $written:ty)? => $unit:ident $(, $label:literal)?;
        )+
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, PartialEq, Debug)]
        pub struct $Record {
            $(
                $(#[doc = $doc])+
                pub $field: $type,
            )+
        }

        impl $crate::catalogue::record::Record for $Record {
            const INFO: $crate::catalogue::record::RecordInfo = $crate::catalogue::record::RecordInfo {
                file: $file,
                row_per: $per,
                wanted: $wanted,
                key: record!(@maybe $($key)?),
                columns: &[$($crate::catalogue::column::Column {
                    name: stringify!($field),
                    cell: record!(@const TYPE, $type $(, $written)?),
                    optional: record!(@const OPTIONAL, $type $(, $written)?),
                    unit: $crate::catalogue::unit::Unit::$unit,
                    label: record!(@maybe $($label)?),
                    doc: concat!($($doc),+).trim_ascii(),
                }),+],
                doc: concat!($($about),+).trim_ascii(),
            };

            #[inline]
            fn write(&self, cells: &mut impl $crate::catalogue::cell::Cells) {
                $(record!(@write self.$field, cells $(, $written)?);)+
            }
        }
    };
    (@const $what:ident, $type:ty) => { <$type as $crate::catalogue::cell::Cell>::$what };
    (@const $what:ident, $type:ty, $written:ty) => { <$written as $crate::catalogue::cell::Cell>::$what };
    (@maybe) => { None };
    (@maybe $text:literal) => { Some($text) };
    (@write $value:expr, $cells:ident) => { $crate::catalogue::cell::Cell::write(&$value, $cells) };
    (@write $value:expr, $cells:ident, $written:ty) => {
        $crate::catalogue::cell::Cell::write(&<$written>::from($value), $cells)
    };
}

pub(super) use record;
