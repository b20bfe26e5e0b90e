//! bash: without the package bash-completion, which not everybody has.

use super::words;
use std::fmt::Write as _;

/// What completes names of the program's own, and else leaves it to what the table of arguments gives. `bash` takes words
/// apart at `=`, so the word is taken from the line, and what stands before the last `=` is left out of the answer.
const OWN: &str = r#"
_chordsim_names() {
    local line=${COMP_LINE:0:COMP_POINT}
    local word=${line##*[[:space:]]} before=${line%[[:space:]]*} command= i
    before=${before%"${before##*[![:space:]]}"}
    local option=${before##*[[:space:]]}
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} != -* ]] && { command=${COMP_WORDS[i]}; break; }
    done
    case $word in
        --set=*) option=--set word=${word#*=} ;;
    esac
    COMPREPLY=()
    [[ $option == --set ]] && { _chordsim_set "$word"; return 0; }
    if [[ $word != -* && $option != -* ]]; then
        case $command in
            run|check|trace|play|validate)
                if ((COMP_CWORD > 1)); then
                    local IFS=$'\n'
                    COMPREPLY=($(compgen -f -X '!*.toml' -- "$word"; compgen -d -S / -- "$word"))
                    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace 2>/dev/null
                    return 0
                fi
                ;;
            plot|verify)
                if ((COMP_CWORD > 1)); then
                    local IFS=$'\n'
                    COMPREPLY=($(compgen -d -S / -- "$word"))
                    compopt -o nospace 2>/dev/null
                    return 0
                fi
                ;;
        esac
    fi
    return 1
}

# Keys with a `=` behind them; behind that, the words that a key takes.
_chordsim_set() {
    local word=$1 key
    if [[ $word != *=* ]]; then
        COMPREPLY=($(compgen -S = -W "$_chordsim_keys" -- "$word"))
        compopt -o nospace 2>/dev/null
        return
    fi
    key=${word%%=*}
    COMPREPLY=($(compgen -W "$(_chordsim_values "$key")" -- "${word#*=}"))
    # Where bash does not take words apart at `=`, the answer is the whole word.
    [[ $COMP_WORDBREAKS != *=* ]] && COMPREPLY=("${COMPREPLY[@]/#/$key=}")
}

_chordsim_all() {
    _chordsim_names || _chordsim "$@"
}
complete -F _chordsim_all -o bashdefault -o default chordsim
"#;

pub(super) fn script(generated: &str) -> String {
    let mut script = generated.to_owned();
    let _ = writeln!(script, "\n_chordsim_keys=\"{}\"", words::keys().join(" "));
    script += "\n_chordsim_values() {\n    case $1 in\n";
    for (key, values) in words::keys_with_values() {
        let _ = writeln!(script, "        {key}) echo \"{}\" ;;", values.join(" "));
    }
    script += "    esac\n}\n";
    script + OWN
}
