//! chordsim: a deterministic discrete-event simulator of distributed hash tables.
//!
//! The program is in this library; `main` only calls [`cli::main`]. One run is one story: the
//! **queue** hands over the next event; the **network** says when, or whether, a message arrives;
//! the **overlay** node that receives it changes its own state and says what it wants sent or timed;
//! **peers** decide who is there and who plays fair; the **client** knows who waits for what; **observers**
//! watch and never touch; **results** are written when the run is over. [`sim`] is where they meet, and the
//! file to read first.
//!
//! | module | responsible for | must not know |
//! |---|---|---|
//! | [`cli`] | what can be typed; the only place that prints | |
//! | [`report`] | results as people read them: pictures, tables, JSON | how a run is simulated, how results are written |
//! | [`validation`] | whether what was measured is what a scenario expects | how a run is simulated |
//! | [`results`] | result folders: CSV, manifest, whether two are the same | how a run is simulated, TOML, who presents them |
//! | [`sim`] | the loop of one run | files, the terminal |
//! | [`observe`] | what a run measures, and whether its ring is sound | how to influence a run |
//! | [`theory`] | what a run ought to measure, computed without running it | `sim`, `network`, Chord's routing |
//! | [`client`] | requests under way, how long users wait, defences | which overlay answers, what is measured |
//! | [`workload`] | when requests start, who asks, for which key | which overlay answers |
//! | [`peers`] | who is there, who comes and goes, who is selfish | which overlay they run |
//! | [`network`] | hosts, latencies between them, loss, paths | overlays, files (tables come in as text) |
//! | [`overlay`] | what a distributed hash table is; the machinery that all share; Chord | the queue, the network, files |
//! | [`catalogue`] | every metric, record and column, declared once | how a run is simulated, how anything is written |
//! | [`scenario`] | the TOML of a scenario, resolved into runs without gaps | how anything is simulated; it does no I/O |
//! | [`inputs`] | data files as text: plain data, or what is wrong and where | networks, overlays |
//! | [`world`] | indices, identifiers, events, members; who owns a key | any protocol, any network |
//! | [`codes`] | every kind of mistake, declared once, with its number | anything else in here |
//! | [`engine`] | simulated time, events in order, random streams, fingerprint | anything else in here |
//!
//! A room imports from rooms below it in this table and from none above; [`scenario::resolved`] is plain data
//! that all of them read.
//!
//! # Determinism
//!
//! The same scenario, seed and version give the same bytes in every CSV file, on any machine and
//! with any number of threads. Time is a whole number of nanoseconds; events are ordered by time
//! and then by when they were scheduled; every purpose draws from a random stream of its own; no
//! result depends on a clock, on hashing order or on the platform's logarithm.
//!
//! # Using it as a library
//!
//! ```
//! use std::path::Path;
//!
//! use chordsim::catalogue::{AnyRecord, Metric, RecordSink};
//! use chordsim::network::Assets;
//! use chordsim::scenario::{Overrides, Plan};
//! use chordsim::sim::{Watch, simulate};
//!
//! /// Keeps the hops of every lookup and nothing else.
//! #[derive(Default)]
//! struct Hops(Vec<u32>);
//!
//! impl RecordSink for Hops {
//!     fn take(&mut self, record: AnyRecord<'_>) -> std::io::Result<()> {
//!         if let AnyRecord::Lookup(lookup) = record {
//!             self.0.extend(lookup.hops);
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let text = r#"
//!     warmup = "0s"
//!     duration = "5m"
//!     overlay = { nodes = 64 }
//! "#;
//! let plan = Plan::parse(text, Path::new("small.toml"), &Overrides::default()).unwrap();
//! let mut hops = Hops::default();
//! let summary =
//!     simulate(&plan.runs[0], &Assets::default(), &plan.output, &Watch::default(), &mut hops).unwrap();
//!
//! let lookups = hops.0.len() as f64;
//! assert_eq!(summary.get(Metric::Lookups), Some(lookups));
//! assert!(hops.0.iter().all(|hops| *hops <= 6), "64 nodes are never far apart by fingers");
//! ```

// What may be printed goes out by `cli::output`; tests may say what they like.
#![cfg_attr(not(test), warn(clippy::print_stdout, clippy::print_stderr))]

pub mod catalogue;
pub mod cli;
pub mod client;
pub mod codes;
pub mod engine;
pub mod inputs;
pub mod network;
pub mod observe;
pub mod overlay;
pub mod peers;
pub mod report;
pub mod results;
pub mod scenario;
pub mod sim;
pub mod theory;
pub mod validation;
pub mod workload;
pub mod world;
