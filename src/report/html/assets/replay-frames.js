// What is said and drawn of a request, a node or a run at one moment.
const replayFrames = (() => {
  const words = replayWords;

  const endOf = (request, done) => request.steps.slice(0, done).reduce((end, step) => Math.max(end, replayModel.ends(step)), request.t);
  const lasts = (request) => endOf(request, request.steps.length) - request.t;


  // How far a request is: hops, time and messages.
  function counted(request, done, time) {
    const passed = request.steps.slice(0, done).filter((step) => ["forward", "ask"].includes(step[3]));
    const isOver = done === request.steps.length;
    const hops = isOver && request.hops !== null ? request.hops : Math.max(0, ...passed.map((step) => step[5]));
    const spent = isOver && request.latency_ms !== null ? request.latency_ms : Math.min((time - request.t), lasts(request)) * 1000;
    const messages = request.steps.slice(0, done).filter((step) => step[1] !== step[2] && step[3] !== "timeout").length;
    const outcome = isOver && request.outcome !== "" ? ` · ${request.outcome}` : "";
    return `${words.count(hops, "hop")} · ${words.ms(Math.max(spent, 0))} · ${words.count(messages, "message")}${outcome}`;
  }

  // Who owns the key: as `lookups.csv` says, or where all nodes are known the first member at or behind it.
  function ownerOf(ring, request, time) {
    if (request.owner) return ring.node(request.owner) ?? null;
    if (request.key === null || ring.combination.ring.members > ring.nodes.length) return null;
    const members = ring.inOrder.filter((node) => ring.state(node, time) === "member");
    return members.find((node) => BigInt(node.id) >= BigInt(request.key)) ?? members[0] ?? null;
  }

  // How the ring is at a moment.
  const courseAt = (ring, at) => {
    const { course } = ring.combination.ring;
    return course.findLast((row) => row[0] <= at) ?? course[0] ?? null;
  };

  // What has happened last in a run.
  function lastThing(ring, now) {
    const happened = ring.nodes.flatMap((node) => node.lives.map(([time, what]) => [time, words.life(node, what)]));
    const begun = ring.combination.requests.map((request) => [request.t, `${words.title(request)}`]);
    const faults = ring.combination.faults.map(([time, what]) => [time, what]);
    const past = [...happened, ...begun, ...faults].filter(([time]) => time > 0 && time <= now);
    const last = past.reduce((latest, thing) => (thing[0] >= (latest?.[0] ?? 0) ? thing : latest), null);
    return last ? `${words.seconds(now)}. Last, at ${words.seconds(last[0])}: ${last[1]}.` : `${words.seconds(now)}.`;
  }

  // What a node knows, in words.
  function tablesOf(ring, node, time) {
    const known = ring.tables(node, time);
    const state = ring.state(node, time);
    const name = `Node ${node.name}${node.selfish ? " (selfish)" : ""} at ${words.seconds(time)}`;
    if (state !== "member") return `${name}: ${{ joining: "is joining", leave: "has left", crash: "has crashed" }[state] ?? "is not there"}.`;
    if (!known.any) return `${name}: what it knows is not recorded.`;
    const fingers = [];
    known.fingers.forEach((to, i) => {
      if (fingers.at(-1)?.to === to) fingers.at(-1).last = i;
      else fingers.push({ to, first: i, last: i });
    });
    const called = fingers.filter(({ to }) => to).map(({ to, first, last }) => `${first === last ? first : `${first}–${last}`}: ${to.name}`);
    const until = ring.combination.ring.cut;
    const stands = until !== null && time > until ? ` What nodes know is recorded up to ${words.seconds(until)}.` : "";
    return `${name}: predecessor ${known.predecessor?.name ?? "unknown"}; successors ${known.successors.map((to) => to?.name ?? "–").join(", ") || "none"}`
      + `${called.length > 0 ? `; fingers ${called.join(", ")}` : ""}.${stands}`;
  }

  // How the ring is in the course of a run, into `svg`.
  function course(svg, { ring, requests, faults, duration: end }) {
    svg.replaceChildren();
    const put = (name, attributes) => replayRing.make(name, attributes, svg);
    const at = (time) => ((time / end) * 1000).toFixed(1);
    const most = Math.max(1, ring.members);
    const line = (column) => ring.course.filter((row) => row[column] !== null)
      .map((row, i) => `${i === 0 ? "M" : "L"}${at(row[0])} ${(58 - row[column] * 54).toFixed(1)}`).join("");
    if (ring.course.length > 0) {
      const members = ring.course.map((row) => `L${at(row[0])} ${(58 - (row[1] / most) * 54).toFixed(1)}`).join("");
      put("path", { d: `M0 60L0 ${(58 - (ring.course[0][1] / most) * 54).toFixed(1)}${members}L1000 60z`, class: "rp-members" });
      ring.course.forEach((row, i) => {
        const from = i === 0 ? 0 : ring.course[i - 1][0];
        if (row[2] === 0) put("rect", { x: at(from), y: 0, width: ((row[0] - from) / end) * 1000, height: 60, class: "rp-broken" });
      });
      for (const [column, name] of [[5, "rp-success"], [3, "rp-wrong"], [4, "rp-dead"]]) put("path", { d: line(column), class: name });
    }
    for (const [time] of faults) put("path", { d: `M${at(time)} 0V60`, class: "rp-strike" });
    for (const request of requests) put("path", { d: `M${at(request.t)} 60V54`, class: "rp-told" });
  }

  return { endOf, lasts, counted, ownerOf, courseAt, lastThing, tablesOf, course };
})();
