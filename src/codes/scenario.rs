//! What can be wrong with a scenario.

use super::Example::{Command, Scenario};

super::codes! {
    1 NOT_TOML: "not TOML",
    "The text cannot be read at all: a quote, a bracket or an equals sign is missing, or a number is written as TOML does not write it.",
    Scenario {
        wrong: "[overlay]\nnodes = 1_000_\n",
        right: "[overlay]\nnodes = 1_000\n",
    },
    "Look at the place that is underlined, and at the line before it. Strings stand in double quotes, numbers have a decimal point and no unit.";

    2 UNKNOWN_KEY: "unknown key or section",
    "No key or section of this name exists in this place. Every name is checked, so that a key with a slip of the pen is not left at its default unseen.",
    Scenario {
        wrong: "[chord]\nsucessors = 8\n",
        right: "[chord]\nsuccessors = 8\n",
    },
    "The message names the nearest key, the section that has one of this name, and all keys of this section. `chordsim explain KEY` says what one means.";

    3 WRONG_TYPE: "value of a wrong type",
    "A key takes values of one kind: a whole number, a number, a string, a truth value, a duration, a list or a table. This is of another kind.",
    Scenario {
        wrong: "[overlay]\nnodes = \"64\"\n",
        right: "[overlay]\nnodes = 64\n",
    },
    "Write a value of the kind that the message names; numbers and truth values stand without quotes, all else that is no list or table within double quotes.";

    4 OUT_OF_RANGE: "value out of range",
    "The value is of the right kind, but smaller or larger than the key allows, or not finite.",
    Scenario {
        wrong: "[overlay]\nid_bits = 65\n",
        right: "[overlay]\nid_bits = 64\n",
    },
    "Choose a value within the limits that stand beside it.";

    5 NOT_A_DURATION: "duration without a unit, or none",
    "A length of time is a string of a number and a unit. A bare number would leave open whether seconds or milliseconds are meant.",
    Scenario {
        wrong: "duration = 60\n",
        right: "duration = \"60s\"\n",
    },
    "Write the unit behind the number, all of it within quotes: \"500ms\", \"30s\", \"10m\", \"2h\".";

    6 NO_SUCH_CHOICE: "not one of the choices",
    "The key takes one of a few words, and this is none of them.",
    Scenario {
        wrong: "[chord]\nrouting = \"finger\"\n",
        right: "[chord]\nrouting = \"fingers\"\n",
    },
    "Choose one of the words that the message lists.";

    7 NOT_AVAILABLE: "known, but not available in this version",
    "The name is reserved for something that this version cannot do.",
    Scenario {
        wrong: "[overlay]\nprotocol = \"kademlia\"\n",
        right: "[overlay]\nprotocol = \"chord\"\n",
    },
    "Choose one of those that are available, or a later version.";

    8 SAID_TWICE: "the same said twice",
    "A key, a word or a value stands there a second time, perhaps by another name or spelling. Which of the two is meant nobody can know.",
    Scenario {
        wrong: "[sweep]\n\"overlay.nodes\" = [64, 128, 64]\n",
        right: "[sweep]\n\"overlay.nodes\" = [64, 128]\n",
    },
    "Remove one of the two. To simulate the same again, raise `repeat`.";

    9 MISSING_KEY: "something is missing",
    "A section or an entry of a list does not make sense without this key: an event without a time, an expectation without a value.",
    Scenario {
        wrong: "[[fault]]\nkill = 0.3\n",
        right: "[[fault]]\nat = \"5m\"\nkill = 0.3\n",
    },
    "Add the key; the message gives an example.";

    10 CONTRADICTION: "keys that do not go together",
    "Each of the values is allowed by itself, but they exclude each other, or one of them has no meaning beside the other.",
    Scenario {
        wrong: "[[fault]]\nat = \"5m\"\nkill = 0.3\nfor = \"1m\"\n",
        right: "[[fault]]\nat = \"5m\"\npartition = 0.3\nfor = \"1m\"\n",
    },
    "Remove or change one of them. The message is at the one that was changed last: swept values before options before the file.";

    11 HIDDEN_SIGN: "a sign that nobody can see",
    "A text that is shown on terminals and in pictures holds a control character, a sign that sets the direction of text, or what is no character.",
    Scenario {
        wrong: "title = \"one\\u0007two\"\n",
        right: "title = \"one two\"\n",
    },
    "Remove the sign. Where it cannot be seen in the editor, type the text anew.";

    12 BAD_NAME: "a name that cannot be that of a file",
    "Folders and files are named after it, on every system: so it is made of ASCII letters, digits, `-`, `_` and `.`, and begins with a letter or a digit.",
    Scenario {
        wrong: "name = \"my run/1\"\n",
        right: "name = \"my-run-1\"\n",
    },
    "Choose a name of these characters; what people read goes to `title`.";

    13 SET_FORM: "`--set` without a key and a value",
    "The option takes the full name of a key, an equals sign and a value.",
    Command {
        wrong: "chordsim check ring.toml --set nodes",
        right: "chordsim check ring.toml --set duration=30s",
    },
    "Write, for example, `--set chord.routing=successors`. A value with blanks or quotes is put in single quotes, so that the shell leaves it alone.";

    14 NO_SUCH_PLACE: "a key within something that has no keys",
    "What stands before the dot is not a section, or is a list that has no entry of this number.",
    Scenario {
        wrong: "[[fault]]\nat = \"5m\"\nkill = 0.3\n[sweep]\n\"fault.1.kill\" = [0.1, 0.2]\n",
        right: "[[fault]]\nat = \"5m\"\nkill = 0.3\n[sweep]\n\"fault.0.kill\" = [0.1, 0.2]\n",
    },
    "Entries of a list are named by their place, counted from 0; the entry itself must be in the file.";

    15 NOT_SWEEPABLE: "a key that cannot be swept",
    "The key is the same for all runs of a scenario: its name, its seed, what is written.",
    Scenario {
        wrong: "[sweep]\nseed = [1, 2, 3]\n",
        right: "repeat = 3\n",
    },
    "Seeds are varied by `repeat`. For all else use several scenarios.";

    16 SWEEP_NOT_A_LIST: "a sweep without a list of values",
    "Under [sweep] each key has a list of values, at least one.",
    Scenario {
        wrong: "[sweep]\n\"overlay.nodes\" = 64\n",
        right: "[sweep]\n\"overlay.nodes\" = [64, 128]\n",
    },
    "Put the values in brackets, or set the key in its own section.";

    17 PLAN_TOO_LARGE: "more than can be done at once",
    "Runs, rows, expectations or lists of all runs together are more than the program holds: nothing is cut off silently.",
    Scenario {
        wrong: "repeat = 60000\n[sweep]\n\"overlay.nodes\" = [64, 128]\n",
        right: "repeat = 30\n[sweep]\n\"overlay.nodes\" = [64, 128]\n",
    },
    "Sweep fewer values, lower `repeat` or the number of rows, or use several scenarios.";

    18 RING_TOO_SMALL: "nodes and identifiers do not fit",
    "Every ring position needs an identifier of its own. There are more positions than identifiers, or a list of identifiers has another length than there are nodes.",
    Scenario {
        wrong: "[overlay]\nnodes = 20\nid_bits = 4\n",
        right: "[overlay]\nnodes = 20\nid_bits = 8\n",
    },
    "Raise `overlay.id_bits`, or lower `overlay.nodes`; count those who join later and `chord.virtual_nodes` too.";

    19 NOT_ON_THE_RING: "an identifier or key that is not on the ring",
    "A ring of m bits has the places 0 to 2^m - 1.",
    Scenario {
        wrong: "[overlay]\nnodes = 2\nid_bits = 4\nids = [3, 16]\n",
        right: "[overlay]\nnodes = 2\nid_bits = 4\nids = [3, 15]\n",
    },
    "Choose a place on the ring, or raise `overlay.id_bits`.";

    20 TAKEN: "an identifier or name that is taken",
    "Two nodes would have one identifier at the same time, or one name would stand for two keys.",
    Scenario {
        wrong: "[overlay]\nnodes = 2\nid_bits = 4\nids = [3, 3]\n",
        right: "[overlay]\nnodes = 2\nid_bits = 4\nids = [3, 4]\n",
    },
    "Choose another one, or let the first node go before the second comes.";

    21 NOBODY_THERE: "a node that is not there",
    "An event names a node that is no member at that time: it has not joined yet, has gone, or never was.",
    Scenario {
        wrong: "[overlay]\nnodes = 2\nid_bits = 4\nids = [3, 9]\n[[event]]\nat = \"1m\"\ncrash = 5\n",
        right: "[overlay]\nnodes = 2\nid_bits = 4\nids = [3, 9]\n[[event]]\nat = \"1m\"\ncrash = 9\n",
    },
    "Name one of the nodes that are there then, or let the node join before.";

    22 AFTER_THE_END: "something after the end of the measurement",
    "An event, a fault or a change is due when the run is over. Times count from the end of the warm-up.",
    Scenario {
        wrong: "duration = \"10m\"\n[[fault]]\nat = \"15m\"\nkill = 0.3\n",
        right: "duration = \"20m\"\n[[fault]]\nat = \"15m\"\nkill = 0.3\n",
    },
    "Raise `duration`, or choose an earlier time.";

    23 IMPOSSIBLE_DISTRIBUTION: "a distribution that cannot be",
    "A distribution with these parameters has no mean, or its mean would need another parameter beyond all bounds.",
    Scenario {
        wrong: "[churn]\nmodel = \"sessions\"\n[churn.sessions]\nup = { pareto = { shape = 1.0, mean = \"1h\" } }\n",
        right: "[churn]\nmodel = \"sessions\"\n[churn.sessions]\nup = { pareto = { shape = 1.5, mean = \"1h\" } }\n",
    },
    "Choose a less extreme shape, or give the parameter in place of the mean.";

    24 WRONG_ORDER: "an end before its beginning",
    "A range ends where it begins, or before.",
    Scenario {
        wrong: "[network]\nmodel = \"uniform\"\n[network.uniform]\nmin = \"90ms\"\nmax = \"10ms\"\n",
        right: "[network]\nmodel = \"uniform\"\n[network.uniform]\nmin = \"10ms\"\nmax = \"90ms\"\n",
    },
    "Exchange the two, or change one of them.";

    25 IMPOSSIBLE_COPIES: "copies or a quorum that cannot be",
    "A value cannot have more copies than a node can name nodes for, no quorum can be larger than the number of copies, and a read that chooses among copies has to know where they are.",
    Scenario {
        wrong: "[workload]\nputs_per_s = 1.0\n[storage]\nreplicas = 3\nwrite_quorum = 4\n",
        right: "[workload]\nputs_per_s = 1.0\n[storage]\nreplicas = 3\nwrite_quorum = 2\n",
    },
    "Raise `storage.replicas` or `chord.successors`, or lower the quorum.";

    26 IMPOSSIBLE_NETWORK: "a network that cannot be",
    "A network with these parameters would be too large, would have too few routers for its links, or lacks something that another key asks of it.",
    Scenario {
        wrong: "[network]\nmodel = \"scale-free\"\n[network.scale-free]\nrouters = 2\nm = 5\n",
        right: "[network]\nmodel = \"scale-free\"\n[network.scale-free]\nrouters = 200\nm = 5\n",
    },
    "Change the number of routers or links. Any number of hosts can share a router.";

    27 NOT_MEASURED: "something that this scenario does not measure",
    "The metric or file exists, but only where something is switched on, such as an audit, storage or the row of every lookup, or the quantity says nothing of a scenario like this.",
    Scenario {
        wrong: "[output]\nlookups = \"none\"\n[[plot]]\nmetric = \"hops\"\nkind = \"distribution\"\n",
        right: "[[plot]]\nmetric = \"hops\"\nkind = \"distribution\"\n",
    },
    "Switch on what measures it, or ask for something else.";

    28 NO_SUCH_METRIC: "no such metric",
    "Neither a metric of summary.csv nor a column that can be drawn, nor a statistic has this name.",
    Scenario {
        wrong: "[[expect]]\nquantity = \"hops\"\nvalue = 3\nwithin = 0.1\nkind = \"exact\"\n",
        right: "[[expect]]\nquantity = \"hops_mean\"\nvalue = 3\nwithin = 0.1\nkind = \"exact\"\n",
    },
    "Choose one of those that the message lists. `chordsim explain METRIC` says what one means.";

    29 NOT_SWEPT: "a key or value that is not swept",
    "An expectation or a picture is about a swept key or one of its values, and this scenario does not sweep it.",
    Scenario {
        wrong: "[sweep]\n\"overlay.nodes\" = [64, 128]\n[[plot]]\nmetric = \"hops_mean\"\nagainst = \"successors\"\n",
        right: "[sweep]\n\"overlay.nodes\" = [64, 128]\n[[plot]]\nmetric = \"hops_mean\"\nagainst = \"nodes\"\n",
    },
    "Name a key that stands under [sweep], and a value that it takes.";

    30 POINTLESS_CONDUCT: "selfish peers or defences that make no difference",
    "A behaviour refuses what nobody asks for, a defence guards what nobody attacks, or peers would have nothing to decide or nobody to imitate.",
    Scenario {
        wrong: "[selfish]\nfraction = 0.2\nbehaviour = \"refuse-storage\"\n",
        right: "[workload]\nputs_per_s = 1.0\n[selfish]\nfraction = 0.2\nbehaviour = \"refuse-storage\"\n",
    },
    "Add what is missing, or choose another behaviour or defence.";

    31 EMPTY_NAME: "an empty name",
    "A name, a label or the path of a file is an empty text.",
    Scenario {
        wrong: "[workload]\nkeys_file = \"\"\n",
        right: "[workload]\nkeys = 100\n",
    },
    "Write a name, or remove the key.";

    32 ONE_RUN: "a single run has no standard error",
    "How far the mean of repetitions may be off is estimated from how they differ: that takes two of them at least, and twenty to be a good estimate.",
    Scenario {
        wrong: "[[expect]]\nquantity = \"hops_mean\"\nvalue = 3\nstandard_errors = 4\nkind = \"exact\"\n",
        right: "repeat = 20\n[[expect]]\nquantity = \"hops_mean\"\nvalue = 3\nstandard_errors = 4\nkind = \"exact\"\n",
    },
    "Raise `repeat`, or use another tolerance.";

    33 SEVERAL_AT_ONCE: "several things where there can be one",
    "An event, a fault, a distribution or an expectation is one thing. Here it is several.",
    Scenario {
        wrong: "[[fault]]\nat = \"5m\"\nkill = 0.3\njoin = 100\n",
        right: "[[fault]]\nat = \"5m\"\nkill = 0.3\n[[fault]]\nat = \"5m\"\njoin = 100\n",
    },
    "Write an entry of its own for each; they may have the same time.";

    34 IMPOSSIBLE_PICTURE: "a picture that cannot be drawn so",
    "The choice of axes or lines leaves nothing to see, or the picture has no such axis.",
    Scenario {
        wrong: "[sweep]\n\"overlay.nodes\" = [64, 128]\n[[plot]]\nmetric = \"hops_mean\"\nagainst = \"nodes\"\nlines = \"nodes\"\n",
        right: "[sweep]\n\"overlay.nodes\" = [64, 128]\n\"chord.routing\" = [\"fingers\", \"successors\"]\n[[plot]]\nmetric = \"hops_mean\"\nagainst = \"nodes\"\nlines = \"routing\"\n",
    },
    "Change what is drawn along the axes and what makes a line.";

    35 NO_HALF_WAY: "a search along what has no half way",
    "[threshold] halves a range of numbers: the key must be a number, and a whole one has whole steps of not too many digits.",
    Scenario {
        wrong: "[threshold]\nmetric = \"success_rate\"\nlevel = 0.9\nalong = \"chord.routing\"\n",
        right: "[threshold]\nmetric = \"success_rate\"\nlevel = 0.9\nalong = \"selfish.fraction\"\n",
    },
    "Name a key that is a number, and give `from`, `to` and `within` as numbers that fit it.";
}
