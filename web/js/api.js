/** The HTTP API: asking it, and what it says when it cannot answer. The key goes with every request that has one. */

import { forgetKey, key } from "./key.js";

const PAGE = 1000;
const LONGEST_MILLISECONDS = 45_000; // the API answers within 30 s, or not at all; a browser would wait for minutes
const MOST_AT_ONCE = 4; // the API is throttled, and each request beyond those that run may start a sandbox

/** What the API answered instead: problem+json, or that it was not reached. */
export class ApiProblem extends Error {
  /** @param {number} status 0 where there was no answer @param {string} title @param {string} detail */
  constructor(status, title, detail) {
    super(detail);
    this.status = status;
    this.title = title;
    this.detail = detail;
  }
}

/** @type {Promise<{ api: string }> | null} */
let configured = configuration();
configured.catch(() => {}); // who asks the API for something hears of it

/** Where the API is. A failure is not kept: who tries again asks again. */
async function configuration() {
  try {
    const answer = await fetch("config.json");
    if (!answer.ok) throw await problemOf(answer);
    return await answer.json();
  } catch (error) {
    configured = null;
    throw error instanceof ApiProblem ? error : unreached();
  }
}

/** @param {string} path below /api/v1 @param {Record<string, any>} [query] what is null is left out */
export async function urlOf(path, query = {}) {
  configured ??= configuration();
  const { api } = await configured;
  const given = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  const asked = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `${api}${path}${asked ? `?${asked}` : ""}`;
}

/** A part of a path that comes from data. */
export const part = encodeURIComponent;

/** For what is shown as of now: the API is asked, also where the browser has an answer that may be kept. A cheap 304. */
export const FRESH = "no-cache";

/**
 * @param {string} path @param {Record<string, any>} [query] @param {AbortSignal} [signal] @param {RequestCache} [cache]
 * @returns {Promise<any>}
 */
export async function get(path, query = {}, signal = undefined, cache = "default") {
  return asked(await urlOf(path, query), { signal, cache });
}

/** Ask for one page after the other, as they are now; `each` hears every page as it comes. */
export async function eachPage(path, query, each, signal = undefined) {
  let cursor = null;
  do {
    const page = await get(path, { ...query, limit: PAGE, cursor }, signal, FRESH);
    each(page.items);
    cursor = page.next_cursor;
  } while (cursor);
}

/** Act: needs a key with the scope `operate`. @param {"POST" | "DELETE"} method @param {object} [body] */
export async function send(method, path, body = undefined) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  return asked(await urlOf(path), {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

let running = 0;
/** @type {(() => void)[]} */
const waiting = [];

/** Wait for a turn, in the order of asking; `leave` gives it on. */
async function enter() {
  if (running >= MOST_AT_ONCE) await new Promise((resolve) => waiting.push(resolve));
  else running += 1;
}

function leave() {
  const next = waiting.shift();
  if (next) next();
  else running -= 1;
}

async function asked(url, options) {
  await enter();
  try {
    options.signal?.throwIfAborted();
    return await answered(url, options);
  } finally {
    leave();
  }
}

async function answered(url, { headers = {}, signal, ...options }) {
  const known = key();
  const late = AbortSignal.timeout(LONGEST_MILLISECONDS);
  let answer;
  try {
    answer = await fetch(url, {
      ...options,
      signal: signal ? AbortSignal.any([signal, late]) : late,
      headers: {
        Accept: "application/json",
        ...headers,
        ...(known ? { Authorization: `Bearer ${known}` } : {}),
      },
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw unreached();
  }
  // A refused key is not shown again: what refreshes itself would soon have locked its caller out.
  if (answer.status === 401 && known && known === key()) forgetKey();
  if (answer.status === 401 && !known) throw keyNeeded();
  if (!answer.ok) throw await problemOf(answer);
  try {
    return answer.status === 204 ? null : await answer.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw unreached(); // it broke off in the middle
  }
}

export function unreached() {
  return new ApiProblem(
    0,
    "No answer",
    "Gaugehouse could not be reached. Check the network, then try again.",
  );
}

/** In words for people: the API's own are for programs, which send headers. */
function keyNeeded() {
  return new ApiProblem(
    401,
    "A key is needed",
    "This Gaugehouse is not public. Whoever runs it can make you a key to look with.",
  );
}

async function problemOf(answer) {
  const type = answer.headers.get("Content-Type") ?? "";
  const told = type.includes("json") ? await answer.json().catch(() => ({})) : {};
  const wait = answer.headers.get("Retry-After");
  const detail = told.detail ?? `The server answered with status ${answer.status}.`;
  return new ApiProblem(
    answer.status,
    told.title ?? "Not answered",
    wait ? `${detail} Try again in ${wait} s.` : detail,
  );
}
