/** What a page shows while it waits, when there is nothing, and when it went wrong. */

import { ApiProblem } from "./api.js";
import { h, icon, renew } from "./dom.js";
import { askForKey } from "./key-dialogue.js";

/** @param {string} what */
export function loading(what) {
  return h("p", { class: "state state-loading", role: "status" }, `Loading ${what} …`);
}

/** @param {string} title @param {string} [detail] */
export function nothing(title, detail = "") {
  return h("div", { class: "state" }, h("p", { class: "state-title" }, title), detail && h("p", {}, detail));
}

/** @param {Error} error @param {() => void} again */
export function failure(error, again) {
  const needsKey = error instanceof ApiProblem && (error.status === 401 || error.status === 403);
  return h(
    "div",
    { class: "state state-failure", role: "alert" },
    h(
      "p",
      { class: "state-title" },
      icon("warning"),
      error instanceof ApiProblem ? error.title : "Something broke here",
    ),
    h("p", {}, error instanceof ApiProblem ? error.detail : `${error.name}: ${error.message}`),
    h(
      "p",
      { class: "actions" },
      needsKey &&
        h(
          "button",
          { class: "button button-strong", type: "button", onclick: () => askForKey(again) },
          "Enter a key",
        ),
      h("button", { class: "button", type: "button", onclick: again }, "Try again"),
    ),
  );
}

/** The newest that each place was to be filled with: an older answer that comes late is not shown. @type {WeakMap<Element, object>} */
const newest = new WeakMap();

/**
 * Fill a place with what `load` brings: first the word that it loads, then the content, or why there is none. Who had
 * the focus in it stays there.
 * @param {Element} place @param {string} what @param {() => Promise<Node | Node[]>} load
 * @param {() => void} [again] what trying again is
 */
export async function filled(place, what, load, again = () => filled(place, what, load)) {
  const turn = {};
  const isLate = () => newest.get(place) !== turn;
  newest.set(place, turn);
  renew(place, loading(what));
  try {
    const content = await load();
    if (!isLate()) renew(place, content);
  } catch (error) {
    if (error.name === "AbortError" || isLate()) return;
    if (!(error instanceof ApiProblem)) console.error(error);
    renew(place, failure(error, again));
  }
}
