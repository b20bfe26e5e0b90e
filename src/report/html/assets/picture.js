// A picture on the page: a figure with its panels, legend, buttons and table. Which series are shown, which ranges, and which
// point is told of.
"use strict";

class Picture {
  static NARROW = 560;
  static FACTOR = 0.7;

  constructor(host, figure) {
    const { element } = page;
    this.host = host;
    this.figure = figure;
    this.hidden = new Set();
    this.isShown = (series) => !this.hidden.has(series.label);
    this.views = figure.panels.map((panel) => ({ x: panel.x.range, y: panel.y.range }));
    // The point that is told of: panel, series, point.
    this.at = null;
    this.hosts = figure.panels.map((panel) => element("div", {
      class: "panel", tabindex: "0", role: "application", "aria-roledescription": "interactive picture",
      "aria-label": values.nameOf(figure, panel), "aria-describedby": "picture-help",
    }));
    this.grid = element("div", { class: "panels" }, ...this.hosts);
    this.tip = element("div", { class: "tip", hidden: "" });
    const subtitle = element("p", { class: "subtitle muted" }, figure.subtitle);
    const notes = element("div", { class: "notes" }, ...figure.notes.map((note) => element("p", {}, note)));
    host.append(subtitle, this.legend(), this.grid, this.tip, this.tools(), notes, values.table(figure));
    this.draw();
    page.onSize(() => this.draw());
    this.follow();
  }

  // Draws again where the page becomes narrower or wider.
  follow() {
    let last = this.grid.clientWidth;
    new ResizeObserver(() => {
      const width = this.grid.clientWidth;
      if (width !== last && width > 0) {
        last = width;
        this.draw();
      }
    }).observe(this.grid);
  }

  tools() {
    const button = (text, action) => {
      const made = page.element("button", { type: "button", "aria-label": `${text}: ${this.figure.title}` }, text);
      made.addEventListener("click", action);
      return made;
    };
    return page.element("div", { class: "chart-tools" },
      button("Zoom in", () => this.zoomAll(Picture.FACTOR)), button("Zoom out", () => this.zoomAll(1 / Picture.FACTOR)),
      button("Reset", () => this.showAll()), button("Save SVG", () => file.save(this)));
  }

  legend() {
    const list = page.element("ul", { class: "legend" });
    const seen = new Set();
    for (const series of this.figure.panels.flatMap((panel) => panel.series)) {
      if (series.label && !seen.has(series.label)) {
        seen.add(series.label);
        list.append(page.element("li", {}, this.entry(series)));
      }
    }
    return list;
  }

  entry(series) {
    const swatch = chart.swatch(series, chart.SCREEN);
    const made = page.element("button", { type: "button", "aria-pressed": "true" }, swatch, series.label);
    made.addEventListener("click", () => {
      const isOn = this.hidden.delete(series.label);
      if (!isOn) {
        this.hidden.add(series.label);
      }
      made.setAttribute("aria-pressed", isOn);
      this.leave();
      this.draw();
    });
    return made;
  }

  draw() {
    const { figure, views } = this;
    const width = this.grid.clientWidth || 600;
    const by = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const isNarrow = width < Picture.NARROW * by;
    const columns = isNarrow ? 1 : figure.columns;
    this.panels = values.standingAlone(figure, columns);
    this.grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    const each = Math.round((width - (columns - 1) * 10) / columns);
    const isRoomy = columns === 1 && !isNarrow;
    this.plans = this.panels.map((panel, i) => chart.layout(panel, views[i], each, 13 * by, isRoomy));
    // Panels one above the other begin at the same place.
    const lefts = this.plans.map((plan) => plan.frame.left);
    this.plans.forEach((plan, i) => {
      plan.frame.left = Math.max(...lefts.filter((_, other) => other % columns === i % columns));
    });
    this.hosts.forEach((host, i) => {
      host.replaceChildren(chart.drawn(this.panels[i], views[i], this.plans[i], chart.SCREEN, this.isShown));
    });
    if (this.at) {
      this.ring();
    }
  }

  // The place of an event within a panel, in the units of its drawing.
  placeOf(event, i) {
    const box = this.hosts[i].getBoundingClientRect();
    const by = this.plans[i].width / box.width;
    return [(event.clientX - box.left) * by, (event.clientY - box.top) * by];
  }

  pointAt({ i, s, p }) {
    return this.panels[i].series[s].points[p];
  }

