// The values of a figure in words: what an axis shows, what a point says, and all of them as a table.
"use strict";

const values = (() => {
  const { element } = page;

  const sameRange = (a, b) => a.log === b.log && a.range[0] === b.range[0] && a.range[1] === b.range[1];

  // What an axis shows, also where only a neighbour says it.
  function axisLabel(figure, i, key) {
    const own = figure.panels[i][key].label;
    const row = (at) => Math.floor(at / figure.columns);
    const isMate = (panel, other) => (key === "x" ? sameRange(panel.x, figure.panels[i].x) : row(other) === row(i));
    const mate = figure.panels.filter(isMate).find((panel) => panel[key].label);
    return own || (mate ? mate[key].label : key);
  }

  // Panels without numbers lean on a neighbour, which on a narrow page is not beside them.
  function standingAlone(figure, columns) {
    if (columns === figure.columns) {
      return figure.panels;
    }
    const alone = (panel, i, key) => ({ ...panel[key], numbers: true, label: axisLabel(figure, i, key) });
    return figure.panels.map((panel, i) => ({ ...panel, x: alone(panel, i, "x"), y: alone(panel, i, "y") }));
  }

  // Whether an axis has words at 0, 1, 2 and so on. Series stand beside each other around them.
  const hasWords = (axis) => !axis.log && axis.marks.length > 0 && axis.marks.every(([at, text], i) => at === i && text !== String(i));

  // What is written on an axis at a value, or the value.
  function written(axis, value) {
    const place = hasWords(axis) ? Math.round(value) : value;
    const tick = axis.marks.find(([at]) => Math.abs(at - place) < 1e-9 * Math.max(1, Math.abs(place)));
    return tick ? tick[1] : scale.exact(value);
  }

  // What a point says: a heading, and lines.
  function told(figure, i, series, [x, y, low, high]) {
    const panel = figure.panels[i];
    // Departures are drawn downwards, and are counts all the same.
    const shown = (value) => scale.exact(series.shape === "area" ? Math.abs(value) : value);
    const lines = [`${axisLabel(figure, i, "x")}: ${written(panel.x, x)}`, `${axisLabel(figure, i, "y")}: ${shown(y)}`];
    if (low !== undefined) {
      lines.push(`from ${shown(low)} to ${shown(high)}`);
    }
    return { heading: series.label || panel.title || figure.title, lines };
  }

  const nameOf = (figure, panel) => [figure.title, panel.title].filter(Boolean).join(", ");

  function panelTable(figure, panel, i) {
    const heads = ["Series", axisLabel(figure, i, "x"), axisLabel(figure, i, "y"), "from", "to"];
    const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
    const body = element("tbody");
    const cell = (value) => element("td", {}, value === undefined || value === null ? "" : scale.exact(value));
    for (const series of panel.series) {
      for (const [x, ...others] of series.points) {
        const [y, low, high] = others;
        const first = element("td", {}, written(panel.x, x));
        body.append(element("tr", {}, element("th", { scope: "row" }, series.label), first, ...[y, low, high].map(cell)));
      }
    }
    const name = nameOf(figure, panel);
    const made = element("table", {}, element("caption", {}, name), element("thead", {}, head), body);
    return element("div", { class: "wide", role: "region", tabindex: "0", "aria-label": `Data: ${name}` }, made);
  }

  // All values, made when they are asked for.
  function table(figure) {
    const box = element("details", {}, element("summary", {}, "Data"));
    box.addEventListener("toggle", () => {
      if (box.open && !box.querySelector("table")) {
        box.append(...figure.panels.map((panel, i) => panelTable(figure, panel, i)));
      }
    });
    return box;
  }

  return { sameRange, standingAlone, told, nameOf, table };
})();
