//! Scripts that cannot happen: the place, what is said and the remedy.

use std::path::Path;

use chordsim::scenario::{Overrides, Plan, ScenarioError};

fn refused(text: &str) -> Box<ScenarioError> {
    match Plan::parse(text, Path::new("script.toml"), &Overrides::default()) {
        Err(error) => error,
        Ok(_) => panic!("accepted: {text}"),
    }
}

const RING: &str = "overlay = { id_bits = 7, ids = [32, 98, 124] }\n";

/// Events on the ring of 32, 98 and 124: what is underlined, what is said, and a part of the remedy.
#[track_caller]
fn check(events: &str, offending: &str, message: &str, remedy: &str) {
    let error = refused(&format!("{RING}{events}"));
    let told = format!("{:?}", miette::Report::new(*error.clone()));
    assert_eq!(error.to_string(), message, "{told}");
    assert_eq!(error.offending(), offending, "{told}");
    assert!(error.remedy().contains(remedy), "{told}");
    assert!(
        error.others().is_empty(),
        "one mistake, one problem: {told}"
    );
}

fn event(at: &str, deed: &str) -> String {
    format!("[[event]]\nat = \"{at}\"\n{deed}\n")
}

#[test]
fn an_event_says_when_and_one_thing() {
    let deeds = "add one of: join = <id>, leave = <id>";
    check(
        "[[event]]\nleave = 98\n",
        "[[event]]",
        "an event does not say when",
        "add, for example, at = \"1m\"",
    );
    check(
        &event("1m", ""),
        "[[event]]",
        "an event does not say what happens",
        deeds,
    );
    let two = event("1m", "leave = 98\ncrash = 32");
    check(
        &two,
        "32",
        "an event does one thing only",
        "an [[event]] of its own for each",
    );
    let via = event("1m", "leave = 98\nvia = 32");
    check(
        &via,
        "32",
        "`event.via` belongs to a join",
        "add join = <id>, or remove `via`",
    );
    let late = event("1h", "leave = 98");
    check(
        &late,
        "\"1h\"",
        "an event would happen after the end of the measurement",
        "raise `duration`",
    );
}

#[test]
fn a_request_is_complete() {
    let put = "put = { key = 120, from = 32 }";
    check(
        &event("1m", put),
        "{ key = 120, from = 32 }",
        "`event.put.value` is missing",
        "value = \"a text\"",
    );
    let get = "get = { key = 120 }";
    check(
        &event("1m", get),
        "{ key = 120 }",
        "`event.get.from` is missing",
        "from = 32",
    );
    let lookup = "lookup = { from = 32 }";
    check(
        &event("1m", lookup),
        "{ from = 32 }",
        "`event.lookup.key` is missing",
        "key = \"alice\"",
    );
    let nameless = "lookup = { key = { label = \"alice\" }, from = 32 }";
    check(
        &event("1m", nameless),
        "{ label = \"alice\" }",
        "`event.lookup.key.key` is missing",
        "key = 120",
    );
}

#[test]
fn unknown_words_and_wrong_types_are_told() {
    check(
        &event("1m", "leav = 98"),
        "leav",
        "unknown key `event.leav`",
        "did you mean `leave`?",
    );
    let value = "get = { key = 1, value = \"x\", from = 32 }";
    check(
        &event("1m", value),
        "value",
        "unknown key `event.get.value`",
        "key, label, from",
    );
    let inner = "get = { key = { key = 1, name = \"x\" }, from = 32 }";
    check(
        &event("1m", inner),
        "name",
        "unknown key `event.get.key.name`",
        "key, label",
    );
    let shape = refused(&format!("{RING}{}", event("1m", "put = 120")));
    let told = "`event.put` must be a table { key = …, label = …, value = …, from = … }";
    assert_eq!(shape.to_string(), told);
    let key = refused(&format!(
        "{RING}{}",
        event("1m", "get = { key = 1.5, from = 32 }")
    ));
    assert_eq!(
        key.to_string(),
        "`event.get.key` must be a whole number, a text or a table { key = …, label = \"…\" }"
    );
    let name = refused(&format!("{RING}{}", event("1m", "leave = \"alice\"")));
    assert_eq!(name.to_string(), "`event.leave` must be a whole number");
    let table = refused(&format!("{RING}[event]\nat = \"1m\"\nleave = 98\n"));
    assert!(table.to_string().contains("event"), "{table}");
}

