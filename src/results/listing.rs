//! Which results are in a folder of result folders: what each says of itself, and how it stands. Nothing is written, no
//! table is read, and one that is broken is told as such and keeps nobody from seeing the others.

use std::io;
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::clock;
use super::disk;
use super::entry::{FileEntry, Program};
use super::error::{Context as _, ResultsError};
use super::lock;
use super::manifest;
use super::owner::{self, PARTS};
use crate::scenario::is_plain_name;

/// What is known of a result folder.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Listed {
    /// Where it is.
    pub folder: PathBuf,
    /// The name of its scenario; that of the folder where no manifest says it.
    pub name: String,
    /// A heading for people; empty if there is none, or nothing says it.
    pub title: String,
    /// When the command started that wrote it, in UTC; without a manifest, when the last run was finished.
    pub when: Option<String>,
    /// How many seconds that command took; `None` without a manifest.
    pub wall_seconds: Option<f64>,
    /// How many runs it has, or how many finished ones are kept where it is not complete.
    pub runs: usize,
    /// How many runs failed.
    pub failed: usize,
    /// How many bytes are in it.
    pub bytes: u64,
    /// What wrote it; `None` without a manifest.
    pub program: Option<String>,
    /// How it stands.
    pub state: ListedState,
    /// What is wrong with it; empty if nothing is.
    pub fault: String,
}

/// How a result stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListedState {
    /// All of it is there.
    Complete,
    /// All of it is there but for runs that failed.
    Failed,
    /// A command is writing it now.
    BeingWritten,
    /// A command was interrupted before it was complete.
    Interrupted,
    /// Something of it is not what was written.
    Damaged,
}

impl ListedState {
    /// In a word or two.
    #[must_use]
    pub fn told(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Failed => "runs failed",
            Self::BeingWritten => "being written",
            Self::Interrupted => "interrupted",
            Self::Damaged => "damaged",
        }
    }
}

/// The results in a folder, or the result that it is itself, newest first.
///
/// # Errors
/// If the folder itself cannot be read.
pub fn list(root: &Path) -> Result<Vec<Listed>, ResultsError> {
    if let Some(own) = listed(root) {
        return Ok(vec![own]);
    }
    let names = disk::names(root).context("read", root)?;
    let folders = names.iter().filter(|name| !name.starts_with('.'));
    let folders = folders.map(|name| root.join(name));
    let mut all: Vec<Listed> = folders.filter_map(|folder| listed(&folder)).collect();
    all.sort_by(|a, b| (&b.when, &a.folder).cmp(&(&a.when, &b.folder)));
    Ok(all)
}

/// A manifest, as far as it is told: what was simulated in each run is passed over.
#[derive(Deserialize)]
struct Brief {
    program: Program,
    plan: BriefPlan,
    runs: Vec<IgnoredAny>,
    failed: Vec<IgnoredAny>,
    files: Vec<FileEntry>,
    started: String,
    wall_seconds: f64,
}

#[derive(Deserialize)]
struct BriefPlan {
    name: String,
    #[serde(default)]
    title: String,
}

