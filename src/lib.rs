//! chordsim: a deterministic discrete-event simulator of Chord distributed hash tables.
//!
//! The program is in this library; `main` only calls [`cli::main`]. One run is one story: the
//! **queue** hands over the next event; the **network** says when, or whether, a message arrives;
//! the **overlay** node that receives it changes its own state and says what it wants sent or timed;
//! **peers** decide who is there and who plays fair; **metrics** watch and never touch; **results**
//! are written when the run is over. [`sim`] is where they meet, and the file to read first.
//!
//! | module | responsible for | must not know |
//! |---|---|---|
//! | [`engine`] | simulated time, events and their queue, typed indices, random streams, fingerprint | anything else in here |
//! | [`scenario`] | the TOML of a scenario, resolved into runs without gaps | how anything is simulated; it does no I/O |
//! | [`overlay`] | what a distributed hash table is; the ring; who really owns a key; Chord | the queue, the network, files |
//! | [`inputs`] | data files as text: what stands in them, or what is wrong, and where | networks, overlays; it opens no file |
//! | [`network`] | hosts, latencies and paths between them, loss | overlays, files (tables come in as text) |
//! | [`peers`] | who is there, who comes and goes, who is selfish | which overlay they run |
//! | [`workload`] | when lookups start, who asks, for which key | which overlay answers |
//! | [`catalogue`] | every metric, record and column, declared once | how a run is simulated, how anything is written |
//! | [`metrics`] | what a run measures | how to influence a run |
//! | [`theory`] | what a run ought to measure, computed without running it | `sim`, `network`, Chord's routing |
//! | [`sim`] | the loop of one run | files, the terminal |
//! | [`results`] | result folders: CSV, manifest, whether two are the same | how a run is simulated, TOML, who presents them |
//! | [`report`] | results as people read them: pictures, tables, JSON | how a run is simulated, how results are written |
//! | [`validation`] | whether what was measured is what a scenario expects | how a run is simulated |
//! | [`cli`] | what can be typed; the only place that prints | |
//!
//! Arrows point one way: `cli` → `report` → `validation` → `results` → `sim` → `metrics`, `workload` → `peers` →
//! `overlay` → `engine`; `sim` → `network` → `inputs`, `engine`; `report`, `sim` → `theory` → `workload`; whoever measures,
//! writes or shows → `catalogue` → `peers`; `overlay`,
//! `network`, `peers`, `workload`, `theory`, `validation` and `sim` read [`scenario::resolved`], which
//! stands on `engine` alone.
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

pub mod catalogue;
pub mod cli;
pub mod client;
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
