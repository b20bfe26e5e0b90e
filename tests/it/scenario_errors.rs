//! Every way in which a scenario can be wrong: the place, the underlined text, what is said and
//! the remedy.

use std::path::Path;

use chordsim::codes;
use chordsim::scenario::{Overrides, Plan, ScenarioError};

fn refused_with(text: &str, overrides: &Overrides) -> Box<ScenarioError> {
    match Plan::parse(text, Path::new("dir/bad.toml"), overrides) {
        Err(error) => error,
        Ok(plan) => panic!("accepted: {text}\n{plan:#?}"),
    }
}

fn refused(text: &str) -> Box<ScenarioError> {
    refused_with(text, &Overrides::default())
}

fn set(options: &[&str]) -> Overrides {
    Overrides {
        set: options.iter().map(ToString::to_string).collect(),
        ..Overrides::default()
    }
}

/// A bad scenario with all that must be said about it.
struct Case {
    text: &'static str,
    place: (usize, usize),
    offending: &'static str,
    message: &'static str,
    label: &'static str,
    remedy: &'static str,
}

impl Case {
    #[track_caller]
    fn check(&self) {
        let error = refused(self.text);
        let told = format!("{:?}", miette::Report::new(*error.clone()));
        assert_eq!(error.source_name(), "dir/bad.toml", "{told}");
        assert_eq!((error.line(), error.column()), self.place, "{told}");
        assert_eq!(error.offending(), self.offending, "{told}");
        assert_eq!(error.to_string(), self.message, "{told}");
        assert_eq!(error.label(), self.label, "{told}");
        assert!(error.remedy().contains(self.remedy), "{told}");
        assert!(
            error.others().is_empty(),
            "one mistake, one problem: {told}"
        );
    }
}

macro_rules! cases {
    ($($name:ident: $text:expr => $line:literal:$column:literal $offending:literal,
        $message:literal, $label:literal, $remedy:literal;)*) => {$(
        #[test]
        fn $name() {
            Case {
                text: $text,
                place: ($line, $column),
                offending: $offending,
                message: $message,
                label: $label,
                remedy: $remedy,
            }
            .check();
        }
    )*};
}

