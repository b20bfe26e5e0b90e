// The replay of requests on the ring: what it shows is what the files of the results say, and its controls do what they say.
//
// Arguments: a page of results that were recorded, swept over chord.routing; the folder of these results; a page of results
// with a trace and no recording; one of results with neither.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { faults, overhang, run } from "./harness.mjs";

// The rows of a CSV file without quotes, of the first repetition and one combination.
function rows(folder, file, routing) {
  const [header, ...lines] = readFileSync(`${folder}/${file}`, "utf8").trim().split("\n").map((line) => line.split(","));
  const all = lines.map((line) => Object.fromEntries(header.map((name, at) => [name, line[at]])));
  return all.filter((row) => row.repetition === "0" && row.routing === routing);
}

const ROUTINGS = ["successors", "fingers"];
const by = (tab, name) => tab.locator(`#rp-${name}`);
const said = (tab) => by(tab, "say").textContent();
const counters = (tab) => tab.locator(".rp-counter").allTextContents();
const ring = (tab) => tab.locator(".rp-ring svg").first();
const at = async (tab) => Number(await by(tab, "at").inputValue());
const length = async (tab) => Number(await by(tab, "at").getAttribute("max"));
const stopped = (tab) => tab.waitForFunction(() => document.getElementById("rp-play-word").textContent === "Play");

const frames = (tab, count) => tab.evaluate((left) => new Promise((done) => {
  const next = () => {
    left -= 1;
    if (left < 0) done();
    else requestAnimationFrame(next);
  };
  next();
}), count);

const slide = (tab, name, to) => by(tab, name).evaluate((it, value) => {
  it.value = value;
  it.dispatchEvent(new Event("input"));
}, to);

const openAll = (tab) => tab.evaluate(() => document.querySelectorAll("details").forEach((it) => {
  it.open = true;
}));

// Shows one combination alone.
async function alone(tab, routing) {
  await by(tab, "combination").selectOption({ label: `routing ${routing}` });
  await by(tab, "beside").selectOption("-1");
}

// The requests that can be chosen, as numbers of lookups.
async function lookups(tab) {
  const titles = await by(tab, "request").locator("option").allTextContents();
  return titles.map((title) => Number(title.match(/^lookup (\d+)/)[1]));
}

// The fingers of a node at a moment, from the rows of replay.csv: [number, node].
function fingersOf(changes, id, time) {
  const fingers = new Map();
  for (const row of changes.filter((it) => it.id === id && Number(it.time_s) <= time)) {
    if (["lost", "leave", "crash"].includes(row.entry)) fingers.clear();
    if (row.entry === "finger") fingers.set(Number(row.number), row.to);
  }
  return [...fingers].filter(([, to]) => to !== "" && to !== changes.find((it) => it.id === id).node);
}

