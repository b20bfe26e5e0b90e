//! `chordsim check --ring`: the ring at time 0, as text, as a graph for other programs, and as a picture.

mod error;
mod picture;

mod route;

use std::path::Path;

use self::error::RingError;
pub(super) use self::picture::format as picture_format;
use super::args::{RingArgs, RingFormat};
use super::exit::Stop;
use super::load::Loaded;
use super::output;
use super::save::save;
use crate::report::naming;
use crate::report::ring::{self, Ring, Route};
use crate::scenario::resolved::Ids;
use crate::scenario::{Plan, RunSpec};
use crate::world::{IdSource, Space};

/// Rings with more positions than this are not printed.
const PRINTED_MAX: usize = 64;
/// Rings with more positions than this are not written: their distances, from each node to each, take as many steps as
/// there are nodes times links.
const WRITTEN_MAX: usize = 8192;

/// Whether standard output has the ring and nothing else.
pub(super) fn is_data(args: &RingArgs) -> bool {
    args.format.is_some_and(|format| format != RingFormat::Text) && args.out.is_none()
}

/// Whether one ring is asked for, not one of each run.
fn is_one(args: &RingArgs) -> bool {
    args.picture.is_some()
        || args.format.is_some()
        || args.out.is_some()
        || args.run.is_some()
        || args.path.is_some()
}

/// Refuses what does not fit together, before anything is read or written.
pub(super) fn refuse_misfits(args: &RingArgs, scenarios: usize) -> Result<(), Stop> {
    if is_one(args) && scenarios > 1 {
        return Err(Stop::usage(RingError::Several { scenarios }));
    }
    if let Some(file) = &args.picture {
        picture::format("--picture", file)?;
        if args.out.as_ref() == Some(file) {
            let path = file.clone();
            return Err(Stop::usage(RingError::SameFile { path }));
        }
    }
    match args.format {
        Some(format @ (RingFormat::Dot | RingFormat::Graphml | RingFormat::Csv))
            if args.path.is_some() && args.picture.is_none() =>
        {
            Err(Stop::usage(RingError::NoPathIn {
                format: format.name(),
            }))
        }
        _ => Ok(()),
    }
}

/// Prints or writes what is asked for of a scenario's ring.
pub(super) fn show(args: &RingArgs, loaded: &Loaded) -> Result<(), Stop> {
    if !is_one(args) {
        output::data(&all(&loaded.plan));
        return Ok(());
    }
    let spec = chosen(args.run, &loaded.plan)?;
    if spec.scenario.chord.chooses_fingers() {
        output::message(
            "note: these are the fingers that identifiers demand; this scenario chooses them by latency, and `chordsim trace \
             --fingers-of` shows those of a run",
        );
    }
    // A picture takes the place of the text, unless that is asked for as well.
    let format = match (args.format, &args.picture, &args.out) {
        (None, Some(_), None) => None,
        (format, _, _) => Some(format.unwrap_or_default()),
    };
    let ring = match format {
        Some(RingFormat::Text) => printed_ring_of(spec),
        _ => ring_of(spec),
    };
    let ring = ring.map_err(Stop::usage)?;
    let route = match args.path {
        Some((from, key)) => Some(route_of(&ring, spec, from, key)?),
        None => None,
    };
    // All that can be refused is, before anything is written.
    let drawn = match &args.picture {
        Some(file) => Some((file, picture::drawn(args, file, &ring, route.as_ref())?)),
        None => None,
    };
    let text = match format {
        Some(format) => written(format, &ring, route.as_ref()),
        None => route.map(|route| route.told() + "\n").unwrap_or_default(),
    };
    match &args.out {
        None => output::data(&text),
        Some(file) => write(file, text.into_bytes())?,
    }
    match drawn {
        Some((file, bytes)) => write(file, bytes),
        None => Ok(()),
    }
}

fn written(format: RingFormat, ring: &Ring, route: Option<&Route>) -> String {
    match format {
        RingFormat::Text => {
            let told = route.map(|route| route.told() + "\n").unwrap_or_default();
            ring::described(ring) + &ring::table(ring) + &told
        }
        RingFormat::Csv => ring::csv(ring),
        RingFormat::Json => ring::json(ring, route),
        RingFormat::Dot => ring::dot(ring),
        RingFormat::Graphml => ring::graphml(ring),
    }
}

