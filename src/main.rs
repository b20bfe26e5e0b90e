//! The command-line program. Everything is in the library.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: chordsim::engine::OrEnd = chordsim::engine::OrEnd;

fn main() -> ExitCode {
    chordsim::cli::main()
}
