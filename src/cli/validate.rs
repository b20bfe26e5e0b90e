//! `chordsim validate`: run scenarios that say what to expect, and judge what came out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use serde_json::json;

use super::args::{ChangeArgs, RunArgs, ValidateArgs};
use super::exit::{Exit, Stop};
use super::interrupt::Interrupt;
use super::load::{Lacking, Loaded, lacking, load_text, read_text};
use super::needs;
use super::output;
use super::paper::PAPER;
use super::run::{Job, refuse_equal_names};
use super::terminal::Terminal;
use crate::codes::{self, Code, Coded};
use crate::inputs::file;
use crate::report::{json, judgements};
use crate::results::manifest::Program;
use crate::results::{Stopwatch, write_all};
use crate::validation::{self, Judged};

/// Where scenarios are looked for if none are named.
const PLACE: &str = "scenarios/paper";
/// Where tables go unless it is said otherwise.
const TABLES: &str = "results/validation";

#[derive(Debug, thiserror::Error, Diagnostic)]
enum Nothing {
    #[error("cannot read the folder {}", path.display())]
    #[diagnostic(help(
        "give scenario files or folders of them; a path is taken from the current folder"
    ))]
    Folder { path: PathBuf, source: io::Error },
    #[error("there is no scenario named {}", only.join(" or "))]
    #[diagnostic(help("there are: {known}"))]
    Named { only: Vec<String>, known: String },
    #[error("no scenario in {}", places.join(", "))]
    #[diagnostic(help("a scenario is a file that ends in .toml"))]
    Scenario { places: Vec<String> },
    #[error("{} expects nothing", path.display())]
    #[diagnostic(help(
        "say what should come out in [[expect]], as docs/scenario.md describes, or use `chordsim \
         run`"
    ))]
    Expected { path: PathBuf },
}

impl Coded for Nothing {
    fn kind(&self) -> Code {
        match self {
            Self::Folder { source, .. } => file::code_of(source),
            Self::Named { .. } | Self::Scenario { .. } | Self::Expected { .. } => {
                codes::NOTHING_EXPECTED
            }
        }
    }
}

pub(super) fn run(args: &ValidateArgs, terminal: Terminal) -> Result<Exit, Stop> {
    let clock = Stopwatch::start();
    let (scenarios, lacking) = scenarios(args)?;
    for it in &lacking {
        output::message(&not_judged(it));
    }
    let interrupt = Interrupt::listen();
    let options = RunArgs {
        no_plots: true,
        common: args.common.clone(),
        ..RunArgs::default()
    };
    let (mut judged, mut all_ran) = (Vec::new(), true);
    for scenario in &scenarios {
        let job = job(args, &options, scenario);
        job.claim()?;
        let Some(outcome) = job.carry_out(terminal, &interrupt)? else {
            return Ok(Exit::Interrupted);
        };
        job.tell_failures(&outcome.failures);
        all_ran &= outcome.failures.is_empty();
        judged.extend(job.judged()?);
    }
    present(args, &judged, &lacking, clock.seconds())?;
    let as_expected = !judged.iter().any(|row| row.judgement.is_trouble());
    // Nothing judged is nothing shown to be right.
    Ok(if all_ran && as_expected && !judged.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// With `--out`, results go there too.
fn job<'a>(args: &ValidateArgs, options: &'a RunArgs, scenario: &'a Loaded) -> Job<'a> {
    let mut job = Job::new(options, scenario);
    if let Some(out) = &args.out {
        job.out = out.join(&scenario.plan.name);
    }
    job
}

/// Why a scenario is passed over, such as `planetlab-plain: not judged: needs rtt.tsv (…)`.
fn not_judged(scenario: &Lacking) -> String {
    let files: Vec<String> = scenario
        .files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    format!(
        "{}: not judged: needs {} (put it beside the scenario, or name the folder it is in in the environment variable \
         CHORDSIM_DATA)",
        scenario.name,
        files.join(" and ")
    )
}

/// Every scenario that is meant, read and ready; and those whose data files are nowhere.
fn scenarios(args: &ValidateArgs) -> Result<(Vec<Loaded>, Vec<Lacking>), Stop> {
    let (mut found, mut passed_over) = (Vec::new(), Vec::new());
    for (file, text) in all(args)? {
        match lacking(&file, &text) {
            Some(it) => passed_over.push(it),
            None => found.push(load_text(&file, text, &ChangeArgs::default())?),
        }
    }
    refuse_unknown(&args.only, &found, &passed_over)?;
    let is_chosen = |name: &str| {
        let mut only = args.only.iter();
        args.only.is_empty() || only.any(|only| is_meant(name, only))
    };
    found.retain(|scenario| is_chosen(&scenario.plan.name));
    passed_over.retain(|scenario| is_chosen(&scenario.name));
    refuse_equal_names(&found);
    let mut all = found.iter();
    if let Some(Loaded { file, .. }) = all.find(|loaded| loaded.plan.expectations.is_empty()) {
        return Err(Stop::usage(Nothing::Expected { path: file.clone() }));
    }
    found.iter().try_for_each(needs::refuse_too_much)?;
    Ok((found, passed_over))
}

/// The texts of those that are named; of those of the repository if none are, or where it is not at hand, those of the
/// program.
fn all(args: &ValidateArgs) -> Result<Vec<(PathBuf, String)>, Stop> {
    if args.scenarios.is_empty() && !Path::new(PLACE).is_dir() {
        let brought = PAPER.iter();
        let owned = brought.map(|(file, text)| (PathBuf::from(file), (*text).to_owned()));
        return Ok(owned.collect());
    }
    let files = files(args)?.into_iter();
    files
        .map(|file| read_text(&file).map(|text| (file, text)))
        .collect()
}

fn files(args: &ValidateArgs) -> Result<Vec<PathBuf>, Stop> {
    let default = [PathBuf::from(PLACE)];
    let places = match &args.scenarios[..] {
        [] => &default[..],
        named => named,
    };
    let mut files = Vec::new();
    for place in places {
        files.extend(files_of(place)?);
    }
    if files.is_empty() {
        let places = places.iter().map(|place| place.display().to_string());
        return Err(Stop::usage(Nothing::Scenario {
            places: places.collect(),
        }));
    }
    Ok(files)
}

/// The file itself, or the scenarios in a folder: V2 before V11.
fn files_of(place: &Path) -> Result<Vec<PathBuf>, Stop> {
    if !place.is_dir() {
        return Ok(vec![place.to_owned()]);
    }
    let unreadable = |source| {
        Stop::usage(Nothing::Folder {
            path: place.to_owned(),
            source,
        })
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(place).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            files.push(path);
        }
    }
    files.sort_by_cached_key(|path| natural(&path.to_string_lossy()));
    Ok(files)
}

/// Sorts numbers within names by their value.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut key = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (text, tail) = rest.split_at(digits);
        let end = tail
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (number, tail) = tail.split_at(end);
        key.push((text.to_owned(), number.parse().unwrap_or(0)));
        rest = tail;
    }
    key
}