#[test]
fn every_number_is_a_place_on_the_ring() {
    for deed in [
        "join = 128",
        "join = 5\nvia = 128",
        "leave = 128",
        "crash = 128",
        "lookup = { key = 128, from = 32 }",
        "get = { key = 1, from = 128 }",
        "put = { key = 128, value = \"x\", from = 32 }",
        "put = { key = { key = 128, label = \"x\" }, value = \"x\", from = 32 }",
    ] {
        check(
            &event("1m", deed),
            "128",
            "128 is not on the ring",
            "raise `overlay.id_bits`",
        );
    }
}

#[test]
fn whoever_is_named_is_there() {
    let nobody = "nobody has the identifier 77 at that time";
    for deed in [
        "leave = 77",
        "crash = 77",
        "join = 5\nvia = 77",
        "lookup = { key = 1, from = 77 }",
        "get = { key = 1, from = 77 }",
        "put = { key = 1, value = \"x\", from = 77 }",
    ] {
        check(
            &event("1m", deed),
            "77",
            nobody,
            "(at 1m there are 32, 98, 124), or let it join before",
        );
    }
    // It joins too late, wherever the file says so.
    let late = event("3m", "join = 77") + &event("2m", "leave = 77");
    check(&late, "77", nobody, "(at 2m there are 32, 98, 124)");
    let gone = event("1m", "leave = 98") + &event("2m", "lookup = { key = 1, from = 98 }");
    check(
        &gone,
        "98",
        "nobody has the identifier 98 at that time",
        "(at 2m there are 32, 124)",
    );
    let twice = event("1m", "crash = 98") + &event("1m", "leave = 98");
    check(
        &twice,
        "98",
        "nobody has the identifier 98 at that time",
        "let it join before",
    );
}

#[test]
fn nobody_joins_twice() {
    let taken = "the identifier 98 is taken at that time";
    check(
        &event("1m", "join = 98"),
        "98",
        taken,
        "let its peer leave or crash before",
    );
    let twice = event("1m", "join = 5") + &event("2m", "join = 5");
    check(
        &twice,
        "5",
        "the identifier 5 is taken at that time",
        "choose an identifier that nobody has",
    );
    let again = event("1m", "leave = 98") + &event("2m", "join = 98") + &event("3m", "crash = 98");
    Plan::parse(
        &format!("{RING}{again}"),
        Path::new("s.toml"),
        &Overrides::default(),
    )
    .unwrap();
    // With identifiers that are drawn, what the script itself does is known all the same.
    let hashed = refused(&twice);
    assert_eq!(hashed.to_string(), "the identifier 5 is taken at that time");
    let gone = refused(&(event("1m", "crash = 5") + &event("2m", "leave = 5")));
    assert_eq!(gone.to_string(), "nobody has the identifier 5 at that time");
}

/// Three peers at 0, 42 and 85 of 128 (k·128/3 rounded down).
#[test]
fn evenly_spaced_identifiers_are_known() {
    let text = |id| {
        format!(
            "overlay = {{ nodes = 3, id_bits = 7, ids = \"even\" }}\n{}",
            event("1m", &format!("leave = {id}"))
        )
    };
    for id in 0..128 {
        let accepted = Plan::parse(&text(id), Path::new("s.toml"), &Overrides::default()).is_ok();
        assert_eq!(accepted, [0, 42, 85].contains(&id), "{id}");
    }
}

