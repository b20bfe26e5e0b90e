//! The file of data that a model reads.

use std::path::{Path, PathBuf};

use crate::codes;
use crate::scenario::data::{DataKind, NamedFile};
use crate::scenario::reader::Reader;

/// The file a model needs, by its key; the key that chose the model is to blame if it is not named.
pub(super) fn data_file(
    reader: &mut Reader<'_>,
    (name, model): (&str, &str),
    file: Option<PathBuf>,
    folder: &Path,
    kind: DataKind,
) -> NamedFile {
    let place = reader.place(name);
    // A value that is no path has been told about.
    let is_told = place.is_some() && file.is_none();
    let file = file.unwrap_or_default();
    let span = place.or_else(|| reader.place(model)).unwrap_or(0..0);
    if file.as_os_str().is_empty() && !is_told {
        reader.miss(
            codes::NO_FILE_NAMED,
            span.clone(),
            format!("`{name}` is missing"),
            "this model reads a file",
            format!("name it in `{name}`, relative to the scenario's folder"),
        );
    }
    NamedFile {
        path: folder.join(&file),
        written: file,
        kind,
        span,
    }
}
