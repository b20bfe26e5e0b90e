//! fish: what `--set` takes, in a function of its own. fish takes no word apart at `=`.

use clap::builder::PossibleValue;
use std::fmt::Write as _;

use super::words;

const BODY: &str = r"
# Keys with a `=` behind them; behind that, the words that a key takes.
function __chordsim_set
    set -l word (commandline -ct | string replace -r '^--set=' '')
    if string match -q '*=*' -- $word
        set -l key (string split -m 1 = -- $word)[1]
        __chordsim_values $key | string replace -r '^' $key=
    else
        printf '%s=\n' $__chordsim_keys
    end
end
";

pub(super) fn script(generated: &str) -> String {
    let mut script = generated.to_owned();
    let _ = writeln!(
        script,
        "\nset -g __chordsim_keys {}",
        words::keys().join(" ")
    );
    script += "\nfunction __chordsim_values\n    switch $argv[1]\n";
    for (key, values) in words::keys_with_values() {
        let _ = write!(
            script,
            "        case {key}\n            printf '%s\\n' {}\n",
            values.join(" ")
        );
    }
    script += "    end\nend\n";
    script += BODY;
    // What is generated completes options by their names, arguments that are none not.
    for (command, argument, names) in words::names().into_iter().chain([words::shells()]) {
        if argument != "only" {
            let names: Vec<&str> = names.iter().map(PossibleValue::get_name).collect();
            let _ = writeln!(
                script,
                "complete -c chordsim -n \"__fish_chordsim_using_subcommand {command}\" -f -a \"{}\"",
                names.join(" ")
            );
        }
    }
    for command in ["run", "check", "trace"] {
        let _ = writeln!(
            script,
            "complete -c chordsim -n \"__fish_chordsim_using_subcommand {command}\" -l set -x -a \"(__chordsim_set)\""
        );
    }
    script
}
