// The page of `chordsim report`: its pictures, its buttons, and how it reads for everybody.
//
// Arguments: a page, its aggregate.csv, the name of a figure over `nodes`, and a column that this figure shows for
// `routing = fingers`; a page whose title is hostile, and that title as it is to be read.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { faults, overhang, run } from "./harness.mjs";

// The rows of a CSV file without quotes.
function rows(file) {
  const [header, ...lines] = readFileSync(file, "utf8").trim().split("\n").map((line) => line.split(","));
  return lines.map((line) => Object.fromEntries(header.map((name, at) => [name, line[at]])));
}

const picture = (tab, name) => tab.locator(`#picture-${name}`);
const ticks = (figure, axis) => figure.locator(`.panel >> nth=0 >> .${axis}-tick`).allTextContents();
const tip = (figure) => figure.locator(".tip");

// The numbers of what is told: x, y and the ends of the interval.
async function told(figure) {
  const lines = await tip(figure).locator("span").allTextContents();
  const number = (text) => Number(text);
  const [low, high] = lines[2].match(/from (\S+) to (\S+)/).slice(1).map(number);
  const last = (line) => number(line.slice(line.lastIndexOf(": ") + 2));
  return { x: last(lines[0]), y: last(lines[1]), low, high };
}

const close = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

function assertIsRow({ x, y, low, high }, row, column) {
  const [mean, half] = [Number(row[`${column}_mean`]), Number(row[`${column}_ci95`])];
  assert.equal(x, Number(row.nodes));
  for (const [shown, measured] of [[y, mean], [low, mean - half], [high, mean + half]]) {
    assert.ok(close(shown, measured), `${shown} is shown for ${measured}`);
  }
}