cases! {
    regions_without_room: "[overlay]\nids = \"region\"\nnodes = 100\nid_bits = 20\n[network]\nmodel = \"regions\"" => 4:11 "20",
        "too few identifiers for identifiers by region", "a region's part of a ring of 2^20 positions may be full",
        "raise `overlay.id_bits` to at least 32";
    regions_that_are_not_there: "[overlay]\nids = \"region\"" => 2:7 "\"region\"",
        "identifiers cannot follow regions here", "`overlay.ids` is \"region\", and this network has no regions", "set `network.model`";
    nearest_copies_that_nobody_knows: "[storage]\nquorums = \"nearest\"\npreload = true" => 2:11 "\"nearest\"",
        "nobody knows which copies are near", "`storage.quorums` is \"nearest\", and nodes have no coordinates", "set `chord.estimate` to \"vivaldi\"";
    links_where_there_are_none: "[network]\nmodel = \"plane\"\n[output]\nlinks = true" => 2:9 "\"plane\"",
        "`output.links` counts messages per link, and this network has no links", "its model knows latencies only",
        "choose `network.model = \"transit-stub\"`, `\"waxman\"`, `\"scale-free\"` or `\"graph\"`";
    links_of_a_network_that_is_not_named: "[output]\nlinks = true" => 2:9 "true",
        "`output.links` counts messages per link, and this network has no links", "its model knows latencies only",
        "or remove `output.links`";
    unknown_key: "seed = 3\n[chord]\nrooting = \"fingers\"" => 3:1 "rooting",
        "unknown key `chord.rooting`", "[chord] has no such key",
        "did you mean `routing`? [chord] has: routing, lookup, maintenance,";
    unknown_key_at_the_top: "sed = 3" => 1:1 "sed",
        "unknown key `sed`", "the top level has no such key", "did you mean `seed`?";
    unknown_key_far_from_all: "[storage]\nxyzzy = 1" => 2:1 "xyzzy",
        "unknown key `storage.xyzzy`", "[storage] has no such key",
        "[storage] has: replicas, scheme, value_bytes, write_quorum,";
    unknown_key_that_belongs_elsewhere: "[overlay]\nrouting = \"fingers\"" => 2:1 "routing",
        "unknown key `overlay.routing`", "[overlay] has no such key",
        "`routing` belongs in [chord].";
    unknown_key_that_belongs_at_the_top: "[overlay]\nrepeat = 3" => 2:1 "repeat",
        "unknown key `overlay.repeat`", "[overlay] has no such key",
        "`repeat` belongs at the top, above the first [section].";
    unknown_key_in_a_fault: "[[fault]]\nat = \"1m\"\nkil = 0.3" => 3:1 "kil",
        "unknown key `fault.kil`", "[[fault]] has no such key", "did you mean `kill`?";
    unknown_key_of_a_swept_fault:
        "[[fault]]\nat = \"1m\"\n[sweep]\n\"fault.0.kil\" = [0.3]" => 4:1 "\"fault.0.kil\"",
        "unknown key `fault.kil`", "[[fault]] has no such key", "did you mean `kill`?";
    swept_fault_that_is_not_there:
        "[[fault]]\nat = \"1m\"\n[sweep]\n\"fault.1.kill\" = [0.3]" => 4:1 "\"fault.1.kill\"",
        "there is no `fault.1`", "there are 1, counted from 0", "the last one is `fault.0`";
    swept_fault_of_none: "[sweep]\n\"fault.0.kill\" = [0.3]" => 2:1 "\"fault.0.kill\"",
        "there is no `fault.0`", "there is no [[fault]]", "write a [[fault]] first";
    swept_fault_without_its_place: "[sweep]\n\"fault.kill\" = [0.3]" => 2:1 "\"fault.kill\"",
        "unknown key `fault.kill` in [sweep]", "there is no such key", "such as \"fault.0.kill\"";
    swept_fault_of_no_place: "[sweep]\n\"fault.x.kill\" = [0.3]" => 2:1 "\"fault.x.kill\"",
        "unknown key `fault.x.kill` in [sweep]", "there is no such key", "such as \"fault.0.kill\"";
    swept_fault_of_no_key: "[sweep]\n\"fault.0\" = [0.3]" => 2:1 "\"fault.0\"",
        "unknown key `fault.0` in [sweep]", "there is no such key", "such as \"fault.0.kill\"";
    number_too_large_for_a_duration: "warmup = 1e400" => 1:10 "1e400",
        "`warmup` must be a duration", "this is a number with a fraction", "a duration is a string of a number";
    swept_expectations: "[sweep]\nexpect = [1]" => 2:1 "expect",
        "`expect` cannot be swept", "it is the same for all runs", "varied by `repeat`";
    unknown_key_of_a_model_not_chosen: "[network.plane]\nspam = \"1s\"" => 2:1 "spam",
        "unknown key `network.plane.spam`", "[network.plane] has no such key",
        "did you mean `span`?";
    unknown_section: "[overlya]\nnodes = 3" => 1:2 "overlya",
        "unknown section `[overlya]`", "there is no such section", "did you mean `overlay`?";
    unknown_word: "[chord]\nrouting = \"sucessors\"" => 2:11 "\"sucessors\"",
        "`chord.routing` has no choice \"sucessors\"", "not one of the choices",
        "did you mean \"successors\"? allowed: fingers, successors";
    unknown_model: "network.model = \"transitstub\"" => 1:17 "\"transitstub\"",
        "`network.model` has no choice \"transitstub\"", "not one of the choices",
        "did you mean \"transit-stub\"?";
    unknown_word_full_of_backquotes: "[chord]\nrouting = \"`, expected `x`\"" =>
        2:11 "\"`, expected `x`\"",
        "`chord.routing` has no choice \"`, expected `x`\"", "not one of the choices",
        "allowed: fingers, successors";
    unknown_rule_for_ids: "[overlay]\nids = \"hash\"" => 2:7 "\"hash\"",
        "`overlay.ids` has no choice \"hash\"", "not one of the choices",
        "allowed: hashed, even";
    unknown_key_in_one_piece: "\"chord.routing\" = \"fingers\"" => 1:1 "\"chord.routing\"",
        "unknown key `chord.routing`", "the top level has no such key", "the top level has: name,";
    unknown_key_that_belongs_in_a_list: "kill = 0.3" => 1:1 "kill",
        "unknown key `kill`", "the top level has no such key", "`kill` belongs in [[fault]].";
    key_by_both_names: "chord.rpc_timeout = \"1s\"\noverlay.rpc_timeout = \"2s\"" =>
        2:23 "\"2s\"", "`overlay.rpc_timeout` and `chord.rpc_timeout` are the same key",
        "this is the second of them",
        "remove one of the two; `chord.rpc_timeout` is the older name";
    key_by_both_names_the_older_last:
        "[overlay]\nvirtual_nodes = 2\n[chord]\nvirtual_nodes = 2" => 4:17 "2",
        "`overlay.virtual_nodes` and `chord.virtual_nodes` are the same key",
        "this is the second of them", "remove one of the two";
    key_by_both_names_and_both_wrong: "[chord]\nrpc_timeout = \"x\"\n[overlay]\nrpc_timeout = 0" => 4:15 "0",
        "`overlay.rpc_timeout` and `chord.rpc_timeout` are the same key",
        "this is the second of them", "remove one of the two";
    word_in_a_list_misspelt: "selfish.behaviour = [\"drop-lookup\"]" => 1:22 "\"drop-lookup\"",
        "`selfish.behaviour` has no choice \"drop-lookup\"", "not one of the choices",
        "did you mean \"drop-lookups\"? allowed: drop-lookups";
    words_joined_by_a_plus_misspelt: "selfish.defence = \"retry+redundnat\"" => 1:19 "\"retry+redundnat\"",
        "`selfish.defence` has no choice \"redundnat\"", "not one of the choices",
        "did you mean \"redundant\"? allowed: none, retry,";
    word_twice_in_a_list: "selfish.behaviour = [\"leech\", \"leech\"]" => 1:31 "\"leech\"",
        "`selfish.behaviour` names \"leech\" twice", "stands there already", "name it once";
    no_word_in_a_list: "selfish.behaviour = []" => 1:21 "[]",
        "`selfish.behaviour` names nothing", "an empty list", "name at least one of: drop-lookups,";
    number_in_a_list_of_words: "selfish.behaviour = [1]" => 1:22 "1",
        "`selfish.behaviour` must be a string", "this is a whole number", "write it in double quotes";
    number_for_words: "selfish.defence = 1" => 1:19 "1",
        "`selfish.defence` must be a string or a list of strings", "this is a whole number", "write";
    no_defence_beside_one: "selfish.defence = [\"none\", \"retry\"]" => 1:19 "[\"none\", \"retry\"]",
        "`selfish.defence` names \"none\" beside others", "a defence that is none", "let it stand alone";
    behaviours_that_contradict: "selfish.behaviour = \"misroute+drop-lookups\"" =>
        1:21 "\"misroute+drop-lookups\"",
        "\"drop-lookups\" and \"misroute\" contradict each other",
        "a lookup that is dropped cannot be answered wrongly", "to compare them, sweep `selfish.behaviour`";
    leeches_in_a_trace: "[selfish]\nfraction = 0.5\nbehaviour = \"leech\"\n[churn]\nmodel = \"trace\"\ntrace.file = \"x.avt\"" =>
        3:13 "\"leech\"", "\"leech\" does not go together with this `churn.model`",
        "a trace says when each peer comes and goes", "set `churn.model` to \"sessions\" or \"none\"";
    leeches_where_nobody_comes_back: "[selfish]\nfraction = 0.5\nbehaviour = \"leech\"\n[churn]\nmodel = \"poisson\"\npoisson.joins_per_s = 0.1" =>
        3:13 "\"leech\"", "\"leech\" does not go together with this `churn.model`",
        "with \"poisson\" whoever has gone never comes back, so that leeches would only become more", "set `churn.model` to \"sessions\" or \"none\"";
    leeches_that_decide: "selfish.fraction = 0.5\nselfish.behaviour = \"leech\"\nselfish.who = \"decide\"" =>
        2:21 "\"leech\"", "\"leech\" does not go together with this `selfish.who`",
        "peers turn selfish in the middle of their stay, and a leech has none", "set `selfish.who` to \"drawn\"";
    leeches_under_other_names: "selfish.behaviour = [\"leech\", \"whitewash\"]" => 1:21 "[\"leech\", \"whitewash\"]",
        "\"leech\" and \"whitewash\" contradict each other", "a leech comes and goes under one name",
        "name one of the two";
    names_that_change_all_the_time: "selfish.fraction = 0.1\nselfish.behaviour = \"drop-lookups+whitewash\"\nselfish.whitewash_every = \"1us\"" =>
        3:27 "\"1us\"", "peers would ask themselves more than a hundred million times whether to come back as others",
        "each of 1000 every 1us", "raise `selfish.whitewash_every`";
    whitewash_alone: "selfish.behaviour = \"whitewash\"" => 1:21 "\"whitewash\"",
        "\"whitewash\" alone does nothing that anybody would shun", "a peer that serves everybody",
        "add what they are shunned for";
    storage_refused_where_nothing_is_stored: "selfish.behaviour = \"refuse-storage\"" => 1:21 "\"refuse-storage\"",
        "\"refuse-storage\" refuses what nobody asks for", "nothing is put or got in this scenario",
        "set `workload.puts_per_s` or `workload.gets_per_s`";
    ramp_to_nothing: "selfish.who = \"ramp\"" => 1:15 "\"ramp\"",
        "the share of selfish peers would grow from none to none",
        "grows to `selfish.fraction`, which is 0 by default", "set `selfish.fraction` to a share between 0 and 1";
    nothing_to_imitate: "selfish.who = \"decide\"" => 1:15 "\"decide\"",
        "peers would have nothing to imitate",
        "begins with `selfish.fraction`, which is 0 by default: all do the same", "set `selfish.fraction`";
    decisions_too_late: "duration = \"10m\"\n[selfish]\nwho = \"decide\"\nfraction = 0.5\ndecide_every = \"20m\"" =>
        5:16 "\"20m\"", "no peer would turn before the end of the measurement",
        "they turn after 20m for the first time, the measurement ends at 10m",
        "lower `selfish.decide_every`, or raise `duration`";
    ramp_too_late: "[selfish]\nwho = \"ramp\"\nfraction = 0.5\nramp_until = \"3h\"\ndecide_every = \"2h\"" =>
        5:16 "\"2h\"", "no peer would turn before the end of the measurement",
        "they turn after 2h for the first time, the measurement ends at 1h",
        "lower `selfish.decide_every`, or raise `duration`";
    decisions_too_often: "[selfish]\nwho = \"decide\"\nfraction = 0.5\ndecide_every = \"1ms\"" =>
        4:16 "\"1ms\"", "peers would turn more than a million times", "each 1ms for 1h",
        "raise `selfish.decide_every`";
    whitewashers_that_decide: "[selfish]\nwho = \"decide\"\nfraction = 0.5\nbehaviour = \"drop-lookups+whitewash\"" =>
        4:13 "\"drop-lookups+whitewash\"", "\"whitewash\" does not go with peers that decide",
        "who comes back as another is not there to decide",
        "choose another behaviour, or set `selfish.who` to \"drawn\"";
    excluded_where_nothing_is_stored:
        "[selfish]\nwho = \"decide\"\ndecide_by = \"generosity\"\nexclusion = 0.1" => 4:13 "0.1",
        "free riders would be excluded from what nobody asks for", "nothing is put or got in this scenario",
        "set `workload.puts_per_s` or `workload.gets_per_s`, or leave `selfish.exclusion` at 0";
    reciprocity_where_nothing_is_stored: "selfish.defence = \"retry+reciprocity\"" => 1:19 "\"retry+reciprocity\"",
        "\"reciprocity\" weighs what nobody asks for", "nothing is put or got in this scenario",
        "set `workload.puts_per_s` or `workload.gets_per_s`";
    decimal_comma: "seed = 1\n[network]\nloss = 0,5 # half" => 3:8 "0,5", "this is not a number",
        "not a number in TOML", "the decimal point is a point: 0.5";
    decimal_comma_in_a_table: "seed = 1\nnetwork = { loss = 0,1 }" => 2:20 "0,1", "this is not a number",
        "not a number in TOML", "the decimal point is a point: 0.1";
    groups_of_digits: "overlay.nodes = 10,000" => 1:17 "10,000", "this is not a number",
        "not a number in TOML", "digits stand together: 10000; 10.000 if it is a decimal comma";
    groups_of_digits_apart: "overlay.nodes = 10 000" => 1:17 "10 000", "this is not a number",
        "not a number in TOML", "digits stand together: 10000";
    count_with_an_exponent: "overlay.nodes = 1e4" => 1:17 "1e4", "`overlay.nodes` must be a whole number",
        "this is a number with a point or an exponent", "write all its digits: 10000";
    period_that_is_false: "chord.stabilize_every = false" => 1:25 "false", "`chord.stabilize_every` must be a duration",
        "this is a truth value", "write \"off\" for never";
    duration_in_parts: "duration = \"9m30s\"" => 1:12 "\"9m30s\"", "`duration` is not a duration",
        "`m30s` is not a unit", "did you mean \"570s\"?";
    per_cent: "[selfish]\nfraction = 30%\n" => 2:12 "30%", "this is not a number",
        "not a number in TOML", "a share is written as a number from 0 to 1: 0.3";
    per_cent_in_quotes: "[selfish]\nfraction = \"30 %\"\n" => 2:12 "\"30 %\"",
        "`selfish.fraction` must be a number", "this is a string",
        "a share is written as a number from 0 to 1: 0.3";
    decimal_comma_in_a_duration: "duration = \"1,5h\"" => 1:12 "\"1,5h\"",
        "`duration` is not a duration", "a decimal comma", "did you mean \"1.5h\"?";
    key_that_has_moved_out_of_range: "[overlay]\nrequest_timeout = \"0s\"" => 2:19 "\"0s\"",
        "`overlay.request_timeout` must be more than zero",
        "allowed: more than 0s, up to 876000h", "the default is \"30s\"";
    word_of_which_there_is_one: "overlay.protocol = \"cord\"" => 1:20 "\"cord\"",
        "`overlay.protocol` has no choice \"cord\"", "not one of the choices",
        "did you mean \"chord\"? allowed: chord";

    number_in_quotes: "[overlay]\nnodes = \"many\"" => 2:9 "\"many\"",
        "`overlay.nodes` must be a whole number", "this is a string", "write it without quotes";
    fraction_for_a_count: "[overlay]\nnodes = 10.5" => 2:9 "10.5",
        "`overlay.nodes` must be a whole number", "this is a number with a fraction", "";
    number_for_a_string: "name = 3" => 1:8 "3",
        "`name` must be a string", "this is a whole number", "\"3\"";
    string_for_a_truth_value: "[output]\nnodes = \"yes\"" => 2:9 "\"yes\"",
        "`output.nodes` must be true or false", "this is a string", "without quotes";
    value_for_a_section: "overlay = 5" => 1:11 "5",
        "`overlay` must be a table", "this is a whole number", "[overlay]";
    list_for_a_section: "overlay = [\"chord\", 5]" => 1:11 "[\"chord\", 5]",
        "`overlay` must be a table", "this is a list", "[overlay]";
    date_for_a_section: "overlay = 2026-01-01" => 1:11 "2026-01-01",
        "`overlay` must be a table", "this is a date or time", "[overlay]";
    fault_in_single_brackets: "[fault]\nat = \"1m\"\nkill = 0.5" => 1:1 "[fault]",
        "`fault` must be a list of tables", "this is a table", "[[fault]]";
    text_among_the_ids: "[overlay]\nids = [1, \"two\"]" => 2:11 "\"two\"",
        "`overlay.ids` must be a whole number", "this is a string", "without quotes";

    unit_missing: "duration = 30" => 1:12 "30",
        "`duration` must be a duration", "this is a whole number",
        "the unit is missing: did you mean \"30s\"?";
    unit_missing_in_quotes: "duration = \"30\"" => 1:12 "\"30\"",
        "`duration` is not a duration", "the unit is missing", "did you mean \"30s\"?";
    unit_misspelt: "warmup = \"10min\"" => 1:10 "\"10min\"",
        "`warmup` is not a duration", "`min` is not a unit", "did you mean \"10m\"?";
    duration_negative: "warmup = \"-10m\"" => 1:10 "\"-10m\"",
        "`warmup` is not a duration", "a duration cannot be negative", "\"500ms\"";
    duration_too_long: "duration = \"1000000d\"" => 1:12 "\"1000000d\"",
        "`duration` is not a duration", "longer than 100 years", "";
    duration_of_a_model_not_chosen: "[network.plane]\nspan = \"100\"" => 2:8 "\"100\"",
        "`network.plane.span` is not a duration", "the unit is missing", "\"100s\"";
    duration_zero: "duration = \"0s\"" => 1:12 "\"0s\"",
        "`duration` must be more than zero", "allowed: more than 0s, up to 876000h", "\"1h\"";
    sample_zero: "sample = \"0s\"" => 1:10 "\"0s\"",
        "`sample` must be more than zero", "allowed: more than 0s, up to 876000h", "\"1m\"";
    sample_too_fine: "sample = \"1ns\"" => 1:10 "\"1ns\"",
        "the timeline would have more than a million rows", "one row per 1ns for 1h",
        "raise `sample`";
    rpc_timeout_zero: "[chord]\nrpc_timeout = \"0s\"" => 2:15 "\"0s\"",
        "`chord.rpc_timeout` must be more than zero",
        "allowed: more than 0s, up to 876000h", "\"500ms\"";
    period_zero: "[chord]\nstabilize_every = \"0s\"" => 2:19 "\"0s\"",
        "`chord.stabilize_every` must be more than zero",
        "allowed: more than 0s, up to 876000h", "write \"off\" for never; the default is \"30s\"";

    rate_negative: "[workload]\nlookups_per_s = -1" => 2:17 "-1",
        "`workload.lookups_per_s` is out of range", "allowed: 0 to 1000000000",
        "write a value from 0 to 1000000000; the default is 10";
    share_above_one: "[selfish]\nfraction = 1.5" => 2:12 "1.5",
        "`selfish.fraction` is out of range", "allowed: 0 to 1", "from 0 to 1";
    share_negative: "[network]\nloss = -0.1" => 2:8 "-0.1",
        "`network.loss` is out of range", "allowed: 0 to 1", "from 0 to 1";
    not_a_number: "[churn]\ngraceful = nan" => 2:12 "nan",
        "`churn.graceful` must be a finite number", "not finite", "from 0 to 1";
    infinite: "[workload]\nlookups_per_s = inf" => 2:17 "inf",
        "`workload.lookups_per_s` must be a finite number", "not finite", "from 0";
    infinite_by_overflow: "[workload]\nlookups_per_s = 1e999" => 2:17 "1e999",
        "`workload.lookups_per_s` cannot be read", "floating-point number overflowed", "";
    output_share: "[output]\nlookups = 2" => 2:11 "2",
        "`output.lookups` is out of range", "allowed: 0 to 1", "from 0 to 1";
    output_word: "[output]\nlookups = \"some\"" => 2:11 "\"some\"",
        "`output.lookups` has no choice \"some\"", "not one of the choices", "all, none";

    seed_negative: "seed = -1" => 1:8 "-1",
        "`seed` is out of range", "allowed: 0 to 2^64 - 1", "";
    seed_too_large: "seed = 18446744073709551616" => 1:8 "18446744073709551616",
        "`seed` is out of range", "allowed: 0 to 2^64 - 1", "";
    seed_far_too_large: "seed = 999999999999999999999999999999999999999999" =>
        1:8 "999999999999999999999999999999999999999999",
        "`seed` cannot be read", "integer number overflowed", "2^64 - 1";
    repeat_zero: "repeat = 0" => 1:10 "0",
        "`repeat` is out of range", "allowed: 1 to 4294967295", "the default is 1";
    repeat_until_nothing: "repeat = \"until enough\"" => 1:10 "\"until enough\"",
        "`repeat` does not say how wide the interval may be",
        "behind `until` stands a number, in the unit of the metric or in %", "until ±5 %";
    repeat_until_all: "repeat = \"until ±100 %\"" => 1:10 "\"until ±100 %\"",
        "`repeat` does not say how wide the interval may be", "allowed: more than 0 %, less than 100 %", "until ±5 %";
    repeat_until_zero: "repeat = \"until 0\"" => 1:10 "\"until 0\"",
        "`repeat` does not say how wide the interval may be", "allowed: more than 0", "until ±0.01";
    repeat_a_share: "repeat = \"±5 %\"" => 1:10 "\"±5 %\"",
        "`repeat` does not say how wide the interval may be", "`until` is missing in front of it", "until ±5 %";
    repeat_in_quotes: "repeat = \"many\"" => 1:10 "\"many\"",
        "`repeat` must be a whole number or \"until ±5 %\"", "this is a string", "";
    repeat_true: "repeat = true" => 1:10 "true",
        "`repeat` must be a whole number or \"until ±5 %\"", "this is a truth value", "";
    repeat_of_an_unknown_metric: "repeat = \"until 5 %\"\nrepeat_of = \"hop_mean\"" => 2:13 "\"hop_mean\"",
        "there is no metric \"hop_mean\"", "no metric of summary.csv", "did you mean \"hops_mean\"?";
    repeat_of_what_is_not_there: "repeat = \"until 5 %\"\nrepeat_of = \"get_success_rate\"" => 2:13 "\"get_success_rate\"",
        "`get_success_rate` is measured where something is stored", "nothing is put or got in this scenario",
        "workload.puts_per_s";
    repeat_of_with_a_number: "repeat = 5\nrepeat_of = \"hops_mean\"" => 2:13 "\"hops_mean\"",
        "`repeat_of` says nothing where `repeat` is a number", "it belongs to repeat = \"until …\"", "remove this key";
    repeat_max_without_repeat: "repeat_max = 50" => 1:14 "50",
        "`repeat_max` says nothing where `repeat` is a number", "it belongs to repeat = \"until …\"", "remove this key";
    repeat_max_too_low: "repeat = \"until 5 %\"\nrepeat_max = 4" => 2:14 "4",
        "`repeat_max` is out of range", "allowed: 5 to 4294967295", "5";
    repeat_max_less_than_min: "repeat = \"until 5 %\"\nrepeat_max = 9\nrepeat_min = 10" => 2:14 "9",
        "`repeat_max` is less than `repeat_min`", "from 10 repetitions up to 9", "raise `repeat_max`";
    repeat_until_with_threshold: "repeat = \"until 5 %\"\n[threshold]\nmetric = \"success_rate\"\nlevel = 0.9" => 1:10 "\"until 5 %\"",
        "[threshold] searches with a given number of seeds", "how many there should be is not known beforehand", "repeat = 10";
    repeat_until_swept: "[sweep]\nrepeat_of = [\"hops_mean\", \"success_rate\"]" => 2:1 "repeat_of",
        "`repeat_of` cannot be swept", "it is the same for all runs", "varied by `repeat`";
    too_many_repetitions: "repeat = \"until 5 %\"\nrepeat_max = 100001" => 1:10 "\"until 5 %\"",
        "more than 100000 runs", "1 combinations, up to 100001 repetitions of each", "lower `repeat_max`";
    too_many_runs: "repeat = 100001" => 1:10 "100001",
        "more than 100000 runs", "1 combinations, 100001 repetitions of each", "lower `repeat`";
    name_that_climbs: "name = \"../up\"" => 1:8 "\"../up\"",
        "`name` cannot name a folder",
        "allowed: ASCII letters, digits, `-`, `_` and `.`, the first a letter or digit",
        "`title`";
    name_empty: "name = \"\"" => 1:8 "\"\"",
        "`name` cannot name a folder",
        "allowed: ASCII letters, digits, `-`, `_` and `.`, the first a letter or digit",
        "`title`";

    no_nodes: "[overlay]\nnodes = 0" => 2:9 "0",
        "`overlay.nodes` is out of range", "allowed: 1 to 100000000", "the default is 1000";
    too_few_bits: "[overlay]\nid_bits = 2" => 2:11 "2",
        "`overlay.id_bits` is out of range", "allowed: 3 to 64", "";
    too_many_bits: "[overlay]\nid_bits = 65" => 2:11 "65",
        "`overlay.id_bits` is out of range", "allowed: 3 to 64", "";
    more_nodes_than_ids: "[overlay]\nid_bits = 7\nnodes = 129" => 3:9 "129",
        "more nodes than identifiers",
        "129 ring positions do not fit a ring of 2^7 = 128 positions", "at least 8";
    more_default_nodes_than_ids: "[overlay]\nid_bits = 7" => 2:11 "7",
        "more nodes than identifiers",
        "1000 ring positions do not fit a ring of 2^7 = 128 positions", "at least 10";
    more_virtual_nodes_than_ids: "chord.virtual_nodes = 3\n[overlay]\nid_bits = 7\nnodes = 43" =>
        4:9 "43", "more nodes than identifiers",
        "129 ring positions do not fit a ring of 2^7 = 128 positions", "chord.virtual_nodes";
    more_positions_than_memory: "chord.virtual_nodes = 2\noverlay.nodes = 100_000_000" =>
        2:17 "100_000_000", "more nodes than identifiers",
        "200000000 ring positions do not fit the limit of 100000000", "";
    no_room_to_join: "overlay = { nodes = 100, id_bits = 7 }\n[[fault]]\nat = \"1m\"\njoin = 29" =>
        4:8 "29", "more nodes than identifiers",
        "with those who join, 129 ring positions do not fit a ring of 2^7 = 128 positions",
        "let fewer join";
    ids_too_few: "[overlay]\nnodes = 4\nids = [32, 98, 124]" => 3:7 "[32, 98, 124]",
        "the list of ids does not fit the number of nodes", "3 ids for 4 ring positions",
        "leave out `overlay.nodes`";
    ids_too_many: "[overlay]\nnodes = 2\nids = [32, 98, 124]" => 3:7 "[32, 98, 124]",
        "the list of ids does not fit the number of nodes", "3 ids for 2 ring positions", "";
    ids_not_divisible: "chord.virtual_nodes = 2\noverlay.ids = [32, 98, 124]" =>
        2:15 "[32, 98, 124]", "the list of ids does not fit the number of nodes",
        "3 ids for 2 ring positions", "chord.virtual_nodes";
    ids_none: "overlay.ids = []" => 1:15 "[]",
        "the list of ids does not fit the number of nodes", "0 ids for 1 ring positions", "";
    ids_twice: "[overlay]\nids = [32, 98, 32]" => 2:16 "32",
        "two nodes have the id 32", "this id stands in the list already", "of its own";
    id_off_the_ring: "[overlay]\nid_bits = 7\nids = [32, 128]" => 3:12 "128",
        "128 is not on the ring", "allowed: 0 to 127", "ids have 7 bits";
    id_negative: "[overlay]\nids = [32, -1]" => 2:12 "-1",
        "`overlay.ids` is out of range", "allowed: 0 to 2^64 - 1", "";
    no_successors: "[chord]\nsuccessors = 0" => 2:14 "0",
        "`chord.successors` is out of range", "allowed: 1 to 255", "the default is 16";
    four_dimensions: "[network.plane]\ndimensions = 4" => 2:14 "4",
        "`network.plane.dimensions` is out of range", "allowed: 2 to 3", "";
    min_above_max: "[network.uniform]\nmin = \"100ms\"" => 2:7 "\"100ms\"",
        "`network.uniform.min` is greater than `network.uniform.max`",
        "latencies from 100ms to 90ms", "\"90ms\"";
    too_many_routers: "[network.transit-stub]\nstub_routers = 10_000\ntransit_routers = 50" =>
        3:19 "50", "the transit-stub network is too large",
        "6000200 routers; allowed: up to 16384", "lower one";
    more_links_than_routers: "[network.scale-free]\nm = 50\nrouters = 50" => 3:11 "50",
        "the scale-free network has too few routers for the links that each brings",
        "50 routers, 50 links each", "greater than `m`";
    regions_without_a_table: "network.model = \"regions\"\nnetwork.regions.table = \"\"" =>
        2:25 "\"\"", "`network.regions.table` is missing", "this model reads a file", "relative to";
    matrix_without_a_file: "[network]\nmodel = \"matrix\"" => 2:9 "\"matrix\"",
        "`network.matrix.file` is missing", "this model reads a file", "relative to";
    graph_with_an_empty_file: "network.graph.file = \"\"\nnetwork.model = \"graph\"" =>
        1:22 "\"\"", "`network.graph.file` is missing", "this model reads a file", "relative to";

    churn_ends_after_the_end: "duration = \"5m\"\nchurn.until = \"6m\"" => 2:15 "\"6m\"",
        "churn would end after the end of the measurement",
        "churn ends at 6m, the measurement at 5m", "leave it out";
    churn_ends_after_the_default_end: "churn.until = \"3601s\"" => 1:15 "\"3601s\"",
        "churn would end after the end of the measurement",
        "churn ends at 3601s, the measurement at 1h", "raise `duration`";

    fault_without_a_time: "[[fault]]\nkill = 0.3" => 1:1 "[[fault]]",
        "a fault does not say when", "`at` is missing", "at = \"5m\"";
    fault_of_no_kind: "[[fault]]\nat = \"5m\"" => 1:1 "[[fault]]",
        "a fault does not say what happens",
        "it has none of `kill`, `leave`, `join`, `partition`, `crash_well_known`", "kill = <share";
    fault_of_two_kinds: "[[fault]]\nat = \"5m\"\nkill = 0.3\njoin = 7" => 4:8 "7",
        "a fault does one thing only", "this is the second", "a [[fault]] of its own";
    fault_after_the_end: "duration = \"5m\"\n[[fault]]\nat = \"6m\"\nkill = 0.3" => 3:6 "\"6m\"",
        "a fault would strike after the end of the measurement",
        "the fault is due at 6m, the measurement ends at 5m", "raise `duration`";
    fault_at_the_end: "[[fault]]\nat = \"1h\"\nkill = 0.3" => 2:6 "\"1h\"",
        "a fault would strike after the end of the measurement",
        "the fault is due at 1h, the measurement ends at 1h", "raise `duration`";
    fault_with_a_length: "[[fault]]\nat = \"5m\"\nkill = 0.3\nfor = \"1m\"" => 4:7 "\"1m\"",
        "`fault.for` belongs to a partition", "all other faults happen at once", "remove it";
    partition_without_a_length: "[[fault]]\nat = \"5m\"\npartition = 0.5" => 3:13 "0.5",
        "a partition does not say how long it lasts", "`for` is missing", "for = \"5m\"";
    partition_of_no_length: "[[fault]]\nat = \"5m\"\npartition = 0.5\nfor = \"0s\"" => 4:7 "\"0s\"",
        "`fault.for` must be more than zero", "allowed: more than 0s, up to 876000h", "";
    partition_above_one: "[[fault]]\nat = \"5m\"\npartition = 50\nfor = \"1m\"" => 3:13 "50",
        "`fault.partition` is out of range", "allowed: 0 to 1", "from 0 to 1";
    partition_past_the_end: "[[fault]]\nat = \"2h\"\npartition = 0.5\nfor = \"1m\"" => 2:6 "\"2h\"",
        "a fault would strike after the end of the measurement",
        "the fault is due at 2h, the measurement ends at 1h", "raise `duration`";
    length_alone: "[[fault]]\nat = \"5m\"\ncrash_well_known = true\nfor = \"1m\"" => 4:7 "\"1m\"",
        "`fault.for` belongs to a partition", "all other faults happen at once", "partition = 0.5";
    leave_and_partition: "[[fault]]\nat = \"5m\"\npartition = 0.3\nfor = \"1m\"\nleave = 0.5" => 5:9 "0.5",
        "a fault does one thing only", "this is the second", "a [[fault]] of its own";
    leave_negative: "[[fault]]\nat = \"5m\"\nleave = -0.1" => 3:9 "-0.1",
        "`fault.leave` is out of range", "allowed: 0 to 1", "from 0 to 1";
    no_crash: "[[fault]]\nat = \"5m\"\ncrash_well_known = false" => 3:20 "false",
        "`fault.crash_well_known` can only be true", "with false nothing happens", "remove the [[fault]]";
    crash_of_a_share: "[[fault]]\nat = \"5m\"\ncrash_well_known = 0.5" => 3:20 "0.5",
        "`fault.crash_well_known` must be true or false", "this is a number with a fraction", "write true";
    nobody_joins: "[[fault]]\nat = \"5m\"\njoin = 0" => 3:8 "0",
        "`fault.join` is out of range", "allowed: 1 to 100000000", "";

    distribution_of_no_kind: "churn.sessions.up = {}" => 1:21 "{}",
        "`churn.sessions.up` must be one distribution", "these are 0", "fixed = { value }";
    distribution_of_two_kinds: "[churn.sessions]\nup = { fixed = { value = \"1h\" }, \
        exponential = { mean = \"1h\" } }" =>
        2:6 "{ fixed = { value = \"1h\" }, exponential = { mean = \"1h\" } }",
        "`churn.sessions.up` must be one distribution", "these are 2", "one of";
    distribution_unknown: "[churn.sessions]\ndown = { gauss = { mean = \"1h\" } }" => 2:10 "gauss",
        "unknown key `churn.sessions.down.gauss`", "[churn.sessions.down] has no such key",
        "exponential, pareto, weibull, lognormal, fixed";
    distribution_without_a_parameter: "churn.sessions.up = { exponential = {} }" => 1:37 "{}",
        "`churn.sessions.up.exponential.mean` is missing", "something is missing here", "\"30s\"";
    distribution_without_a_shape: "churn.sessions.up = { pareto = { minimum = \"1h\" } }" =>
        1:32 "{ minimum = \"1h\" }",
        "`churn.sessions.up.pareto.shape` is missing", "something is missing here", "shape";
    distribution_with_scale_and_mean:
        "churn.sessions.up = { weibull = { scale = \"1h\", mean = \"2h\", shape = 1 } }" =>
        1:56 "\"2h\"", "`churn.sessions.up.weibull` has both `scale` and `mean`",
        "one follows from the other", "remove one";
    distribution_with_an_infinite_mean:
        "churn.sessions.up = { pareto = { mean = \"1h\", shape = 1 } }" => 1:41 "\"1h\"",
        "`churn.sessions.up.pareto` has no mean", "infinite for a shape of 1 or less", "minimum";
    distribution_with_an_impossible_scale:
        "churn.sessions.up = { weibull = { mean = \"1h\", shape = 0.001 } }" => 1:42 "\"1h\"",
        "this mean of `churn.sessions.up.weibull` needs an impossible `scale`",
        "`scale` would be 0s", "less extreme";
    distribution_with_a_zero: "churn.sessions.up = { fixed = { value = \"0s\" } }" =>
        1:41 "\"0s\"", "`churn.sessions.up.fixed.value` must be more than zero",
        "allowed: more than 0s, up to 876000h", "";

    sweep_empty: "[sweep]\n\"chord.routing\" = []" => 2:19 "[]",
        "the sweep of `chord.routing` is empty", "no value, so no run", "at least one value";
    sweep_of_no_list: "[sweep]\n\"overlay.nodes\" = 16" => 2:19 "16",
        "the sweep of `overlay.nodes` must be a list", "this is a single value", "in brackets";
    sweep_no_table: "sweep = 3" => 1:9 "3",
        "`sweep` must be a table", "this is no table", "[sweep]";
    sweep_unknown_key: "[sweep]\n\"chord.rooting\" = [1]" => 2:1 "\"chord.rooting\"",
        "unknown key `chord.rooting` in [sweep]", "there is no such key",
        "did you mean `chord.routing`?";
    sweep_key_not_in_full: "[sweep]\nrouting = [\"fingers\"]" => 2:1 "routing",
        "unknown key `routing` in [sweep]", "there is no such key",
        "did you mean `chord.routing`?";
    sweep_of_the_seed: "[sweep]\nseed = [1, 2]" => 2:1 "seed",
        "`seed` cannot be swept", "it is the same for all runs", "`repeat`";
    sweep_of_the_output: "[sweep]\n\"output.nodes\" = [true]" => 2:1 "\"output.nodes\"",
        "`output.nodes` cannot be swept", "it is the same for all runs", "";
    sweep_value_of_a_wrong_type: "[sweep]\n\"overlay.nodes\" = [16, \"x\"]" => 2:24 "\"x\"",
        "`overlay.nodes` must be a whole number", "this is a string", "without quotes";
    sweep_value_out_of_range: "overlay.nodes = 5\n[sweep]\n\"overlay.nodes\" = [16, 0]" =>
        3:24 "0", "`overlay.nodes` is out of range", "allowed: 1 to 100000000", "";
    sweep_value_unknown: "[sweep]\n\"chord.routing\" = [\"fingers\", \"finger\"]" =>
        2:31 "\"finger\"", "`chord.routing` has no choice \"finger\"",
        "not one of the choices", "did you mean \"fingers\"?";
    sweep_value_of_an_unit_missing: "[sweep]\nduration = [\"1h\", 5]" => 2:19 "5",
        "`duration` must be a duration", "this is a whole number", "\"5s\"";
    sweep_value_that_does_not_fit: "[sweep]\noverlay.nodes = [128, 129]\n[overlay]\nid_bits = 7" =>
        2:23 "129", "more nodes than identifiers",
        "129 ring positions do not fit a ring of 2^7 = 128 positions", "";
    sweep_value_that_does_not_fit_a_value_above:
        "overlay.nodes = 129\n[sweep]\n\"overlay.id_bits\" = [8, 7]" => 3:25 "7",
        "more nodes than identifiers",
        "129 ring positions do not fit a ring of 2^7 = 128 positions", "";
    sweep_value_not_available: "[sweep]\n\"overlay.protocol\" = [\"chord\", \"kademlia\"]" =>
        2:32 "\"kademlia\"",
        "this value of `overlay.protocol` is known, but not available in this version",
        "not available yet", "available: chord";
    sweep_value_twice: "[sweep]\n\"overlay.nodes\" = [16, 0x10]" => 2:24 "0x10",
        "the sweep of `overlay.nodes` has a value twice",
        "this value stands in the list already", "raise `repeat`";
    sweep_value_twice_in_another_form: "[sweep]\n\"selfish.defence\" = [\"retry+redundant\", [\"redundant\", \"retry\"]]" =>
        2:41 "[\"redundant\", \"retry\"]", "the sweep of `selfish.defence` has a value twice",
        "this value stands in the list already", "raise `repeat`";
    sweep_value_twice_in_other_digits: "[sweep]\n\"network.loss\" = [0.1, 0.2, 0.10]" => 2:29 "0.10",
        "the sweep of `network.loss` has a value twice",
        "this value stands in the list already", "raise `repeat`";
    sweep_value_twice_in_another_unit: "[sweep]\n\"chord.stabilize_every\" = [\"60s\", \"off\", \"1m\"]" => 2:42 "\"1m\"",
        "the sweep of `chord.stabilize_every` has a value twice",
        "this value stands in the list already", "raise `repeat`";
    sweep_key_twice: "[sweep]\n\"overlay.nodes\" = [16]\noverlay.nodes = [32]" => 3:9 "nodes",
        "`overlay.nodes` is swept twice",
        "it stands under [sweep] already, written another way", "remove one";
    sweep_key_by_both_names:
        "[sweep]\n\"overlay.virtual_nodes\" = [2]\n\"chord.virtual_nodes\" = [3]" =>
        3:1 "\"chord.virtual_nodes\"", "`chord.virtual_nodes` is swept twice",
        "it stands under [sweep] already, written another way", "remove one";
    sweep_of_what_cannot_mend_the_seed: "seed = -1\n[sweep]\n\"overlay.nodes\" = [1, 2]" =>
        1:8 "-1", "`seed` is out of range", "allowed: 0 to 2^64 - 1", "";
    base_of_a_swept_key_of_a_wrong_type:
        "chord.routing = 5\n[sweep]\n\"chord.routing\" = [\"fingers\"]" => 1:17 "5",
        "`chord.routing` must be a string", "this is a whole number", "";

    toml_without_a_value: "seed =\nrepeat = 5" => 1:7 "",
        "this is not TOML", "string values must be quoted, expected literal string",
        "`key = value`";
    toml_key_twice: "seed = 1\nseed = 2" => 2:1 "seed",
        "this is not TOML", "duplicate key", "`key = value`";
    toml_unquoted: "name = churn" => 1:8 "churn",
        "this is not TOML", "string values must be quoted, expected literal string",
        "double quotes";
    toml_after_letters_of_several_bytes: "title = \"Größe\" x" => 1:17 "",
        "this is not TOML", "unexpected key or value, expected newline, `#`", "";
}

