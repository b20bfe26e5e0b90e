//! Tables of a result folder: what was measured, as data, and written in several formats.
//!
//! A [`Table`] is made once, of a folder or of the runs that have just been made; each format lays it out and escapes what it
//! must. Numbers are rounded in one place, [`Estimate::parts`](crate::results::csv::Estimate::parts), whatever the format.
//!
//! | file | concern |
//! |---|---|
//! | `data` | a table as data |
//! | `measurements` | what each combination measured, from files or from memory |
//! | `choice` | which metrics and which rows; names that are not there |
//! | `build` | the tables of measurements |
//! | `thresholds` | the table of a search |
//! | `folder` | all tables of a result folder, with what is to be said about them |
//! | `grid` | rows or columns, whole or in blocks |
//! | `format` | the formats, by name and by the ending of a file |
//! | `text`, `markdown`, `latex`, `html`, `csv`, `json` | a format each |

mod build;
pub(crate) mod choice;
mod csv;
mod data;
mod folder;
mod format;
mod grid;
pub(crate) mod html;
mod json;
mod latex;
mod markdown;
pub(crate) mod measurements;
#[cfg(test)]
mod testing;
pub(crate) mod text;
pub(crate) mod thresholds;

pub(crate) use build::{ABOUT_HONEST, OF_RUN, tables};
pub(crate) use choice::{Choice, ChoiceError, Metrics, Where};
pub(crate) use data::{Cell, Column, Table};
pub(crate) use folder::{TablesError, of_folder};
pub(crate) use format::Format;
pub(crate) use grid::Layout;