/// The ring at time 0 of every run that has another one than the run before.
fn all(plan: &Plan) -> String {
    let mut rings: Vec<String> = Vec::new();
    let mut before = None;
    for spec in &plan.runs {
        let ring = printed_ring_of(spec).map_err(|why| format!("{why}\n"));
        if before.as_ref() == Some(&ring) {
            continue;
        }
        if plan.runs.len() > 1 {
            rings.push(format!("run {}, seed {}\n", spec.run, spec.seed));
        }
        let text = ring
            .as_ref()
            .map(|ring| written(RingFormat::Text, ring, None));
        rings.push(text.unwrap_or_else(Clone::clone));
        before = Some(ring);
    }
    rings.concat()
}

/// The run that is asked for; unless that is said, the first.
pub(super) fn run_of(run: Option<u32>, plan: &Plan) -> Result<&RunSpec, Stop> {
    let (run, runs) = (run.unwrap_or(0), plan.runs.len());
    let no_run = || Stop::usage(RingError::NoRun { run, runs });
    plan.runs.get(run as usize).ok_or_else(no_run)
}

/// The same; which one it is, is told unless that was said.
pub(super) fn chosen(asked: Option<u32>, plan: &Plan) -> Result<&RunSpec, Stop> {
    let spec = run_of(asked, plan)?;
    let runs = plan.runs.len();
    if asked.is_none() && runs > 1 {
        let name = naming::of_run(plan, &spec.swept, spec.repetition);
        output::message(&format!("run 0 of {runs} ({name}); --run N takes another"));
    }
    Ok(spec)
}

/// How many nodes the ring at time 0 has.
fn positions(spec: &RunSpec) -> usize {
    let overlay = &spec.scenario.overlay;
    overlay.nodes as usize * overlay.virtual_nodes as usize
}

/// The ring at time 0, if it is small enough to be read by people.
fn printed_ring_of(spec: &RunSpec) -> Result<Ring, RingError> {
    let (positions, most) = (positions(spec), PRINTED_MAX);
    if positions > most {
        return Err(RingError::NotPrinted { positions, most });
    }
    ring_of(spec)
}

/// The ring at time 0, or why there is too much of it.
fn ring_of(spec: &RunSpec) -> Result<Ring, RingError> {
    let (positions, most) = (positions(spec), WRITTEN_MAX);
    if positions > most {
        return Err(RingError::TooLarge { positions, most });
    }
    let overlay = &spec.scenario.overlay;
    if overlay.ids == Ids::Region {
        return Err(RingError::ByRegion);
    }
    let mut source = IdSource::new(Space::new(overlay.id_bits), spec.seed);
    let ids = source.initial(&overlay.ids, positions as u32, |_| None);
    let mut ids: Vec<u64> = ids.into_iter().map(|id| id.0).collect();
    ids.sort_unstable();
    Ok(Ring::new(ids, overlay.id_bits))
}

/// The rank of a node that an option names.
fn rank(ring: &Ring, option: &'static str, id: u64) -> Result<usize, Stop> {
    let no_node = || Stop::usage(RingError::no_node(ring, option, id));
    ring.rank(id).ok_or_else(no_node)
}

fn route_of(ring: &Ring, spec: &RunSpec, from: u64, key: u64) -> Result<Route, Stop> {
    let from = rank(ring, "--path", from)?;
    if key > ring.last() {
        let last = ring.last();
        return Err(Stop::usage(RingError::NoKey { key, last }));
    }
    Ok(route::route(ring, spec, from, key))
}

/// The first node of the ring at time 0 at which a user is, if that ring is small enough to be listed: of a peer with several
/// positions the first has users.
pub(super) fn first_node(spec: &RunSpec) -> Option<u64> {
    if positions(spec) > WRITTEN_MAX || spec.scenario.overlay.ids == Ids::Region {
        return None;
    }
    let overlay = &spec.scenario.overlay;
    let mut source = IdSource::new(Space::new(overlay.id_bits), spec.seed);
    let ids = source.initial(&overlay.ids, positions(spec) as u32, |_| None);
    let firsts = ids.iter().step_by(overlay.virtual_nodes as usize);
    firsts.map(|id| id.0).min()
}

/// Writes a file, and tells which.
pub(super) fn write(file: &Path, contents: Vec<u8>) -> Result<(), Stop> {
    save(file, contents)?;
    output::message(&file.display().to_string());
    Ok(())
}
