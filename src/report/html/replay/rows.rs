//! The rows of the first repetition of the combinations that are shown.

use std::path::Path;

use super::Chosen;
use crate::catalogue::RecordKind;
use crate::report::folder::table::{ResultColumn, ResultRow, ResultTable};
use crate::report::folder::{FolderError, ResultFolder};

/// A table with the columns that are asked for.
pub(super) struct Rows<'a, const N: usize> {
    table: ResultTable,
    repetition: ResultColumn,
    columns: [ResultColumn; N],
    folder: &'a ResultFolder,
    /// Of each combination its place among those that are shown.
    shown: Vec<Option<usize>>,
}

/// A row: the combination among those that are shown, and cells.
pub(super) struct Row<'a, 'b, const N: usize> {
    pub combination: usize,
    cells: &'b ResultRow<'a>,
    columns: &'b [ResultColumn; N],
}

impl<'a, const N: usize> Rows<'a, N> {
    /// The file of a kind of records; `None` if it is not there.
    pub(super) fn open(
        dir: &Path,
        folder: &'a ResultFolder,
        kind: RecordKind,
        chosen: &[Chosen],
        columns: [&str; N],
    ) -> Result<Option<Self>, FolderError> {
        let table = ResultTable::open(dir.join(kind.info().file))?;
        table
            .map(|table| Self::of(table, folder, chosen, columns))
            .transpose()
    }

    /// A table that is open.
    pub(super) fn of(
        table: ResultTable,
        folder: &'a ResultFolder,
        chosen: &[Chosen],
        columns: [&str; N],
    ) -> Result<Self, FolderError> {
        let mut found = Vec::with_capacity(N);
        for name in columns {
            found.push(table.column(name)?);
        }
        let repetition = table.column("repetition")?;
        let mut shown = vec![None; folder.combinations.len()];
        for (i, chosen) in chosen.iter().enumerate() {
            shown[chosen.place] = Some(i);
        }
        let Ok(columns) = found.try_into() else {
            unreachable!("as many were looked for")
        };
        Ok(Self {
            table,
            repetition,
            columns,
            folder,
            shown,
        })
    }

    /// Hands every row of a first repetition to `take`.
    pub(super) fn each(
        self,
        mut take: impl FnMut(&Row<'_, '_, N>) -> Result<(), FolderError>,
    ) -> Result<(), FolderError> {
        let mut finder = self.folder.finder(&self.table)?;
        let (columns, repetition, shown) = (self.columns, self.repetition, self.shown);
        self.table.each(|row| {
            if row.bytes(&repetition) != b"0" {
                return Ok(());
            }
            let Some(combination) = shown[finder.find(row)?] else {
                return Ok(());
            };
            take(&Row {
                combination,
                cells: row,
                columns: &columns,
            })
        })
    }
}

impl<const N: usize> Row<'_, '_, N> {
    /// A number; `None` for an empty cell.
    pub(super) fn number(&self, column: usize) -> Result<Option<f64>, FolderError> {
        self.cells.number(&self.columns[column])
    }

    /// A moment.
    pub(super) fn time(&self, column: usize) -> Result<f64, FolderError> {
        Ok(self.number(column)?.unwrap_or(0.0))
    }

    /// A whole number; `None` for an empty cell.
    pub(super) fn count(&self, column: usize) -> Result<Option<u64>, FolderError> {
        self.cells.count(&self.columns[column])
    }

    /// A number of a node.
    pub(super) fn node(&self, column: usize) -> Result<u64, FolderError> {
        let unexpected = || {
            self.cells
                .unexpected(&self.columns[column], "a whole number")
        };
        self.count(column)?.ok_or_else(unexpected)
    }

    /// A text.
    pub(super) fn text(&self, column: usize) -> Result<&str, FolderError> {
        self.cells.text(&self.columns[column])
    }
}
