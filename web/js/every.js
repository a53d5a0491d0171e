/** Doing something again and again while somebody looks: not in a hidden tab, and at once when it is seen again. */

/** @param {number} seconds @param {() => void} act @param {AbortSignal} signal */
export function every(seconds, act, signal) {
  let last = Date.now();
  const look = () => {
    if (document.hidden || Date.now() - last < seconds * 1000) return;
    last = Date.now();
    act();
  };
  const timer = setInterval(look, 1000);
  document.addEventListener("visibilitychange", look, { signal });
  signal.addEventListener("abort", () => clearInterval(timer));
}
