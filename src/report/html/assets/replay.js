// The replay of requests on the ring: what #data-replay holds, played in #replay.
(() => {
  const holder = document.getElementById("data-replay");
  const part = document.getElementById("replay");
  if (!holder || !part) return;
  const data = JSON.parse(holder.textContent);
  const by = (name) => document.getElementById(`rp-${name}`);
  const words = replayWords;
  const { endOf, lasts, counted, ownerOf, courseAt, lastThing, tablesOf } = replayFrames;
  const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16, 32];
  // At speed 1: seconds for a message in slow motion, at most for all of them, for a request in true time, and for a whole run.
  const [MESSAGE_S, MESSAGES_S, REQUEST_S, RUN_S] = [1.2, 40, 10, 60];
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const rings = data.combinations.map(replayModel.ring);
  const now = {
    left: 0, right: -1, request: 0, position: 0, run: 0, scope: "request", time: "hops", speed: SPEEDS.indexOf(1), playing: false,
    chosen: "acting", pointed: null,
  };
  const panels = [];

  const shownRings = () => [now.left, now.right].filter((i) => i >= 0).map((i) => rings[i]);
  const requests = () => rings[now.left].combination.requests;
  const duration = () => Math.max(rings[now.left].combination.duration, 1e-9);
  const same = (a, b) => a.number === b.number && (a.kind === "lookup") === (b.kind === "lookup");
  const inRing = (ring, request) => ring.combination.requests.find((other) => same(request, other)) ?? null;
  const shown = () => {
    const request = requests()[now.request] ?? null;
    return shownRings().map((ring) => (request ? inRing(ring, request) : null));
  };
  // How far a request can be played: in messages, or in seconds.
  function length() {
    if (now.scope === "run") return duration();
    const all = shown().filter((request) => request !== null);
    const lengths = all.map((request) => (now.time === "hops" ? request.steps.length : lasts(request)));
    return Math.max(0, ...lengths);
  }
  const position = () => (now.scope === "run" ? now.run : now.position);

  // The moments at which a step forward or back stops.
  function stops() {
    if (now.scope === "run") return [0, ...shownRings().flatMap((ring) => ring.changes), duration()];
    if (now.time === "hops") return Array.from({ length: length() + 1 }, (_, i) => i);
    const all = shown().filter((request) => request !== null);
    return [0, ...all.flatMap((request) => request.steps.map((step) => replayModel.ends(step) - request.t))];
  }

  // --- what is seen ---

  function requestFrame(panel, ring, request) {
    if (!request) {
      const first = shown().find((other) => other !== null);
      panel.at(first ? first.t : 0);
      panel.progress(0, 0);
      panel.owner(null);
      panel.counter.textContent = first ? "this request is not recorded here" : "no request is recorded here";
      return { time: first ? first.t : 0, done: 0, request };
    }
    const all = request.steps.length;
    let [time, done] = [request.t + now.position, 0];
    if (now.time === "hops") {
      done = Math.min(Math.floor(now.position), all);
      const share = done < all ? now.position - done : 0;
      panel.progress(done, share);
      const step = request.steps[done];
      time = share > 0
        ? replayModel.begins(step) + share * (replayModel.ends(step) - replayModel.begins(step))
        : endOf(request, done);
    } else done = panel.inTime(time + 1e-9);
    panel.at(time);
    panel.owner(ownerOf(ring, request, time));
    panel.counter.textContent = counted(request, done, time);
    return { time, done, request };
  }

  function runFrame(panel, ring) {
    const glow = duration() / 24;
    const all = ring.combination.requests;
    const recent = all.filter((request) => request.t <= now.run && request.t > now.run - glow);
    panel.at(now.run);
    panel.progress(0, 0);
    panel.mark(false);
    panel.glow(recent.map((request) => [request, 1 - (now.run - request.t) / glow]));
    const course = courseAt(ring, now.run);
    const health = !course || course[2] === null ? "" : course[2] === 1 ? " · ring in order" : " · ring not in order";
    panel.counter.textContent = course ? `${words.count(course[1], "member")}${health}` : "";
    return { time: now.run, done: 0, request: null };
  }

  function sentence(ring, { request, done }) {
    if (now.scope === "run") return lastThing(ring, now.run);
    if (!request) return "";
    if (done === 0) return words.begin(ring, request);
    const last = words.step(ring, request, request.steps[done - 1]);
    return done < request.steps.length ? last : `${last} ${words.end(request)}`;
  }

  function draw() {
    const all = shown();
    const frames = panels.map((panel, i) => (now.scope === "run" ? runFrame(panel, panel.ring) : requestFrame(panel, panel.ring, all[i])));
    if (now.scope !== "run") {
      panels.forEach((panel) => {
        panel.glow([]);
        panel.mark(true);
      });
    }
    const told = frames.map((frame, i) => sentence(panels[i].ring, frame));
    say(told.length > 1 && told[1] !== "" && told[0] !== told[1] ? `Left: ${told[0]} Right: ${told[1]}` : told[0]);
    frames.forEach((frame, i) => knowledge(panels[i], frame));
    tellTables(frames);
    sliders(frames);
    rows(frames);
  }

  function knowledge(panel, { time, done, request }) {
    const acting = request?.steps[Math.min(done, request.steps.length - 1)]?.[1];
    const chosen = now.chosen === "acting" || now.chosen === "none" ? null : panel.ring.node(now.chosen);
    const pointed = now.pointed === null ? null : panel.ring.node(now.pointed);
    const byItself = now.chosen === "acting" && acting !== undefined ? panel.ring.nodes[acting] : null;
    const node = pointed ?? chosen ?? byItself;
    panel.know(node ?? null, time, node !== null);
  }

  function tellTables(frames) {
    const isChosen = now.chosen !== "acting" && now.chosen !== "none";
    by("tables").hidden = !isChosen;
    if (!isChosen) return;
    const lines = panels.map((panel, i) => {
      const node = panel.ring.node(now.chosen);
      return node ? `${panels.length > 1 ? `${panel.caption.textContent}: ` : ""}${tablesOf(panel.ring, node, frames[i].time)}` : "";
    });
    const text = lines.join("\n");
    if (by("tables").dataset.text === text) return;
    by("tables").dataset.text = text;
    by("tables").replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  }

  function say(text) {
    if (by("say").textContent !== text) by("say").textContent = text;
  }

  function sliders(frames) {
    const request = shown().find((other) => other !== null) ?? null;
    now.run = now.scope === "run" ? now.run : Math.max(0, Math.min(frames[0].time, duration()));
    const [at, run] = [by("at"), by("run")];
    at.disabled = request === null;
    const longest = now.scope === "run" ? Number(at.max) : length();
    at.max = String(longest);
    at.step = now.time === "hops" ? "1" : String(Math.max(longest / 500, 1e-9));
    at.value = String(now.time === "hops" ? Math.floor(now.position) : now.position);
    const saysAt = now.time === "hops" ? `${Math.floor(now.position)} of ${words.count(longest, "message")}` : words.ms(now.position * 1000);
    by("at-says").textContent = saysAt;
    at.setAttribute("aria-valuetext", saysAt);
    run.max = String(duration());
    run.step = String(duration() / 1000);
    run.value = String(now.run);
    const course = courseAt(rings[now.left], now.run);
    const saysRun = `${words.seconds(now.run)} of ${words.seconds(duration())}`;
    by("run-says").textContent = saysRun;
    run.setAttribute("aria-valuetext", course ? `${saysRun}, ${words.count(course[1], "member")}` : saysRun);
    by("play-word").textContent = now.playing ? "Pause" : "Play";
    by("play-sign").setAttribute("d", now.playing ? "M6 4h4v16H6zM14 4h4v16h-4z" : "M6 4v16l14-8z");
    by("speed").textContent = `${SPEEDS[now.speed]}×`;
    by("slower").disabled = now.speed === 0;
    by("faster").disabled = now.speed === SPEEDS.length - 1;
    by("previous").disabled = now.request === 0;
    by("next").disabled = now.request >= requests().length - 1;
  }

  function rows(frames) {
    frames.forEach(({ done }, i) => {
      const table = by("ways").children[i];
      const [old, row] = [table?.querySelector("[aria-current]"), now.scope === "run" ? null : table?.tBodies[0].rows[done]];
      if (old === row) return;
      old?.removeAttribute("aria-current");
      row?.setAttribute("aria-current", "step");
      if (row && now.playing) by("ways").scrollTop = row.offsetTop - by("ways").clientHeight / 2;
    });
  }

  // --- what is built anew with each choice ---

  const cell = (name, text, className = "") => Object.assign(document.createElement(name), { textContent: text, className });

  function ways() {
    const tables = shown().map((request, i) => {
      const table = document.createElement("table");
      const ring = panels[i].ring;
      table.append(cell("caption", panels.length > 1 || !request ? panels[i].caption.textContent : words.title(request)));
      const head = table.createTHead().insertRow();
      for (const [text, name] of [["#", ""], ["ms", "rp-ms"], ["what happens", ""]]) {
        head.append(Object.assign(cell("th", text, name), { scope: "col" }));
      }
      const body = table.createTBody();
      const add = (number, ms, text) => body.insertRow().append(cell("td", number), cell("td", ms, "rp-ms"), cell("td", text));
      if (request) {
        add("0", "0", words.begin(ring, request));
        request.steps.forEach((step, k) => {
          const isLast = k === request.steps.length - 1;
          const text = words.step(ring, request, step);
          add(String(k + 1), words.number((step[0] - request.t) * 1000), isLast ? `${text} ${words.end(request)}` : text);
        });
      } else add("", "", "This request is not recorded here.");
      body.addEventListener("click", (event) => {
        const row = event.target.closest("tr");
        if (row && now.time === "hops") seek("request", row.sectionRowIndex);
      });
      return table;
    });
    by("ways").replaceChildren(...tables);
  }

  function ticks() {
    const svg = by("ticks");
    svg.replaceChildren();
    const longest = now.scope === "run" ? 0 : length();
    const all = longest > 0 && now.scope === "request" ? stops() : [];
    if (all.length > 120) return;
    for (const stop of all) replayRing.make("path", { d: `M${((stop / longest) * 1000).toFixed(1)} 4V16`, class: "rp-tick" }, svg);
  }

  const options = (select, list) => select.replaceChildren(...list.map(([value, text]) => new Option(text, value)));

  function build() {
    panels.length = 0;
    by("rings").replaceChildren();
    for (const ring of shownRings()) {
      const panel = new replayRing.Panel(by("rings"), (node, isChosen) => point(node, isChosen));
      panel.ring = ring;
      panel.caption.textContent = ring.combination.label || "the run";
      panels.push(panel);
    }
    const right = now.right < 0 ? null : rings[now.right];
    options(by("request"), requests().map((request, i) => {
      const alone = right && !inRing(right, request) ? " (left only)" : "";
      return [String(i), `${words.title(request)}${alone}`];
    }));
    const nodes = rings[now.left].inOrder.filter((node) => node.shown);
    options(by("node"), [["acting", "the node that acts"], ["none", "no node"], ...nodes.map((node) => [node.id, `node ${node.name}`])]);
    by("node").value = now.chosen;
    if (by("node").selectedIndex < 0) by("node").value = now.chosen = "acting";
    options(by("beside"), [["-1", "nothing"], ...rings.map((ring, i) => [String(i), ring.combination.label]).filter(([i]) => Number(i) !== now.left)]);
    by("combination").value = String(now.left);
    by("beside").value = String(now.right);
    choose(now.request);
  }

  function choose(request) {
    now.request = Math.max(0, Math.min(request, requests().length - 1));
    now.position = 0;
    by("request").value = String(now.request);
    const all = shown();
    panels.forEach((panel, i) => {
      panel.show(panel.ring, all[i]);
      const title = all[i] ? words.title(all[i]) : "no request";
      panel.svg.setAttribute("aria-label", `Ring, ${panel.caption.textContent}: ${title}. What happens is told in the table “The way in words”.`);
    });
    ways();
    replayFrames.course(by("course"), { ...rings[now.left].combination, duration: duration() });
    ticks();
    draw();
  }

  // The combination beside, and the request to begin with: one that both have, with some hops to see.
  function begin() {
    options(by("combination"), rings.map((ring, i) => [String(i), ring.combination.label]));
    by("combination").closest("label").hidden = rings.length < 2;
    by("beside").closest("label").hidden = rings.length < 2;
    const isShared = (request) => rings[1] && inRing(rings[1], request);
    now.right = requests().some(isShared) ? 1 : -1;
    const telling = requests().map((request, i) => [request, i]).filter(([request]) => (now.right < 0 || isShared(request)) && request.steps.length <= 60);
    const best = telling.reduce((most, next) => ((next[0].hops ?? 0) > (most?.[0].hops ?? -1) ? next : most), null);
    now.request = best ? best[1] : 0;
    about();
    build();
  }

  function about() {
    const parts = ["One request of the first repetition, message by message; acknowledgements are left out."];
    const { ring } = rings[0].combination;
    const seen = ring.nodes.filter((node) => node[3] === 1).length;
    if (ring.members > seen) parts.push(`The ring has up to ${ring.members} members; ${seen} are shown, and those that the request passes.`);
    if (!rings.some((it) => it.combination.ring.recorded)) {
      parts.push("What nodes know was not recorded: run again with --set output.replay=true to see fingers, and joins and crashes as they happen.");
    }
    if (data.all_combinations > rings.length) parts.push(`${rings.length} of ${data.all_combinations} combinations are shown.`);
    by("about").textContent = parts.join(" ");
  }

  // --- what is done ---

  function seek(scope, to) {
    const isOther = now.scope !== scope;
    now.scope = scope;
    by("scope").value = scope;
    const most = length();
    const at = Math.max(0, Math.min(to, most));
    if (scope === "run") now.run = at;
    else now.position = at;
    if (isOther) ticks();
    draw();
  }

  const stop = () => {
    now.playing = false;
  };

  function step(forward) {
    stop();
    const at = position();
    const all = stops().sort((a, b) => a - b);
    const near = 1e-7;
    const to = forward ? all.find((it) => it > at + near) : all.findLast((it) => it < at - near);
    seek(now.scope, to ?? at);
  }

  let before = 0;
  function play() {
    now.playing = !now.playing;
    if (now.playing && position() >= length() - 1e-9) seek(now.scope, 0);
    before = performance.now();
    if (now.playing) requestAnimationFrame(tick);
    draw();
  }

  function tick(at) {
    if (!now.playing) return;
    const passed = Math.max(0, at - before) / 1000;
    const speed = SPEEDS[now.speed];
    const pace = now.scope === "run" ? duration() / RUN_S : now.time === "hops" ? Math.max(1 / MESSAGE_S, length() / MESSAGES_S) : length() / REQUEST_S;
    // Who wants no motion sees step after step.
    const beat = now.time === "hops" && now.scope === "request" ? 1 / pace / speed : 1;
    if (!calm.matches || passed >= beat) {
      before = at;
      const whole = calm.matches && now.scope === "request" && now.time === "hops";
      seek(now.scope, whole ? Math.floor(position()) + 1 : position() + passed * pace * speed);
    }
    if (position() >= length()) {
      stop();
      draw();
    } else requestAnimationFrame(tick);
  }

  function point(node, isChosen) {
    if (isChosen) {
      now.chosen = node && now.chosen !== node.id ? node.id : "acting";
      by("node").value = now.chosen;
      if (by("node").selectedIndex < 0) by("node").append(new Option(`node ${node.name}`, node.id, false, true));
    } else if ((node?.id ?? null) === now.pointed) return;
    else now.pointed = node?.id ?? null;
    draw();
  }

  function alongTheRing(forward) {
    const nodes = rings[now.left].inOrder.filter((node) => node.shown);
    const i = nodes.findIndex((node) => node.id === now.chosen);
    const next = i < 0 ? (forward ? 0 : nodes.length - 1) : (i + (forward ? 1 : -1) + nodes.length) % nodes.length;
    now.chosen = nodes[next]?.id ?? "acting";
    by("node").value = now.chosen;
    draw();
    if (nodes[next]) say(by("tables").textContent);
  }

  const faster = (places) => {
    now.speed = Math.max(0, Math.min(now.speed + places, SPEEDS.length - 1));
    draw();
  };

  const DEEDS = {
    " ": play, ArrowLeft: () => step(false), ArrowRight: () => step(true), Home: () => seek(now.scope, 0), End: () => seek(now.scope, length()),
    "-": () => faster(-1), "−": () => faster(-1), "+": () => faster(1), "=": () => faster(1),
    p: () => choose(now.request - 1), n: () => choose(now.request + 1),
    ArrowUp: () => alongTheRing(false), ArrowDown: () => alongTheRing(true),
    Escape: () => point(null, true),
  };

  by("play").addEventListener("click", play);
  by("step").addEventListener("click", () => step(true));
  by("back").addEventListener("click", () => step(false));
  by("slower").addEventListener("click", () => faster(-1));
  by("faster").addEventListener("click", () => faster(1));
  by("previous").addEventListener("click", () => choose(now.request - 1));
  by("next").addEventListener("click", () => choose(now.request + 1));
  by("request").addEventListener("change", (event) => {
    now.scope = by("scope").value = "request";
    choose(Number(event.target.value));
  });
  by("combination").addEventListener("change", (event) => change(Number(event.target.value), now.right));
  by("beside").addEventListener("change", (event) => change(now.left, Number(event.target.value)));
  by("node").addEventListener("change", (event) => {
    now.chosen = event.target.value;
    draw();
  });
  by("scope").addEventListener("change", (event) => {
    stop();
    seek(event.target.value, event.target.value === "run" ? now.run : now.position);
  });
  by("time").addEventListener("change", (event) => {
    now.time = event.target.value;
    now.position = 0;
    seek("request", 0);
    ticks();
  });
  by("at").addEventListener("input", (event) => {
    stop();
    seek("request", Number(event.target.value));
  });
  by("run").addEventListener("input", (event) => {
    stop();
    seek("run", Number(event.target.value));
  });

  // Another choice of rings: the same request, if it is there.
  function change(left, right) {
    const request = requests()[now.request] ?? null;
    [now.left, now.right] = [left, right === left ? -1 : right];
    const same = request ? requests().indexOf(inRing(rings[left], request)) : 0;
    now.request = Math.max(0, same);
    build();
  }

  part.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("select")) return;
    if (target.closest("button, summary") && [" ", "Enter"].includes(key)) return;
    if (target.closest("input") && ![" ", "p", "n", "P", "N", "+", "-", "=", "−", "Escape"].includes(key)) return;
    const deed = DEEDS[key.length === 1 ? key.toLowerCase() : key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });

  let kept = null;
  window.addEventListener("beforeprint", () => {
    kept = [now.scope, now.time, now.position];
    stop();
    now.time = "hops";
    now.scope = "request";
    seek("request", length());
  });
  window.addEventListener("afterprint", () => {
    if (!kept) return;
    [now.scope, now.time, now.position] = kept;
    by("scope").value = now.scope;
    draw();
  });

  replayLegend(by("ring-legend"), by("course-legend"));
  document.getElementById("rp").hidden = false;
  begin();
})();