/// What the contract names and this version does not have.
#[test]
fn what_is_not_available_says_so_and_names_what_is() {
    for (text, offending, available) in [
        ("overlay.protocol = 'kademlia'", "'kademlia'", "chord"),
        ("overlay.protocol = 'one-hop'", "'one-hop'", "chord"),
        (
            "overlay.protocol = 'client-server'",
            "'client-server'",
            "chord",
        ),
        ("kademlia.k = 8", "kademlia", "chord"),
        ("[one-hop]", "one-hop", "chord"),
    ] {
        let error = refused(text);
        let message = error.to_string();
        assert!(
            message.ends_with("is known, but not available in this version"),
            "{message}"
        );
        assert_eq!(error.offending(), offending, "{message}");
        assert!(
            error.remedy().contains(available),
            "{message}: {}",
            error.remedy()
        );
        assert!(error.others().is_empty(), "{text}");
    }
}

#[test]
fn all_values_that_are_wrong_are_told_at_once_in_the_order_of_the_file() {
    let error = refused("warmup = \"x\"\n[overlay]\nid_bits = 99\n[churn]\ngraceful = 2\n");
    let mut lines = vec![error.line()];
    lines.extend(error.others().iter().map(ScenarioError::line));
    assert_eq!(lines, [1, 3, 5]);
}

