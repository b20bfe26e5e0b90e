//! Compares the instructions that `benches/instructions.rs` has counted with
//! `benches/instructions.toml`, or writes them there. `benches/instructions.sh` runs both; alone
//! this program says so and does nothing.

mod counts;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use counts::{Counts, TOLERANCE, Verdict, compare, table, to_toml};
use serde_json::Value;

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.toml");

/// Counts of different instruction sets have nothing to do with each other.
const PLATFORM: [&str; 2] = [std::env::consts::ARCH, std::env::consts::OS];

const HEADER: &str = "\
# How many instructions each bench of benches/instructions.rs takes, by platform. Written by
# CHORDSIM_BLESS=1 benches/instructions.sh; without CHORDSIM_BLESS it fails if a count differs from
# the one here by more than 5 %.
";

/// The baseline of every platform.
type Baseline = BTreeMap<String, Counts>;

fn main() -> ExitCode {
    let mode = std::env::args().nth(1).unwrap_or_default();
    let done = match (mode.as_str(), std::env::var_os("GUNGRAUN_HOME")) {
        ("compare", Some(home)) => compared(home.as_ref()),
        ("write", Some(home)) => written(home.as_ref()).map(|()| true),
        _ => {
            println!("benches/instructions.sh counts instructions and compares them");
            Ok(true)
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the counts are what the baseline says.
fn compared(home: &Path) -> Result<bool, Box<dyn Error>> {
    let (platform, baseline) = (PLATFORM.join("-"), baseline()?);
    let Some(before) = baseline.get(&platform) else {
        return Err(format!(
            "{BASELINE} has no counts for {platform}; \
             CHORDSIM_BLESS=1 benches/instructions.sh adds them"
        )
        .into());
    };
    let comparisons = compare(before, &counted(home)?);
    print!("{}", table(&comparisons));
    let (sound, changed): (Vec<_>, Vec<_>) = comparisons
        .into_iter()
        .partition(|comparison| comparison.verdict == Verdict::Same);
    if !changed.is_empty() {
        eprintln!(
            "\nerror: {} of {} instruction counts differ from benches/instructions.toml by more \
             than {TOLERANCE} %, or stand on one side only\n\n{}\n\
             What takes them: callgrind_annotate {}/chordsim/instructions/*/BENCH/callgrind.*.out\n\
             If the change is meant: CHORDSIM_BLESS=1 benches/instructions.sh, and commit \
             benches/instructions.toml with the change and its reason.",
            changed.len(),
            changed.len() + sound.len(),
            table(&changed),
            home.display()
        );
    }
    Ok(changed.is_empty())
}

/// Makes the counts the baseline of this platform and leaves those of others alone.
fn written(home: &Path) -> Result<(), Box<dyn Error>> {
    let mut baseline = baseline()?;
    baseline.insert(PLATFORM.join("-"), counted(home)?);
    let mut text = HEADER.to_owned();
    for (platform, counts) in &baseline {
        writeln!(text, "\n[{platform}]\n{}", to_toml(counts).trim_end())?;
    }
    fs::write(BASELINE, text)?;
    println!("wrote {BASELINE}");
    Ok(())
}

/// What is committed; nothing if there is no such file.
fn baseline() -> Result<Baseline, Box<dyn Error>> {
    if !Path::new(BASELINE).exists() {
        return Ok(Baseline::new());
    }
    Ok(toml::from_str(&fs::read_to_string(BASELINE)?)?)
}

/// What gungraun has counted: `chordsim/instructions/GROUP/BENCH/summary.json`.
fn counted(home: &Path) -> Result<Counts, Box<dyn Error>> {
    let mut counts = Counts::new();
    let groups = home.join("chordsim").join("instructions");
    let groups = fs::read_dir(&groups).map_err(|error| format!("{}: {error}", groups.display()))?;
    for group in groups {
        for bench in fs::read_dir(group?.path())? {
            let bench = bench?;
            let name = bench.file_name().to_string_lossy().into_owned();
            let summary = fs::read(bench.path().join("summary.json"))?;
            let count = instructions(&serde_json::from_slice(&summary)?)
                .ok_or_else(|| format!("no count of instructions in the summary of {name}"))?;
            counts.insert(name, count);
        }
    }
    if counts.is_empty() {
        return Err("nothing was counted".into());
    }
    Ok(counts)
}

/// The instructions of a summary.
fn instructions(summary: &Value) -> Option<u64> {
    let total = summary.pointer("/profiles/0/data/total/metrics/Ir/values/new")?;
    total.as_u64().filter(|count| *count > 0)
}
