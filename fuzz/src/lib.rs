//! What is done with an input of the fuzzer, one function a target. The same functions meet the inputs in
//! `corpus/` as plain tests (`tests/fuzz_corpus.rs`), so they use nothing of the fuzzer.
//!
//! A file that a user may have written is read, or refused with a message that can be shown: never a panic,
//! never memory out of proportion to the file. Where the text is read, what was read must make sense.

mod folder;

use std::io;
use std::path::{Path, PathBuf};

use chordsim::codes;
use chordsim::engine::SimDuration;
use chordsim::network::{Assets, NetworkError, build};
use chordsim::peers::Timetable;
use chordsim::scenario::resolved::{
    Attach, ChurnModel, Directed, GraphOptions, LatencyModel, Matrix, MatrixMissing, MatrixValues,
    Network,
};
use chordsim::scenario::{Overrides, Plan};
use chordsim::world::{HostIdx, PeerIdx};

pub use folder::{manifest, part, table};

/// A comment line of a scenario that begins so carries an option `--set` of the command line.
const OPTION: &str = "#--set ";

/// Most latencies of a network that are looked at.
const LOOKS: u32 = 40;

/// Reads a scenario, with the options that its comments give.
pub fn scenario(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let options = text.lines().filter_map(|line| line.strip_prefix(OPTION));
    let overrides = Overrides {
        set: options.map(str::to_owned).collect(),
        ..Overrides::default()
    };
    match Plan::parse_with_files(text, Path::new("scenario.toml"), &overrides) {
        Ok((plan, files)) => {
            assert_eq!(plan.runs.len() % plan.repeat as usize, 0);
            assert!(!plan.runs.is_empty(), "a plan has a run");
            let numbers = plan.runs.iter().map(|run| run.run);
            assert!(numbers.eq(0..plan.runs.len() as u32));
            for file in files {
                shown(*file.error(codes::NO_SUCH_FILE, "not there", "put it there"));
            }
        }
        Err(error) => shown(*error),
    }
}

/// Reads a graph in whatever format, as the file says, and otherwise: with directions, hosts that hang off nodes by a
/// column, and one latency for the edges that have none.
pub fn graph(data: &[u8]) {
    let file = PathBuf::from("graph.csv");
    let options = GraphOptions::default();
    let otherwise = GraphOptions {
        directed: Directed::True,
        edge_latency: Some(SimDuration::from_millis(3)),
        attach: Some(Attach::Column("x".to_owned())),
        ..GraphOptions::default()
    };
    for options in [options, otherwise] {
        let file = file.clone();
        network(data, LatencyModel::Graph { file, options });
    }
}

/// Reads latencies between hosts, as both kinds of values and with all that may stand in for what is missing.
pub fn matrix(data: &[u8]) {
    for (values, missing) in [
        (None, MatrixMissing::Refuse),
        (Some(MatrixValues::OneWay), MatrixMissing::Symmetric),
        (Some(MatrixValues::RoundTrip), MatrixMissing::Median),
    ] {
        let how = Matrix {
            values,
            missing,
            ..Matrix::new("matrix.tsv")
        };
        network(data, LatencyModel::Matrix(how));
    }
}

/// Reads a trace of churn as each of its formats, and plays a part of it.
pub fn churn_trace(data: &[u8]) {
    for format in ["auto", "avt", "fta", "p2psim", "oversim"] {
        let scenario = format!(
            "[churn]\nmodel = \"trace\"\ntrace = {{ file = \"a.avt\", format = \"{format}\", from = \"7s\", speed = 3 }}\n"
        );
        let plan = Plan::parse(&scenario, Path::new("a.toml"), &Overrides::default());
        let mut spec = plan.expect("a good scenario").runs.remove(0);
        let mut assets = Assets::default();
        if let Err(error) = assets.load_churn(&spec.scenario.churn.model, |_| text(data)) {
            if !matches!(error, NetworkError::Unreadable { .. }) {
                shown(error);
            }
            continue;
        }
        let ChurnModel::Trace(played) = &spec.scenario.churn.model else {
            unreachable!("it is a trace");
        };
        let trace = assets.churn(played).expect("it is loaded");
        let table = Timetable::new(&trace, played);
        for peer in (0..table.peers()).map(PeerIdx) {
            let moments = table.moments_of(peer);
            assert!(moments.is_sorted(), "a peer comes and goes in turn");
        }
        if table.tell(&mut spec.scenario).is_ok() {
            assert_eq!(spec.scenario.overlay.nodes, table.initial());
            assert!(table.peers() > 0 && table.initial() <= table.peers());
        }
    }
}

/// Reads a file of latencies, builds its network and measures it here and there.
fn network(data: &[u8], model: LatencyModel) {
    let mut assets = Assets::default();
    if let Err(error) = assets.load(&model, |_| text(data)) {
        if !matches!(error, NetworkError::Unreadable { .. }) {
            shown(error);
        }
        return;
    }
    let is_graph = matches!(model, LatencyModel::Graph { .. });
    let said = assets.remarks().flat_map(|(_, remarks)| remarks.iter());
    let may_differ = said
        .into_iter()
        .any(|remark| remark.contains("have a direction"));
    let (loss, service_time) = (0.0, SimDuration::ZERO);
    let network = Network {
        model,
        loss,
        jitter: 0.0,
        service_time,
    };
    let network = build(&network, 1, &assets).expect("the file is loaded");
    let hosts: Vec<HostIdx> = (0..LOOKS)
        .map(|peer| network.host_of(PeerIdx(peer)))
        .collect();
    for (a, b) in hosts.iter().zip(hosts.iter().rev()) {
        let way = network.one_way(*a, *b);
        if let Some(paths) = network.paths() {
            assert!(is_graph, "a square of numbers has no links");
            let mut sum = SimDuration::ZERO;
            paths.path(*a, *b, &mut |link| sum = sum + paths.link(link).latency);
            assert_eq!(sum, way, "a path takes as long as its links");
        }
        if is_graph {
            assert!(network.paths().is_some(), "a graph consists of links");
            let back = network.one_way(*b, *a);
            assert!(may_differ || way == back, "links have no direction");
            assert_eq!(network.one_way(*a, *a), SimDuration::ZERO);
        } else {
            assert!(way <= SimDuration::from_secs(3600), "an hour is the most");
        }
    }
}

/// A file's text, as the system would read it.
fn text(data: &[u8]) -> io::Result<String> {
    String::from_utf8(data.to_vec()).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Renders a refusal as the command line does, which looks at every place that it names.
fn shown(error: impl miette::Diagnostic + Send + Sync + 'static) {
    let report = miette::Report::new(error);
    assert!(!format!("{report:?}").is_empty());
}
