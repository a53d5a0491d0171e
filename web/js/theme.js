/** Light or dark: as the system has it, until somebody chooses. `first-paint.js` sets the choice before the page is drawn. */

import { h, icon, put } from "./dom.js";

const NAME = "gaugehouse.theme";
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {boolean} */
export function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : systemIsDark.matches;
}

/** @type {Map<string, string>} colours by name, until the theme changes */
const known = new Map();

/** The colour of a custom property as it is now, for what is drawn on a canvas. @param {string} name */
export function colour(name) {
  if (!known.has(name)) known.set(name, computed(name));
  return known.get(name);
}

function computed(name) {
  const probe = h("span", { hidden: true });
  probe.style.forcedColorAdjust = "none"; // where the system takes the colours, all would be its one of text
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** Hear of every change; the answer stops it. @param {() => void} listener @param {AbortSignal} signal */
export function onTheme(listener, signal) {
  document.addEventListener("gaugehouse:theme", listener, { signal });
}

/** @returns {HTMLElement} */
export function themeButton() {
  const button = h("button", {
    class: "button button-quiet button-icon",
    type: "button",
    onclick: () => choose(!isDark()),
  });
  const show = () => {
    const words = isDark() ? "Use light colours" : "Use dark colours";
    button.setAttribute("aria-label", words);
    button.title = words;
    put(button, icon(isDark() ? "sun" : "moon"));
  };
  document.addEventListener("gaugehouse:theme", show);
  systemIsDark.addEventListener("change", changed);
  show();
  return button;
}

function choose(dark) {
  root.dataset.theme = dark ? "dark" : "light";
  localStorage.setItem(NAME, root.dataset.theme);
  changed();
}

function changed() {
  known.clear();
  document.dispatchEvent(new Event("gaugehouse:theme"));
}
