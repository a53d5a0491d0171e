/**
 * Which part of the map is seen: moving and zooming with the mouse, two fingers, or the buttons. One finger moves the
 * page, and the mouse's wheel zooms only with Ctrl, so that the map never holds anybody up.
 */

/** @typedef {{ scale: number, x: number, y: number }} View screen = map * scale + (x, y) */

const SMALLEST = 0.2;
const LARGEST = 400;
const LARGEST_FIT = 18; // about a county high: one gauge alone is shown with what is around it

export class MapView {
  /** @param {HTMLElement} surface @param {{ onmove: () => void, onclick: (x: number, y: number, pointer: string) => void, onhover: (x: number, y: number) => void }} listeners */
  constructor(surface, listeners) {
    /** @type {View} */
    this.view = { scale: 1, x: 0, y: 0 };
    this.isTouched = false;
    this.listeners = listeners;
    this.surface = surface;
    /** @type {Map<number, { x: number, y: number }>} */
    this.fingers = new Map();
    this.travelled = 0;
    surface.addEventListener("pointerdown", (event) => this.#down(event));
    surface.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"])
      surface.addEventListener(end, (event) => this.#up(event));
    surface.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    surface.addEventListener("dblclick", (event) => this.zoom(2, event.offsetX, event.offsetY));
  }

  /** Fit a box of the map into a surface of `width` × `height`. @param {[[number, number], [number, number]]} box */
  fit([[left, top], [right, bottom]], width, height, margin = 36) {
    const free = (size) => Math.max(1, size - 2 * margin);
    const scale = Math.min(
      free(width) / Math.max(right - left, 1e-6),
      free(height) / Math.max(bottom - top, 1e-6),
      LARGEST_FIT,
    );
    this.view = {
      scale,
      x: width / 2 - (scale * (left + right)) / 2,
      y: height / 2 - (scale * (top + bottom)) / 2,
    };
    this.isTouched = false;
  }

  /** Zoom by a factor around a point of the surface, its middle if none is given. */
  zoom(factor, x = this.surface.clientWidth / 2, y = this.surface.clientHeight / 2) {
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.view.scale * factor));
    const change = scale / this.view.scale;
    this.view = { scale, x: x - (x - this.view.x) * change, y: y - (y - this.view.y) * change };
    this.#moved();
  }

  #moved() {
    this.isTouched = true;
    this.listeners.onmove();
  }

  #down(event) {
    if (event.button !== 0) return; // the others have a menu of their own
    this.fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    this.travelled = 0;
  }

  #move(event) {
    if (event.buttons === 0) this.fingers.delete(event.pointerId); // let go outside of the map
    const before = this.fingers.get(event.pointerId);
    const now = { x: event.offsetX, y: event.offsetY };
    if (!before) {
      this.listeners.onhover(now.x, now.y);
      return;
    }
    this.travelled += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (this.travelled < 4) return;
    this.surface.setPointerCapture(event.pointerId);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    const share = other ? 0.5 : 1; // of two fingers each moves the map half the way
    this.view = {
      ...this.view,
      x: this.view.x + (now.x - before.x) * share,
      y: this.view.y + (now.y - before.y) * share,
    };
    this.fingers.set(event.pointerId, now);
    if (other) {
      const spread = (finger) => Math.hypot(finger.x - other.x, finger.y - other.y);
      this.zoom(spread(now) / Math.max(1, spread(before)), (now.x + other.x) / 2, (now.y + other.y) / 2);
    } else this.#moved();
  }

  #up(event) {
    const wasClick = this.fingers.delete(event.pointerId) && this.travelled < 4 && event.type === "pointerup";
    if (wasClick) this.listeners.onclick(event.offsetX, event.offsetY, event.pointerType);
  }

  #wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY);
  }
}
