/**
 * Building the page. Text goes in as text nodes only, so nothing that comes from data is ever read as markup.
 * @typedef {Node | string | number | null | undefined | false} Child
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element: `h("a", { href: "#/", class: "quiet", onclick: go }, "Now")`.
 * What begins with `on` is a listener; true is an attribute without a value; null, undefined and false are left out.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for a drawing. @returns {SVGElement} */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** @param {Element} element @param {(Child | Child[])[]} children */
export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Replace what is in an element. @param {Element} element @param {...(Child | Child[])} children */
export function put(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/**
 * Replace what is in an element; who had the focus in it has it again, in what took its place. False where somebody
 * is writing in it: nothing may vanish under their hands.
 * @param {HTMLElement} element @param {...(Child | Child[])} children
 */
export function renew(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  if (focused?.matches("input:not([type=radio]), select")) return false;
  const folds = () => [...element.querySelectorAll("details")];
  const open = folds().map((fold) => fold.open);
  put(element, ...children);
  folds().forEach((fold, index) => (fold.open = open[index] ?? fold.open)); // what was unfolded stays so
  if (focused) {
    const same = [...element.querySelectorAll(focused.tagName)].find(
      (each) => nameOf(each) === nameOf(focused),
    );
    element.tabIndex = -1; // where it is gone, the reader stays in the same place
    (same && !same.disabled ? same : element).focus({ preventScroll: true });
  }
  return true;
}

function nameOf(element) {
  return [element.getAttribute("aria-label"), element.name, element.value, element.textContent].join();
}

/** Words for a screen reader only. @param {string} words */
export function unseen(words) {
  return h("span", { class: "unseen" }, words);
}

const ICONS = {
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  reset: "M3 3h4M3 3v4M13 3H9M13 3v4M3 13h4M3 13V9M13 13H9M13 13V9",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M10.5 10.5L14 14",
  sun: "M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z",
  key: "M10.5 2a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M8 8L2 14M4 12l2 2M6 10l1.5 1.5",
  back: "M10 3L5 8l5 5",
  next: "M6 3l5 5l-5 5",
  download: "M8 2v8M4.5 7L8 10.5L11.5 7M3 13.5h10",
  warning: "M8 2L1.5 13.5h13zM8 6.5v3.5M8 11.8v.2",
  check: "M3 8.5l3.5 3.5L13 4.5",
};

/** A drawing beside words, so it says nothing itself. @param {keyof typeof ICONS} name */
export function icon(name) {
  return s(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false" },
    s("path", { d: ICONS[name] }),
  );
}
