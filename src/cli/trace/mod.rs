//! `chordsim trace`: one lookup, put or get, told hop by hop.

mod error;
mod look;
mod map;

use std::path::{Path, PathBuf};

use self::error::TraceError;
use self::look::Chosen;
use super::args::{RequestArgs, TraceArgs};
use super::exit::{Exit, Stop};
use super::load::{self, Loaded};
use super::{needs, output, ring, save};
use crate::engine::SimTime;
use crate::observe::trace::{End, Number, Traced};
use crate::overlay::Knowledge;
use crate::report::plot::sequence;
use crate::report::plot::way::{self, WayPicture};
use crate::report::trace::{self, FingerTable, Story, TableKind};
use crate::scenario::RunSpec;
use crate::scenario::resolved::{FingersOf, ScriptEvent};
use crate::world::Space;

pub(super) fn run(args: &TraceArgs) -> Result<Exit, Stop> {
    refuse_misfits(args)?;
    let text = load::read_text(&args.scenario)?;
    let plain = load::load_text(&args.scenario, text.clone(), &args.change)?;
    let spec = ring::chosen(args.run, &plain.plan)?;
    let (loaded, chosen) = match what_is_asked(&args.request, spec)? {
        None => {
            let chosen = chosen(&args.request, spec, None)?;
            (plain, chosen)
        }
        Some(event) => {
            let more = load::load_with_events(&args.scenario, text, &args.change, vec![event])?;
            let with_it = &more.plan.runs[spec.run as usize];
            let chosen = chosen(&args.request, with_it, Some(&spec.scenario.events))?;
            (more, chosen)
        }
    };
    needs::refuse_too_much(&loaded)?;
    let spec = &loaded.plan.runs[args.run.unwrap_or(0) as usize];
    let fingers_of = fingers_of(args, &loaded, spec)?;
    let fingers_of = fingers_of.as_deref();
    let traced = look::at(spec, &loaded.assets, chosen, fingers_of)?;
    let traced = traced.ok_or_else(|| Stop::usage(TraceError::not_asked(chosen)))?;
    let story = story(&traced, spec, fingers_of);
    let picture = args
        .map
        .as_ref()
        .map(|_| map::picture(&traced, &story, spec, &loaded.assets));
    tell(args, &story, picture.transpose()?.as_ref())?;
    Ok(Exit::Done)
}

/// Refuses what cannot be, before anything is read or simulated.
fn refuse_misfits(args: &TraceArgs) -> Result<(), Stop> {
    let outputs = [
        ("--out", &args.out),
        ("--diagram", &args.diagram),
        ("--map", &args.map),
    ];
    for (option, file) in outputs {
        let Some(file) = file else { continue };
        save::refuse_name(file)?;
        if is_same(file, &args.scenario) {
            let path = file.clone();
            return Err(Stop::usage(TraceError::IsScenario { option, path }));
        }
    }
    for (option, file) in &outputs[1..] {
        let Some(file) = file else { continue };
        ring::picture_format(option, file)?;
    }
    let files: Vec<&PathBuf> = outputs
        .iter()
        .filter_map(|(_, file)| file.as_ref())
        .collect();
    for (at, file) in files.iter().enumerate() {
        if files[..at].iter().any(|other| is_same(other, file)) {
            let path = (*file).clone();
            return Err(Stop::usage(TraceError::SameFile { path }));
        }
    }
    Ok(())
}

/// Whether two names are those of one file, be it there or not.
fn is_same(a: &Path, b: &Path) -> bool {
    let whole = |path: &Path| {
        path.canonicalize()
            .or_else(|_| std::path::absolute(path))
            .ok()
    };
    whole(a).is_some_and(|a| Some(a) == whole(b))
}

/// The event that an option asks for, as it would stand in the scenario.
fn what_is_asked(args: &RequestArgs, spec: &RunSpec) -> Result<Option<String>, Stop> {
    let (deed, key, value) = match (&args.key, &args.put, &args.get) {
        (Some(key), ..) => ("lookup", key.as_str(), None),
        (_, Some(pair), _) => {
            let pair = pair.split_once('=');
            let (key, value) = pair.ok_or_else(|| Stop::usage(TraceError::NoValue))?;
            ("put", key, Some(value))
        }
        (.., Some(key)) => ("get", key.as_str(), None),
        _ if args.from.is_some() || args.at.is_some() => {
            return Err(Stop::usage(TraceError::NothingAsked));
        }
        _ => return Ok(None),
    };
    let from = match args.from {
        Some(from) => from,
        None => ring::first_node(spec).ok_or_else(|| Stop::usage(TraceError::NobodyNamed))?,
    };
    let at = quoted(args.at.as_deref().unwrap_or("0s"));
    let is_number = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    let key = match place(key, spec) {
        Some(place) => place.to_string(),
        // Of too many digits: whoever reads the scenario says so.
        None if is_number => key.to_owned(),
        None => quoted(key),
    };
    let value = value.map_or_else(String::new, |value| format!("value = {}, ", quoted(value)));
    Ok(Some(format!(
        "{{ at = {at}, {deed} = {{ key = {key}, {value}from = {from} }} }}"
    )))
}

/// A text as TOML has it: the escapes of JSON are valid there.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The place of a key that is a number, or that the scenario's script gives a name to. Other names are hashed.
fn place(key: &str, spec: &RunSpec) -> Option<u64> {
    let named = || {
        let mut names = spec.scenario.key_names();
        names.find(|(_, name)| *name == key).map(|(place, _)| place)
    };
    key.parse().ok().or_else(named)
}

