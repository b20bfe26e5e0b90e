//! Numbers in the documentation are what the program gives: what is shown of the terminal, and what a sentence says of
//! networks and files.

use std::fs;
use std::path::{Path, PathBuf};

use chordsim::engine::SimTime;
use chordsim::network::{Assets, Fate, Network, build};
use chordsim::scenario::resolved::{LatencyModel, TransitStub};
use chordsim::world::{HostIdx, PeerIdx};
use tempfile::TempDir;

use crate::common::plan;
use crate::common::program::chordsim;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A page with its lines joined: a sentence may be broken anywhere.
fn prose(page: &str) -> String {
    let text = fs::read_to_string(root().join(page)).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(page: &str, sentence: &str) {
    assert!(
        prose(page).contains(sentence),
        "{page} ought to say: {sentence}"
    );
}

/// Groups of three digits, as the pages have them.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .map(|it| str::from_utf8(it).unwrap())
        .collect();
    groups.reverse();
    groups.join(" ")
}

/// What stands in a page below a command of the terminal, up to the next or to `…`.
fn shown(page: &str, command: &str) -> String {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let (_, rest) = text
        .split_once(&format!("$ {command}\n"))
        .unwrap_or_else(|| panic!("{page} does not show {command}"));
    let ends = |line: &&str| !(line.starts_with("$ ") || line.starts_with("```") || *line == "…");
    let lines: Vec<&str> = rest.lines().take_while(ends).collect();
    lines.join("\n")
}

/// A folder with the scenarios that ship, and the one that the README writes.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let scenarios = folder.path().join("scenarios");
    fs::create_dir(&scenarios).unwrap();
    for name in ["churn.toml", "lecture.toml"] {
        fs::copy(root().join("scenarios").join(name), scenarios.join(name)).unwrap();
    }
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, mine) = readme.split_once("```toml\n").unwrap();
    let (mine, _) = mine.split_once("```").unwrap();
    fs::write(folder.path().join("mine.toml"), mine).unwrap();
    folder
}

/// Calls the program as a page shows it; it must print what the page shows, and nothing before.
#[track_caller]
fn prints(page: &str, command: &str, folder: &Path) {
    let (_, arguments) = command
        .split_once("run --release -- ")
        .or(command.split_once(' '))
        .unwrap();
    let (printed, shown) = (told(arguments, folder), shown(page, command));
    assert!(
        printed.starts_with(&shown),
        "{page} shows\n{shown}\nand {command} prints\n{printed}"
    );
}

/// All that the program prints, but for how far it is, which a slow machine is told now and then.
fn told(arguments: &str, folder: &Path) -> String {
    let output = chordsim(folder)
        .args(arguments.split(' '))
        .output()
        .unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    let is_progress = |line: &&str| line.contains(" runs done");
    let all = out + &err;
    let lines: Vec<&str> = all.lines().filter(|line| !is_progress(line)).collect();
    lines.join("\n")
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let folder = folder();
    for command in [
        "cargo run --release -- run scenarios/churn.toml",
        "chordsim verify results/churn",
        "chordsim check --ring scenarios/lecture.toml",
        "chordsim check mine.toml",
        "chordsim run mine.toml",
        "chordsim run mine.toml --set chord.sucessors=8",
    ] {
        prints("README.md", command, folder.path());
    }
    prints(
        "docs/results.md",
        "chordsim verify results/churn",
        folder.path(),
    );
    a_difference_is_shown_as_it_is_told(folder.path());
}

/// Both pages show results of a small ring, which each says how to make.
#[test]
fn tables_and_comparisons_are_shown_as_they_come_out() {
    let folder = folder();
    let small = "run scenarios/churn.toml --set overlay.nodes=200 --set duration=5m --out results/small --no-plots --quiet";
    for page in ["docs/tables.md", "docs/compare.md"] {
        prints(page, &format!("chordsim {small}"), folder.path());
    }
    let table = "chordsim table results/small --where routing=fingers --metric success_rate,hops_mean,latency_ms_p50";
    prints("docs/tables.md", table, folder.path());
    let compare = "chordsim compare results/small --by routing --where fraction=0 --metric success_rate,hops_mean,timeouts_mean";
    prints("docs/compare.md", compare, folder.path());
}

/// The row that docs/results.md has changed, changed here as well.
fn a_difference_is_shown_as_it_is_told(folder: &Path) {
    let file = folder.join("results/churn/lookups.csv");
    let text = fs::read_to_string(&file).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let page = fs::read_to_string(root().join("docs/results.md")).unwrap();
    let (_, rest) = page.split_once("differs: line ").unwrap();
    let line: usize = rest.split(',').next().unwrap().parse().unwrap();
    let place = lines[0]
        .split(',')
        .position(|column| column == "hops")
        .unwrap();
    let mut cells: Vec<String> = lines[line - 1].split(',').map(str::to_owned).collect();
    assert_eq!(cells[place], "4", "line {line} has other hops");
    "5".clone_into(&mut cells[place]);
    lines[line - 1] = cells.join(",");
    fs::write(&file, lines.join("\n") + "\n").unwrap();
    let printed = told("verify results/churn", folder);
    let command = "chordsim verify results/churn          # after a 4 was made a 5 in one row";
    let shown = shown("docs/results.md", command);
    assert_eq!(printed, shown, "docs/results.md");
}