/// What nobody can know before the run is not refused.
#[test]
fn what_is_not_known_is_not_refused() {
    let leave = event("5m", "leave = 77");
    for text in [
        leave.clone(),
        format!("{RING}churn = {{ model = \"poisson\" }}\n{leave}"),
        format!("{RING}[[fault]]\nat = \"5m\"\njoin = 1\n{leave}"),
        format!(
            "warmup = \"1m\"\n[overlay]\nid_bits = 7\nids = [32, 98]\nstart = \"join\"\n{leave}"
        ),
    ] {
        Plan::parse(&text, Path::new("s.toml"), &Overrides::default()).unwrap();
    }
    // All have joined by the end of the warm-up, and the fault strikes only later.
    for text in [
        format!(
            "warmup = \"5m\"\n[overlay]\nid_bits = 7\nids = [32, 98]\nstart = \"join\"\n{leave}"
        ),
        format!("{RING}[[fault]]\nat = \"6m\"\njoin = 1\n{leave}"),
    ] {
        assert_eq!(
            refused(&text).to_string(),
            "nobody has the identifier 77 at that time"
        );
    }
}

#[test]
fn a_name_is_of_one_key() {
    let alice = |key: u64| {
        event(
            "1m",
            &format!("lookup = {{ key = {key}, label = \"alice\", from = 32 }}"),
        )
    };
    check(
        &(alice(120) + &alice(121)),
        "\"alice\"",
        "the name \"alice\" is used for two keys",
        "choose another name",
    );
    // As a text she is at 41.
    let text = event("2m", "get = { key = \"alice\", from = 32 }");
    check(
        &(alice(120) + &text),
        "\"alice\"",
        "the name \"alice\" is used for two keys",
        "write the number each time",
    );
    let two = event(
        "1m",
        "lookup = { key = \"alice\", label = \"bob\", from = 32 }",
    );
    check(
        &two,
        "\"bob\"",
        "a text is its own name",
        "remove `label`, or give the key as a number",
    );
    let empty = event("1m", "lookup = { key = 1, label = \"\", from = 32 }");
    check(&empty, "\"\"", "a name is empty", "remove it");
    let nothing = event("1m", "lookup = { key = \"\", from = 32 }");
    check(&nothing, "\"\"", "a key has no name", "write a text");
    let both = event(
        "1m",
        "lookup = { key = { key = 1, label = \"a\" }, label = \"b\", from = 32 }",
    );
    check(
        &both,
        "\"b\"",
        "a key has one name",
        "remove one of the two",
    );
}

#[test]
fn a_peer_of_several_positions_does_not_join_by_name() {
    let text = format!(
        "[overlay]\nnodes = 10\nvirtual_nodes = 2\n{}",
        event("1m", "join = 5")
    );
    let error = refused(&text);
    assert_eq!(
        error.to_string(),
        "a peer of several positions cannot join with one identifier"
    );
    assert!(
        error.remedy().contains("set `overlay.virtual_nodes` to 1"),
        "{}",
        error.remedy()
    );
}

/// As `[[fault]]`: by its place in the list.
#[test]
fn events_are_swept_and_set_by_their_place() {
    let text = format!(
        "{RING}{}[sweep]\n\"event.0.at\" = [\"1m\", \"2m\"]\n",
        event("1m", "leave = 98")
    );
    let plan = Plan::parse(&text, Path::new("s.toml"), &Overrides::default()).unwrap();
    let times: Vec<_> = plan
        .runs
        .iter()
        .map(|run| run.scenario.events[0].at.to_string())
        .collect();
    assert_eq!(times, ["1m", "2m"]);
    // The value that is swept is to blame.
    let late = text.replace("\"2m\"", "\"2h\"");
    assert_eq!(refused(&late).offending(), "\"2h\"");
    let nameless = refused(&text.replace("event.0.at", "event.at"));
    assert!(
        nameless.remedy().contains("\"event.0.at\""),
        "{}",
        nameless.remedy()
    );
    let set = Overrides {
        set: vec!["event.0.leave=77".to_owned()],
        ..Overrides::default()
    };
    let error = Plan::parse(&text, Path::new("s.toml"), &set).unwrap_err();
    assert_eq!((error.source_name(), error.offending()), ("--set", "77"));
}
