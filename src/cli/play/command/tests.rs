use super::*;

fn name(text: &str) -> Key {
    Key::Name(text.to_owned())
}

#[test]
fn each_command_is_read() {
    let put = |key, value: &str, from| Command::Put {
        key,
        value: value.to_owned(),
        from,
    };
    for (line, expected) in [
        (
            "join 15 via 32",
            Command::Join {
                id: 15,
                via: Some(32),
            },
        ),
        ("JOIN 15", Command::Join { id: 15, via: None }),
        ("leave 98", Command::Leave(98)),
        ("kill 98", Command::Crash(98)),
        ("put alice hello from 32", put(name("alice"), "hello", 32)),
        (
            "put alice hello world from 32",
            put(name("alice"), "hello world", 32),
        ),
        (
            "put alice \"from me\" from 32",
            put(name("alice"), "from me", 32),
        ),
        (
            "put alice a from b from 32",
            put(name("alice"), "a from b", 32),
        ),
        ("put alice \"\" from 32", put(name("alice"), "", 32)),
        (
            "put alice=120 hello from 32",
            put(Key::Named("alice".into(), 120), "hello", 32),
        ),
        (
            "get \"120\" from 98",
            Command::Get {
                key: name("120"),
                from: 98,
            },
        ),
        (
            "find 120 from 32 # who?",
            Command::Find {
                key: Key::Place(120),
                from: 32,
            },
        ),
        ("step", Command::Step(None)),
        (
            "step crash 98",
            Command::Step(Some(Box::new(Command::Crash(98)))),
        ),
        ("run 1.5m", Command::Run(SimDuration::from_secs(90))),
        ("keys", Command::Keys(None)),
        ("keys 98", Command::Keys(Some(98))),
        ("script < a.txt", Command::Script("a.txt".into())),
        ("script a.txt", Command::Script("a.txt".into())),
        ("?", Command::Help(None)),
        ("   ", Command::Nothing),
        ("# a remark", Command::Nothing),
    ] {
        assert_eq!(read(line), Ok(expected), "{line}");
    }
}

#[test]
fn what_is_not_understood_is_a_sentence_with_a_remedy() {
    for (line, expected) in [
        ("jion 15", "did you mean `join`"),
        ("exterminate", "`help` lists"),
        (
            "join",
            "Say which place the new node has: it is `join ID [via ID]`",
        ),
        ("join x", "\"x\" is no node"),
        (
            "join 15 from 32",
            "\"from\" is not understood here: it is `join ID [via ID]`",
        ),
        ("join 15 via", "Say which node it asks"),
        ("join -1", "\"-1\" is no node"),
        ("leave 98 now", "\"now\" is one word too many"),
        ("ring 98", "`ring` stands alone"),
        ("put alice from 32", "Say what to store"),
        ("put alice hello", "Say which node is asked"),
        ("put", "Say which key"),
        ("get alice", "Say which node asks"),
        ("get alice via 32", "\"via\" is not understood"),
        ("put alice=x hello from 32", "written alice=120"),
        ("put \"\" hello from 32", "at least one letter"),
        ("run", "run 30s"),
        ("run 30", "the unit is missing"),
        ("run 0s", "nothing happens"),
        ("run 200y", "no span of time"),
        ("step ring", "step find 120 from 32"),
        ("save", "save lesson.toml"),
        ("put 'a b from 32", "not closed"),
    ] {
        let told = read(line).expect_err(line);
        assert!(told.contains(expected), "{line}: {told}");
    }
}
