//! A result that is read while others may write it, and the one way to files.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{Call, names};
use crate::results::testing::{plan, simulate};
use crate::results::{Reading, ResultsError};

#[test]
fn what_is_replaced_while_it_is_read_is_not_one_result() {
    let (before, after) = (plan(&["8"], 1), plan(&["8"], 2));
    let folder = TempDir::new().unwrap();
    Call::new(&before).complete(folder.path());
    let (reading, manifest) = Reading::begin(folder.path()).unwrap();
    assert_eq!(manifest.runs.len(), 1);
    reading.end().unwrap();
    let came = Call::new(&after).run(folder.path(), &|spec, watch, sink| {
        let second = Reading::begin(folder.path());
        assert!(matches!(second, Err(ResultsError::BeingWritten { .. })));
        simulate(spec, watch, sink)
    });
    came.done();
    let end = reading.end();
    assert!(matches!(end, Err(ResultsError::Changed { .. })), "{end:?}");
}

/// So that what the tests of steps say holds of every file that the program writes.
#[test]
fn nothing_that_writes_goes_by_the_disk() {
    let writes = [
        "fs::write",
        "fs::rename",
        "fs::remove",
        "fs::create_dir",
        "fs::copy",
        "File::create",
        "OpenOptions",
        "tempfile::",
        "set_permissions",
    ];
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = ["cli", "report", "validation", "results"]
        .map(|room| src.join(room))
        .to_vec();
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for name in names(&folder) {
            let path = folder.join(&name);
            let is_test = ["tests", "tests.rs", "testing.rs"].contains(&&*name);
            if is_test || path.ends_with("results/disk") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let code = code.replace("DiskFile::create", "");
            let found = writes.iter().find(|write| code.contains(*write));
            assert_eq!(found, None, "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen} files");
}
