//! The small files: tables held in memory, written and read by the `csv` crate because their
//! cells may hold text of the user's (a swept list of identifiers has commas in it).

/// A header and rows of as many cells.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CsvTable {
    /// Names of the columns.
    pub header: Vec<String>,
    /// Rows from top to bottom.
    pub rows: Vec<Vec<String>>,
}

impl CsvTable {
    /// As CSV.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        for row in std::iter::once(&self.header).chain(&self.rows) {
            writer
                .write_record(row)
                .expect("every row is as long as the header, and memory takes them all");
        }
        writer.into_inner().expect("memory takes it all")
    }
}
