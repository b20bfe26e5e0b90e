// One pair of axes with its series, drawn as SVG of a given width. Nothing in it answers to a pointer: charts.js does that.
"use strict";

const chart = (() => {
  const NS = "http://www.w3.org/2000/svg";
  let clips = 0;

  // Colours that follow the page, and those of a file of its own.
  const SCREEN = {
    color: (hex) => `var(--c-${hex.slice(1)}, ${hex})`, ink: "var(--ink)", line: "var(--line)", muted: "var(--muted)", paper: "var(--paper)",
  };
  const FILE = { color: (hex) => hex, ink: "#000000", line: "#cccccc", muted: "#444444", paper: "#ffffff" };

  function svg(tag, attributes, style, ...children) {
    const made = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      made.setAttribute(name, value);
    }
    Object.assign(made.style, style || {});
    made.append(...children);
    return made;
  }

  const round = (value) => Math.round(value * 100) / 100;

  // The outline of a marker around 0, 0.
  function outline(marker, r) {
    const polygon = (corners) => "M" + corners.map(([x, y]) => `${round(x * r)},${round(y * r)}`).join("L") + "Z";
    const star = () => {
      const corner = (i) => {
        const [turn, out] = [(Math.PI * i) / 5 - Math.PI / 2, i % 2 ? 0.5 : 1.25];
        return [Math.cos(turn) * out, Math.sin(turn) * out];
      };
      return polygon([...Array(10).keys()].map(corner));
    };
    switch (marker) {
      case "square": return polygon([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]);
      case "triangle": return polygon([[0, -1.15], [1.05, 0.85], [-1.05, 0.85]]);
      case "triangle-down": return polygon([[0, 1.15], [1.05, -0.85], [-1.05, -0.85]]);
      case "diamond": return polygon([[0, -1.25], [1.05, 0], [0, 1.25], [-1.05, 0]]);
      case "cross": return `M${-r},${-r}L${r},${r}M${-r},${r}L${r},${-r}`;
      case "plus": return `M0,${-1.2 * r}L0,${1.2 * r}M${-1.2 * r},0L${1.2 * r},0`;
      case "star": return star();
      default: return `M${-r},0A${r},${r} 0 1 0 ${r},0A${r},${r} 0 1 0 ${-r},0Z`;
    }
  }

  function mark(series, ink, at, r) {
    const color = ink.color(series.color);
    // What is thin is theory: a ring, in which what was measured can be seen.
    const isThin = series.width < 1;
    const isOpen = isThin || series.marker === "cross" || series.marker === "plus";
    const style = { fill: isOpen ? "none" : color, stroke: color, strokeWidth: isOpen && !isThin ? 2 : 1 };
    return svg("path", { d: outline(series.marker, isThin ? r * 1.6 : r), transform: `translate(${round(at[0])},${round(at[1])})` }, style);
  }

  // What a series looks like in a legend.
  function swatch(series, ink) {
    const box = svg("svg", { width: 34, height: 16, viewBox: "0 0 34 16", "aria-hidden": "true" });
    const color = ink.color(series.color);
    if (series.shape === "area") {
      box.append(svg("rect", { x: 4, y: 3, width: 26, height: 10 }, { fill: color }));
      return box;
    }
    if (series.shape !== "dots") {
      box.append(svg("path", { d: "M1,8L33,8", "stroke-dasharray": series.dash.join(" ") }, { stroke: color, strokeWidth: series.width, fill: "none" }));
    }
    if (series.shape !== "plain") {
      box.append(mark(series, ink, [17, 8], 4));
    }
    return box;
  }

  // Breaks a text into lines of at most so many letters.
  function lines(text, most) {
    const all = [""];
    for (const word of text.split(/\s+/)) {
      const last = all.length - 1;
      if (all[last] && all[last].length + word.length + 1 > most) {
        all.push(word);
      } else {
        all[last] = all[last] ? `${all[last]} ${word}` : word;
      }
    }
    return all;
  }

  // Where everything lies in a panel of that width. `font` is the size of the smallest text.
  function layout(panel, view, width, font, roomy) {
    const inner = Math.round(Math.min(Math.max(panel.height * (roomy ? 1.5 : 1.15), 100), 340) * (font / 13));
    const most = { x: Math.max(2, Math.floor(width / (font * 7))), y: Math.max(2, Math.floor(inner / (font * 2.4))) };
    const ticks = { x: scale.ticks(panel.x, view.x, most.x), y: scale.ticks(panel.y, view.y, most.y) };
    const widest = Math.max(1, ...ticks.y.map(([, label]) => label.length));
    const left = (panel.y.numbers ? widest * font * 0.64 : 0) + (panel.y.label ? font * 1.7 : 0) + 12;
    const bottom = (panel.x.numbers ? font * 1.7 : 6) + (panel.x.label ? font * 1.5 : 0);
    const title = panel.title ? lines(panel.title, Math.floor(width / (font * 0.62))) : [];
    const top = font * (title.length > 0 ? 0.5 + 1.3 * title.length : 0.8);
    const right = font * 1.4;
    const height = Math.round(top + inner + bottom);
    return {
      width, height, font, ticks, title, frame: { left, right: width - right, top, bottom: height - bottom },
    };
  }

  // Functions that say where a value lies.
  function places(panel, view, plan) {
    const { left, right, top, bottom } = plan.frame;
    return {
      x: (value) => scale.place(panel.x, view.x, left, right, value),
      y: (value) => scale.place(panel.y, view.y, bottom, top, value),
    };
  }

  function label(text, attributes, ink) {
    return svg("text", attributes, { fill: ink }, text);
  }

  // What does not fit a length is squeezed into it.
  const squeezed = (text, font, length) => (text.length * font * 0.6 > length ? { textLength: round(length), lengthAdjust: "spacingAndGlyphs" } : {});

  function axes(panel, plan, to, ink) {
    const { left, right, top, bottom } = plan.frame;
    const parts = svg("g");
    const grid = { stroke: ink.line, strokeWidth: 1 };
    const size = { "font-size": plan.font };
    let taken = -Infinity;
    for (const [at, text] of plan.ticks.x) {
      const x = round(to.x(at));
      parts.append(svg("path", { d: `M${x},${top}V${bottom}` }, grid));
      const half = text.length * plan.font * 0.32;
      if (panel.x.numbers && x - half > taken) {
        parts.append(label(text, { x, y: bottom + plan.font * 1.3, "text-anchor": "middle", class: "x-tick", ...size }, ink.ink));
        taken = x + half + plan.font * 0.4;
      }
    }
    for (const [at, text] of plan.ticks.y) {
      const y = round(to.y(at));
      parts.append(svg("path", { d: `M${left},${y}H${right}` }, grid));
      if (panel.y.numbers) {
        parts.append(label(text, { x: left - 5, y: y + plan.font * 0.35, "text-anchor": "end", class: "y-tick", ...size }, ink.ink));
      }
    }
    parts.append(svg("rect", { x: left, y: top, width: right - left, height: bottom - top }, { fill: "none", stroke: ink.ink, strokeWidth: 1 }));
    const middle = (left + right) / 2;
    plan.title.forEach((line, i) => {
      parts.append(label(line, { x: plan.width / 2, y: plan.font * 1.3 * (i + 1) - plan.font * 0.2, "text-anchor": "middle", ...size }, ink.ink));
    });
    if (panel.x.label) {
      const fit = squeezed(panel.x.label, plan.font, right - left);
      parts.append(label(panel.x.label, { x: middle, y: plan.height - plan.font * 0.4, "text-anchor": "middle", ...size, ...fit }, ink.ink));
    }
    if (panel.y.label) {
      const turned = `translate(${round(plan.font)},${round((top + bottom) / 2)}) rotate(-90)`;
      const fit = squeezed(panel.y.label, plan.font, bottom - top);
      parts.append(label(panel.y.label, { transform: turned, "text-anchor": "middle", ...size, ...fit }, ink.ink));
    }
    return parts;
  }

  const isThere = (panel, [x, y]) => x !== null && y !== null && (!panel.x.log || x > 0) && (!panel.y.log || y > 0);

  function line(panel, series, to) {
    const parts = series.points.filter((point) => isThere(panel, point)).map(([x, y]) => `${round(to.x(x))},${round(to.y(y))}`);
    return parts.length > 0 ? "M" + parts.join("L") : "";
  }

  // The lower end of an interval may be 0 or less, which a logarithmic axis does not have.
  function low(panel, plan, to, value) {
    return panel.y.log && value <= 0 ? plan.frame.bottom + 50 : to.y(value);
  }

  function band(panel, series, plan, to) {
    const points = series.points.filter((point) => isThere(panel, point) && point.length > 2);
    const upper = points.map((point) => `${round(to.x(point[0]))},${round(to.y(point[3]))}`);
    const lower = points.map((point) => `${round(to.x(point[0]))},${round(low(panel, plan, to, point[2]))}`);
    return points.length > 1 ? "M" + upper.concat(lower.reverse()).join("L") + "Z" : "";
  }

  function bars(panel, series, plan, to) {
    const of = (point) => {
      const [x, a, b] = [round(to.x(point[0])), round(low(panel, plan, to, point[2])), round(to.y(point[3]))];
      return `M${x},${a}V${b}M${x - 4},${a}h8M${x - 4},${b}h8`;
    };
    return series.points.filter((point) => isThere(panel, point) && point.length > 2).map(of).join("");
  }

  function drawnSeries(panel, series, plan, to, ink) {
    const color = ink.color(series.color);
    // Large text goes with thick lines.
    const by = plan.font / 13;
    const parts = svg("g", { class: "series", "data-label": series.label });
    const stroke = { stroke: color, strokeWidth: series.width * by, fill: "none", strokeLinejoin: "round" };
    if (series.shape === "area") {
      const points = series.points.filter((point) => isThere(panel, point));
      if (points.length > 0) {
        const base = round(panel.y.log ? plan.frame.bottom : to.y(0));
        const ends = [points[0][0], points[points.length - 1][0]].map((x) => round(to.x(x)));
        const d = `${line(panel, series, to)}L${ends[1]},${base}L${ends[0]},${base}Z`;
        parts.append(svg("path", { d }, { fill: color }));
      }
      return parts;
    }
    if (series.shape === "line") {
      parts.append(svg("path", { d: band(panel, series, plan, to) }, { fill: color, fillOpacity: 0.18 }));
    }
    if (series.shape !== "dots") {
      parts.append(svg("path", { d: line(panel, series, to), "stroke-dasharray": series.dash.map((it) => it * by).join(" ") }, stroke));
    }
    if (series.shape === "marked" || series.shape === "dots") {
      parts.append(svg("path", { d: bars(panel, series, plan, to) }, { ...stroke, strokeWidth: 1.3 * by }));
    }
    const every = series.shape === "line" ? Math.max(1, Math.floor(series.points.length / 5)) : 1;
    if (series.shape !== "plain") {
      const first = series.shape === "line" ? Math.floor((every * (series.shift % 8)) / 8) : 0;
      for (let i = first; i < series.points.length; i += every) {
        const [x, y] = series.points[i];
        if (isThere(panel, series.points[i])) {
          parts.append(mark(series, ink, [to.x(x), to.y(y)], 4 * by));
        }
      }
    }
    return parts;
  }

  // The panel as SVG, those series that `isShown` says. `view` has the ranges of both axes.
  function drawn(panel, view, plan, ink, isShown) {
    const to = places(panel, view, plan);
    const { left, right, top, bottom } = plan.frame;
    const id = `clip-${(clips += 1)}`;
    const clip = svg("clipPath", { id }, {}, svg("rect", { x: left - 1, y: top - 5, width: right - left + 2, height: bottom - top + 10 }));
    const inside = svg("g", { "clip-path": `url(#${id})` });
    for (const series of panel.series) {
      if (isShown(series)) {
        inside.append(drawnSeries(panel, series, plan, to, ink));
      }
    }
    const box = { viewBox: `0 0 ${plan.width} ${plan.height}`, "aria-hidden": "true" };
    return svg("svg", box, {}, clip, axes(panel, plan, to, ink), inside);
  }

  return { SCREEN, FILE, svg, lines, swatch, layout, places, drawn, isThere };
})();
