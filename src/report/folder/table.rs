//! Reads the CSV files of a result folder row by row, by the names of their columns. What is
//! wrong with a file is reported with its name, line and column.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use csv::ByteRecord;

use super::FolderError;
use crate::inputs::harmless::shortened;
use crate::inputs::rows::{self, BoundedRows};

/// The most characters of a cell that are told.
const SHOWN_MAX: usize = 80;

/// An open CSV file, its header read.
pub(crate) struct ResultTable {
    path: PathBuf,
    reader: csv::Reader<BoundedRows<File>>,
    headers: Vec<String>,
}

/// A column of one table.
#[derive(Clone, Debug)]
pub(crate) struct ResultColumn {
    index: usize,
    name: String,
}

/// One row of a table.
pub(crate) struct ResultRow<'a> {
    path: &'a Path,
    line: u64,
    record: &'a ByteRecord,
}

impl ResultTable {
    /// Opens a file; `None` if there is none.
    pub(crate) fn open(path: PathBuf) -> Result<Option<Self>, FolderError> {
        let file = match rows::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(FolderError::Read { path, source }),
        };
        let mut reader = csv::Reader::from_reader(file);
        let headers = reader.headers().map_err(|e| broken(&path, &e))?;
        let headers = headers.iter().map(str::to_owned).collect();
        Ok(Some(Self {
            path,
            reader,
            headers,
        }))
    }

    /// The column of that name, if there is one.
    pub(crate) fn find(&self, name: &str) -> Option<ResultColumn> {
        let index = self.headers.iter().position(|h| h == name)?;
        let name = name.to_owned();
        Some(ResultColumn { index, name })
    }

    /// The column of that name.
    pub(crate) fn column(&self, name: &str) -> Result<ResultColumn, FolderError> {
        self.find(name).ok_or_else(|| FolderError::Column {
            file: self.path.clone(),
            column: name.to_owned(),
        })
    }

    /// Hands every row that is left to `take`.
    pub(crate) fn each(
        mut self,
        mut take: impl FnMut(&ResultRow<'_>) -> Result<(), FolderError>,
    ) -> Result<(), FolderError> {
        let mut record = ByteRecord::new();
        loop {
            let more = self.reader.read_byte_record(&mut record);
            if !more.map_err(|e| broken(&self.path, &e))? {
                return Ok(());
            }
            take(&ResultRow {
                path: &self.path,
                line: record.position().map_or(0, csv::Position::line),
                record: &record,
            })?;
        }
    }
}

impl ResultRow<'_> {
    /// The bytes of a cell.
    pub(crate) fn bytes(&self, column: &ResultColumn) -> &[u8] {
        self.record.get(column.index).unwrap_or_default()
    }

    /// A cell as text.
    pub(crate) fn text(&self, column: &ResultColumn) -> Result<&str, FolderError> {
        std::str::from_utf8(self.bytes(column))
            .map_err(|_| self.unexpected(column, "text in UTF-8"))
    }

    /// A number; `None` for an empty cell.
    pub(crate) fn number(&self, column: &ResultColumn) -> Result<Option<f64>, FolderError> {
        let value = self.parsed::<f64>(column, "a number or nothing")?;
        if value.is_some_and(|v| !v.is_finite()) {
            return Err(self.unexpected(column, "a finite number or nothing"));
        }
        Ok(value)
    }

    /// A number from 0 upwards that counts something; `None` for an empty cell.
    pub(crate) fn count(&self, column: &ResultColumn) -> Result<Option<u64>, FolderError> {
        self.parsed(column, "a whole number or nothing")
    }

    fn parsed<T: std::str::FromStr>(
        &self,
        column: &ResultColumn,
        expected: &'static str,
    ) -> Result<Option<T>, FolderError> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Ok(None);
        }
        let value = text.parse();
        value.map_or_else(|_| Err(self.unexpected(column, expected)), |v| Ok(Some(v)))
    }

    /// The error for a cell that is not what it should be.
    pub(crate) fn unexpected(&self, column: &ResultColumn, expected: &'static str) -> FolderError {
        FolderError::Value {
            file: self.path.to_owned(),
            line: self.line,
            column: column.name.clone(),
            value: shortened(&String::from_utf8_lossy(self.bytes(column)), SHOWN_MAX).into_owned(),
            expected,
        }
    }
}

fn broken(path: &Path, error: &csv::Error) -> FolderError {
    FolderError::Broken {
        file: path.to_owned(),
        reason: error.to_string(),
    }
}
