// What happens, in words.
const replayWords = (() => {
  const number = (value, digits = 1) => Number(value.toFixed(digits)).toLocaleString("en");
  const ms = (value) => (value >= 10000 ? `${number(value / 1000)} s` : `${number(value)} ms`);
  const seconds = (value) => `${number(value, value < 100 ? 2 : 1)} s`;
  const count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;

  const ends = (request) => ({
    lookup: "lookup", put: "put", get: "get",
  }[request.kind] ?? "request");

  const key = (request) => {
    if (request.key === null) return "its key";
    const place = replayModel.short(request.key);
    return request.label ? `“${request.label}” (${place})` : `key ${place}`;
  };

  // How a node knows another one.
  function acquaintance(ring, from, to, at) {
    const known = ring.tables(from, at);
    if (!known.any) return "";
    const fingers = known.fingers.flatMap((node, i) => (node === to ? [i] : []));
    const successor = known.successors.indexOf(to);
    if (successor === 0) return "its successor";
    if (fingers.length > 0) return `its finger ${fingers.at(-1)}`;
    if (successor > 0) return `number ${successor + 1} of its successor list`;
    return known.predecessor === to ? "its predecessor" : "";
  }

  // Why a node takes another one for the next.
  function reason(ring, request, from, to, at) {
    const known = acquaintance(ring, from, to, at);
    const by = known === "" ? "" : `, ${known}`;
    if (request.key === null) return by;
    if (ring.within(request.key, from.id, to.id)) {
      return `${by}: ${key(request)} lies between the two, so ${to.name} should own it`;
    }
    return ring.within(to.id, from.id, request.key) ? `${by}: that is closer to ${key(request)}` : by;
  }

  const DEEDS = {
    answer: (a, b) => `${a} answers ${b}: it owns the key`,
    referral: (a, b) => `${a} tells ${b} which node to ask next`,
    "dead-end": (a, b) => `${a} tells ${b} that it knows no next node`,
    "owner-silent": (a, b) => `${a} tells ${b} that the owner does not answer`,
    "who-keeps": (a, b) => `${a} asks ${b} which nodes keep the copies`,
    keepers: (a, b) => `${a} names the keepers to ${b}`,
    "find-place": (a, b) => `${a} asks ${b} whether it owns the place of a copy`,
    "owns-place": (a, b) => `${a} tells ${b} that it owns the place`,
    closer: (a, b) => `${a} names closer nodes to ${b}`,
    put: (a, b) => (a === b ? `${a} keeps the value itself` : `${a} sends the value to ${b}`),
    kept: (a, b) => (a === b ? `${a} has it` : `${a} tells ${b} that it keeps the value`),
    get: (a, b) => (a === b ? `${a} looks for its own copy` : `${a} asks ${b} for the value`),
    value: (a, b) => (a === b ? `${a} has looked` : `${a} gives ${b} what it has`),
    declined: (a, b) => `${a} declines what ${b} asked of it`,
    refuse: (a) => `${a} is selfish and drops what it was asked`,
    misroute: (a) => `${a} is selfish and names the wrong owner`,
  };

  // A step in a sentence.
  function step(ring, request, [time, from, to, event, latency, hop]) {
    const [a, b] = [ring.nodes[from], ring.nodes[to]];
    const lost = latency === null && from !== to ? " The message is lost." : "";
    if (event === "forward") {
      return `Hop ${hop}: ${a.name} passes it on to ${b.name}${reason(ring, request, a, b, time)}.${lost}`;
    }
    if (event === "ask") return `Hop ${hop}: it asks ${b.name}${reason(ring, request, a, b, time)}.${lost}`;
    if (event === "timeout") {
      const dead = replayModel.GONE.has(ring.state(b, time)) ? `: ${b.name} is gone` : "";
      return `${a.name} has waited ${latency === null ? "" : `${ms(latency)} `}for ${b.name} in vain${dead}.`;
    }
    return `${(DEEDS[event] ?? ((x, y) => `${event}: ${x} to ${y}`))(a.name, b.name)}.${lost}`;
  }

  const REASONS = {
    timeout: "no answer came in time", dropped: "a selfish peer dropped it", "asker-gone": "the node that asked went",
    "nobody-left": "nobody was left to ask", shunned: "the node that asked thinks ill of all it could ask",
    "no-quorum": "too few of the keepers answered", "not-there": "none of the nodes asked had a copy",
  };
  const OUTCOMES = {
    ok: "the answer is right", wrong: "the answer is wrong", stored: "it is stored", partial: "it is stored in part",
    found: "it is found", stale: "an old value is found", missing: "nothing was ever put there", lost: "the value is lost",
  };

  // How a request ended.
  function end(request) {
    const outcome = request.outcome === "failed"
      ? `It fails: ${REASONS[request.reason] ?? request.reason}`
      : `It is over: ${OUTCOMES[request.outcome] ?? (request.outcome || "that is all that was recorded")}`;
    const hops = request.hops === null ? "" : `, ${count(request.hops, "hop")}`;
    const cut = request.cut ? "Further messages are left out here. " : "";
    return `${cut}${outcome}${hops}${request.latency_ms === null ? "" : `, ${ms(request.latency_ms)}`}.`;
  }

  const begin = (ring, request) => {
    const asker = request.steps.length > 0 ? ring.nodes[request.steps[0][1]].name : "Nobody";
    const doing = { put: "puts", get: "gets" }[request.kind] ?? "looks up";
    return `At ${seconds(request.t)}, ${asker} ${doing} ${key(request)}.`;
  };

  const title = (request) => {
    const parts = [`${ends(request)} ${request.number}`, key(request), seconds(request.t)];
    if (request.hops !== null) parts.push(count(request.hops, "hop"));
    if (!["ok", "stored", "found", ""].includes(request.outcome)) parts.push(request.reason || request.outcome);
    else if (request.timeouts > 0) parts.push(count(request.timeouts, "timeout"));
    return parts.join(" · ");
  };

  const LIVES = {
    joining: "comes up and is going to join", member: "is on the ring", lost: "has lost the others and joins again",
    leave: "says goodbye and leaves", crash: "crashes",
  };
  const life = (node, what) => `${node.name} ${LIVES[what] ?? what}`;

  return { step, end, begin, title, key, life, ms, seconds, count, number };
})();