/// Percentiles of the round trips between all pairs of so many hosts, in milliseconds.
fn round_trips(network: &mut Network, hosts: u32) -> [f64; 5] {
    let hosts: Vec<HostIdx> = (0..hosts)
        .map(|peer| network.host_of(PeerIdx(peer)))
        .collect();
    let mut trips = Vec::with_capacity(hosts.len() * hosts.len() / 2);
    for (n, &a) in hosts.iter().enumerate() {
        for &b in &hosts[n + 1..] {
            let there = arrival(network, a, b);
            trips.push((there + arrival(network, b, a)) / 1e6);
        }
    }
    trips.sort_by(f64::total_cmp);
    let rank = |share: f64| (share * trips.len() as f64).ceil() as usize - 1;
    [0.05, 0.25, 0.5, 0.75, 0.95].map(|share| trips[rank(share)])
}

/// How long a message takes, in nanoseconds.
fn arrival(network: &mut Network, from: HostIdx, to: HostIdx) -> f64 {
    match network.carry(SimTime::ZERO, from, to) {
        Fate::Arrives(at) => at.0 as f64,
        other => panic!("{other:?}"),
    }
}

const SEEDS: u64 = 20;
const HOSTS: u32 = 300;

/// The percentiles of a model for each of the seeds.
fn of_all_seeds(network: &str) -> Vec<[f64; 5]> {
    let network = plan(network).runs[0].scenario.network.clone();
    let of = |seed| {
        round_trips(
            &mut build(&network, seed, &Assets::default()).unwrap(),
            HOSTS,
        )
    };
    (1..=SEEDS).map(of).collect()
}

fn row(name: &str, percentiles: [f64; 5]) -> String {
    let cells = percentiles.map(|ms| format!("{ms:.0}"));
    format!("| {name} | {} |", cells.join(" | "))
}

#[test]
fn round_trips_of_the_models_are_those_of_the_table() {
    for (name, network) in [
        ("`constant`", "network.model = 'constant'"),
        ("`uniform`", "network.model = 'uniform'"),
        (
            "`exponential`, per pair",
            "[network]\nmodel = 'exponential'\nexponential.per = 'pair'",
        ),
        (
            "`exponential`, per message",
            "[network]\nmodel = 'exponential'\nexponential.per = 'message'",
        ),
        (
            "`plane`, 2 dimensions",
            "[network]\nmodel = 'plane'\nplane.dimensions = 2",
        ),
        (
            "`plane`, 3 dimensions",
            "[network]\nmodel = 'plane'\nplane.dimensions = 3",
        ),
        ("`transit-stub`", "network.model = 'transit-stub'"),
        ("`waxman`", "network.model = 'waxman'"),
        ("`scale-free`", "network.model = 'scale-free'"),
        ("`regions`", "network.model = 'regions'"),
    ] {
        let all = of_all_seeds(network);
        let mean = |at: usize| all.iter().map(|of| of[at]).sum::<f64>() / SEEDS as f64;
        says("docs/networks.md", &row(name, [0, 1, 2, 3, 4].map(mean)));
    }
}

#[test]
fn the_median_round_trip_of_a_transit_stub_network_is_that_of_the_page() {
    let mut medians: Vec<f64> = of_all_seeds("network.model = 'transit-stub'")
        .iter()
        .map(|of| of[2])
        .collect();
    medians.sort_by(f64::total_cmp);
    let mean = medians.iter().sum::<f64>() / SEEDS as f64;
    let (least, most) = (medians[0], medians[medians.len() - 1]);
    let sentence = format!(
        "the median round trip is {mean:.0} ms in the mean over these {SEEDS} seeds (between {least:.0} and {most:.0} ms)"
    );
    says("docs/networks.md", &sentence);
}

/// 4R² bytes for R routers.
#[test]
fn the_most_routers_and_their_memory_are_those_of_the_page() {
    let LatencyModel::TransitStub(shape) = plan("network.model = 'transit-stub'").runs[0]
        .scenario
        .network
        .model
        .clone()
    else {
        panic!("another default");
    };
    let bytes = |routers: u64| 4 * routers * routers;
    says(
        "docs/networks.md",
        &format!("At the defaults there are {} routers", shape.routers()),
    );
    says(
        "docs/networks.md",
        &format!("at most {}.", grouped(TransitStub::ROUTERS_MAX)),
    );
    let most = format!(
        "At most {} routers in all.",
        grouped(TransitStub::ROUTERS_MAX)
    );
    says("docs/scenario.md", &most);
    assert_eq!(bytes(TransitStub::ROUTERS_MAX), 1 << 30);
    let kilobytes = format!(
        "{:.0} kB at the defaults and 1 GiB at the most",
        bytes(shape.routers()) as f64 / 1e3
    );
    says("docs/networks.md", &kilobytes);
}

/// The matrix that comes with no release, where it is at hand.
#[test]
fn round_trips_between_planetlab_hosts_are_those_of_the_table() {
    let Some(data) = std::env::var_os("CHORDSIM_DATA") else {
        eprintln!("CHORDSIM_DATA is not set: nothing was tested on the PlanetLab matrix");
        return;
    };
    let file = PathBuf::from(data).join("planetlab-490-rtt.tsv");
    let text = format!(
        "[network]\nmodel = 'matrix'\nmatrix.file = '{}'",
        file.display()
    );
    let network = plan(&text).runs[0].scenario.network.clone();
    let mut assets = Assets::default();
    assets
        .load(&network.model, |path| fs::read_to_string(path))
        .unwrap();
    let percentiles = round_trips(&mut build(&network, 1, &assets).unwrap(), 490);
    says(
        "docs/networks.md",
        &row("`matrix`, PlanetLab, 490 hosts", percentiles),
    );
}