  placeOfPoint(at) {
    const to = chart.places(this.panels[at.i], this.views[at.i], this.plans[at.i]);
    const [x, y] = this.pointAt(at);
    return [to.x(x), to.y(y)];
  }

  isInView(at) {
    if (!chart.isThere(this.panels[at.i], this.pointAt(at))) {
      return false;
    }
    const { left, right, top, bottom } = this.plans[at.i].frame;
    const [x, y] = this.placeOfPoint(at);
    return x >= left - 1 && x <= right + 1 && y >= top - 1 && y <= bottom + 1;
  }

  // What can be told of in a panel: a list for each series, empty for one that is not shown.
  tellable(i) {
    const ofSeries = (series, s) => series.points.map((_, p) => ({ i, s, p })).filter((at) => this.isInView(at));
    return this.panels[i].series.map((series, s) => (this.isShown(series) ? ofSeries(series, s) : []));
  }

  nearest(i, [x, y]) {
    let [best, least] = [null, Infinity];
    for (const at of this.tellable(i).flat()) {
      const place = this.placeOfPoint(at);
      const far = Math.hypot(place[0] - x, (place[1] - y) * 0.7);
      if (far < least) {
        [best, least] = [at, far];
      }
    }
    return best;
  }

  // Tells of a point, to a screen reader too if that is wanted.
  tell(at, aloud) {
    this.at = at;
    const series = this.panels[at.i].series[at.s];
    const { heading, lines } = values.told(this.figure, at.i, series, this.pointAt(at));
    const spans = lines.map((line) => page.element("span", {}, line));
    this.tip.replaceChildren(page.element("strong", {}, heading), ...spans);
    this.tip.hidden = false;
    this.ring();
    if (aloud) {
      page.say([heading, ...lines].join(", "));
    }
  }

  removeAll(kind) {
    this.host.querySelectorAll(kind).forEach((old) => old.remove());
  }

  // A ring around the point that is told of, and the words beside it.
  ring() {
    this.removeAll(".ring");
    const { i } = this.at;
    if (!this.isInView(this.at)) {
      this.tip.hidden = true;
      return;
    }
    const [x, y] = this.placeOfPoint(this.at);
    const style = { fill: "none", stroke: "var(--focus)", strokeWidth: 2.5 };
    this.hosts[i].firstChild.append(chart.svg("circle", { class: "ring", cx: x, cy: y, r: 8 }, style));
    const [box, frame] = [this.hosts[i].getBoundingClientRect(), this.host.getBoundingClientRect()];
    const by = box.width / this.plans[i].width;
    const [px, py] = [box.left - frame.left + x * by, box.top - frame.top + y * by];
    const [width, height] = [this.tip.offsetWidth, this.tip.offsetHeight];
    const left = px + 14 + width > frame.width ? px - 14 - width : px + 14;
    this.tip.style.left = `${Math.max(2, Math.min(left, frame.width - width - 4))}px`;
    this.tip.style.top = `${Math.max(2, py - height - 10)}px`;
  }

  leave() {
    this.at = null;
    this.tip.hidden = true;
    this.removeAll(".ring");
  }

  // Shows these ranges in a panel. Panels over the same range go along.
  setView(i, view) {
    const { panels } = this.figure;
    panels.forEach((panel, other) => {
      if (values.sameRange(panel.x, panels[i].x)) {
        this.views[other] = { ...this.views[other], x: view.x };
      }
    });
    this.views[i] = view;
    this.draw();
  }

  showAll() {
    this.views = this.figure.panels.map((panel) => ({ x: panel.x.range, y: panel.y.range }));
    this.leave();
    this.draw();
    page.say("Everything is shown again.");
  }

  middle(i) {
    const { left, right, top, bottom } = this.plans[i].frame;
    return [(left + right) / 2, (top + bottom) / 2];
  }

  // The ranges that are a factor as wide around a place.
  zoomed(i, [x, y], factor) {
    const { left, right, top, bottom } = this.plans[i].frame;
    const of = (key, from, to, place) => {
      const [axis, range] = [this.panels[i][key], this.views[i][key]];
      return scale.zoomed(axis, range, scale.value(axis, range, from, to, place), factor);
    };
    return { x: of("x", left, right, x), y: of("y", bottom, top, y) };
  }

  zoom(i, place, factor) {
    this.setView(i, this.zoomed(i, place, factor));
  }

  zoomAll(factor) {
    this.views = this.views.map((_, i) => this.zoomed(i, this.middle(i), factor));
    this.draw();
  }
}
