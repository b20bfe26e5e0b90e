//! Claims that hold for every model.

use super::*;
use crate::network::testing::{check_paths, mean_and_deviation, scale_free, shape, waxman};
use crate::scenario::resolved::{LatencyModel, MatrixValues, Per, PublishedRegions, RegionTable};
use std::path::Path;

fn transit_stub() -> LatencyModel {
    LatencyModel::TransitStub(shape())
}

fn regions(table: RegionTable) -> LatencyModel {
    LatencyModel::Regions {
        table,
        latency_jitter: 0.0,
    }
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
        LatencyModel::Waxman(waxman()),
        LatencyModel::ScaleFree(scale_free()),
        regions(RegionTable::Published(PublishedRegions::Simblock2019)),
        LatencyModel::Graph {
            file: "g.csv".into(),
            options: resolved::GraphOptions::default(),
        },
        LatencyModel::Matrix(resolved::Matrix {
            values: Some(MatrixValues::OneWay),
            ..resolved::Matrix::new("m.csv")
        }),
        regions(RegionTable::File("r.csv".into())),
    ];
    let mut assets = Assets::default();
    for model in &models {
        let text = |path: &Path| match path.extension() {
            _ if path == Path::new("g.csv") => "from,to,latency_ms\na,b,3\nb,c,4\nc,d,5\n",
            _ if path == Path::new("r.csv") => "region,share,A,B\nA,1,3,4\nB,2,5,6\n",
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
        jitter: 0.0,
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

const NOW: SimTime = SimTime(7);

/// How long the next message takes on a network that loses none.
fn takes(network: &mut Network, from: HostIdx, to: HostIdx) -> SimDuration {
    match network.carry(NOW, from, to) {
        Fate::Arrives(at) => at.since(NOW),
        fate => panic!("{fate:?}"),
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
        let (first, second) = (takes(&mut network, a, b), takes(&mut network, a, b));
        assert_eq!(first == second, !drawn, "{model:?}");
        assert_eq!(first == network.one_way(a, b), !drawn, "{model:?}");
    }
}

#[test]
fn messages_are_lost_as_often_as_asked_for() {
    let share = |loss| {
        let mut network = network(&transit_stub(), loss, 1, &Assets::default());
        let mut is_lost = || network.carry(NOW, HostIdx(0), HostIdx(1)) == Fate::Lost;
        f64::from((0..100_000).map(|_| u32::from(is_lost())).sum::<u32>()) / 1e5
    };
    assert!(share(0.0) == 0.0 && share(1.0) >= 1.0);
    let error = (0.05_f64 * 0.95 / 1e5).sqrt();
    assert!((share(0.05) - 0.05).abs() < 4.0 * error, "{}", share(0.05));
}

/// The histories of all runs depend on it.
#[test]
fn loss_is_drawn_for_every_message_and_a_latency_only_for_one_that_arrives() {
    let mean = SimDuration::from_millis(50);
    let model = LatencyModel::Exponential {
        mean,
        per: Per::Message,
    };
    let (seed, loss) = (5, 0.3);
    let mut network = network(&model, loss, seed, &Assets::default());
    network.cut(|host| host.0 == 2, SimTime::ZERO, SimTime::MAX);
    let mut losses = stream(seed, Stream::Loss);
    let mut latencies = stream(seed, Stream::Latency);
    let mut seen = [0; 3];
    for number in 0..1000 {
        let to = HostIdx(1 + number % 2);
        let fate = network.carry(NOW, HostIdx(0), to);
        let expected = if losses.random::<f64>() < loss {
            seen[0] += 1;
            Fate::Lost
        } else if to.0 == 2 {
            seen[1] += 1;
            Fate::Cut
        } else {
            seen[2] += 1;
            let uniform: f64 = latencies.random();
            Fate::Arrives(NOW + mean.scaled(-libm::log(1.0 - uniform)))
        };
        assert_eq!(fate, expected, "message {number}");
    }
    assert!(seen.iter().all(|fates| *fates > 100), "{seen:?}");
}

/// A message takes between half and one and a half times its pair's latency, as often this as that; what the model or
/// the loss draws is what it is without.
#[test]
fn jitter_draws_each_message_within_its_share_and_leaves_other_draws_alone() {
    let (models, assets) = every_model();
    for model in &models {
        let mut still = network(model, 0.3, 1, &assets);
        let mut shaky = network(model, 0.3, 1, &assets).with_jitter(0.5);
        let (a, b) = (still.host_of(PeerIdx(0)), still.host_of(PeerIdx(1)));
        assert_eq!(shaky.one_way(a, b), still.one_way(a, b));
        let mut ratios = Vec::new();
        for _ in 0..3000 {
            match [&mut still, &mut shaky].map(|network| network.carry(NOW, a, b)) {
                [Fate::Arrives(at), Fate::Arrives(shaken)] => {
                    ratios.push(shaken.since(NOW).0 as f64 / at.since(NOW).0 as f64);
                }
                fates => assert_eq!(fates, [Fate::Lost; 2], "{model:?}"),
            }
        }
        assert!(ratios.iter().all(|ratio| (0.499..1.501).contains(ratio)));
        let (mean, deviation) = mean_and_deviation(&ratios);
        let expected = 1.0 / 12_f64.sqrt();
        let error = expected / (ratios.len() as f64).sqrt();
        assert!((mean - 1.0).abs() < 4.0 * error, "{model:?}: {mean}");
        assert!(
            (deviation - expected).abs() < 0.02,
            "{model:?}: {deviation}"
        );
    }
}

#[test]
fn jitter_loses_nothing_and_a_cut_stops_what_varies_as_well() {
    let latency = SimDuration::from_millis(50);
    let model = LatencyModel::Constant { latency };
    let mut shaky = network(&model, 0.0, 1, &Assets::default()).with_jitter(0.2);
    assert!(!shaky.may_lose());
    assert!(
        network(&model, 0.1, 1, &Assets::default())
            .with_jitter(0.2)
            .may_lose()
    );
    shaky.cut(|host| host.0 == 0, SimTime(10), SimTime(20));
    assert!(shaky.may_lose());
    let mut fate = |now, to| shaky.carry(SimTime(now), HostIdx(1), HostIdx(to));
    assert_eq!(fate(15, 0), Fate::Cut);
    let arrivals = [fate(15, 2), fate(15, 2), fate(25, 0), fate(25, 0)];
    let different: Vec<_> = arrivals.windows(2).map(|two| two[0] != two[1]).collect();
    assert_eq!(different, [true; 3], "{arrivals:?}");
    let mut cut_first = network(&model, 0.0, 1, &Assets::default());
    cut_first.cut(|host| host.0 == 0, SimTime(10), SimTime(20));
    let mut cut_first = cut_first.with_jitter(0.2);
    assert_eq!(
        cut_first.carry(SimTime(15), HostIdx(1), HostIdx(0)),
        Fate::Cut
    );
}

#[test]
fn a_cut_stops_what_is_sent_from_side_to_side_while_it_lasts() {
    let latency = SimDuration::from_millis(50);
    let model = LatencyModel::Constant { latency };
    let mut network = network(&model, 0.0, 1, &Assets::default());
    network.cut(|host| host.0 < 2, SimTime(10), SimTime(20));
    network.cut(|host| host.0 == 0, SimTime(15), SimTime(30));
    let mut fate = |now, from, to| {
        let fate = network.carry(SimTime(now), HostIdx(from), HostIdx(to));
        let arrives = Fate::Arrives(SimTime(now) + latency);
        assert!(fate == arrives || fate == Fate::Cut, "{fate:?}");
        fate == Fate::Cut
    };
    for (from, to) in [(1, 2), (2, 1), (1, 3)] {
        assert!(!fate(9, from, to) && fate(10, from, to));
        assert!(fate(19, from, to) && !fate(20, from, to));
    }
    for now in 0..40 {
        assert!(!fate(now, 2, 3), "both are on one side of either cut");
        assert_eq!(fate(now, 0, 1), (15..30).contains(&now), "{now}");
        assert_eq!(fate(now, 2, 0), (10..30).contains(&now), "{now}");
    }
}

#[test]
fn models_that_are_made_of_links_say_which_ones_a_message_takes() {
    let (models, assets) = every_model();
    for model in &models {
        let network = network(model, 0.0, 1, &assets);
        let is_made_of_links = matches!(
            model,
            LatencyModel::TransitStub(_)
                | LatencyModel::Waxman(_)
                | LatencyModel::ScaleFree(_)
                | LatencyModel::Graph { .. }
        );
        assert_eq!(network.paths().is_some(), is_made_of_links, "{model:?}");
        if is_made_of_links {
            let hosts: Vec<_> = (0..20).map(|peer| network.host_of(PeerIdx(peer))).collect();
            check_paths(&*network.latency, &hosts);
        }
    }
}

#[test]
fn ends_of_links_are_called_by_their_numbers() {
    assert_eq!(LinkEnd::Host(HostIdx(3)).to_string(), "host 3");
    assert_eq!(LinkEnd::Router(4).to_string(), "router 4");
}

#[test]
fn a_file_that_was_not_loaded_is_an_error() {
    let (models, _) = every_model();
    for model in &models[10..] {
        let network = resolved::Network {
            model: model.clone(),
            loss: 0.0,
            jitter: 0.0,
            service_time: SimDuration::ZERO,
        };
        let built = build(&network, 1, &Assets::default());
        assert!(matches!(built, Err(NetworkError::NotLoaded { .. })));
    }
}

#[test]
fn the_guide_quotes_the_program() {
    let guide = include_str!("../../docs/adding-a-network-model.md");
    let constant = include_str!("latency/constant.rs");
    let registry = include_str!("latency/mod.rs");
    let quotes = guide.split("```rust,ignore\n").skip(1);
    let quotes: Vec<_> = quotes.filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(quotes.len(), 2);
    assert!(constant.contains(quotes[0]), "{}", quotes[0]);
    assert!(registry.contains(quotes[1]), "{}", quotes[1]);
}
