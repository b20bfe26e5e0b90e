//! The way of a lookup, told.

/// A lookup on a ring where all is as it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Route {
    /// The node that asks.
    pub from: u64,
    /// What it asks for.
    pub key: u64,
    /// Who sent the lookup to whom. With recursive lookups each hop begins where the one before ended; with iterative
    /// ones all begin at the node that asks.
    pub hops: Vec<(u64, u64)>,
    /// The node that answered.
    pub owner: u64,
}

impl Route {
    /// In one sentence, the nodes written by `name`.
    pub(crate) fn told_with(&self, name: impl Fn(u64) -> String) -> String {
        let head = format!(
            "lookup of key {} from node {}",
            name(self.key),
            name(self.from)
        );
        let count = match self.hops.len() {
            0 => return format!("{head}: it owns the key itself, 0 hops"),
            1 => "1 hop".to_owned(),
            hops => format!("{hops} hops"),
        };
        let is_chain = self.hops.windows(2).all(|pair| pair[0].1 == pair[1].0);
        let way = if is_chain {
            let nodes = self.hops.iter().map(|hop| name(hop.1));
            let nodes: Vec<String> = std::iter::once(name(self.from)).chain(nodes).collect();
            nodes.join(" → ")
        } else {
            let nodes: Vec<String> = self.hops.iter().map(|hop| name(hop.1)).collect();
            format!("it asks {}", nodes.join(", then "))
        };
        format!("{head}: {way}, {count}")
    }

    pub(crate) fn told(&self) -> String {
        self.told_with(|id| id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_told_in_one_sentence() {
        let told = |hops: &[(u64, u64)]| {
            let route = Route {
                from: 32,
                key: 120,
                hops: hops.to_vec(),
                owner: 124,
            };
            route.told()
        };
        let head = "lookup of key 120 from node 32";
        assert_eq!(told(&[]), format!("{head}: it owns the key itself, 0 hops"));
        assert_eq!(told(&[(32, 124)]), format!("{head}: 32 → 124, 1 hop"));
        assert_eq!(
            told(&[(32, 98), (98, 124)]),
            format!("{head}: 32 → 98 → 124, 2 hops")
        );
        assert_eq!(
            told(&[(32, 98), (32, 124)]),
            format!("{head}: it asks 98, then 124, 2 hops")
        );
    }
}
