//! How a value becomes the cell of a row: the types that a field of a record may have.

use crate::world::Departure;

/// Takes the cells of a row one by one, in the order of the columns. A writer of CSV is one; what it writes
/// a number as is its own affair.
pub trait Cells {
    /// A whole number.
    fn whole(&mut self, value: u64);
    /// A number; one that is not finite does not exist.
    fn number(&mut self, value: f64);
    /// A word of a fixed set, or digits: nothing that would have to be quoted.
    fn word(&mut self, word: &str);
    /// Any text.
    fn text(&mut self, text: &str);
    /// A value that does not exist.
    fn empty(&mut self);
}

/// What a cell may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CellType {
    /// A whole number from 0 upwards.
    Whole,
    /// A number.
    Number,
    /// `true` or `false`.
    Truth,
    /// One of these words; none are listed where the record alone does not know them.
    Word(&'static [&'static str]),
    /// Any text.
    Text,
}

/// A value that is written into one cell.
pub trait Cell {
    /// What the cell holds.
    const TYPE: CellType;
    /// Whether the value may be missing; the cell is empty then.
    const OPTIONAL: bool = false;

    /// Writes the cell.
    fn write(&self, cells: &mut impl Cells);
}

impl Cell for u64 {
    const TYPE: CellType = CellType::Whole;

    #[inline]
    fn write(&self, cells: &mut impl Cells) {
        cells.whole(*self);
    }
}

impl Cell for u8 {
    const TYPE: CellType = CellType::Whole;

    fn write(&self, cells: &mut impl Cells) {
        cells.whole(u64::from(*self));
    }
}

impl Cell for u32 {
    const TYPE: CellType = CellType::Whole;

    #[inline]
    fn write(&self, cells: &mut impl Cells) {
        cells.whole(u64::from(*self));
    }
}

impl Cell for f64 {
    const TYPE: CellType = CellType::Number;

    #[inline]
    fn write(&self, cells: &mut impl Cells) {
        cells.number(*self);
    }
}

impl Cell for bool {
    const TYPE: CellType = CellType::Truth;

    fn write(&self, cells: &mut impl Cells) {
        cells.word(if *self { "true" } else { "false" });
    }
}

/// A truth value that is written as 1 or 0: its mean over rows is a share.
pub(super) struct Flag(Option<bool>);

impl From<Option<bool>> for Flag {
    fn from(value: Option<bool>) -> Self {
        Self(value)
    }
}

impl Cell for Flag {
    const TYPE: CellType = CellType::Whole;
    const OPTIONAL: bool = true;

    fn write(&self, cells: &mut impl Cells) {
        self.0.map(u64::from).write(cells);
    }
}

impl Cell for &'static str {
    const TYPE: CellType = CellType::Word(&[]);

    fn write(&self, cells: &mut impl Cells) {
        cells.word(self);
    }
}

impl Cell for String {
    const TYPE: CellType = CellType::Text;

    fn write(&self, cells: &mut impl Cells) {
        cells.text(self);
    }
}

impl Cell for Departure {
    const TYPE: CellType = CellType::Word(&["leave", "crash"]);

    fn write(&self, cells: &mut impl Cells) {
        cells.word(self.name());
    }
}

impl<T: Cell> Cell for Option<T> {
    const TYPE: CellType = T::TYPE;
    const OPTIONAL: bool = true;

    #[inline]
    fn write(&self, cells: &mut impl Cells) {
        match self {
            Some(value) => value.write(cells),
            None => cells.empty(),
        }
    }
}
