/** The frame around the pages: the header's buttons, and which page the address names. */

import { ApiProblem, unreached } from "./api.js";
import { put } from "./dom.js";
import { keyButton } from "./key-dialogue.js";
import { failure, loading } from "./states.js";
import { themeButton } from "./theme.js";

/**
 * A page draws itself into `main` and stops when `signal` says so. `from` is the address that was shown before it.
 * @typedef {(place: HTMLElement, argument: string, signal: AbortSignal, from: string | null) => void} Page
 * @type {{ pattern: RegExp, nav: string, load: () => Promise<{ show: Page }> }[]}
 */
const PAGES = [
  { pattern: /^#\/gauge\/([^/?]+)/, nav: "now", load: () => import("./gauge.js") },
  { pattern: /^#\/operations/, nav: "operations", load: () => import("./operations.js") },
  { pattern: /^/, nav: "now", load: () => import("./now.js") },
];

const main = document.getElementById("main");
let leaving = new AbortController();
let shown = null; // the address

async function route() {
  const hash = location.hash;
  const page = PAGES.find(({ pattern }) => pattern.test(hash));
  const [, argument = ""] = page.pattern.exec(hash);
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  for (const link of document.querySelectorAll("[data-nav]")) {
    if (link.dataset.nav === page.nav) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (shown !== null) put(main, loading("the page"));
  try {
    const { show } = await page.load().catch((error) => {
      throw error instanceof TypeError ? unreached() : error; // by this a browser says that a module did not come
    });
    if (signal.aborted) return;
    put(main);
    show(main, decoded(argument), signal, shown);
  } catch (error) {
    if (signal.aborted) return;
    // A tab that was open while a release was published has old modules, which those of another page may not fit.
    if (error instanceof SyntaxError && shown !== null) return location.reload();
    if (!(error instanceof ApiProblem)) console.error(error);
    put(main, failure(error, route));
  }
  // After a change of page a screen reader begins at its top, not at the link that was followed.
  if (shown !== null) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  shown = hash;
}

/** An address that was typed by hand may be no valid encoding: then it is taken as it stands. @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// The skip link must not change the address: that names the page.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
/** With a key there may be an answer where there was none; a page that has one stays. */
function askAgain() {
  if (main.querySelector(".state-failure")) route();
}

document.getElementById("tools").append(keyButton(askAgain), themeButton());
addEventListener("hashchange", route);
route();
