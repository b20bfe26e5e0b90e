// What the replay knows: nodes, when they are there, and what they know of each other at a moment.
const replayModel = (() => {
  const GONE = new Set(["leave", "crash"]);
  const ENTRIES = ["predecessor", "successor", "finger"];
  const CLEAR = 3;

  const short = (id) => (id.length <= 10 ? id : `${id.slice(0, 4)}…${id.slice(-4)}`);

  function ring(combination) {
    const space = 2n ** BigInt(combination.bits);
    const share = (id) => Number((BigInt(id) * 1000000n) / space) / 1e6;
    const nodes = combination.ring.nodes.map(([number, id, selfish, shown, lives], place) => ({
      place, number, id, name: short(id), share: id === "" ? 0 : share(id),
      selfish: selfish === 1, shown: shown === 1, lives, changes: [],
    }));
    for (const change of combination.ring.known) nodes[change[1]].changes.push(change);
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const inOrder = nodes.filter((node) => node.id !== "").sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));

    // Where a node is at a moment: member, joining, leave, crash, or nothing if it has not come yet.
    function state(node, at) {
      let state = node.lives.length === 0 ? "member" : "";
      for (const [time, what] of node.lives) {
        if (time > at) break;
        state = what === "lost" ? "joining" : what;
      }
      return state;
    }

    // What a node knows at a moment.
    function tables(node, at) {
      const known = { predecessor: null, successors: [], fingers: [], any: false };
      for (const [time, , entry, first, last, to] of node.changes) {
        if (time > at) break;
        const target = to < 0 ? null : nodes[to];
        if (entry === CLEAR) Object.assign(known, { predecessor: null, successors: [], fingers: [], any: false });
        else {
          known.any = true;
          if (ENTRIES[entry] === "predecessor") known.predecessor = target;
          const list = ENTRIES[entry] === "successor" ? known.successors : known.fingers;
          const shift = ENTRIES[entry] === "successor" ? 1 : 0;
          if (entry > 0) for (let i = first; i <= last; i++) list[i - shift] = target;
        }
      }
      while (known.successors.length > 0 && !known.successors.at(-1)) known.successors.pop();
      return known;
    }

    // Whether a place lies behind `from` and not behind `to`.
    function within(place, from, to) {
      const [p, a, b] = [place, from, to].map(BigInt);
      const behind = (x) => (x - a + space) % space;
      return behind(p) !== 0n && behind(p) <= (behind(b) === 0n ? space : behind(b));
    }

    return {
      combination, nodes, inOrder, state, tables, within, share,
      node: (id) => byId.get(id),
      start: (node, i) => String((BigInt(node.id) + 2n ** BigInt(i)) % space),
      changes: [...new Set([
        ...nodes.flatMap((node) => node.lives.map(([time]) => time)),
        ...combination.ring.known.map(([time]) => time),
        ...combination.requests.map((request) => request.t),
      ])].sort((a, b) => a - b),
    };
  }

  // When a step begins and ends.
  const begins = (step) => (step[3] === "timeout" ? step[0] - (step[4] ?? 0) / 1000 : step[0]);
  const ends = (step) => (step[3] === "timeout" ? step[0] : step[0] + (step[4] ?? 0) / 1000);

  return { ring, short, begins, ends, GONE };
})();
