//! One run: the parts of its scenario, and whether they fit together.

use std::path::Path;

use super::{churn, event, event_order, fault, network, overlay, selfish, workload};
use crate::codes;
use crate::scenario::data::NamedFile;
use crate::scenario::error::Problem;
use crate::scenario::keys::top::TopKeys;
use crate::scenario::reader::Reader;
use crate::scenario::resolved::{Fault, Scenario};
use crate::scenario::source::Span;

/// The most rows a timeline may have: more is a slip in `sample`.
const MAX_SAMPLES: u64 = 1_000_000;

/// A scenario with what it needs from outside.
pub(crate) struct Resolved {
    pub scenario: Scenario,
    pub files: Vec<NamedFile>,
}

/// Resolves one combination. `folder` is where its data files are looked for.
pub(crate) fn scenario(mut reader: Reader<'_>, folder: &Path) -> Result<Resolved, Vec<Problem>> {
    let top: TopKeys = reader.read();
    let mut resolved = read_parts(&mut reader, &top, folder);
    // Values that are wrong by themselves were replaced by defaults: whether those fit together
    // is nobody's question.
    if reader.problems.is_empty() {
        fit_together(&mut reader, &resolved.scenario);
    }
    if reader.problems.is_empty() {
        resolved.scenario.faults.sort_by_key(|fault| fault.at);
        resolved.scenario.events.sort_by_key(|event| event.at);
        Ok(resolved)
    } else {
        Err(reader.problems.all())
    }
}

/// The parts of a scenario, each for itself. Faults and events come in the order of the file.
pub(crate) fn read_parts(reader: &mut Reader<'_>, top: &TopKeys, folder: &Path) -> Resolved {
    let (network, file) = network::network(reader, folder);
    let (requests, keys) = workload::workload(reader, folder);
    let members = overlay::overlay(reader);
    let events = event::events(reader, members.id_bits);
    let kept = workload::storage(reader, &requests, &events);
    let (churn, trace) = churn::churn(reader, folder, &members, kept.settings);
    let scenario = Scenario {
        warmup: top.warmup,
        duration: top.duration,
        sample: top.sample,
        overlay: members,
        chord: overlay::chord(reader),
        network,
        churn,
        faults: fault::faults(reader),
        storage: kept.is_used.then_some(kept.settings),
        events,
        workload: requests,
        selfish: selfish::selfish(reader, top.duration),
    };
    let files = file.into_iter().chain(keys).chain(trace).collect();
    Resolved { scenario, files }
}

fn fit_together(reader: &mut Reader<'_>, scenario: &Scenario) {
    overlay::fit_on_the_ring(reader, scenario);
    overlay::well_known_are_few(reader, scenario);
    overlay::regions_are_there(reader, scenario);
    network::links_are_there(reader, &scenario.network.model);
    workload::storage_fits(reader, scenario);
    workload::source_fits(reader, scenario);
    selfish::selfish_fits(reader, scenario);
    samples_are_few(reader, scenario);
    churn::trace_fits(reader, scenario);
    churn_ends_in_time(reader, scenario);
    let places = fault::fault_times(reader);
    for (place, fault) in places.into_iter().zip(&scenario.faults) {
        strikes_in_time(reader, place, scenario, fault);
    }
    event_order::check(reader, scenario);
}

fn samples_are_few(reader: &mut Reader<'_>, scenario: &Scenario) {
    if scenario.duration.0 / scenario.sample.0 <= MAX_SAMPLES {
        return;
    }
    if let Some(span) = reader.culprit([reader.place("sample"), reader.place("duration")]) {
        reader.push(
            codes::PLAN_TOO_LARGE,
            span,
            "the timeline would have more than a million rows",
            format!("one row per {} for {}", scenario.sample, scenario.duration),
            "raise `sample`, the width of one row",
        );
    }
}

fn churn_ends_in_time(reader: &mut Reader<'_>, scenario: &Scenario) {
    let Some(until) = scenario.churn.until else {
        return;
    };
    if until <= scenario.duration {
        return;
    }
    if let Some(span) = reader.culprit([reader.place("churn.until"), reader.place("duration")]) {
        reader.push(
            codes::AFTER_THE_END,
            span,
            "churn would end after the end of the measurement",
            format!(
                "churn ends at {until}, the measurement at {}",
                scenario.duration
            ),
            "`churn.until` counts from the end of the warm-up: lower it, raise `duration`, or leave \
             it out to have churn all the time",
        );
    }
}

fn strikes_in_time(reader: &mut Reader<'_>, at: Option<Span>, scenario: &Scenario, fault: &Fault) {
    if fault.at < scenario.duration {
        return;
    }
    if let Some(span) = reader.culprit([at, reader.place("duration")]) {
        reader.push(
            codes::AFTER_THE_END,
            span,
            "a fault would strike after the end of the measurement",
            format!(
                "the fault is due at {}, the measurement ends at {}",
                fault.at, scenario.duration
            ),
            "times of faults count from the end of the warm-up: move the fault or raise `duration`",
        );
    }
}