/// What is known of a folder; `None` if it is no result of this program.
fn listed(folder: &Path) -> Option<Listed> {
    let path = folder.join(manifest::FILE);
    let mut listed = match disk::read(&path) {
        Ok(bytes) => match serde_json::from_slice::<Brief>(&bytes) {
            Ok(brief) if brief.program.name != Program::this().name => return None,
            Ok(brief) => of_manifest(folder, brief),
            Err(_) if owner::begins_as_ours(&bytes) => {
                damaged(folder, format!("{} cannot be understood", manifest::FILE))
            }
            Err(_) => return None,
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => unfinished(folder)?,
        Err(_) if !owner::has_parts(folder) => return None,
        Err(error) => damaged(
            folder,
            format!("{} cannot be read: {error}", manifest::FILE),
        ),
    };
    if lock::is_locked(folder) {
        listed.state = ListedState::BeingWritten;
    }
    listed.bytes = size(folder) + size(&folder.join(PARTS));
    Some(listed)
}

fn of_manifest(folder: &Path, brief: Brief) -> Listed {
    let fault = brief.files.iter().find_map(|file| fault(folder, file));
    let state = match (&fault, brief.failed.len()) {
        (Some(_), _) => ListedState::Damaged,
        (None, 0) => ListedState::Complete,
        (None, _) => ListedState::Failed,
    };
    Listed {
        folder: folder.to_owned(),
        name: brief.plan.name,
        title: brief.plan.title,
        when: Some(brief.started),
        wall_seconds: Some(brief.wall_seconds),
        runs: brief.runs.len(),
        failed: brief.failed.len(),
        bytes: 0,
        program: Some(brief.program.to_string()),
        state,
        fault: fault.unwrap_or_default(),
    }
}

/// What a look at a file tells, without reading it.
fn fault(folder: &Path, file: &FileEntry) -> Option<String> {
    let name = &file.name;
    if !is_plain_name(name) {
        return Some(format!("{} names what cannot be a file", manifest::FILE));
    }
    match disk::facts(&folder.join(name)) {
        Ok(facts) if facts.is_file() && facts.len() == file.bytes => None,
        Ok(_) => Some(format!("{name} is not what was written")),
        Err(_) => Some(format!("{name} is missing")),
    }
}

/// A folder without a manifest: ours if finished runs are kept in it, or may be soon.
fn unfinished(folder: &Path) -> Option<Listed> {
    owner::has_parts(folder).then(|| Listed {
        runs: owner::kept_runs(folder),
        state: ListedState::Interrupted,
        ..damaged(folder, String::new())
    })
}

/// A folder of which no manifest says anything.
fn damaged(folder: &Path, fault: String) -> Listed {
    let name = folder.file_name().unwrap_or(folder.as_os_str());
    let last = [folder.join(PARTS), folder.to_owned()];
    let when = last
        .iter()
        .find_map(|path| disk::facts(path).ok()?.modified().ok());
    Listed {
        folder: folder.to_owned(),
        name: name.to_string_lossy().into_owned(),
        title: String::new(),
        when: when.map(clock::utc),
        wall_seconds: None,
        runs: 0,
        failed: 0,
        bytes: 0,
        program: None,
        state: ListedState::Damaged,
        fault,
    }
}

/// The bytes of the files in a folder.
fn size(folder: &Path) -> u64 {
    let names = disk::names(folder).unwrap_or_default();
    let facts = names
        .iter()
        .filter_map(|name| disk::facts(&folder.join(name)).ok());
    facts
        .filter(std::fs::Metadata::is_file)
        .map(|facts| facts.len())
        .sum()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    const MANIFEST: &str = r#"{"program":{"name":"chordsim","version":"1.2.3","git_commit":""},
        "plan":{"name":"churn","title":"Nodes come and go"},
        "runs":[{"run":0,"scenario":{"deep":[1,2,3]}},{"run":1}],"failed":[],
        "files":[{"name":"summary.csv","bytes":5,"sha256":"x"}],
        "started":"2026-03-01T12:00:00Z","wall_seconds":1.5}"#;

    /// A folder with this manifest, if any, and `summary.csv` of five bytes.
    fn result(root: &Path, name: &str, manifest: Option<&str>) {
        let folder = root.join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("summary.csv"), "12345").unwrap();
        if let Some(manifest) = manifest {
            fs::write(folder.join("manifest.json"), manifest).unwrap();
        }
    }

    fn states(root: &Path) -> Vec<(String, ListedState, String)> {
        let all = list(root).unwrap().into_iter();
        let name = |one: &Listed| {
            one.folder
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        };
        all.map(|one| (name(&one), one.state, one.fault)).collect()
    }

    #[test]
    fn a_result_says_what_it_is_and_the_newest_is_first() {
        let root = TempDir::new().unwrap();
        result(root.path(), "older", Some(MANIFEST));
        let newer = MANIFEST.replace("03-01T12", "03-01T13");
        result(root.path(), "newer", Some(&newer));
        result(
            root.path(),
            "of-others",
            Some(&MANIFEST.replace("chordsim", "other")),
        );
        result(root.path(), "no-result", None);
        fs::write(root.path().join("notes.txt"), "x").unwrap();
        let all = list(root.path()).unwrap();
        let names: Vec<_> = all
            .iter()
            .map(|one| one.folder.file_name().unwrap())
            .collect();
        assert_eq!(names, ["newer", "older"]);
        let one = &all[1];
        assert_eq!(
            (one.name.as_str(), one.title.as_str()),
            ("churn", "Nodes come and go")
        );
        assert_eq!((one.runs, one.failed, one.wall_seconds), (2, 0, Some(1.5)));
        assert_eq!(one.when.as_deref(), Some("2026-03-01T12:00:00Z"));
        assert_eq!(one.program.as_deref(), Some("chordsim 1.2.3"));
        assert_eq!(one.bytes, 5 + MANIFEST.len() as u64);
        assert_eq!(one.state, ListedState::Complete);
        // A result is itself one.
        let own = list(&root.path().join("older")).unwrap();
        assert_eq!(own, std::slice::from_ref(one));
    }

    #[test]
    fn what_is_wrong_is_told_of_the_one_and_the_others_are_listed() {
        let root = TempDir::new().unwrap();
        result(root.path(), "a-whole", Some(MANIFEST));
        result(root.path(), "b-cut", Some(&MANIFEST[..100]));
        result(
            root.path(),
            "c-other-size",
            Some(&MANIFEST.replace(":5,", ":6,")),
        );
        result(
            root.path(),
            "d-missing",
            Some(&MANIFEST.replace("summary.csv", "nodes.csv")),
        );
        let failed = MANIFEST.replace("\"failed\":[]", "\"failed\":[{}]");
        result(root.path(), "e-failed", Some(&failed));
        result(
            root.path(),
            "f-leads-out",
            Some(&MANIFEST.replace("summary.csv", "../x")),
        );
        let mut found = states(root.path());
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let told = |name: &str, state, fault: &str| (name.to_owned(), state, fault.to_owned());
        assert_eq!(
            found,
            [
                told("a-whole", ListedState::Complete, ""),
                told(
                    "b-cut",
                    ListedState::Damaged,
                    "manifest.json cannot be understood"
                ),
                told(
                    "c-other-size",
                    ListedState::Damaged,
                    "summary.csv is not what was written"
                ),
                told("d-missing", ListedState::Damaged, "nodes.csv is missing"),
                told("e-failed", ListedState::Failed, ""),
                told(
                    "f-leads-out",
                    ListedState::Damaged,
                    "manifest.json names what cannot be a file"
                ),
            ]
        );
    }

    #[test]
    fn an_interrupted_one_has_so_many_runs_and_one_that_is_locked_is_being_written() {
        let root = TempDir::new().unwrap();
        let parts = root.path().join("half/.parts");
        fs::create_dir_all(&parts).unwrap();
        for key in ["a", "b"] {
            fs::write(parts.join(key.repeat(64)), "123").unwrap();
        }
        fs::write(parts.join(format!("unfinished-{}", "c".repeat(64))), "1").unwrap();
        let all = list(root.path()).unwrap();
        assert_eq!((all[0].runs, all[0].bytes), (2, 7));
        assert_eq!(
            (all[0].name.as_str(), all[0].state),
            ("half", ListedState::Interrupted)
        );
        let _lock = lock::FolderLock::take(&root.path().join("half")).unwrap();
        let all = list(root.path()).unwrap();
        assert_eq!(all[0].state, ListedState::BeingWritten);
    }
}
