/** Acting on the system: with a key, and with a word of what came of it. */

import { ApiProblem, send } from "./api.js";
import { h, put } from "./dom.js";
import { key } from "./key.js";
import { askForKey } from "./key-dialogue.js";

const SHOWN_MILLISECONDS = 8000;

/** One place for what came of an action; a screen reader hears it. */
const place = h("div", { role: "status", "aria-live": "polite", class: "toasts" });
document.body.append(place);

/** @param {string} words @param {boolean} [bad] */
export function tell(words, bad = false) {
  const told = h("p", { class: bad ? "toast toast-bad" : "toast" }, words);
  put(place, told);
  setTimeout(() => told.remove(), SHOWN_MILLISECONDS);
}

/** What is being done: a second press of its button does nothing. @type {Set<string>} */
const underWay = new Set();

/**
 * Do something that needs a key: asks for one where there is none, or where the API refuses the one there is.
 * @param {{ method: "POST" | "DELETE", path: string, body?: object, done: (answer: any) => string, after?: () => void }} action
 *   `done` words what came of it
 */
export async function act(action) {
  if (key() === null) {
    askForKey(() => act(action));
    return;
  }
  const name = `${action.method} ${action.path}`;
  if (underWay.has(name)) return;
  underWay.add(name);
  try {
    tell(action.done(await send(action.method, action.path, action.body)));
    action.after?.();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    tell(error.detail, true);
    if (error.status === 401 || error.status === 403) askForKey(() => act(action));
  } finally {
    underWay.delete(name);
  }
}