/// Refuses a name given with `--only` that no scenario has.
fn refuse_unknown(only: &[String], found: &[Loaded], lacking: &[Lacking]) -> Result<(), Stop> {
    let found = found.iter().map(|loaded| loaded.plan.name.clone());
    let names: Vec<String> = found
        .chain(lacking.iter().map(|it| it.name.clone()))
        .collect();
    let is_known = |only: &&String| names.iter().any(|name| is_meant(name, only));
    match only.iter().find(|only| !is_known(only)) {
        Some(unknown) => Err(Stop::usage(Nothing::Named {
            only: vec![unknown.clone()],
            known: names.join(", "),
        })),
        None => Ok(()),
    }
}

/// `V1` means `v1-successors` and not `v11-churn`.
fn is_meant(name: &str, only: &str) -> bool {
    let (name, only) = (name.to_lowercase(), only.to_lowercase());
    name.strip_prefix(&only)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Writes the table and shows it.
fn present(
    args: &ValidateArgs,
    judged: &[Judged],
    lacking: &[Lacking],
    seconds: f64,
) -> Result<(), Stop> {
    let tally = validation::tally(judged);
    let program = Program::this();
    let heading = format!(
        "# Expected beside measured\n\n{} {}: {tally}.\n\n",
        program.name, program.version
    );
    let mut passed_over = String::new();
    for it in lacking {
        passed_over += &not_judged(it);
        passed_over += ".\n\n";
    }
    let markdown = heading + &passed_over + &validation::markdown(judged);
    let csv = validation::table(judged);
    let out = args.out.as_deref().unwrap_or(Path::new(TABLES));
    let files = [
        ("validation.md".to_owned(), markdown.into_bytes()),
        ("validation.csv".to_owned(), csv.to_csv()),
    ];
    write_all(out, &files).map_err(Stop::failed)?;
    if !args.common.quiet {
        output::messages(&judgements::render(judged, true));
        output::message(&format!("{tally}, in {seconds:.0} s"));
        output::message(&format!("written: {}", out.join("validation.md").display()));
        output::message(&format!(
            "         {}",
            out.join("validation.csv").display()
        ));
    }
    if args.common.json {
        output::data(&format!(
            "{}\n",
            json!({
                "tally": tally,
                "expectations": json::rows(&csv),
                "not_judged": lacking.iter().map(|it| &it.name).collect::<Vec<_>>(),
            })
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_meant_as_a_whole() {
        assert!(is_meant("v1-successors", "V1") && is_meant("v1", "v1"));
        assert!(!is_meant("v11-churn", "V1") && !is_meant("lecture", "V1"));
    }

    #[test]
    fn numbers_are_sorted_by_value() {
        let mut names = ["v11-a", "v2-b", "lecture", "v9-c", "v1-z"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["lecture", "v1-z", "v2-b", "v9-c", "v11-a"]);
    }
}