/// The request that is told: the one that was put on top of `script`, if one was.
fn chosen(
    args: &RequestArgs,
    spec: &RunSpec,
    script: Option<&[ScriptEvent]>,
) -> Result<Chosen, Stop> {
    if let Some(number) = args.lookup {
        return Ok(Chosen::Numbered(Number::Lookup(number)));
    }
    if let Some(number) = args.operation {
        return Ok(Chosen::Numbered(Number::Operation(number)));
    }
    let scenario = &spec.scenario;
    let event = match script {
        Some(script) => on_top(script, &scenario.events),
        None => scenario
            .events
            .iter()
            .find(|event| event.kind.key().is_some()),
    };
    if let Some(event) = event {
        return Ok(Chosen::scripted(event, scenario.warmup));
    }
    let workload = &scenario.workload;
    if workload.makes_lookups() {
        return Ok(Chosen::Numbered(Number::Lookup(0)));
    }
    if workload.puts_per_s > 0.0 || workload.gets_per_s > 0.0 {
        return Ok(Chosen::Numbered(Number::Operation(0)));
    }
    Err(Stop::usage(TraceError::NothingAsked))
}

/// The event that a longer script has and a shorter one has not: both are in order of time, and it stands behind those of its
/// own moment.
fn on_top<'a>(shorter: &[ScriptEvent], longer: &'a [ScriptEvent]) -> Option<&'a ScriptEvent> {
    let mut both = longer.iter().enumerate();
    let here = |(at, event): &(usize, &ScriptEvent)| {
        shorter.get(*at).is_none_or(|other| other.at != event.at)
    };
    both.find(here).map(|(_, event)| event)
}

/// Whose finger tables are told: identifiers, or nothing if it is the asking node's.
fn fingers_of(args: &TraceArgs, loaded: &Loaded, spec: &RunSpec) -> Result<Option<Vec<u64>>, Stop> {
    let space = Space::new(spec.scenario.overlay.id_bits);
    let ids = match (&args.fingers_of[..], &loaded.plan.output.fingers_of) {
        ([], FingersOf::Asker) => return Ok(None),
        ([], FingersOf::List(ids)) => ids.clone(),
        (ids, _) => ids.to_vec(),
    };
    match ids.iter().find(|id| **id > space.last()) {
        Some(&id) => Err(Stop::usage(TraceError::NoPlace {
            id,
            last: space.last(),
        })),
        None => Ok(Some(ids)),
    }
}

fn story<'a>(traced: &'a Traced, spec: &RunSpec, fingers_of: Option<&[u64]>) -> Story<'a> {
    let scenario = &spec.scenario;
    let space = Space::new(scenario.overlay.id_bits);
    let mut names = scenario.key_names();
    let of_script = names.find(|(place, _)| *place == traced.asked.key.0);
    let of_script = of_script.map(|(_, name)| name.to_owned());
    let of_request = match &traced.end {
        Some(End::Operation(over)) => over.label.as_deref().map(str::to_owned),
        _ => None,
    };
    let storage = scenario.storage.as_ref();
    Story {
        space,
        measured_from: SimTime::ZERO + scenario.warmup,
        label: of_request.or(of_script),
        quorums: storage.map_or((0, 0), |it| (it.write_quorum, it.read_quorum)),
        patience: Some(scenario.overlay.request_timeout),
        tables: tables(traced, space, fingers_of),
        traced,
    }
}

/// The finger tables that are told, as they were when the request began.
fn tables(traced: &Traced, space: Space, fingers_of: Option<&[u64]>) -> Vec<FingerTable> {
    let members: Vec<u64> = traced.members.iter().map(|id| id.0).collect();
    let table = |id: u64, knows: Option<&Knowledge>| {
        let textbook = |kind| FingerTable::of_textbook(id, space, &members, kind);
        match knows {
            None => textbook(TableKind::Nobody),
            Some(knows) if knows.fingers.iter().all(Option::is_none) => textbook(TableKind::Unused),
            Some(knows) => FingerTable {
                node: id,
                space,
                entries: knows
                    .fingers
                    .iter()
                    .map(|node| node.map(|node| traced.id(node)))
                    .collect(),
                kind: TableKind::Own,
            },
        }
    };
    match (fingers_of, traced.asked.source.some()) {
        (Some(ids), _) => ids
            .iter()
            .map(|id| table(*id, traced.others.get(id)))
            .collect(),
        (None, Some(source)) => {
            let asker = table(traced.id(source), traced.knew.as_ref());
            // A table that nobody looks into is told only to those who ask for it.
            (asker.kind == TableKind::Own)
                .then_some(asker)
                .into_iter()
                .collect()
        }
        (None, None) => Vec::new(),
    }
}

/// Prints, writes and draws the story.
fn tell(args: &TraceArgs, story: &Story<'_>, map: Option<&WayPicture>) -> Result<(), Stop> {
    let text = if args.json {
        trace::json(story)
    } else {
        trace::text(story)
    };
    // What can go wrong does before anything is written.
    let not_drawn = |reason| Stop::failed(TraceError::NotDrawn { reason });
    let mut drawn = Vec::new();
    if let Some(file) = &args.diagram {
        let format = ring::picture_format("--diagram", file)?;
        drawn.push((file, sequence::draw(story, format).map_err(not_drawn)?));
    }
    if let (Some(file), Some(map)) = (&args.map, map) {
        let format = ring::picture_format("--map", file)?;
        drawn.push((file, way::draw(map, format).map_err(not_drawn)?));
    }
    match &args.out {
        None => output::data(&text),
        Some(file) => ring::write(file, text.into_bytes())?,
    }
    let mut drawn = drawn.into_iter();
    drawn.try_for_each(|(file, bytes)| ring::write(file, bytes))
}