// Where the first marker of a series is on the screen.
async function marker(figure, label) {
  const marks = figure.locator(`.series[data-label="${label}"] path[transform]`);
  const box = await marks.first().boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

await run({
  "a legend button hides its series and shows it again": async (open, page, _, name) => {
    const figure = picture(await open(page), name);
    const series = figure.locator('.series[data-label="fingers"]');
    const button = figure.locator(".legend button", { hasText: "fingers" });
    const before = await series.count();
    assert.ok(before > 0);
    await button.click();
    assert.equal(await series.count(), 0);
    assert.equal(await button.getAttribute("aria-pressed"), "false");
    await button.press("Enter");
    assert.equal(await series.count(), before);
    assert.equal(await button.getAttribute("aria-pressed"), "true");
  },

  "pointing at a marker tells what aggregate.csv says": async (open, page, aggregate, name, column) => {
    const tab = await open(page);
    const figure = picture(tab, name);
    await figure.scrollIntoViewIfNeeded();
    const { x, y } = await marker(figure, "fingers");
    await tab.mouse.move(x, y);
    assert.ok(await tip(figure).isVisible());
    assert.equal(await tip(figure).locator("strong").textContent(), "fingers");
    const row = rows(aggregate).find((it) => it.routing === "fingers");
    assertIsRow(await told(figure), row, column);
    await tab.mouse.move(5, 5);
    assert.ok(await tip(figure).isHidden());
  },

  "arrow keys go from point to point and are said aloud": async (open, page, aggregate, name, column) => {
    const tab = await open(page);
    const figure = picture(tab, name);
    const panel = figure.locator(".panel").first();
    await panel.focus();
    await panel.press("ArrowRight");
    for (let i = 0; i < 8 && (await tip(figure).locator("strong").textContent()) !== "fingers"; i += 1) {
      await panel.press("ArrowDown");
    }
    const all = rows(aggregate).filter((it) => it.routing === "fingers");
    await panel.press("Home");
    for (const row of all) {
      assertIsRow(await told(figure), row, column);
      assert.match(await tab.locator("#live").textContent(), /^fingers, /);
      await panel.press("ArrowRight");
    }
    assertIsRow(await told(figure), all[all.length - 1], column);
    await panel.press("Escape");
    assert.ok(await tip(figure).isHidden());
  },

  "buttons, keys, wheel and dragging zoom, and all of them are undone": async (open, page, _, name) => {
    const tab = await open(page);
    const figure = picture(tab, name);
    const panel = figure.locator(".panel").first();
    // A click on a button may have scrolled the page.
    const at = async (x, y) => {
      await panel.scrollIntoViewIfNeeded();
      const box = await panel.boundingBox();
      return [box.x + box.width * x, box.y + box.height * y];
    };
    const drag = async (to) => {
      await tab.mouse.move(...await at(0.4, 0.3));
      await tab.mouse.down();
      await tab.mouse.move(...await at(...to), { steps: 5 });
      await tab.mouse.up();
    };
    const wheel = async () => {
      await tab.mouse.move(...await at(0.5, 0.4));
      await tab.keyboard.down("Control");
      await tab.mouse.wheel(0, -200);
      await tab.keyboard.up("Control");
    };
    const button = (text) => figure.getByRole("button", { name: text });
    const ways = {
      button: () => button("Zoom in").click(), key: () => panel.press("+"), wheel, drag: () => drag([0.6, 0.6]),
    };
    const undo = [() => button("Reset").click(), () => panel.press("0"), async () => tab.mouse.dblclick(...await at(0.5, 0.4))];
    const whole = [await ticks(figure, "x"), await ticks(figure, "y")];
    let turn = 0;
    for (const [way, zoom] of Object.entries(ways)) {
      await zoom();
      await tab.waitForFunction(([name, before]) => {
        const now = [...document.querySelectorAll(`#picture-${name} .panel:first-child .y-tick`)].map((it) => it.textContent);
        return now.join() !== before.join();
      }, [name, whole[1]], { timeout: 5000 }).catch(() => assert.fail(`${way} changed no tick`));
      await undo[turn % undo.length]();
      assert.deepEqual([await ticks(figure, "x"), await ticks(figure, "y")], whole, `after ${way}`);
      turn += 1;
    }
  },

  "the table of a picture has its points": async (open, page, aggregate, name, column) => {
    const tab = await open(page);
    const figure = picture(tab, name);
    await figure.locator("summary").click();
    const lines = figure.locator("tbody").first().locator("tr", { has: tab.locator("th", { hasText: /^fingers$/ }) });
    const all = rows(aggregate).filter((it) => it.routing === "fingers");
    assert.equal(await lines.count(), all.length);
    const cells = (await lines.first().locator("td").allTextContents()).map(Number);
    assertIsRow({ x: cells[0], y: cells[1], low: cells[2], high: cells[3] }, all[0], column);
  },

  "a picture is saved as a file that needs no page": async (open, page, _, name) => {
    const tab = await open(page);
    const waiting = tab.waitForEvent("download");
    await picture(tab, name).getByRole("button", { name: "Save SVG" }).click();
    const download = await waiting;
    assert.equal(download.suggestedFilename(), `${name}.svg`);
    const text = readFileSync(await download.path(), "utf8");
    assert.ok(!text.includes("var("), "colours are written out");
    const root = await tab.evaluate((it) => {
      const parsed = new DOMParser().parseFromString(it, "image/svg+xml");
      return [parsed.documentElement.nodeName, parsed.querySelectorAll("parsererror").length, parsed.querySelectorAll(".series").length];
    }, text);
    assert.deepEqual(root.slice(0, 2), ["svg", 0]);
    assert.ok(root[2] > 0);
  },

  "axe finds nothing serious, light and dark, wide and narrow, opened and closed": async (open, page, _a, _n, _c, hostile) => {
    for (const file of [page, hostile]) {
      for (const colorScheme of ["light", "dark"]) {
        for (const width of [1000, 320]) {
          const tab = await open(file, { colorScheme, viewport: { width, height: 800 } });
          assert.deepEqual(await faults(tab), [], `${colorScheme}, ${width}`);
          await tab.evaluate(() => document.querySelectorAll("details").forEach((it) => {
            it.open = true;
          }));
          await tab.waitForFunction(() => document.querySelectorAll(".picture details table").length > 0);
          assert.deepEqual(await faults(tab), [], `${colorScheme}, ${width}, all opened`);
        }
      }
    }
  },

  "nothing hangs over at 320 pixels, also in large text": async (open, page, _a, _n, _c, hostile) => {
    for (const file of [page, hostile]) {
      const tab = await open(file, { viewport: { width: 320, height: 600 } });
      assert.equal(await overhang(tab), 0);
      await tab.evaluate(() => document.querySelectorAll("details").forEach((it) => {
        it.open = true;
      }));
      assert.equal(await overhang(tab), 0, "opened");
      await tab.locator("#large").click();
      assert.equal(await overhang(tab), 0, "in large text");
    }
  },

  "the buttons of the page do what they say": async (open, page) => {
    const tab = await open(page);
    const paper = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const size = () => tab.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
    assert.equal(await paper(), "rgb(255, 255, 255)");
    await tab.locator("#dark").click();
    assert.notEqual(await paper(), "rgb(255, 255, 255)");
    assert.equal(await tab.locator("#dark").getAttribute("aria-pressed"), "true");
    const before = await size();
    await tab.locator("#large").click();
    assert.equal(await size(), before * 1.5);
    await tab.emulateMedia({ media: "print" });
    assert.equal(await paper(), "rgb(255, 255, 255)", "paper is white");
    assert.equal(await tab.locator("#print").isVisible(), false);
    await tab.emulateMedia({ media: "screen" });
    await tab.locator("#dark").click();
    assert.equal(await paper(), "rgb(255, 255, 255)");
  },

  "the headings are in order, and everything is reached by the tab key": async (open, page) => {
    const tab = await open(page);
    const levels = await tab.evaluate(() => [...document.querySelectorAll("h1, h2, h3, h4")].map((it) => Number(it.tagName[1])));
    assert.equal(levels[0], 1);
    assert.equal(levels.filter((level) => level === 1).length, 1);
    levels.slice(1).forEach((level, at) => assert.ok(level <= levels[at] + 1, `${levels}`));
    const seen = new Set();
    for (let i = 0; i < 60; i += 1) {
      await tab.keyboard.press("Tab");
      const kind = await tab.evaluate(() => {
        const { activeElement: it } = document;
        if (it === document.body) {
          return "end";
        }
        const isOutlined = getComputedStyle(it).outlineStyle !== "none";
        return `${it.className || it.id || it.tagName}${isOutlined ? "" : " without an outline"}`;
      });
      seen.add(kind);
    }
    assert.ok(seen.has("panel") && seen.has("skip") && seen.has("dark"), [...seen].join());
    assert.deepEqual([...seen].filter((kind) => kind.includes("without")), []);
  },

  "what a title says stays text": async (open, _p, _a, _n, _c, hostile, title) => {
    const tab = await open(hostile);
    assert.equal(await tab.locator("h1").textContent(), title);
    assert.equal(await tab.title(), `${title} – chordsim`);
    const scripts = await tab.evaluate(() => [...document.scripts].map((it) => it.type || "code"));
    assert.deepEqual(scripts, ["application/json", "code"]);
    assert.ok((await tab.locator(".subtitle").first().textContent()).includes("<script>alert(1)</script>"));
    assert.deepEqual(await tab.evaluate(() => [...document.querySelectorAll("main b, main img:not(.map img)")].length), 0);
  },

  "nothing moves for those who do not want it": async (open, page) => {
    const tab = await open(page, { reducedMotion: "reduce" });
    assert.equal(await tab.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), "auto");
  },
});
