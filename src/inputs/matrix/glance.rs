//! The lines of a table at a first glance: how many there are, and how many cells they have.

use super::HOSTS_MAX;
use super::cells::Style;
use super::value::{Said, said};
use crate::inputs::error::InputError;
use crate::inputs::fault::Fault;
use crate::inputs::text::TextFile;

/// What lines that may be those of a square look like.
pub(super) struct Glance<'a> {
    pub file: TextFile<'a>,
    pub style: Style,
    /// No more than a square may have, and some too many.
    pub lines: Vec<&'a str>,
    /// Of each of them the number of cells.
    pub counts: Vec<usize>,
    /// Of each of them the first cell.
    pub firsts: Vec<&'a str>,
    /// Whether the last cell of each of them is empty.
    pub ends_empty: Vec<bool>,
    /// How many lines there are.
    pub rows: usize,
}

impl<'a> Glance<'a> {
    pub(super) fn at(file: TextFile<'a>, style: Style) -> Result<Self, InputError> {
        let mut glance = Self {
            file,
            style,
            lines: Vec::new(),
            counts: Vec::new(),
            firsts: Vec::new(),
            ends_empty: Vec::new(),
            rows: 0,
        };
        for line in style.lines(file) {
            glance.rows += 1;
            if glance.lines.len() < HOSTS_MAX + 3 {
                glance.take(line)?;
            }
        }
        Ok(glance)
    }

    fn take(&mut self, line: &'a str) -> Result<(), InputError> {
        let cells = self.style.cells(line);
        // A name, and what a comma at the end leaves, are no hosts.
        if cells.len() > HOSTS_MAX + 2 {
            let most = HOSTS_MAX;
            return Err(self
                .file
                .fault(cells[HOSTS_MAX], Fault::TooManyHosts { most }));
        }
        self.lines.push(line);
        self.counts.push(cells.len());
        self.firsts.push(cells.first().copied().unwrap_or(line));
        self.ends_empty
            .push(cells.last().is_none_or(|cell| cell.trim().is_empty()));
        Ok(())
    }

    pub(super) fn said(&self, cell: &str) -> Said {
        said(cell, self.style.decimal_comma)
    }

    /// Whether cells name columns: no number is among them, and some text is.
    pub(super) fn is_names(&self, cells: &[&str]) -> bool {
        let says = || cells.iter().map(|cell| self.said(cell));
        !says().any(Said::is_number) && says().any(Said::is_text)
    }
}
