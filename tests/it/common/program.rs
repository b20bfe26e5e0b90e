//! The program as a user meets it: called in a folder, leaving files there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// The program's file.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_chordsim");

/// The program, called in this folder.
pub(crate) fn chordsim(folder: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).env_remove("NO_COLOR");
    command
}

/// The program, heeding signals however the tests themselves were started: one that is started to ignore a signal goes on
/// ignoring it.
#[cfg(unix)]
pub(crate) fn heedful() -> std::process::Command {
    if !cfg!(target_os = "linux") {
        return std::process::Command::new(PROGRAM);
    }
    let mut command = std::process::Command::new("env");
    command.args(["--default-signal=INT,TERM,HUP", PROGRAM]);
    command
}

/// The program, called in this folder with a gibibyte of memory and ten seconds of a processor: beyond that the system
/// refuses, or ends it by a signal. It is ended after a minute, too, should it wait for something.
pub(crate) fn limited(folder: &Path) -> Command {
    let mut command = Command::new("sh");
    let limits = "ulimit -v 1048576 && ulimit -t 10 && ulimit -c 0 && exec \"$0\" \"$@\"";
    command.args(["-c", limits, PROGRAM]);
    command.current_dir(folder).env_remove("NO_COLOR");
    command.timeout(std::time::Duration::from_mins(1));
    command
}

/// Sends a signal, such as `-INT`, to a program that is running.
#[cfg(unix)]
pub(crate) fn signal(child: &std::process::Child, signal: &str) {
    // The shell has it built in; a program of that name need not be there.
    let kill = format!("kill {signal} {}", child.id());
    let status = std::process::Command::new("sh")
        .args(["-c", &kill])
        .status();
    assert!(status.unwrap().success());
}

/// Every file below a folder, by its path in there; nothing if there is no such folder.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The CSV files of a result folder: what must not depend on clock or machine.
pub(crate) fn results(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files(folder);
    assert!(
        files.remove(Path::new("manifest.json")).is_some(),
        "{} is complete",
        folder.display()
    );
    files
}

/// Says which files differ, without printing them.
pub(crate) fn assert_same_files(a: &BTreeMap<PathBuf, Vec<u8>>, b: &BTreeMap<PathBuf, Vec<u8>>) {
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(a), names(b));
    let differing: Vec<_> = a.keys().filter(|name| a[*name] != b[*name]).collect();
    assert!(differing.is_empty(), "other bytes in {differing:?}");
}

/// A CSV file that was read.
pub(crate) struct Table {
    header: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    pub(crate) fn read(file: &Path) -> Self {
        let mut reader = csv::Reader::from_path(file).unwrap();
        Self {
            header: reader.headers().unwrap().clone(),
            rows: reader.records().map(Result::unwrap).collect(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// A column, as it is written.
    pub(crate) fn column(&self, name: &str) -> Vec<&str> {
        let index = self.header.iter().position(|column| column == name);
        let index = index.unwrap_or_else(|| panic!("there is no column {name}"));
        self.rows.iter().map(|row| &row[index]).collect()
    }

    /// A column of numbers in which no cell is empty.
    pub(crate) fn numbers(&self, name: &str) -> Vec<f64> {
        let number = |cell: &str| -> f64 {
            cell.parse()
                .unwrap_or_else(|_| panic!("{name}: {cell:?} is no number"))
        };
        self.column(name).into_iter().map(number).collect()
    }
}
