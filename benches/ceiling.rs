//! The ceiling: how many events per second this machine can give a simulator of so many nodes that
//! does nothing with them. `common/ceiling.rs` says how it is measured.
//!
//! `cargo bench --bench ceiling -- 100000 1000000` prints a line for each number of nodes.

mod common;

use common::ceiling::measure;

fn main() {
    let sizes: Vec<u32> = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let default = vec![10_000, 100_000, 1_000_000];
    for nodes in if sizes.is_empty() { default } else { sizes } {
        let rate = measure(nodes);
        println!("{nodes} nodes: {:.2} M events/s", rate / 1e6);
    }
}
