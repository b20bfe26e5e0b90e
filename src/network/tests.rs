//! Claims that hold for every model, and the helpers that the models' own tests share.

use super::*;
use crate::scenario::resolved::{MatrixValues, Per};
use std::path::Path;

/// The latencies of all pairs of so many hosts in milliseconds, after a check that they are
/// symmetric and zero from a host to itself.
pub(super) fn every_pair(model: &dyn Latency, hosts: u32) -> Vec<f64> {
    let mut drawn = Vec::new();
    for a in (0..hosts).map(HostIdx) {
        assert_eq!(model.one_way(a, a), SimDuration::ZERO);
        for b in (a.0 + 1..hosts).map(HostIdx) {
            assert_eq!(model.one_way(a, b), model.one_way(b, a));
            drawn.push(model.one_way(a, b).as_millis_f64());
        }
    }
    drawn
}

pub(super) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

/// Place and fault of an error in a text.
pub(super) fn fault_of(error: &NetworkError) -> ((usize, usize), &Fault) {
    match error {
        NetworkError::Text(text) => (text.place(), text.fault()),
        other => panic!("not a fault in a text: {other}"),
    }
}

/// An error as a user sees it, without colours.
pub(super) fn rendered(error: &NetworkError) -> String {
    let theme = miette::GraphicalTheme::unicode_nocolor();
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(120);
    let mut out = String::new();
    handler.render_report(&mut out, error).unwrap();
    out
}

fn transit_stub() -> LatencyModel {
    LatencyModel::TransitStub(transit_stub::tests::shape())
}

/// One of every kind, with the files it needs.
fn every_model() -> (Vec<LatencyModel>, Assets) {
    let ms = SimDuration::from_millis;
    let exponential = |per| LatencyModel::Exponential { mean: ms(50), per };
    let plane = |dimensions| LatencyModel::Plane {
        dimensions,
        span: ms(100),
    };
    let models = vec![
        LatencyModel::Constant { latency: ms(50) },
        LatencyModel::Uniform {
            min: ms(10),
            max: ms(90),
        },
        exponential(Per::Pair),
        exponential(Per::Message),
        plane(2),
        plane(3),
        transit_stub(),
        LatencyModel::Graph {
            file: "g.csv".into(),
        },
        LatencyModel::Matrix {
            file: "m.csv".into(),
            values: MatrixValues::OneWay,
        },
    ];
    let mut assets = Assets::default();
    for model in &models {
        let text = |path: &Path| match path.extension() {
            _ if path == Path::new("g.csv") => "from,to,latency_ms\na,b,3\nb,c,4\nc,d,5\n",
            _ => "0 1 2\n3 0 4\n5 6 0\n",
        };
        assets
            .load(model, |path| Ok(text(path).to_owned()))
            .unwrap();
    }
    (models, assets)
}

fn network(model: &LatencyModel, loss: f64, seed: u64, assets: &Assets) -> Network {
    let network = resolved::Network {
        model: model.clone(),
        loss,
        service_time: SimDuration::ZERO,
    };
    build(&network, seed, assets).unwrap()
}

/// Hosts and latencies of all pairs of so many peers, asked for in the order given.
fn world(network: &Network, peers: &(impl Iterator<Item = u32> + Clone)) -> Vec<(u32, u32, u64)> {
    let host = |peer| network.host_of(PeerIdx(peer));
    let mut world = Vec::new();
    for (a, b) in peers
        .clone()
        .flat_map(|a| peers.clone().map(move |b| (a, b)))
    {
        world.push((a, b, network.one_way(host(a), host(b)).0));
    }
    world.sort_unstable();
    world
}

#[test]
fn a_seed_makes_the_same_world_in_whatever_order_and_number_peers_come() {
    let (models, assets) = every_model();
    for model in &models {
        let build = |seed| network(model, 0.0, seed, &assets);
        let all = world(&build(1), &(0..40));
        assert_eq!(world(&build(1), &(0..40).rev()), all, "{model:?}");
        let few = build(1);
        world(&few, &(30..40));
        let mut first = all.clone();
        first.retain(|(a, b, _)| *a < 20 && *b < 20);
        assert_eq!(world(&few, &(0..20)), first, "{model:?}");
        assert_eq!(world(&few, &(0..40)), all, "{model:?}");
        let fixed = matches!(
            model,
            LatencyModel::Constant { .. }
                | LatencyModel::Exponential {
                    per: Per::Message,
                    ..
                }
        );
        assert_eq!(world(&build(2), &(0..40)) == all, fixed, "{model:?}");
    }
}

#[test]
fn messages_take_the_latency_of_their_pair_unless_drawn_one_by_one() {
    let (models, assets) = every_model();
    for model in &models {
        let mut network = network(model, 0.0, 1, &assets);
        let (a, b) = (network.host_of(PeerIdx(0)), network.host_of(PeerIdx(1)));
        let drawn = matches!(
            model,
            LatencyModel::Exponential {
                per: Per::Message,
                ..
            }
        );
        let (first, second) = (network.message(a, b), network.message(a, b));
        assert_eq!(first == second, !drawn, "{model:?}");
        assert_eq!(first == network.one_way(a, b), !drawn, "{model:?}");
    }
}

#[test]
fn messages_are_lost_as_often_as_asked_for() {
    let share = |loss| {
        let mut network = network(&transit_stub(), loss, 1, &Assets::default());
        f64::from((0..100_000).map(|_| u32::from(network.lost())).sum::<u32>()) / 1e5
    };
    assert!(share(0.0) == 0.0 && share(1.0) >= 1.0);
    let error = (0.05_f64 * 0.95 / 1e5).sqrt();
    assert!((share(0.05) - 0.05).abs() < 4.0 * error, "{}", share(0.05));
}

#[test]
fn a_file_that_was_not_loaded_is_an_error() {
    let (models, _) = every_model();
    for model in &models[7..] {
        let network = resolved::Network {
            model: model.clone(),
            loss: 0.0,
            service_time: SimDuration::ZERO,
        };
        let built = build(&network, 1, &Assets::default());
        assert!(matches!(built, Err(NetworkError::NotLoaded { .. })));
    }
}
