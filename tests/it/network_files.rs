//! Files of networks as a user meets them: what was guessed is said, `check` shows the network, and data files are found.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::program::chordsim;
use chordsim::engine::SimDuration;
use chordsim::network::{Assets, Network, build};
use chordsim::scenario::resolved::{self, LatencyModel, Matrix, MatrixMissing};
use chordsim::world::HostIdx;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, is_empty};
use tempfile::TempDir;

const SCENARIO: &str = "warmup = \"0s\"\nduration = \"5s\"\n[overlay]\nnodes = 3\n[network]\nmodel = \"matrix\"\n\
                        matrix.file = \"data/rtt.csv\"\n";

fn folder(rtt: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    fs::write(folder.path().join("data/rtt.csv"), rtt).unwrap();
    fs::write(folder.path().join("s.toml"), SCENARIO).unwrap();
    folder
}

/// The round trips are 10, 40 and 0 ms; from a to c it is shorter by way of b.
#[test]
fn what_a_file_was_taken_for_is_said_and_its_network_shown() {
    let folder = folder(",a,b,c\na,-,10,40\nb,10,-,0\nc,40,0,-\n");
    let said = "data/rtt.csv: read as round trips in ms, names in the first row and column\n";
    chordsim(folder.path())
        .args(["check", "s.toml"])
        .assert()
        .code(0)
        .stderr(is_empty())
        .stdout(contains(said))
        .stdout(contains(
            "network: 3 hosts, 3 pairs; round trips: median 10.0 ms, smallest 0 ms (b \u{2013} c), largest 40.0 ms (a \u{2013} c)\n",
        ))
        .stdout(contains("odd: between 1 of 3 pairs of different hosts a message takes no time"))
        .stdout(contains("odd: in 100 % of all triangles"));
    let run = |quiet: &[&str]| {
        let mut command = chordsim(folder.path());
        command
            .args(["run", "s.toml", "--no-plots"])
            .args(quiet)
            .assert()
            .code(0)
    };
    run(&["--quiet"]).stderr(contains("read as").not());
    run(&[]).stderr(contains(format!("note: {said}")).count(1));
}

/// Of every network of a sweep; a number of nodes makes no other network of a file.
#[test]
fn each_network_is_shown_once() {
    let folder = folder("0 10\n10 0\n");
    let sweep = format!(
        "{SCENARIO}[sweep]\n\"network.model\" = [\"matrix\", \"constant\"]\n\"overlay.nodes\" = [3, 4]\n"
    );
    fs::write(folder.path().join("s.toml"), sweep).unwrap();
    chordsim(folder.path())
        .args(["check", "s.toml"])
        .assert()
        .code(0)
        .stdout(
            contains("network (model = matrix): 2 hosts, 1 pair; round trips: 10.0 ms").count(1),
        )
        .stdout(contains("network (model = constant, nodes = 3): 3 hosts").count(1))
        .stdout(contains("network (model = constant, nodes = 4): 4 hosts").count(1));
}

/// Beside the scenario first; its results do not tell where it was found.
#[test]
fn a_data_file_is_looked_for_in_the_folder_of_the_environment_variable() {
    let here = folder("0 10\n10 0\n");
    let elsewhere = folder("0 99\n99 0\n");
    let at = |folder: &TempDir, data: &Path| {
        let mut command = chordsim(folder.path());
        command
            .args(["check", "s.toml"])
            .env("CHORDSIM_DATA", data)
            .assert()
    };
    at(&here, elsewhere.path())
        .code(0)
        .stdout(contains("round trips: 10.0 ms"));
    fs::remove_dir_all(here.path().join("data")).unwrap();
    at(&here, elsewhere.path())
        .code(0)
        .stdout(contains("round trips: 99.0 ms"))
        .stdout(contains("reads data/rtt.csv (SHA-256"));
    at(&here, here.path())
        .code(2)
        .stderr(contains("cannot use the file data/rtt.csv"))
        .stderr(contains("CHORDSIM_DATA"));
    let mut command = chordsim(here.path());
    let ran = command
        .args(["run", "s.toml", "--no-plots", "--quiet"])
        .env("CHORDSIM_DATA", elsewhere.path());
    ran.assert().code(0);
    let mut command = chordsim(here.path());
    let same = command
        .args(["verify", "results/s"])
        .env("CHORDSIM_DATA", elsewhere.path());
    same.assert().code(0);
}

/// A file of the data folder; `None`, said aloud, where there is none. Under continuous integration it must be there.
fn format(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CHORDSIM_DATA");
    if folder.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CHORDSIM_DATA is not set");
        eprintln!("CHORDSIM_DATA is not set: {name} was not read");
    }
    folder.map(|folder| PathBuf::from(folder).join("formats").join(name))
}

fn network(matrix: Matrix) -> Network {
    let network = resolved::Network {
        model: LatencyModel::Matrix(matrix),
        loss: 0.0,
        jitter: 0.0,
        service_time: SimDuration::ZERO,
    };
    let mut assets = Assets::default();
    let read = |path: &Path| fs::read_to_string(path);
    assets.load(&network.model, read).unwrap();
    build(&network, 1, &assets).unwrap()
}

fn ms(network: &Network, from: u32, to: u32) -> f64 {
    network.one_way(HostIdx(from), HostIdx(to)).as_millis_f64()
}

/// Halves of what a person reads in the file.
#[test]
fn files_of_others_are_read_as_a_person_reads_them() {
    let Some(names) = format("mininet-names.csv") else {
        return;
    };
    let mininet = network(Matrix::new(names));
    assert_eq!(
        (mininet.hosts(), mininet.host_name(HostIdx(4))),
        (Some(5), Some("h4"))
    );
    for (from, to, round) in [(0, 1, 20.021), (1, 0, 18.205), (4, 3, 31.313), (2, 2, 0.0)] {
        assert!(
            (ms(&mininet, from, to) - round / 2.0).abs() < 1e-6,
            "{from} {to}"
        );
    }
    let Some(file) = format("p2psim-e2e.txt") else {
        return;
    };
    // 1 to 4 was not measured: the median of 0, 64, 77, 117 and 151 stands in.
    let p2psim = network(Matrix {
        missing: MatrixMissing::Median,
        ..Matrix::new(file)
    });
    for (a, b, round) in [
        (0, 1, 77.0),
        (0, 2, 117.0),
        (0, 3, 77.0),
        (1, 2, 64.0),
        (1, 3, 151.0),
        (2, 3, 0.0),
    ] {
        assert!((ms(&p2psim, a, b) - round / 2.0).abs() < 1e-6, "{a} {b}");
        assert!((ms(&p2psim, b, a) - round / 2.0).abs() < 1e-6, "{b} {a}");
    }
}
