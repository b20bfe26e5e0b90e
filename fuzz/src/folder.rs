//! A result folder with one file that somebody else has written. Whatever it says, nothing panics, nothing outside
//! of the folder is touched, and the next `run` leaves the result that the scenario gives, or refuses.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use chordsim::catalogue::RecordSink;
use chordsim::network::Assets;
use chordsim::report::plot::{self, PlotOptions};
use chordsim::results::csv::{read_lookups, read_summary};
use chordsim::results::manifest::{FILE, Manifest, OverridesEntry};
use chordsim::results::verify::{self, Side};
use chordsim::results::{
    Assignment, Board, Finish, Reading, ResultsError, RunError, Scratch, execute,
};
use chordsim::scenario::{Overrides, Plan, RunSpec};
use chordsim::sim::{Watch, simulate};
use serde_json::Value;

use super::shown;

/// Every table is written, and a table is swept.
const SCENARIO: &str = r#"
warmup = "0s"
duration = "4s"
sample = "2s"
repeat = 2
[overlay]
nodes = 4
[network]
loss = 0.05
[workload]
lookups_per_s = 1
[output]
audit = true
[sweep]
"chord.successors" = [1, 2]
"#;

/// Where the folder with finished runs and the journal is.
const PARTS: &str = ".parts";

/// Beside the result folder: of others.
const OF_OTHERS: (&str, &str) = ("thesis.tex", "years of work");

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// What there is before somebody meddles with it.
struct Sound {
    plan: Plan,
    /// The files of the result.
    result: Files,
    /// What is there after all runs but the last.
    interrupted: Files,
    manifest: Value,
}

fn sound() -> &'static Sound {
    static SOUND: OnceLock<Sound> = OnceLock::new();
    SOUND.get_or_init(|| {
        let plan = Plan::parse(SCENARIO, Path::new("it.toml"), &Overrides::default());
        let plan = plan.expect("a scenario");
        let made = |runs| {
            let place = place();
            let out = place.path().join("it");
            run(&plan, &out, runs).expect("it can be run");
            files(&out)
        };
        let (result, interrupted) = (made(plan.runs.len()), made(plan.runs.len() - 1));
        let manifest = serde_json::from_slice(&result[Path::new(FILE)]).expect("it is JSON");
        assert!(!interrupted.contains_key(Path::new(FILE)));
        Sound {
            plan,
            result,
            interrupted,
            manifest,
        }
    })
}

/// A folder in memory, where there is such a thing.
fn place() -> Scratch {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    Scratch::in_folder(&place).expect("a temporary folder can be made")
}

/// Does the runs that are missing as `chordsim run` does, but is interrupted after so many of a plan.
fn run<'p>(plan: &'p Plan, out: &Path, most: usize) -> Result<Finish<'p>, ResultsError> {
    let assignment = Assignment {
        plan,
        scenario_file: Path::new("it.toml"),
        scenario_text: SCENARIO,
        overrides: &OverridesEntry::default(),
        inputs: &[],
        out,
        jobs: 1,
    };
    let board = Board::new(plan.runs.len());
    let simulation = |spec: &RunSpec, watch: &Watch, sink: &mut dyn RecordSink| {
        if spec.run as usize >= most {
            board.cancel();
            return Err(RunError::Cancelled);
        }
        let (assets, output) = (Assets::default(), &plan.output);
        Ok(simulate(spec, &assets, output, watch, sink)?)
    };
    execute(&assignment, &simulation, &board, &|_| {})
}

