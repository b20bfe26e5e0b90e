// Draws a ring: nodes at their identifiers, a request as chords, and the tables of a node.
const replayRing = (() => {
  const RADIUS = 100;
  const LABELS_MAX = 24;
  const LEGS_NUMBERED_MAX = 40;
  // Names that stand closer than this share of the ring would lie over each other.
  const NAMES_APART = 0.035;
  // An arrow or a number needs a way of this length.
  const ARROW_MIN = 12;
  const [x, y] = [(share, r) => r * Math.sin(2 * Math.PI * share), (share, r) => -r * Math.cos(2 * Math.PI * share)];
  const at = (share, r = RADIUS) => `${x(share, r).toFixed(2)} ${y(share, r).toFixed(2)}`;

  function make(name, attributes = {}, parent = null, text = null) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== null) element.textContent = text;
    parent?.append(element);
    return element;
  }

  // A chord that is bent towards the middle; `lane` keeps chords between the same nodes apart.
  function chord(from, to, lane = 0) {
    const [x1, y1, x2, y2] = [x(from.share, RADIUS), y(from.share, RADIUS), x(to.share, RADIUS), y(to.share, RADIUS)];
    const length = Math.hypot(x2 - x1, y2 - y1);
    if (length < 0.5) return `M${at(from.share)}l0.1 0.1`;
    const bend = 0.16 + lane * 0.12;
    const [mx, my] = [(x1 + x2) / 2, (y1 + y2) / 2];
    // To the right of the way: there and back are two chords.
    const [nx, ny] = [-(y2 - y1) / length, (x2 - x1) / length];
    return `M${x1.toFixed(2)} ${y1.toFixed(2)}Q${(mx * 0.85 + nx * length * bend * 0.6).toFixed(2)} `
      + `${(my * 0.85 + ny * length * bend * 0.6).toFixed(2)} ${x2.toFixed(2)} ${y2.toFixed(2)}`;
  }

  const SHAPES = {
    circle: (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
    square: (r) => `M${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
    barred: (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0zM${-r * 0.6} 0H${r * 0.6}`,
    cross: (r) => `M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}`,
  };

  const SORTS = {
    forward: "on", ask: "on", "who-keeps": "on", "find-place": "on", put: "on", get: "on",
    timeout: "vain", refuse: "bad", misroute: "bad", "dead-end": "bad", "owner-silent": "bad", declined: "bad",
  };
  const sort = (event) => SORTS[event] ?? "back";

  class Panel {
    // A figure in `parent`. `heed` is told of the node that is pointed at, or chosen.
    constructor(parent, heed) {
      this.figure = document.createElement("figure");
      this.figure.className = "rp-ring";
      this.caption = document.createElement("figcaption");
      this.svg = make("svg", { viewBox: "-162 -140 324 280", role: "img", tabindex: "0" });
      this.counter = document.createElement("p");
      this.counter.className = "rp-counter";
      this.figure.append(this.caption, this.svg, this.counter);
      parent.append(this.figure);
      const pointed = (event) => this.nodes?.[Number(event.target.closest?.("[data-place]")?.dataset.place)] ?? null;
      this.svg.addEventListener("pointermove", (event) => {
        if (event.pointerType === "mouse") heed(pointed(event), false);
      });
      this.svg.addEventListener("pointerleave", () => heed(null, false));
      this.svg.addEventListener("click", (event) => heed(pointed(event), true));
    }

    // Another ring, another request.
    show(ring, request) {
      this.ring = ring;
      this.nodes = ring.nodes;
      this.request = request;
      this.svg.replaceChildren();
      const passed = new Set((request?.steps ?? []).flatMap((step) => [step[1], step[2]]));
      const shown = ring.inOrder.filter((node) => node.shown || passed.has(node.place));
      this.isCrowded = shown.length > 40;
      this.size = shown.length > 128 ? 1.9 : shown.length > 40 ? 2.8 : 4.6;
      const labels = shown.length <= LABELS_MAX;
      make("circle", { r: RADIUS, class: "rp-line" }, this.svg);
      this.tables = make("g", { class: "rp-known" }, this.svg);
      this.legs = make("g", {}, this.svg);
      this.marks = make("g", {}, this.svg);
      this.dots = new Map();
      this.lastName = null;
      const layer = make("g", {}, this.svg);
      this.svg.dataset.names = labels && shown.length > 12 ? "small" : "large";
      const named = labels ? shown : [...passed].map((place) => ring.nodes[place]);
      this.named = this.#apart(named.filter((node) => node.id !== ""), request, labels);
      for (const node of shown) this.#dot(layer, node, labels);
      this.extra = make("g", {}, this.svg);
      this.signs = make("g", {}, this.svg);
      this.moving = make("path", { d: SHAPES.circle(4), class: "rp-moving", visibility: "hidden" }, this.svg);
      if (request?.key != null) this.#mark(request);
      this.steps = (request?.steps ?? []).map((step, i) => this.#leg(step, i));
      this.owned = null;
    }

    // Those whose names find room, in the order in which they are given; on a small ring that is all of them.
    #apart(nodes, request, all) {
      const distance = (a, b) => Math.min(Math.abs(a - b), 1 - Math.abs(a - b));
      const taken = all || request?.key == null ? [] : [this.ring.share(request.key)];
      return new Set(nodes.filter(({ share }) => {
        const isFree = all || taken.every((other) => distance(other, share) >= NAMES_APART);
        if (isFree) taken.push(share);
        return isFree;
      }));
    }

    #dot(layer, node, inFull) {
      const group = make("g", { transform: `translate(${at(node.share)})`, "data-place": node.place }, layer);
      make("path", { d: SHAPES.circle(Math.max(this.size + 2, 6)), class: "rp-reach" }, group);
      const path = make("path", { class: "rp-node" }, group);
      make("title", {}, group, `node ${node.id}`);
      if (this.named.has(node)) {
        const away = this.#distance(node);
        const [dx, dy] = [x(node.share, away), y(node.share, away)];
        const anchor = dx > 4 ? "start" : dx < -4 ? "end" : "middle";
        make("text", { x: dx.toFixed(1), y: (dy + 3.5).toFixed(1), "text-anchor": anchor, class: "rp-name" }, group, inFull || node.id.length <= 6 ? node.name : `${node.id.slice(0, 4)}…`);
      }
      this.dots.set(node.place, { group, path, node, state: null });
    }

    // How far from its node a name stands: nodes that are close to each other take turns.
    #distance(node) {
      const isFlat = Math.abs(x(node.share, 1)) < 0.6;
      const isNear = this.lastName !== null && node.share - this.lastName.share < (isFlat ? 0.045 : 0.016);
      const away = isNear && this.lastName.away === 11 ? (isFlat ? 21 : 34) : 11;
      this.lastName = { share: node.share, away };
      return away;
    }

    #mark(request) {
      const share = this.ring.share(request.key);
      const turn = (share * 360).toFixed(1);
      make("path", { d: "M0 -101l-5 -9h10z", class: "rp-key", transform: `rotate(${turn})` }, this.marks);
      const name = request.label || `key ${replayModel.short(request.key)}`;
      const isNear = [...this.named].some((node) => Math.abs(node.share - share) < NAMES_APART);
      // Inside the ring where a node has its name outside, or the text would not fit.
      const isInside = isNear || (Math.abs(x(share, 1)) > 0.5 && name.length > 8);
      const [dx, dy] = [x(share, isInside ? 90 : 118), y(share, isInside ? 90 : 118)];
      const side = Math.abs(dx) <= 50 ? "middle" : (dx > 0) === isInside ? "end" : "start";
      const place = { x: dx.toFixed(1), y: (dy + 3).toFixed(1), "text-anchor": side, class: "rp-key-name" };
      const short = name.length > 16 ? `${name.slice(0, 15)}…` : name;
      make("text", place, this.marks, short);
    }

    #leg(step, i) {
      const [from, to] = [this.nodes[step[1]], this.nodes[step[2]]];
      const isOwn = from === to;
      const group = make("g", { class: `rp-leg rp-${sort(step[3])}`, "data-step": i }, isOwn ? this.signs : this.legs);
      if (isOwn) {
        const shape = sort(step[3]) === "bad" ? SHAPES.barred(this.size + 4) : SHAPES.circle(this.size + 2);
        make("path", { d: shape, transform: `translate(${at(from.share)})`, class: "rp-sign" }, group);
        return { group, path: null };
      }
      const path = make("path", { d: chord(from, to), pathLength: 1, class: "rp-way" }, group);
      const isLong = this.request.steps.length > LEGS_NUMBERED_MAX;
      if (path.getTotalLength() < ARROW_MIN * (isLong ? 4 : 1)) return { group, path };
      const end = path.getPointAtLength(path.getTotalLength() * 0.5);
      const near = path.getPointAtLength(path.getTotalLength() * 0.5 + 0.5);
      const turn = (Math.atan2(near.y - end.y, near.x - end.x) * 180) / Math.PI;
      make("path", { d: "M-4 -4L4 0L-4 4z", class: "rp-arrow", transform: `translate(${end.x.toFixed(1)} ${end.y.toFixed(1)}) rotate(${turn.toFixed(0)})` }, group);
      if (this.request.steps.length <= LEGS_NUMBERED_MAX) {
        const place = path.getPointAtLength(path.getTotalLength() * 0.36);
        make("circle", { cx: place.x.toFixed(1), cy: place.y.toFixed(1), r: 5.2, class: "rp-disc" }, group);
        make("text", { x: place.x.toFixed(1), y: (place.y + 2.6).toFixed(1), "text-anchor": "middle", class: "rp-number" }, group, i + 1);
      }
      return { group, path };
    }

    // Who is there at a moment, and how.
    at(time) {
      for (const dot of this.dots.values()) {
        const state = this.ring.state(dot.node, time);
        if (state === dot.state) continue;
        dot.state = state;
        const gone = replayModel.GONE.has(state);
        const sort = gone ? "gone" : state === "member" ? (dot.node.selfish ? "selfish" : "member") : state === "joining" ? "joining" : this.isCrowded ? "hidden" : "absent";
        const shape = gone ? SHAPES.cross : dot.node.selfish ? SHAPES.square : SHAPES.circle;
        dot.path.setAttribute("d", shape(gone ? this.size * 0.9 : this.size));
        dot.path.setAttribute("class", `rp-node rp-${sort}`);
        dot.group.setAttribute("data-state", state);
      }
    }

    // So many steps are done, and this share of the next one.
    progress(done, share) {
      this.steps.forEach(({ group, path }, i) => {
        const state = i < done ? "done" : i === done && share > 0 ? "under-way" : "todo";
        if (group.dataset.state !== state) group.dataset.state = state;
        if (!path) return;
        const part = state === "under-way" ? share : 1;
        path.style.strokeDasharray = part < 1 ? `${part} 1` : "";
        if (i === done - 1) group.dataset.state = "done last";
      });
      const moving = share > 0 ? this.steps[done]?.path : null;
      this.moving.setAttribute("visibility", moving ? "visible" : "hidden");
      if (moving) {
        const point = moving.getPointAtLength(moving.getTotalLength() * share);
        this.moving.setAttribute("transform", `translate(${point.x.toFixed(2)} ${point.y.toFixed(2)})`);
      }
    }

    // The steps that are under way, or over, at a moment, in true time.
    inTime(time) {
      let moving = null;
      let done = 0;
      this.steps.forEach(({ group, path }, i) => {
        const step = this.request.steps[i];
        const [begins, ends] = [replayModel.begins(step), replayModel.ends(step)];
        const state = time >= ends ? "done" : time >= begins ? "under-way" : "todo";
        group.dataset.state = state;
        done += state === "done";
        if (!path) return;
        const share = state === "under-way" ? (time - begins) / (ends - begins) : 1;
        path.style.strokeDasharray = share < 1 ? `${share} 1` : "";
        if (state === "under-way" && step[3] !== "timeout") moving = [path, share];
      });
      this.moving.setAttribute("visibility", moving ? "visible" : "hidden");
      if (moving) {
        const point = moving[0].getPointAtLength(moving[0].getTotalLength() * moving[1]);
        this.moving.setAttribute("transform", `translate(${point.x.toFixed(2)} ${point.y.toFixed(2)})`);
      }
      return done;
    }

    // Whether the key and its owner are marked.
    mark(isMarked) {
      this.marks.setAttribute("visibility", isMarked ? "visible" : "hidden");
    }

    // Requests of which this much is left of their afterglow.
    glow(requests) {
      this.extra.replaceChildren();
      for (const [request, left] of requests) {
        for (const step of request.steps) {
          if (step[1] === step[2]) continue;
          const d = chord(this.nodes[step[1]], this.nodes[step[2]]);
          make("path", { d, class: `rp-way rp-glow rp-${sort(step[3])}`, style: `opacity:${left.toFixed(2)}` }, this.extra);
        }
      }
    }

    // A ring around the owner.
    owner(node) {
      if (this.owned === node) return;
      this.owned = node;
      this.marks.querySelector(".rp-owner")?.remove();
      if (node) make("circle", { r: this.size + 4.5, class: "rp-owner", transform: `translate(${at(node.share)})` }, this.marks);
    }

    // The tables of a node, if any.
    know(node, time, chosen) {
      const key = node ? `${node.place} ${chosen} ${JSON.stringify(node.changes.filter(([at]) => at <= time).length)}` : "";
      if (this.known === key && this.tables.childNodes.length > 0) return;
      this.known = key;
      this.tables.replaceChildren();
      if (!node) return;
      const known = this.ring.tables(node, time);
      const targets = new Map();
      known.fingers.forEach((to, i) => {
        if (to && to !== node) targets.set(to, [...(targets.get(to) ?? []), i]);
      });
      make("circle", { r: this.size + 3, class: "rp-looked-at", transform: `translate(${at(node.share)})` }, this.tables);
      for (const [to, fingers] of targets) {
        make("path", { d: `M${at(node.share)}L${at(to.share)}`, class: "rp-finger", "data-to": to.number, "data-fingers": fingers.join(" ") }, this.tables);
        if (chosen && targets.size <= 12) this.#called(to, fingers);
      }
      known.successors.forEach((to, i) => {
        if (to) make("path", { d: this.#outside(node, to, 104 + i * 0.4), class: i === 0 ? "rp-successor rp-first" : "rp-successor", "data-to": to.number, "data-successor": i + 1 }, this.tables);
      });
    }

    #called(to, fingers) {
      const name = fingers.length === 1 ? `${fingers[0]}` : `${fingers[0]}–${fingers.at(-1)}`;
      make("text", { x: x(to.share, 86).toFixed(1), y: (y(to.share, 86) + 3).toFixed(1), "text-anchor": "middle", class: "rp-finger-name" }, this.tables, name);
    }

    // An arc along the ring, from a node to one behind it.
    #outside(from, to, radius) {
      const span = (to.share - from.share + 1) % 1;
      return `M${at(from.share, radius)}A${radius} ${radius} 0 ${span > 0.5 ? 1 : 0} 1 ${at(to.share, radius)}`;
    }
  }

  return { Panel, make, sort };
})();
