// A picture as a file of its own: as it is shown, in the colours of paper.
"use strict";

const file = (() => {
  const [WIDTH, FONT] = [720, 13];

  function write(sheet, text, size, color) {
    for (const line of chart.lines(text, Math.floor(WIDTH / (size * 0.6)))) {
      sheet.y += size * 1.4;
      sheet.root.append(chart.svg("text", { x: 8, y: sheet.y, "font-size": size }, { fill: color }, line));
    }
  }

  function panels(sheet, picture) {
    const { figure, views } = picture;
    const { columns } = figure;
    const each = Math.floor(WIDTH / columns);
    const plans = figure.panels.map((panel, i) => chart.layout(panel, views[i], each, FONT, columns === 1));
    const left = Math.max(...plans.map((plan) => plan.frame.left));
    for (let first = 0; first < plans.length; first += columns) {
      const row = plans.slice(first, first + columns);
      row.forEach((plan, i) => {
        plan.frame.left = left;
        const drawn = chart.drawn(figure.panels[first + i], views[first + i], plan, chart.FILE, picture.isShown);
        const box = { x: i * each, y: sheet.y, width: plan.width, height: plan.height };
        Object.entries(box).forEach(([name, value]) => drawn.setAttribute(name, value));
        sheet.root.append(drawn);
      });
      sheet.y += Math.max(...row.map((plan) => plan.height));
    }
  }

  function legend(sheet, picture) {
    const seen = new Set();
    for (const series of picture.figure.panels.flatMap((panel) => panel.series)) {
      if (series.label && picture.isShown(series) && !seen.has(series.label)) {
        seen.add(series.label);
        const swatch = chart.swatch(series, chart.FILE);
        swatch.setAttribute("x", 8);
        swatch.setAttribute("y", sheet.y + 4);
        const text = chart.svg("text", { x: 50, y: sheet.y + 16, "font-size": FONT }, { fill: "#000000" }, series.label);
        sheet.root.append(swatch, text);
        sheet.y += 20;
      }
    }
  }

  function text(picture) {
    const { figure } = picture;
    const fonts = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif";
    const sheet = { root: chart.svg("svg", { "font-family": fonts }), y: 4 };
    const back = chart.svg("rect", { width: WIDTH, fill: "#ffffff" });
    sheet.root.append(back);
    write(sheet, figure.title, 15, "#000000");
    write(sheet, figure.subtitle, FONT, "#444444");
    sheet.y += 6;
    panels(sheet, picture);
    legend(sheet, picture);
    figure.notes.forEach((note) => write(sheet, note, 12, "#444444"));
    const height = Math.ceil(sheet.y + 12);
    back.setAttribute("height", height);
    const box = { viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height };
    Object.entries(box).forEach(([name, value]) => sheet.root.setAttribute(name, value));
    return new XMLSerializer().serializeToString(sheet.root);
  }

  function save(picture) {
    const blob = new Blob([text(picture)], { type: "image/svg+xml" });
    const link = page.element("a", { href: URL.createObjectURL(blob), download: `${picture.figure.name}.svg` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  return { save };
})();
