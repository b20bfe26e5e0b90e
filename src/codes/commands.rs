//! What can be wrong with a command, and with what it asks for.

use super::Example::{Command, Happens};

super::codes! {
    80 UNKNOWN_OPTION: "unknown command or option",
    "There is no command or option of this name. Keys of scenarios are set by `--set`, not by options of their own.",
    Command {
        wrong: "chordsim check ring.toml --nodes 64",
        right: "chordsim check ring.toml --set duration=30s",
    },
    "`chordsim --help` lists the commands, `chordsim COMMAND --help` the options of one.";

    81 ARGUMENT_MISSING: "something is missing on the command line",
    "The command needs an argument or an option that was not given.",
    Command {
        wrong: "chordsim check",
        right: "chordsim check ring.toml",
    },
    "The usage below the message shows what is needed.";

    82 BAD_OPTION_VALUE: "a value that an option does not take",
    "The value is of another kind than the option takes, none of its words, or out of its range.",
    Command {
        wrong: "chordsim check ring.toml --seed one",
        right: "chordsim check ring.toml --seed 1",
    },
    "The message says what is taken.";

    83 OPTIONS_EXCLUDE: "options that exclude each other",
    "The options cannot be given together, one of them twice, or not for several scenarios at once.",
    Command {
        wrong: "chordsim run ring.toml --plots pictures --no-plots",
        right: "chordsim run ring.toml --plots pictures",
    },
    "Leave one of them out.";

    84 SAME_NAME: "two scenarios of one name",
    "Their results would go to the same folder.",
    Command {
        wrong: "chordsim run ring.toml ring.toml",
        right: "chordsim run ring.toml",
    },
    "Run them one by one with --out, or rename one.";

    85 NOT_ASKED: "nothing is asked for",
    "The command needs to know what is to be told: which lookup, put or get, and by whom.",
    Command {
        wrong: "chordsim trace ring.toml --from 32",
        right: "chordsim trace ring.toml --key 120 --from 32",
    },
    "Give --key, --put or --get with --from, --lookup or --operation, or write an [[event]].";

    86 NO_SUCH_NODE: "no such node or key on this ring",
    "A node is named by its identifier, a key by its place on the ring, and there is none of that number there or then.",
    Command {
        wrong: "chordsim check --ring ring.toml --path 33:120",
        right: "chordsim check --ring ring.toml --path 32:120",
    },
    "`chordsim check --ring` lists the nodes.";

    87 NO_SUCH_RUN: "no such run or request",
    "Runs, lookups and operations are counted from 0, and there are not that many.",
    Command {
        wrong: "chordsim check --ring ring.toml --run 5",
        right: "chordsim check --ring ring.toml --run 0",
    },
    "Give a lower number; the last line of lookups.csv or operations.csv has the greatest.";

    88 RING_TOO_LARGE: "a ring that is too large for this",
    "A table, a picture or a session by hand can show so many positions and no more.",
    Command {
        wrong: "chordsim check --ring ring.toml --picture ring.svg --set overlay.nodes=9000 --set overlay.ids=hashed --set overlay.id_bits=32",
        right: "chordsim check --ring ring.toml --picture ring.svg",
    },
    "Make it smaller with --set overlay.nodes=N, or choose another form.";

    89 NOT_SHOWN_SO: "a form that cannot show this",
    "The format has no place for what is asked, the end of the name says no known kind of picture, the network has no map, or so many things could not be told apart.",
    Command {
        wrong: "chordsim check --ring ring.toml --picture ring.bmp",
        right: "chordsim check --ring ring.toml --picture ring.svg",
    },
    "Choose another form; the message lists those there are.";

    90 SAME_FILE: "two things in one file",
    "Two options name the same file, or one of them names the scenario itself.",
    Command {
        wrong: "chordsim check --ring ring.toml --out ring.svg --picture ring.svg",
        right: "chordsim check --ring ring.toml --picture ring.svg",
    },
    "Name different files.";

    91 NO_MEMORY: "more memory than there is",
    "The runs would need more memory than this machine lets the program have. That is said before, so that the machine does not come to a halt.",
    Happens("A scenario of a hundred million nodes on a laptop."),
    "Simulate fewer nodes, a shorter time or a smaller network, or run it where there is more memory.";

    92 TOO_MANY_NODES: "more nodes than can be told apart",
    "In the course of a run there would be more nodes than the program has numbers for.",
    Command {
        wrong: "chordsim run ring.toml --set overlay.ids=hashed --set overlay.id_bits=64 --set churn.model=poisson --set churn.poisson.joins_per_s=1000000000",
        right: "chordsim run ring.toml",
    },
    "Lower `overlay.nodes`, `churn.poisson.joins_per_s` or `fault.join`.";

    93 NOTHING_EXPECTED: "nothing to judge",
    "No scenario of this name is there, or it expects nothing.",
    Command {
        wrong: "chordsim validate ring.toml",
        right: "chordsim run ring.toml",
    },
    "Say what should come out in [[expect]], or name a scenario that does.";

    94 NOT_PLAYED: "a scenario that cannot be played by hand",
    "`play` adds events to the scenario, and cannot here.",
    Happens("A scenario whose events stand in a list `event = [ … ]`."),
    "Write each event as an [[event]] of its own.";

    95 NOT_EXPLAINED: "a word that nothing is known of",
    "There is no error code, metric, column, key, reason or outcome of this name.",
    Command {
        wrong: "chordsim explain hop_mean",
        right: "chordsim explain hops_mean",
    },
    "`chordsim explain` without a name lists all that can be explained.";

    96 NOT_JUDGED: "a number that cannot be judged",
    "The number cannot be one of what it is said to be, or something is missing that theory needs.",
    Command {
        wrong: "chordsim judge hops --nodes 640 --mean -1",
        right: "chordsim judge hops --nodes 640 --mean 5.5",
    },
    "`chordsim judge --help` says what is needed.";

    97 OUTPUT_LOST: "output that cannot be written",
    "Standard output did not take what was written.",
    Happens("`chordsim check --ring ring.toml > /dev/full`."),
    "Write to a disk that has space.";

    98 BAD_TEMPLATE: "a template that is wrong",
    "The template of a page cannot be understood, or names what there is not.",
    Happens("`chordsim report results/ring --template mine.html` with `{{ resutls }}` in it."),
    "docs/report.md lists what a template may name; without --template the program's own is taken.";

    99 NO_FORMAT: "a file whose name tells no format",
    "Which format a table is written in follows from the end of the file's name, and this one tells none.",
    Command {
        wrong: "chordsim table results/ring --out ring.doc",
        right: "chordsim table results/ring --out ring.html",
    },
    "Name it .txt, .md, .tex, .html, .csv or .json, or say the format with --format.";

    100 NOT_COMPARABLE: "results that cannot be compared so",
    "Two are compared: two results, or two values of one swept key. Here there are more, or nothing in common.",
    Happens("`chordsim compare results/hops --by overlay.nodes` where five numbers of nodes were swept."),
    "Choose two with --where.";

    101 NO_SUCH_TEMPLATE: "no such template",
    "`chordsim init` knows no scenario to start from by this name.",
    Command {
        wrong: "chordsim init hops-vs-node",
        right: "chordsim init hops-vs-nodes",
    },
    "`chordsim init --list` says which there are.";

    102 FILE_EXISTS: "a file that is there already",
    "A scenario that somebody may have written is never replaced.",
    Command {
        wrong: "chordsim init churn --out ring.toml",
        right: "chordsim init churn --out mine.toml",
    },
    "Take another name with --out, or move the file away first.";
}
