/** The API key of this tab. It lives in the session's storage only: never in an address, a cookie or a log. */

const NAME = "gaugehouse.key";

/** @returns {string | null} */
export function key() {
  return sessionStorage.getItem(NAME);
}

/** @param {string} given */
export function keepKey(given) {
  sessionStorage.setItem(NAME, given);
  changed();
}

export function forgetKey() {
  sessionStorage.removeItem(NAME);
  changed();
}

function changed() {
  document.dispatchEvent(new Event("gaugehouse:key"));
}
