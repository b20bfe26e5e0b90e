//! All tests of the program from outside, as one program: it is compiled and linked once, and its tests run beside
//! each other. A file is a module, so `cargo test --release --test it golden` runs the tests of `golden.rs` alone.
//!
//! The tests share one process. None may change what belongs to it, such as the working folder, an environment
//! variable or the handler of a signal: `common::program::chordsim` starts the program as a process of its own.

mod asking;
mod audit;
mod bad_input;
mod behaviour;
mod broken_off;
mod churn_end;
mod churn_trace;
mod cli_manners;
mod cli_run;
mod cli_usage;
mod common;
mod counting;
mod coursework;
mod determinism;
mod doc_numbers;
mod exact;
mod examples;
mod expectations;
mod files;
mod golden;
mod hops;
mod hostile_files;
mod instruction_counts;
mod kills;
mod links;
mod machine;
mod memory;
mod mutants;
mod needs;
mod network_files;
mod network_graphs;
mod network_own;
mod network_planetlab;
mod partitions;
mod play;
mod plots;
mod properties_queue;
mod properties_ring;
mod proximity;
mod ring;
mod ring_upkeep;
mod scenario_docs;
mod scenario_errors;
mod scenario_plan;
mod scenario_plots;
mod script;
mod second_opinion;
mod selfish;
mod selfish_measures;
mod sharing;
mod silence;
mod small_files;
mod snippets;
mod spread;
mod storage;
mod surroundings;
mod theory;
mod threshold;
mod trace;
mod validation;
mod verify;
mod worlds;