/// Unknown names, values of a wrong type and values that are not allowed.
#[test]
fn names_types_and_values_are_told_at_once() {
    let error = refused(
        "sed = 1\n[overlay]\nnodes = \"many\"\nid_bits = 99\n[chord]\nrouting = \"finger\"\n\
         [[fault]]\natt = \"5m\"\nkill = 0.3\n[[expect]]\nwithn = 3\n",
    );
    let mut told = vec![(error.line(), error.to_string())];
    let others = error.others().iter();
    told.extend(others.map(|error| (error.line(), error.to_string())));
    let expected = [
        (1, "unknown key `sed`"),
        (3, "`overlay.nodes` must be a whole number"),
        (4, "`overlay.id_bits` is out of range"),
        (6, "`chord.routing` has no choice \"finger\""),
        (8, "unknown key `fault.att`"),
        (11, "unknown key `expect.withn`"),
    ];
    assert_eq!(told, expected.map(|(line, text)| (line, text.to_owned())));
}

/// Option, place in it, underlined text, message.
#[test]
fn a_bad_option_is_shown_in_its_own_text() {
    for (option, column, offending, message) in [
        (
            "chord.rooting=successors",
            7,
            "rooting",
            "unknown key `chord.rooting`",
        ),
        (
            "chrod.routing=successors",
            1,
            "chrod",
            "unknown section `[chrod]`",
        ),
        (
            "chord.routing=sucessors",
            15,
            "sucessors",
            "`chord.routing` has no choice \"sucessors\"",
        ),
        (
            "overlay.nodes = 0",
            17,
            "0",
            "`overlay.nodes` is out of range",
        ),
        (
            "overlay.nodes=many",
            15,
            "many",
            "`overlay.nodes` must be a whole number",
        ),
        ("duration=30", 10, "30", "`duration` must be a duration"),
        ("overlay.ids=[1, 2", 18, "", "the value is not TOML"),
        (
            "overlay.nodes",
            1,
            "overlay.nodes",
            "`--set` needs a key and a value",
        ),
        ("=5", 1, "=5", "`--set` needs a key and a value"),
        ("a b=5", 1, "a b=5", "`--set` needs a key and a value"),
        ("seed.x=5", 1, "seed", "`seed` must be a whole number"),
        ("fault.at=5m", 1, "fault", "`fault` is not a section"),
        (
            "overlay.nodes=",
            15,
            "",
            "`overlay.nodes` must be a whole number",
        ),
    ] {
        let text = "title = 'Größe'\n[[fault]]\nat = '1m'\nkill = 0.1\n";
        let error = refused_with(text, &set(&["repeat=2", option]));
        let told = (error.column(), error.offending(), error.to_string());
        assert_eq!(told, (column, offending, message.to_owned()), "{option}");
        assert_eq!(
            (error.source_name(), error.line()),
            ("--set", 1),
            "{option}"
        );
    }
}

