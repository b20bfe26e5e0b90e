//! Facts about the machine and the process, for the manifest.

use serde::{Deserialize, Serialize};

/// The machine that ran it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Host {
    /// Operating system, such as `linux`.
    pub os: String,
    /// Processor architecture, such as `x86_64`.
    pub arch: String,
    /// Processors the program may use.
    pub cpus: usize,
}

impl Host {
    /// This machine.
    #[must_use]
    pub fn this() -> Self {
        Self {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            cpus: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// The most memory this process ever held, in bytes; `None` where the system does not tell
/// (it is told on Linux).
pub(super) fn peak_memory_bytes() -> Option<u64> {
    told_in("/proc/self/status", "VmHWM:")
}

/// A number of bytes that the system tells in a file of lines, in units of 1024.
fn told_in(file: &str, label: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(label))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// The most memory that this process may have, in bytes: of the machine, of the group of processes that it is in, and by
/// the limit of its address space; `None` where the system does not tell.
pub fn memory_limit() -> Option<u64> {
    let of_machine = told_in("/proc/meminfo", "MemTotal:");
    // "max" is no number, and no limit.
    let groups = [
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ];
    let of_group = groups
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok()?.trim().parse().ok());
    let all = of_machine.into_iter().chain(of_group);
    all.chain(address_space()).min()
}

#[cfg(unix)]
fn address_space() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::As).current
}

#[cfg(not(unix))]
fn address_space() -> Option<u64> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn the_process_holds_some_memory() {
        let bytes = super::peak_memory_bytes().unwrap();
        assert!((100_000..1 << 40).contains(&bytes), "{bytes}");
    }
}
