//! zsh: functions of its own for `--set`, whose values the table of arguments does not know, and scenarios by their
//! ending.

use super::words;
use std::fmt::Write as _;

/// How the line of an option ends whose values are unknown, and how it ends instead.
const SET: (&str, &str) = (":SECTION.KEY=VALUE:'", ":SECTION.KEY=VALUE:_chordsim_set'");
/// What completes an argument that is a scenario, and what does so instead.
const FILES: (&str, &str) = (":_files' \\", ":_files -g \"*.toml\"' \\");

const BODY: &str = r"
# Keys with a `=` behind them; behind that, the words that a key takes.
(( $+functions[_chordsim_set] )) ||
_chordsim_set() {
    if compset -P 1 '*='; then
        local key=${IPREFIX%=}
        compadd -- ${=_chordsim_values[${key##*=}]}
    else
        compadd -S = -q -- $_chordsim_keys
    fi
}
";

/// The last lines of what is generated start the completion; functions must stand before them.
const START: &str = "if [ \"$funcstack[1]\" = \"_chordsim\" ]; then";

pub(super) fn script(generated: &str) -> String {
    let line = |line: &str| {
        let is_scenario = ["':scenario ", "'::scenario ", "'*::scenarios "];
        let line = line.replace(SET.0, SET.1);
        if is_scenario.iter().any(|start| line.starts_with(start)) {
            return line.replace(FILES.0, FILES.1) + "\n";
        }
        line + "\n"
    };
    let script: String = generated.lines().map(line).collect();
    let mut own = format!("typeset -ga _chordsim_keys=({})\n", words::keys().join(" "));
    own += "typeset -gA _chordsim_values=(\n";
    for (key, values) in words::keys_with_values() {
        let _ = writeln!(own, "    {key} \"{}\"", values.join(" "));
    }
    own += ")\n";
    own += BODY;
    script.replacen(START, &format!("{own}\n{START}"), 1)
}