#[test]
fn an_option_that_does_not_fit_the_file_is_to_blame() {
    let text = "duration = \"1h\"\n[[fault]]\nat = \"30m\"\nkill = 0.1\n";
    let error = refused_with(text, &set(&["duration=10m"]));
    assert_eq!((error.source_name(), error.offending()), ("--set", "10m"));
    let flags = Overrides {
        repeat: Some(0),
        ..Overrides::default()
    };
    let error = refused_with("", &flags);
    assert_eq!((error.source_name(), error.offending()), ("--repeat", "0"));
    assert_eq!((error.line(), error.column()), (1, 1));
    assert_eq!(error.to_string(), "`repeat` is out of range");
}

#[test]
fn a_file_that_cannot_be_read_is_told_where_it_is_named() {
    let text = "[network]\nmodel = \"matrix\"\nmatrix.file = \"rtt.tsv\"\n";
    let (_, files) =
        Plan::parse_with_files(text, Path::new("dir/a.toml"), &Overrides::default()).unwrap();
    let error = files[0].error(codes::NO_SUCH_FILE, "no such file", "put it there");
    assert_eq!((error.line(), error.column()), (3, 15));
    assert_eq!(error.offending(), "\"rtt.tsv\"");
    assert_eq!(error.to_string(), "cannot use the file dir/rtt.tsv");
}