await run({
  "play moves, pause stops, and at the end it stops by itself": async (open, page) => {
    const tab = await open(page);
    const before = await said(tab);
    assert.equal(await at(tab), 0);
    await by(tab, "play").click();
    assert.match(await by(tab, "play").textContent(), /Pause/);
    await tab.waitForFunction(() => Number(document.getElementById("rp-at").value) >= 1);
    await by(tab, "play").click();
    const paused = [await at(tab), await said(tab)];
    assert.notEqual(paused[1], before);
    await frames(tab, 30);
    assert.deepEqual([await at(tab), await said(tab)], paused);
    for (let i = 0; i < 5; i += 1) await by(tab, "faster").click();
    await by(tab, "play").click();
    await stopped(tab);
    assert.equal(await at(tab), await length(tab));
    assert.match(await said(tab), /It is over|It fails/);
  },

  "each step is a message of trace.csv, and the hops are those of lookups.csv": async (open, page, results) => {
    const tab = await open(page);
    for (const routing of ROUTINGS) {
      const [trace, all] = ["trace.csv", "lookups.csv"].map((file) => rows(results, file, routing));
      await alone(tab, routing);
      const shown = await lookups(tab);
      assert.ok(shown.length >= 10);
      for (const [i, number] of shown.slice(0, 12).entries()) {
        await by(tab, "request").selectOption({ index: i });
        const messages = trace.filter((row) => row.lookup === String(number) && row.event !== "ack");
        for (const [k, message] of messages.entries()) {
          await by(tab, "step").click();
          const text = await said(tab);
          const named = [message.from_id, message.to_id].every((id) => text.includes(id));
          assert.ok(named, `${text} for ${JSON.stringify(message)}`);
          if (message.event === "forward") assert.ok(text.startsWith(`Hop ${message.hop}:`), text);
          assert.equal(await at(tab), k + 1);
          assert.equal(await tab.locator('.rp-leg[data-state^="done"]').count(), k + 1);
        }
        const lookup = all.find((row) => row.lookup === String(number));
        const [counter] = await counters(tab);
        if (lookup.outcome === "ok") {
          const ms = Number(lookup.latency_ms).toLocaleString("en", { maximumFractionDigits: 1 });
          assert.ok(counter.startsWith(`${lookup.hops} hop`) && counter.includes(` ${ms} ms`), `${counter} for ${lookup.hops}, ${ms}`);
        }
        assert.ok(counter.endsWith(lookup.outcome), counter);
        await by(tab, "back").click();
        assert.equal(await at(tab), messages.length - 1);
      }
    }
  },

  "a selfish peer and a timeout are among what is shown, in words": async (open, page, results) => {
    const tab = await open(page);
    await alone(tab, "fingers");
    const shown = await lookups(tab);
    const trace = rows(results, "trace.csv", "fingers");
    for (const [event, words] of [["refuse", /is selfish and drops/], ["timeout", /in vain/]]) {
      const number = shown.find((it) => trace.some((row) => row.lookup === String(it) && row.event === event));
      assert.ok(number !== undefined, event);
      await by(tab, "request").selectOption({ index: shown.indexOf(number) });
      assert.match(await by(tab, "ways").textContent(), words);
    }
    assert.ok(await tab.locator(".rp-node.rp-selfish").count() > 0);
  },

  "the sliders seek": async (open, page) => {
    const tab = await open(page);
    await by(tab, "step").click();
    await by(tab, "step").click();
    const second = await said(tab);
    await slide(tab, "at", 0);
    assert.notEqual(await said(tab), second);
    await slide(tab, "at", 2);
    assert.equal(await said(tab), second);
    await slide(tab, "run", 70.2);
    assert.equal(await by(tab, "scope").inputValue(), "run");
    assert.match(await by(tab, "run-says").textContent(), /^70.2 s of 120 s/);
  },

  "at each moment those are gone that replay.csv says have crashed": async (open, page, results) => {
    const tab = await open(page);
    await alone(tab, "fingers");
    const changes = rows(results, "replay.csv", "fingers");
    for (const time of [30, 57, 63, 117]) {
      await slide(tab, "run", time);
      const crashed = changes.filter((row) => row.entry === "crash" && Number(row.time_s) <= time).map((row) => row.id);
      const shown = await tab.locator('[data-state="crash"] title').allTextContents();
      assert.deepEqual(shown.map((text) => text.replace("node ", "")).sort(), crashed.sort(), `at ${time} s`);
      assert.equal(crashed.length > 0, time > 60);
    }
    const before = rows(results, "timeline.csv", "fingers").filter((row) => Number(row.time_s) <= 117);
    const [counter] = await counters(tab);
    assert.ok(counter.startsWith(`${before.at(-1).nodes} members`), counter);
  },

  "fingers shown are those of replay.csv": async (open, page, results) => {
    const tab = await open(page);
    await alone(tab, "fingers");
    const changes = rows(results, "replay.csv", "fingers");
    const nodes = [...new Set(changes.filter((row) => row.entry === "member").map((row) => row.id))];
    let seen = 0;
    for (const time of [9, 63, 111]) {
      await slide(tab, "run", time);
      for (const id of nodes.slice(0, 8)) {
        await by(tab, "node").selectOption(id);
        const lines = await tab.locator(".rp-known .rp-finger").evaluateAll((all) => all.map((it) => [it.dataset.to, it.dataset.fingers]));
        const shown = lines.flatMap(([to, fingers]) => fingers.split(" ").map((i) => [Number(i), to]));
        const order = ([a], [b]) => a - b;
        assert.deepEqual(shown.sort(order), fingersOf(changes, id, time).sort(order), `node ${id} at ${time} s`);
        seen += shown.length;
      }
    }
    assert.ok(seen > 100);
    assert.match(await by(tab, "tables").textContent(), /predecessor|has crashed/);
  },

  "two rings side by side have one clock and the hops of both": async (open, page, results) => {
    const tab = await open(page);
    assert.equal(await tab.locator(".rp-ring").count(), 2, "they are side by side from the start");
    for (const time of ["hops", "true"]) {
      await by(tab, "time").selectOption(time);
      await ring(tab).focus();
      await tab.keyboard.press("End");
      const title = await by(tab, "request").locator("option:checked").textContent();
      const number = title.match(/^lookup (\d+)/)[1];
      const shown = await counters(tab);
      for (const [i, routing] of ROUTINGS.entries()) {
        const lookup = rows(results, "lookups.csv", routing).find((row) => row.lookup === number);
        assert.ok(shown[i].startsWith(`${lookup.hops} hop`), `${shown[i]} for ${lookup.hops}`);
      }
      assert.match(await said(tab), /Left: .* Right: /s);
    }
  },

  "speed changes, and keys do what the list says": async (open, page) => {
    const tab = await open(page);
    await ring(tab).focus();
    const press = (key) => tab.keyboard.press(key);
    await press("+");
    assert.equal(await by(tab, "speed").textContent(), "2×");
    await press("-");
    await press("-");
    assert.equal(await by(tab, "speed").textContent(), "0.5×");
    for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft"]) await press(key);
    assert.equal(await at(tab), 1);
    await press("End");
    assert.equal(await at(tab), await length(tab));
    await press("Home");
    assert.equal(await at(tab), 0);
    await press("Space");
    assert.match(await by(tab, "play").textContent(), /Pause/);
    await press("Space");
    assert.match(await by(tab, "play").textContent(), /Play/);
    const chosen = Number(await by(tab, "request").inputValue());
    await press("n");
    assert.equal(Number(await by(tab, "request").inputValue()), chosen + 1);
    await press("p");
    assert.equal(Number(await by(tab, "request").inputValue()), chosen);
    await press("ArrowDown");
    assert.ok(await by(tab, "tables").isVisible());
    await press("Escape");
    assert.ok(await by(tab, "tables").isHidden());
  },

  "pointing at a node shows its tables": async (open, page) => {
    const tab = await open(page);
    await alone(tab, "fingers");
    await by(tab, "node").selectOption("none");
    assert.equal(await tab.locator(".rp-known .rp-finger").count(), 0);
    await ring(tab).scrollIntoViewIfNeeded();
    const box = await tab.locator(".rp-reach").nth(3).boundingBox();
    await tab.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    assert.ok(await tab.locator(".rp-known .rp-finger").count() > 0);
    await tab.mouse.move(2, 2);
    assert.equal(await tab.locator(".rp-known .rp-finger").count(), 0);
  },

  "who wants no motion sees steps": async (open, page) => {
    const tab = await open(page, { reducedMotion: "reduce" });
    for (let i = 0; i < 5; i += 1) await by(tab, "faster").click();
    await tab.evaluate(() => {
      globalThis.seenMoving = 0;
      const look = () => {
        const moving = [...document.querySelectorAll(".rp-moving")];
        globalThis.seenMoving += moving.filter((it) => it.getAttribute("visibility") === "visible").length;
        requestAnimationFrame(look);
      };
      look();
    });
    await by(tab, "play").click();
    await stopped(tab);
    assert.equal(await at(tab), await length(tab));
    assert.equal(await tab.evaluate(() => globalThis.seenMoving), 0);
  },

  "on paper the whole way is there, with its numbers, and no controls": async (open, page) => {
    const tab = await open(page, { colorScheme: "dark" });
    await tab.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await tab.emulateMedia({ media: "print" });
    const states = await tab.locator(".rp-leg").evaluateAll((all) => all.map((it) => it.dataset.state.split(" ")[0]));
    assert.ok(states.length > 1 && states.every((it) => it === "done"), states.join());
    assert.ok(await by(tab, "play").isHidden() && await by(tab, "run").isHidden());
    assert.ok(await tab.locator(".rp-number").first().isVisible());
    assert.ok(await by(tab, "ways").isVisible());
    await tab.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    assert.equal(await at(tab), 0);
  },

  "axe finds nothing serious and nothing hangs over, light and dark, wide and narrow": async (open, page) => {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [1400, 320]) {
        const tab = await open(page, { colorScheme, viewport: { width, height: 800 } });
        await by(tab, "step").click();
        await by(tab, "node").selectOption({ index: 4 });
        await openAll(tab);
        assert.deepEqual(await faults(tab), [], `${colorScheme}, ${width}`);
        assert.equal(await overhang(tab), 0, `${colorScheme}, ${width}`);
      }
    }
  },

  "without a recording requests are played as the trace has them, and it is said what is missing": async (open, _p, _r, traced) => {
    const tab = await open(traced);
    assert.match(await by(tab, "about").textContent(), /output\.replay=true/);
    await by(tab, "step").click();
    assert.match(await said(tab), /Hop 1: /);
    assert.equal(await tab.locator(".rp-known .rp-finger").count(), 0);
  },

  "with nothing recorded it is said how to record it": async (open, _p, _r, _t, plain) => {
    const tab = await open(plain);
    assert.ok(await by(tab, "missing").isVisible());
    assert.match(await by(tab, "missing").textContent(), /output\.replay=true/);
    assert.equal(await by(tab, "rings").isVisible(), false);
  },
});
