//! The matrix model on real round-trip times. Needs `planetlab-490-rtt.tsv` in the folder that the
//! environment variable `CHORDSIM_DATA` names.

use std::path::PathBuf;

use chordsim::engine::SimDuration;
use chordsim::network::{Assets, build};
use chordsim::scenario::resolved::{LatencyModel, Matrix, Network};
use chordsim::world::{HostIdx, PeerIdx};

const HOSTS: u32 = 490;

/// The matrix file; `None`, said aloud, where there is no data. Under continuous integration it
/// must be there.
fn planetlab() -> Option<PathBuf> {
    let folder = std::env::var_os("CHORDSIM_DATA");
    if folder.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CHORDSIM_DATA is not set");
        eprintln!("CHORDSIM_DATA is not set: nothing was tested on the PlanetLab matrix");
    }
    folder.map(|folder| PathBuf::from(folder).join("planetlab-490-rtt.tsv"))
}

#[test]
fn the_planetlab_matrix_is_read_as_its_authors_describe_it() {
    let Some(file) = planetlab() else { return };
    let network = Network {
        model: LatencyModel::Matrix(Matrix::new(file)),
        loss: 0.0,
        jitter: 0.0,
        service_time: SimDuration::ZERO,
    };
    let mut assets = Assets::default();
    let read = |path: &std::path::Path| std::fs::read_to_string(path);
    assets.load(&network.model, read).unwrap();
    let network = build(&network, 311, &assets).unwrap();

    let mut used: Vec<_> = (0..HOSTS)
        .map(|peer| network.host_of(PeerIdx(peer)).0)
        .collect();
    used.sort_unstable();
    assert_eq!(used, (0..HOSTS).collect::<Vec<_>>(), "490 hosts");
    assert_eq!(network.host_of(PeerIdx(HOSTS)), network.host_of(PeerIdx(0)));

    let mut round_trips = Vec::new();
    for a in (0..HOSTS).map(HostIdx) {
        assert_eq!(network.one_way(a, a), SimDuration::ZERO);
        for b in (0..a.0).map(HostIdx) {
            assert_eq!(network.one_way(a, b), network.one_way(b, a));
            round_trips.push(2.0 * network.one_way(a, b).as_millis_f64());
        }
    }
    round_trips.sort_by(f64::total_cmp);
    let median = round_trips[round_trips.len() / 2];
    assert!((median - 135.0).abs() < 0.5, "{median}");
    let largest = round_trips[round_trips.len() - 1];
    assert!((largest - 2984.1).abs() < 0.01, "{largest}");
}
