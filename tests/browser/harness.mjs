// Runs tests of a page in a headless browser:
//
//   node tests/browser/NAME.mjs FOLDER_OF_MODULES ARGUMENT...
//
// A script of tests calls `run` with named functions. Each gets `open`, which gives a fresh page of a browser, and the
// arguments. What a test finds wrong it throws, as `assert` does. Afterwards every page must have loaded nothing but itself
// and must have had no errors, whatever the test was about.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";

const [, , modules, ...given] = process.argv;
const require = createRequire(pathToFileURL(`${modules}/package.json`));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const OPTIONS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

// Opens a file in a context of its own; `options` are those of a context, such as `colorScheme` or `viewport`.
function opener(browser, opened) {
  return async (file, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...options });
    const tab = await context.newPage();
    const address = pathToFileURL(file).href;
    const wrong = [];
    tab.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) {
        wrong.push(`console: ${message.text()}`);
      }
    });
    tab.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
    tab.on("dialog", (dialog) => {
      wrong.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    tab.on("request", (request) => {
      const url = request.url();
      if (url.split("#")[0] !== address && !url.startsWith("data:") && !url.startsWith("blob:")) {
        wrong.push(`request: ${url}`);
      }
    });
    opened.push({ context, wrong });
    await tab.goto(address);
    return tab;
  };
}

// What axe finds that is serious or critical, a line each. Its script is put in by the driver, which no page could do.
export async function faults(tab) {
  await tab.evaluate(axe);
  const found = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const bad = found.violations.filter((it) => ["serious", "critical"].includes(it.impact));
  return bad.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

// How far the page can be scrolled sideways.
export function overhang(tab) {
  return tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

export async function run(tests) {
  const executablePath = process.env.CHORDSIM_BROWSER || "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: OPTIONS });
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    const opened = [];
    try {
      await test(opener(browser, opened), ...given);
      assert.deepEqual(opened.flatMap((it) => it.wrong), []);
      console.log(`ok      ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stack}`);
    }
    for (const { context } of opened) {
      await context.close();
    }
  }
  await browser.close();
  process.exitCode = failed > 0 ? 1 : 0;
}
