//! What can be wrong with a file that is read: a scenario as a file, a data file, a trace.

use super::Example::{Command, DataFile, Happens, Scenario};

/// A network that is read from a matrix.
const MATRIX: &str =
    "[overlay]\nnodes = 3\n[network]\nmodel = \"matrix\"\n[network.matrix]\nfile = \"rtt.txt\"\n";
/// A network that is read from a table of edges.
const GRAPH: &str =
    "[overlay]\nnodes = 3\n[network]\nmodel = \"graph\"\n[network.graph]\nfile = \"edges.csv\"\n";
/// The same, whose latencies stand under another name.
const WEIGHTS: &str = "[overlay]\nnodes = 3\n[network]\nmodel = \"graph\"\n[network.graph]\nfile = \"edges.csv\"\nlatency = \"weight\"\n";
/// Peers that come and go by a trace.
const TRACE: &str =
    "duration = \"10m\"\n[churn]\nmodel = \"trace\"\n[churn.trace]\nfile = \"hosts.avt\"\n";

super::codes! {
    40 NO_SUCH_FILE: "no such file or folder",
    "What is named does not exist. Scenarios are looked for from the current folder; data files from the folder of the scenario that names them, and then in the folder that the environment variable CHORDSIM_DATA names.",
    Command {
        wrong: "chordsim check rong.toml",
        right: "chordsim check ring.toml",
    },
    "Check the path and the spelling.";

    41 NOT_A_FILE: "not a file",
    "A folder, a pipe or a device stands where a file is read. A pipe may never come to its end, so nothing but a file is opened.",
    Command {
        wrong: "chordsim check results",
        right: "chordsim check ring.toml",
    },
    "Name a file. What comes from somewhere else is written to a file first.";

    42 FILE_TOO_LARGE: "a file that is too large",
    "The file has more bytes than files of its kind may have, or more than there is memory for.",
    Happens("A scenario of more than 8 MiB, or a matrix of latencies of more than 1 GiB."),
    "Is it the right file? If so, make it smaller: keep a part of the hosts.";

    43 NOT_TEXT: "a file that is no text",
    "The file is compressed, in UTF-16 or Latin-1, or its lines have ends that are not known here.",
    Happens("A file that Excel saved as \"Unicode text\", or one that was downloaded as .gz."),
    "Unpack it, or save it as UTF-8; the message says how.";

    44 UNREADABLE: "a file that cannot be read",
    "The system refuses to read it, most often because of its permissions.",
    Happens("A scenario that belongs to somebody else and that nobody else may read."),
    "Change who may read it, or put right what the system complains about.";

    45 NO_DATA: "a file without data",
    "Nothing but blank lines and comments stands in the file, or what it tells of is never there.",
    DataFile {
        scenario: MATRIX,
        file: "rtt.txt",
        wrong: "# round trips in ms\n",
        right: "# round trips in ms\n0 10 20\n10 0 30\n20 30 0\n",
    },
    "Has it been downloaded completely?";

    46 NOT_A_NUMBER: "not a number where one should be",
    "A value that should be a number is something else, or is written with a decimal comma.",
    DataFile {
        scenario: MATRIX,
        file: "rtt.txt",
        wrong: "0 10 20\n10 0 x\n20 30 0\n",
        right: "0 10 20\n10 0 30\n20 30 0\n",
    },
    "Write numbers with a decimal point and without a unit.";

    47 IMPOSSIBLE_VALUE: "a number that cannot be",
    "A latency or a time is negative, not finite or larger than can be meant, most often because it is in another unit; or a share, a weight or an angle is none.",
    DataFile {
        scenario: MATRIX,
        file: "rtt.txt",
        wrong: "0 10 20\n10 0 9000000\n20 30 0\n",
        right: "0 10 20\n10 0 30\n20 30 0\n",
    },
    "Correct the value; for a matrix `network.matrix.unit` names another unit.";

    48 VALUE_MISSING: "a value that is not known",
    "A simulation needs every latency, and one of them was not measured or is left out.",
    DataFile {
        scenario: MATRIX,
        file: "rtt.txt",
        wrong: "0 10 20\n10 0 NA\n20 30 0\n",
        right: "0 10 20\n10 0 30\n20 30 0\n",
    },
    "Leave the host out, or say what stands in: `network.matrix.missing = \"symmetric\"` or `\"median\"`.";

    49 WRONG_COUNT: "a line or table of a wrong size",
    "A line has more or fewer values than it should have, a matrix is not square, or a file has another number of entries than it says.",
    DataFile {
        scenario: MATRIX,
        file: "rtt.txt",
        wrong: "0 10 20\n10 0\n20 30 0\n",
        right: "0 10 20\n10 0 30\n20 30 0\n",
    },
    "Complete the line, or remove what is too much. Has the file been downloaded completely?";

    50 UNKNOWN_FORMAT: "a format or header that is not known",
    "The file begins as no format that is read here, or as one that belongs to another key: a graph where a matrix is expected.",
    DataFile {
        scenario: GRAPH,
        file: "edges.csv",
        wrong: "these are no edges\nand this is none\n",
        right: "source,target,latency\na,b,10\nb,c,20\n",
    },
    "See docs/networks.md and docs/churn.md for the formats, or set the key that such a file belongs to.";

    51 NAMES: "names that do not fit",
    "A name in the file is empty, there twice, or refers to nothing.",
    DataFile {
        scenario: "[workload]\nkeys_file = \"keys.txt\"\n",
        file: "keys.txt",
        wrong: "alice\nbob\nalice\n",
        right: "alice\nbob\ncarol\n",
    },
    "Give each a name of its own, and refer to it as it is written.";

    52 TOO_MANY: "more entries than a run can hold",
    "The file has more hosts, edges, names, regions or events than every run could hold in memory, or lists within lists without end.",
    Happens("A keys file of more than ten million names."),
    "Keep a part of it.";

    53 DISCONNECTED: "a graph that falls into parts",
    "No path leads from one node to another, so messages between their hosts would never arrive.",
    DataFile {
        scenario: GRAPH,
        file: "edges.csv",
        wrong: "source,target,latency\na,b,10\nc,d,20\n",
        right: "source,target,latency\na,b,10\nb,c,20\nc,d,20\n",
    },
    "Add the missing edges, or keep the largest part. Where edges have a direction, `network.graph.directed = false` takes each both ways.";

    54 BROKEN_MARKUP: "GML or XML that is broken",
    "A list, an element or a text is not closed, or a key has no value.",
    DataFile {
        scenario: "[overlay]\nnodes = 2\n[network]\nmodel = \"graph\"\n[network.graph]\nfile = \"net.gml\"\n",
        file: "net.gml",
        wrong: "graph [\n node [ id 1 ]\n node [ id 2 ]\n edge [ source 1 target 2 latency 10\n",
        right: "graph [\n node [ id 1 ]\n node [ id 2 ]\n edge [ source 1 target 2 latency 10 ]\n]\n",
    },
    "Has the file been downloaded completely? Otherwise close what is open.";

    55 NO_ATTRIBUTE: "a graph without what is asked of it",
    "No edge has the attribute that is to hold latencies, or no node the one by which hosts hang off.",
    DataFile {
        scenario: WEIGHTS,
        file: "edges.csv",
        wrong: "source,target,delay\na,b,10\nb,c,20\n",
        right: "source,target,weight\na,b,10\nb,c,20\n",
    },
    "Name the attribute that the file has: `network.graph.latency = \"delay\"`, `network.graph.attach`.";

    56 TRACE_CONTRADICTS_ITSELF: "a trace that contradicts itself",
    "A host comes that is there, goes or asks although it is not there, is up twice at a time, or its session ends before it begins.",
    DataFile {
        scenario: TRACE,
        file: "hosts.avt",
        wrong: "a 1 100 50\nb 1 0 900\n",
        right: "a 1 50 100\nb 1 0 900\n",
    },
    "Correct the lines of this host, or leave it out.";

    57 TRACE_DOES_NOT_FIT: "a trace that the scenario does not fit",
    "The trace says how many are there at the beginning and who comes; the scenario says otherwise, cuts it where nobody is up, or has no room on the ring for all.",
    DataFile {
        scenario: "duration = \"10m\"\n[overlay]\nnodes = 7\n[churn]\nmodel = \"trace\"\n[churn.trace]\nfile = \"hosts.avt\"\n",
        file: "hosts.avt",
        wrong: "a 1 0 900\nb 1 0 900\n",
        right: "a 1 0 900\nb 1 0 900\nc 1 0 900\nd 1 0 900\ne 1 0 900\nf 1 0 900\ng 1 0 900\n",
    },
    "Remove `overlay.nodes`, change `churn.trace.from`, or raise `overlay.id_bits`.";

    58 NO_FILE_NAMED: "a model that reads a file, and none is named",
    "The model or the key needs a data file.",
    Scenario {
        wrong: "[network]\nmodel = \"matrix\"\n",
        right: "[network]\nmodel = \"constant\"\n",
    },
    "Name the file, relative to the scenario's folder.";
}