#[test]
fn the_whole_report_reads_well() {
    let error = refused("[chord]\nrooting = \"fingers\"\n");
    let theme = miette::GraphicalTheme::unicode_nocolor();
    let mut report = String::new();
    miette::GraphicalReportHandler::new_themed(theme)
        .with_width(100)
        .render_report(&mut report, error.as_ref())
        .unwrap();
    let expected = "E0002

  × unknown key `chord.rooting`
   ╭─[dir/bad.toml:2:1]
 1 │ [chord]
 2 │ rooting = \"fingers\"
   · ───┬───
   ·    ╰── [chord] has no such key
   ╰────
  help: did you mean `routing`? [chord] has: routing, lookup, maintenance, successors,
        stabilize_every, fix_fingers_every, check_predecessor_every, maintenance_jitter,
        proximity, pns_samples, estimate, merge_probe_every, virtual_nodes, rpc_timeout,
        rpc_retries, lookup_timeout
";
    assert_eq!(report.trim_start_matches('\n'), expected);
}

#[test]
fn the_report_counts_columns_in_characters_as_we_do() {
    let error = refused("title = \"Größe\" x\n");
    let report = format!("{:?}", miette::Report::new(*error));
    assert!(report.contains("dir/bad.toml:1:17"), "{report}");
}
