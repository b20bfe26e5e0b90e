//! Finished runs that are changed behind the program's back, before the command that uses them or in its middle.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::{Call, Came, bytes_of_csv, names};
use crate::results::testing::{plan, simulate};
use crate::results::{Finish, KeptFault, Notice, Redo, ResultsError};
use crate::scenario::Plan;

/// What is done to finished runs.
type Tampering = fn(&[PathBuf]);

fn change(file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(file).unwrap();
    change(&mut bytes);
    fs::write(file, bytes).unwrap();
}

/// Where the bytes of a piece are in the file of a run, and where the line before them begins.
fn piece(file: &[u8], name: &str) -> (usize, std::ops::Range<usize>) {
    let mut at = 0;
    loop {
        let end = at + file[at..].iter().position(|byte| *byte == b'\n').unwrap();
        let line = std::str::from_utf8(&file[at..end]).unwrap();
        let mut words = line.split(' ');
        let (found, size) = (words.next().unwrap(), words.next().unwrap());
        let bytes = end + 1..end + 1 + size.parse::<usize>().unwrap();
        if found == name {
            return (at, bytes);
        }
        at = bytes.end;
    }
}

/// Changes the bytes of one piece, and what stands before it where they are more or fewer.
fn change_piece(part: &Path, name: &str, how: impl FnOnce(&mut Vec<u8>)) {
    change(part, |file| {
        let (begin, bytes) = piece(file, name);
        let line = String::from_utf8(file[begin..bytes.start].to_vec()).unwrap();
        let mut now = file[bytes.clone()].to_vec();
        how(&mut now);
        let sizes = [bytes.len(), now.len()].map(|size| format!(" {size} "));
        let mut whole = line.replacen(&sizes[0], &sizes[1], 1).into_bytes();
        whole.append(&mut now);
        file.splice(begin..bytes.end, whole);
    });
}

/// Takes a piece away, with the line before it.
fn remove_piece(part: &Path, name: &str) {
    change(part, |file| {
        let (begin, bytes) = piece(file, name);
        file.drain(begin..bytes.end);
    });
}

/// Another value in the place of one, in what is known of a run: everything else stays.
fn forge(part: &Path, forge: impl FnOnce(&mut serde_json::Value)) {
    change_piece(part, "run.json", |bytes| {
        let before = serde_json::from_slice(bytes).unwrap();
        let mut json: serde_json::Value = serde_json::Value::clone(&before);
        forge(&mut json);
        assert_ne!(json, before, "it was changed");
        *bytes = serde_json::to_vec(&json).unwrap();
    });
}

/// Each with the number of runs that it concerns, and a piece of what is said of the first.
const TAMPERINGS: [(Tampering, usize, &str); 16] = [
    (
        |parts| change_piece(&parts[0], "lookups.csv", |bytes| bytes[100] ^= 1),
        1,
        "lookups.csv is not what was written",
    ),
    (
        |parts| change_piece(&parts[0], "lookups.csv", |bytes| bytes.truncate(500)),
        1,
        "lookups.csv is not what was written",
    ),
    (
        |parts| change_piece(&parts[0], "timeline.csv", |bytes| bytes.push(b'\n')),
        1,
        "timeline.csv is not what was written",
    ),
    (
        |parts| remove_piece(&parts[0], "nodes.csv"),
        1,
        "nodes.csv is missing",
    ),
    (
        |parts| remove_piece(&parts[0], "run.json"),
        1,
        "run.json is missing",
    ),
    (
        // A line more, and what stands before it as it was.
        |parts| {
            change(&parts[0], |file| {
                let at = piece(file, "nodes.csv").1.end;
                file.insert(at, b'\n');
            });
        },
        1,
        " is not what was written",
    ),
    (
        |parts| change(&parts[0], |file| file[3] ^= 1),
        1,
        " is not what was written",
    ),
    (
        |parts| change(&parts[0], |file| file.extend(b"nodes.csv 2 \n1\n")),
        1,
        " is not what was written",
    ),
    (
        |parts| change(&parts[0], |file| file.truncate(500)),
        1,
        "lookups.csv is not what was written",
    ),
    (
        |parts| change(&parts[0], Vec::clear),
        1,
        "run.json is missing",
    ),
    (
        // What is there and cannot be read, also by a superuser.
        |parts| {
            fs::remove_file(&parts[0]).unwrap();
            fs::create_dir(&parts[0]).unwrap();
        },
        1,
        " cannot be read: ",
    ),
    (
        |parts| {
            change(&parts[0], |file| {
                let at = piece(file, "run.json").1.start + 99;
                file.truncate(at);
            });
        },
        1,
        "run.json is not what was written",
    ),
    (
        |parts| {
            forge(&parts[0], |json| {
                json["summary"]["values"]["HopsMean"] = 2.5.into();
            });
        },
        1,
        "run.json is not what was written",
    ),
    (
        |parts| {
            forge(&parts[0], |json| {
                json["summary"]["fingerprint"] = "0123456789abcdef".into();
            });
        },
        1,
        "run.json is not what was written",
    ),
    (
        // The rows of another run, which are whole.
        |parts| {
            let other = fs::read(&parts[1]).unwrap();
            let rows = other[piece(&other, "lookups.csv").1].to_vec();
            change_piece(&parts[0], "lookups.csv", |bytes| *bytes = rows);
        },
        1,
        "lookups.csv is not what was written",
    ),
    (
        |parts| {
            let aside = parts[0].with_file_name("aside");
            fs::rename(&parts[0], &aside).unwrap();
            fs::rename(&parts[1], &parts[0]).unwrap();
            fs::rename(&aside, &parts[1]).unwrap();
        },
        2,
        "run.json is not what was written",
    ),
];

