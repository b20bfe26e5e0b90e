//! What can go wrong with results: where they are written, and when they are read.

use super::Example::{Command, Happens};

super::codes! {
    60 DISK_FULL: "the disk is full",
    "There is no space left, or no more may be used by you. Nothing that was there is damaged: a file appears whole or not at all.",
    Happens("A run that writes the row of every lookup to a small memory stick."),
    "Free some space and give the same command again: finished runs are kept. `[output] lookups = \"none\"` writes far less.";

    61 NOT_ALLOWED: "you may not write or read there",
    "The system refuses because of permissions, or because what is there can only be read.",
    Happens("A result folder on a read-only share."),
    "Write somewhere else with --out, or change who may use it.";

    62 FILE_IN_THE_PATH: "a file where a folder should be",
    "A part of the path is a file and no folder, or a folder that is to be made exists already.",
    Command {
        wrong: "chordsim run ring.toml --out ring.toml/results",
        right: "chordsim run ring.toml --out my-results",
    },
    "Write somewhere else, or move the file away.";

    63 INPUT_OUTPUT: "the system could not do it",
    "Reading or writing failed for a reason that only the system knows, which stands below the message.",
    Happens("A network drive that is gone."),
    "Put right what the system complains about, or write somewhere else with --out.";

    64 FILE_LIMIT: "a file may not become so large",
    "A limit on the size of files was reached: that of the shell, or that of the file system.",
    Happens("`ulimit -f 1000` in the shell before the run."),
    "Raise the limit, or write less, as with `[output] lookups = \"none\"`.";

    65 IN_USE: "another chordsim is at work there",
    "Two processes must not write to one result folder, and what is being written is not read.",
    Happens("The same scenario run in two terminals."),
    "Wait until it is done, or write somewhere else with --out.";

    66 FILES_OF_OTHERS: "files that this program did not write",
    "Something is where results are to go that is of no result, or was changed since. It is never replaced or removed.",
    Happens("`--out .` in a folder with your own files."),
    "Write somewhere else with --out, or move what is there away.";

    67 OTHER_SCENARIO: "results of another scenario are there",
    "The folder holds what another scenario gave, and two of one name would take turns at replacing each other.",
    Happens("Two scenario files with the same `name`, run in one folder."),
    "Give one of them a `name` of its own, or write somewhere else with --out.";

    68 NOT_A_RESULT: "not a result folder",
    "There is no manifest.json, so no run has been completed there.",
    Command {
        wrong: "chordsim plot results",
        right: "chordsim plot results/ring",
    },
    "Give the folder that `chordsim run` wrote, such as results/churn. If a run was interrupted, the same command completes it.";

    69 DAMAGED: "a result that is damaged",
    "A file of the result is missing, cut off, or holds something else than it should: it was changed since it was written.",
    Happens("A summary.csv that a spreadsheet has saved with semicolons."),
    "Run the scenario again: what is missing or damaged is done anew. For a spreadsheet make a copy.";

    70 CHANGED_MEANWHILE: "a result that changed while it was read",
    "Another process wrote it anew, so what was read is not one result.",
    Happens("`chordsim plot` while the scenario is run again."),
    "Give the command again.";

    71 DONE_IN_VAIN: "a run that is not what was written",
    "A finished run was damaged, was done again, and is damaged again.",
    Happens("A cleaning program that deletes files of the folder, or a failing disk."),
    "Stop the other program, or write to another disk with --out.";

    72 RUNS_FAILED: "no run came to its end",
    "Every run of the scenario stopped with an error, the first of which is told. An earlier result is untouched.",
    Happens("A network file that was removed between reading and running."),
    "Mend what the message tells of.";

    73 NOT_DRAWN: "a picture that could not be drawn",
    "The drawing gave up; the results are not affected.",
    Happens("A folder for pictures that vanishes meanwhile."),
    "`chordsim plot` draws again from the files.";

    74 NOTHING_THERE: "a file without rows",
    "The file has a header and nothing else, so there is nothing to show.",
    Happens("A lookups.csv of a run in which nobody asked."),
    "Did any run finish, and does the scenario measure this?";

    75 NOT_VERIFIABLE: "a data file that the results were made from is not there",
    "To run again needs the same data, byte for byte, and it is not where it was, or has other contents.",
    Happens("`chordsim verify` on another machine, without the matrix of latencies."),
    "Put it there, or name its folder with --data or the environment variable CHORDSIM_DATA.";

    76 RUN_FAILED: "a run that failed",
    "What was asked for was simulated, and the simulation stopped with an error.",
    Happens("A network that cannot be built once the hosts are known."),
    "The message says why; `chordsim check` says more of the scenario.";
}
