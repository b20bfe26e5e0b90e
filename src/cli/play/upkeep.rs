//! What nodes say to one that joins or leaves, and it to them.

/// What a message of this name says. Acknowledgements say nothing.
pub(super) fn upkeep(name: &str) -> Option<&'static str> {
    Some(match name {
        "Ping" => "are you there?",
        "Pong" => "yes",
        "GetState" => "who are your neighbours?",
        "State" => "these are my neighbours",
        "Busy" => "ask me again later",
        "Notify" => "I might be your predecessor",
        "SuccessorLeaves" => "I leave: I was your successor",
        "PredecessorLeaves" => "I leave: I was your predecessor",
        "Forward" | "Ask" => "where is my place?",
        "Referral" => "ask that one",
        "Answer" => "that place is mine",
        "Welcome" => "your place is behind me: take my list of successors",
        "JoinLater" => "try again later",
        "NewSuccessor" => "there is a node between us",
        "NoRoute" => "I know nobody to ask",
        _ => return None,
    })
}