/// The finished runs in a result folder.
fn parts(out: &Path) -> Vec<PathBuf> {
    let root = out.join(".parts");
    let names = names(&root).into_iter().filter(|name| name.len() == 64);
    names.map(|name| root.join(name)).collect()
}

fn the_plan() -> Plan {
    plan(&["8", "16"], 2)
}

fn assert_told(came: &Came, runs: usize, told: &str) {
    let kept = came.notices.iter().filter_map(|notice| match notice {
        Notice::Redo(why @ Redo::Kept { .. }) => Some(why.to_string()),
        _ => None,
    });
    let kept: Vec<String> = kept.collect();
    assert_eq!(kept.len(), runs, "{told}: {:?}", came.notices);
    assert!(kept[0].contains(told), "{told}: {kept:?}");
}

#[test]
fn what_was_kept_and_is_not_what_was_written_is_done_again() {
    let (plan, folder) = (the_plan(), TempDir::new().unwrap());
    let whole = folder.path().join("whole");
    Call::new(&plan).complete(&whole);
    for (number, (tamper, runs, told)) in TAMPERINGS.into_iter().enumerate() {
        let out = folder.path().join(number.to_string());
        Call::in_order(&plan).interrupt(&out);
        tamper(&parts(&out));
        let simulated = AtomicUsize::new(0);
        let came = Call::in_order(&plan).run(&out, &|spec, watch, sink| {
            simulated.fetch_add(1, Ordering::Relaxed);
            simulate(spec, watch, sink)
        });
        assert_told(&came, runs, told);
        assert_eq!(came.done().runs.len(), 4, "{told}");
        assert_eq!(simulated.into_inner(), 2 + runs, "{told}");
        assert_eq!(bytes_of_csv(&out), bytes_of_csv(&whole), "{told}");
    }
}

#[test]
fn what_is_changed_while_other_runs_go_on_is_done_again() {
    let (plan, folder) = (the_plan(), TempDir::new().unwrap());
    let whole = folder.path().join("whole");
    let expected = Call::new(&plan).complete(&whole).done();
    for (number, (tamper, runs, told)) in TAMPERINGS.into_iter().enumerate() {
        let out = folder.path().join(number.to_string());
        let simulated = Mutex::new(Vec::new());
        let came = Call::in_order(&plan).run(&out, &|spec, watch, sink| {
            let mut simulated = simulated.lock().unwrap();
            simulated.push(spec.run);
            if simulated.len() == 4 {
                tamper(&parts(&out));
            }
            simulate(spec, watch, sink)
        });
        assert_told(&came, runs, told);
        assert_eq!(came.done(), expected, "{told}");
        assert_eq!(simulated.into_inner().unwrap().len(), 4 + runs, "{told}");
        assert_eq!(bytes_of_csv(&out), bytes_of_csv(&whole), "{told}");
        assert!(!out.join(".parts").exists(), "{told}");
    }
}

#[test]
fn a_run_that_is_removed_in_the_middle_is_done_again() {
    let (plan, folder) = (the_plan(), TempDir::new().unwrap());
    let out = folder.path();
    let came = Call::in_order(&plan).run(out, &|spec, watch, sink| {
        if spec.run == 3 && parts(out).len() == 3 {
            fs::remove_file(&parts(out)[0]).unwrap();
        }
        simulate(spec, watch, sink)
    });
    assert_told(&came, 1, " is missing");
    assert_eq!(came.done().runs.len(), 4);
}

/// Somebody, or the disk, spoils it again and again.
#[test]
fn a_run_that_is_spoiled_for_ever_is_an_error() {
    let (plan, folder) = (the_plan(), TempDir::new().unwrap());
    let out = folder.path();
    let came = Call::in_order(&plan).run(out, &|spec, watch, sink| {
        let done = parts(out);
        if spec.run != 0 {
            for part in done {
                fs::remove_file(part).unwrap();
            }
        }
        simulate(spec, watch, sink)
    });
    let error = came.finish.unwrap_err();
    let ResultsError::Unstable { file, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(file.fault, KeptFault::Missing);
    assert!(!out.join("manifest.json").exists());
    // It is not for ever after all.
    let finish = Call::new(&plan).complete(out).finish;
    assert!(matches!(finish, Ok(Finish::Done { .. })));
}
