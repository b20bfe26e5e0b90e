//! Pages in a headless browser: a test is a script in `tests/browser` (see `harness.mjs` there) and a call of [`check`].
//!
//! What it takes, `tests/tools.sh` installs: node, chromium, and the packages that `tests/browser/package.json` names.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where `tests/tools.sh` puts the packages.
fn modules() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tools/browser")
}

fn is_there(program: &OsStr) -> bool {
    let told = Command::new(program).arg("--version").output();
    told.is_ok_and(|told| told.status.success())
}

/// What is missing, if anything.
fn missing() -> Option<&'static str> {
    let browser = std::env::var_os("CHORDSIM_BROWSER");
    let browser = browser.unwrap_or_else(|| "/usr/bin/chromium".into());
    if !is_there("node".as_ref()) {
        Some("node")
    } else if !is_there(&browser) {
        Some("chromium")
    } else if !modules().join("node_modules/playwright-core").is_dir() {
        Some("playwright-core")
    } else {
        None
    }
}

/// Runs a script of `tests/browser` with these arguments; it says which of its tests fail. Where there is no browser that is
/// said aloud and nothing is tested; under continuous integration there must be one.
pub(crate) fn check(script: &str, arguments: &[&OsStr]) {
    if let Some(what) = missing() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{what} is missing: tests/tools.sh installs it"
        );
        eprintln!("{what} is missing: {script} was not tested; tests/tools.sh installs it");
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let output = Command::new("node")
        .arg(folder.join(script))
        .arg(modules())
        .args(arguments)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && told.contains("ok "),
        "{told}\n{complaints}"
    );
}
