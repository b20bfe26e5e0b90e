//! The prompt at a terminal of its own.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::process::{Child, Command};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tempfile::TempDir;

use crate::common::program::PROGRAM;

/// So many seconds nothing may come before it is taken for a fault.
const PATIENCE_S: i64 = 60;

/// The program at the prompt.
struct Prompt {
    terminal: File,
    child: Child,
}

impl Prompt {
    fn open(folder: &TempDir) -> Self {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let name = ptsname(&terminal, Vec::new())
            .unwrap()
            .into_string()
            .unwrap();
        let inner = OpenOptions::new()
            .read(true)
            .write(true)
            .open(name)
            .unwrap();
        let mut command = Command::new(PROGRAM);
        command.arg("play").current_dir(folder.path());
        command.env("TERM", "xterm").env("NO_COLOR", "1");
        command.stdin(inner.try_clone().unwrap());
        command.stdout(inner.try_clone().unwrap());
        command.stderr(inner);
        let child = command.spawn().unwrap();
        Self {
            terminal: File::from(terminal),
            child,
        }
    }

    /// What the program shows until it asks again: a prompt with nothing behind it.
    fn until(&mut self, prompt: &str) -> String {
        let mut seen = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&seen);
            if text.contains(prompt) {
                return text.into_owned();
            }
            let mut ready = [PollFd::new(&self.terminal, PollFlags::IN)];
            let patience = Timespec {
                tv_sec: PATIENCE_S,
                tv_nsec: 0,
            };
            assert!(
                poll(&mut ready, Some(&patience)).unwrap() > 0,
                "{prompt:?} after {text:?}"
            );
            let mut bytes = [0; 4096];
            let count = self.terminal.read(&mut bytes).unwrap_or(0);
            assert!(count > 0, "{prompt:?} after {text:?}");
            seen.extend(&bytes[..count]);
        }
    }

    fn types(&mut self, keys: &str) {
        self.terminal.write_all(keys.as_bytes()).unwrap();
    }
}

/// Ctrl-C lets go of the line that is typed and of nothing else; Ctrl-D ends. The tab key completes, and what was typed comes
/// back by the arrow keys.
#[test]
fn the_prompt_completes_remembers_and_survives_an_interruption() {
    let folder = TempDir::new().unwrap();
    let mut prompt = Prompt::open(&folder);
    let greeting = prompt.until("0s > \r");
    assert!(
        greeting.contains("with 3 nodes: 32, 98, 124."),
        "{greeting}"
    );
    // `jo` is `join`, `v` is `via`, and of the nodes only 98 begins with a 9.
    prompt.types("jo\t14 v\t9\t\r");
    let told = prompt.until("1s > \r");
    assert!(told.contains("asks 98 for its place"), "{told}");
    prompt.types("crash 98\u{3}");
    prompt.until("1s > \r");
    prompt.types("keys 98\r");
    let told = prompt.until("1s > \r");
    assert!(told.contains("98 keeps nothing"), "{told}");
    // The command before it, changed.
    prompt.types("\u{1b}[A\u{7f}\u{7f}14\r");
    let told = prompt.until("1s > \r");
    assert!(told.contains("14 keeps nothing"), "{told}");
    prompt.types("\u{4}");
    assert!(prompt.child.wait().unwrap().success());
}
