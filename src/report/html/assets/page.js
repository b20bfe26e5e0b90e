// What the page itself does: its buttons, and a few helpers that the other scripts use.
"use strict";

const page = (() => {
  const root = document.documentElement;
  const listeners = [];

  // What JSON the page carries under this name, or null.
  function data(name) {
    const element = document.getElementById("data-" + name);
    return element ? JSON.parse(element.textContent) : null;
  }

  // An element of HTML with attributes and children; strings become text, never markup.
  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  // Tells a screen reader.
  function say(text) {
    document.getElementById("live").textContent = text;
  }

  function isDark() {
    const chosen = root.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  // Calls this whenever sizes of text change.
  function onSize(listener) {
    listeners.push(listener);
  }

  function begin() {
    const tools = document.querySelector(".tools");
    if (!tools) {
      return;
    }
    const [dark, large, print] = ["dark", "large", "print"].map((id) => document.getElementById(id));
    const showTheme = () => dark.setAttribute("aria-pressed", isDark());
    dark.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      showTheme();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
    large.addEventListener("click", () => {
      const isLarge = root.dataset.size !== "large";
      root.dataset.size = isLarge ? "large" : "";
      large.setAttribute("aria-pressed", isLarge);
      listeners.forEach((listener) => listener());
    });
    print.addEventListener("click", () => window.print());
    showTheme();
    tools.hidden = false;
  }

  begin();
  return { data, element, say, onSize };
})();
