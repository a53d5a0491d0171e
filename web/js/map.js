/** The map of gauges, coloured by rain or by condition. The list beside it says the same without a picture. */

import { gaugeAddress } from "./cells.js";
import { put } from "./dom.js";
import { plural } from "./format.js";
import { mapCard } from "./map-card.js";
import { dotOf, SHAPES } from "./map-dots.js";
import { drawDots, drawLabels, drawNames, drawOutlines } from "./map-drawing.js";
import { boxAround, neighbourhood } from "./map-fit.js";
import { mapFrame } from "./map-frame.js";
import { outlines, projection, TOWNS } from "./map-ground.js";
import { legendOf } from "./map-legend.js";
import { MapView } from "./map-view.js";
import { RAIN_CLASSES } from "./rain-scale.js";
import { colour, onTheme } from "./theme.js";

const ARIZONA = [
  [-114.8, 37],
  [-109, 31.3],
];
const NEAR_PIXELS = 14;
const FULL_WIDTH = 640; // on a narrower map the dots are smaller
const SMALLEST_SHARE = 0.65;
const PALETTE = {
  land: "--map-land",
  border: "--map-border",
  county: "--map-county",
  place: "--ink-3",
  halo: "--card",
  ink: "--ink",
};

/** What it is coloured by; a choice stays for when somebody comes back. @type {import("./map-frame.js").ColouredBy} */
let by = "rain24";

/** @param {AbortSignal} signal */
export function gaugeMap(signal) {
  let gauges = [];
  let dots = [];
  let known = [];
  let pointed = null;
  let drawing = 0;
  let isStyled = false; // how a gauge is drawn changes with its data and the colours, where it is with every move
  let palette = {};
  let colours = {};

  const {
    element,
    frame: surface,
    canvas,
    words,
    legend,
    unplaced,
  } = mapFrame(by, {
    onzoom: (factor) => view.zoom(factor),
    onreset() {
      fit(gauges);
      later();
    },
    onchange(value) {
      by = value;
      put(legend, legendOf(by));
      restyled();
    },
  });
  const context = canvas.getContext("2d");
  const view = new MapView(canvas, { onmove: later, onhover: hover, onclick: click });
  canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && point(null));

  /** Colours are read where they changed, not at every frame. */
  function readColours() {
    palette = Object.fromEntries(Object.entries(PALETTE).map(([name, token]) => [name, colour(token)]));
    colours = {
      rain: RAIN_CLASSES.map((each) => colour(each.token)),
      missing: colour("--ink-3"),
      halo: palette.halo,
      tones: Object.fromEntries(Object.keys(SHAPES).map((tone) => [tone, colour(`--tone-${tone}`)])),
    };
    restyled();
  }

  function restyled() {
    isStyled = false;
    later();
  }

  function place() {
    if (!isStyled) {
      dots = gauges.map(({ gauge, at }) => {
        const look = dotOf(gauge, by, colours);
        return { gauge, at, size: look.radius, ...look };
      });
      dots.sort((one, other) => one.rank - other.rank);
      isStyled = true;
    }
    const { scale, x, y } = view.view;
    const share = Math.min(1, Math.max(SMALLEST_SHARE, canvas.clientWidth / FULL_WIDTH));
    for (const dot of dots) {
      dot.radius = dot.size * share;
      dot.x = dot.at[0] * scale + x;
      dot.y = dot.at[1] * scale + y;
    }
  }

  function later() {
    if (drawing === 0) drawing = requestAnimationFrame(draw);
  }

  function draw() {
    drawing = 0;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = devicePixelRatio;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    drawOutlines(context, known, view.view, palette, ratio);
    place();
    const seen = dots.filter(({ x, y }) => x > -20 && y > -20 && x < width + 20 && y < height + 20);
    drawDots(context, seen);
    const taken = drawNames(context, TOWNS, known, { view: view.view, palette, dots: seen });
    drawLabels(context, seen, taken, palette);
    const marked = pointed && dots.find(({ gauge }) => gauge.station_id === pointed.station_id);
    if (marked)
      drawDots(context, [
        { ...marked, radius: marked.radius + 5, fill: null, stroke: palette.ink, shape: "ring" },
      ]);
  }

  /** @param {{ gauge: any, at: [number, number] }[]} shown */
  function fit(shown) {
    const places = shown.length > 0 ? shown.map(({ at }) => at) : ARIZONA.map((place) => projection(place));
    view.fit(boxAround(places), canvas.clientWidth, canvas.clientHeight);
  }

  function hover(x, y) {
    let near = null;
    let nearest = NEAR_PIXELS;
    for (const dot of dots) {
      const distance = Math.hypot(dot.x - x, dot.y - y);
      if (distance < nearest) [near, nearest] = [dot, distance];
    }
    point(near?.gauge ?? null);
    canvas.classList.toggle("pointing", near !== null);
  }

  /** A click opens the gauge; a finger, which could not look first, gets the card with its link. */
  function click(x, y, pointer) {
    hover(x, y);
    if (pointed && pointer === "mouse") location.hash = gaugeAddress(pointed);
  }

  function point(gauge) {
    if (pointed === gauge) return;
    pointed = gauge;
    words.hidden = gauge === null;
    if (gauge) put(words, mapCard(gauge));
    later();
  }

  new ResizeObserver(() => {
    if (!view.isTouched) fit(neighbourhood(gauges));
    later();
  }).observe(surface);
  onTheme(readColours, signal);
  // After the list, which is what people wait for. Safari has no idle time to offer.
  (window.requestIdleCallback ?? window.setTimeout)(() =>
    outlines()
      .then(
        (found) => {
          known = found;
          draw();
        },
        (error) => console.warn("The map has no borders:", error), // its gauges are worth more than they are
      )
      .finally(() => surface.removeAttribute("aria-busy")),
  );
  readColours();

  return {
    element,
    point,
    /** @param {any[]} shown */
    update(shown) {
      const placed = shown.filter((gauge) => gauge.latitude !== null && gauge.longitude !== null);
      const missing = shown.length - placed.length;
      unplaced.hidden = missing === 0;
      put(unplaced, `${plural(missing, "gauge")} without a position: the list has all of them.`);
      const isFirst = gauges.length === 0;
      gauges = placed.map((gauge) => ({ gauge, at: projection([gauge.longitude, gauge.latitude]) }));
      if (isFirst && !view.isTouched) fit(neighbourhood(gauges));
      // The card says what is known now; of a gauge that is not listed any more there is none.
      if (pointed) point(shown.find(({ station_id: id }) => id === pointed.station_id) ?? null);
      restyled();
    },
  };
}