/// Every file below a folder.
fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it is in there");
                found.insert(name.to_owned(), fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// The same result folder twice, the second time with a file in place of its own; and a file of others.
struct Meddled {
    place: Scratch,
}

impl Meddled {
    fn new(files: &Files, name: &Path, bytes: &[u8]) -> Self {
        let meddled = Self { place: place() };
        let (then, now) = (meddled.then(), meddled.now());
        for (file, contents) in files {
            write(&now.join(file), contents);
            write(&then.join(file), contents);
        }
        write(&then.join(name), bytes);
        write(&meddled.of_others(), OF_OTHERS.1.as_bytes());
        meddled
    }

    fn then(&self) -> PathBuf {
        self.place.path().join("then")
    }

    fn now(&self) -> PathBuf {
        self.place.path().join("now")
    }

    fn of_others(&self) -> PathBuf {
        self.place.path().join(OF_OTHERS.0)
    }

    /// What `plot` does, but for PNG, into which most of its time goes.
    fn plot(&self) {
        let options = PlotOptions {
            png: false,
            ..PlotOptions::default()
        };
        match plot::pictures(&self.then(), options) {
            Ok(pictures) => {
                let mut names = pictures.iter().map(|(name, _)| Path::new(name));
                assert!(names.all(|name| name.file_name() == Some(name.as_os_str())));
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }

    /// What `verify` does, but that the second result is there already; whether it is the same.
    fn verify(&self, then: &Manifest) -> bool {
        let (folder, other) = (self.then(), self.now());
        let now = Manifest::expect(&other).expect("it is whole");
        let (then, now) = (
            Side {
                folder: &folder,
                manifest: then,
            },
            Side {
                folder: &other,
                manifest: &now,
            },
        );
        match verify::compare(then, &verify::changes(then), now, &|| false) {
            Ok(report) => report.is_same(),
            Err(error) => {
                shown(error);
                false
            }
        }
    }

    /// What the next `run` does: the result is the right one, or none was promised.
    fn run(&self) {
        let sound = sound();
        match run(&sound.plan, &self.then(), usize::MAX) {
            Ok(_) => {
                let found = files(&self.then());
                for (name, bytes) in &sound.result {
                    if name != Path::new(FILE) {
                        assert!(found.get(name) == Some(bytes), "{}", name.display());
                    }
                }
            }
            Err(error) => shown(error),
        }
        let of_others = fs::read(self.of_others());
        assert!(of_others.is_ok_and(|bytes| bytes == OF_OTHERS.1.as_bytes()));
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder can be made");
    fs::write(path, bytes).expect("a file can be written");
}

/// A manifest: the bytes of one, or, after a `/`, lines of changes to the sound one, each a JSON pointer, a blank and
/// the value that comes there. So a version's own manifest need not stand in the corpus.
pub fn manifest(data: &[u8]) {
    let Some(bytes) = changed(data) else {
        return;
    };
    let meddled = Meddled::new(&sound().result, Path::new(FILE), &bytes);
    match Reading::begin(&meddled.then()) {
        Ok((reading, manifest)) => {
            meddled.verify(&manifest);
            let plan = &manifest.plan;
            let overrides = Overrides {
                seed: plan.overrides.seed,
                repeat: plan.overrides.repeat,
                set: plan.overrides.set.clone(),
                events: Vec::new(),
            };
            let file = Path::new(&plan.scenario_file);
            if let Err(error) = Plan::parse_with_files(&plan.scenario_text, file, &overrides) {
                shown(*error);
            }
            meddled.plot();
            reading.end().expect("nobody has changed it meanwhile");
        }
        Err(error) => shown(error),
    }
    meddled.run();
}

fn changed(data: &[u8]) -> Option<Vec<u8>> {
    if data.first() != Some(&b'/') {
        return Some(data.to_vec());
    }
    let mut manifest = sound().manifest.clone();
    for line in std::str::from_utf8(data).ok()?.lines() {
        let (pointer, value) = line.split_once(' ')?;
        let value = serde_json::from_str(value).ok()?;
        if let Some(place) = manifest.pointer_mut(pointer) {
            *place = value;
        } else {
            let (parent, key) = pointer.rsplit_once('/')?;
            let parent = manifest.pointer_mut(parent)?.as_object_mut()?;
            parent.insert(key.to_owned(), value);
        }
    }
    serde_json::to_vec(&manifest).ok()
}

/// A table: the first line names it, the rest is what is in it.
pub fn table(data: &[u8]) {
    let Some((name, bytes)) = named(data) else {
        return;
    };
    let sound = sound();
    let path = Path::new(name);
    let Some(was) = sound.result.get(path).filter(|_| name != FILE) else {
        return;
    };
    let meddled = Meddled::new(&sound.result, path, bytes);
    let folder = meddled.then();
    let (reading, manifest) = Reading::begin(&folder).expect("the manifest is whole");
    assert_eq!(meddled.verify(&manifest), was == bytes, "{name}");
    if let Err(error) = read_summary(&folder, &sound.plan) {
        shown(error);
    }
    if let Err(error) = read_lookups(&folder, |_| {}) {
        shown(error);
    }
    meddled.plot();
    reading.end().expect("nobody has changed it meanwhile");
    meddled.run();
}

/// What an interruption leaves among the parts: the first line names the file, within the first run's folder if it is
/// one of those, the rest is what is in it.
pub fn part(data: &[u8]) {
    let Some((name, bytes)) = named(data) else {
        return;
    };
    let files = &sound().interrupted;
    let mut all = files.keys();
    let known = all.find(|path| path.file_name().is_some_and(|file| file == name));
    let path = match known {
        Some(path) => path.clone(),
        None if name == "publishing.json" => Path::new(PARTS).join(name),
        None => return,
    };
    Meddled::new(files, &path, bytes).run();
}

fn named(data: &[u8]) -> Option<(&str, &[u8])> {
    let end = data.iter().position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&data[..end]).ok()?, &data[end + 1..]))
}
