//! `[network.regions]`

use std::path::{Path, PathBuf};

use crate::scenario::data::{DataKind, NamedFile};
use crate::scenario::keys::network::PublishedRegions;
use crate::scenario::reader::Reader;
use crate::scenario::resolve::data_file::data_file;
use crate::scenario::resolved::RegionTable;

/// The table of regions, and its file unless it comes with the program.
pub(super) fn region_table(
    reader: &mut Reader<'_>,
    table: &str,
    folder: &Path,
) -> (RegionTable, Option<NamedFile>) {
    if let Some(published) = PublishedRegions::named(table) {
        return (RegionTable::Published(published), None);
    }
    let (key, file) = ("network.regions.table", Some(PathBuf::from(table)));
    let file = data_file(
        reader,
        (key, "network.model"),
        file,
        folder,
        DataKind::Regions,
    );
    (RegionTable::File(file.path.clone()), Some(file))
}
