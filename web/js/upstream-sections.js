/** What the agencies allow, what of theirs was dropped, and what failed at every try. */

import { card, plainTable, scroller } from "./cells.js";
import { h } from "./dom.js";
import { ago, count, duration, moment, words } from "./format.js";

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @param {any[]} quotas */
export function quotaSection(quotas) {
  const left = (quota) =>
    quota.request_limit === null
      ? "no budget told"
      : `${count(quota.remaining)} of ${count(quota.request_limit)} left`;
  const item = (quota) =>
    h(
      "li",
      {},
      h(
        "div",
        {},
        h("b", {}, words(quota.source)),
        h("small", {}, left(quota), quota.resets_at && `, new at ${moment(quota.resets_at, ZONE)}`),
      ),
      h(
        "span",
        { class: "note" },
        quota.wait_seconds > 0 ? `wait ${duration(quota.wait_seconds * 1000)}` : "may be asked now",
      ),
      quota.request_limit !== null &&
        h("meter", {
          min: 0,
          max: quota.request_limit,
          low: quota.request_limit * 0.1,
          value: quota.remaining,
          "aria-label": `Requests left to ${words(quota.source)}`,
        }),
    );
  return card(
    { id: "quota", title: "What agencies allow" },
    quotas.length === 0
      ? h("p", { class: "card-body note" }, "No agency has been asked yet.")
      : h("ul", { class: "lines" }, quotas.map(item)),
  );
}

/** @param {any[]} items */
export function rejectsSection(items) {
  const rows = items.map((each) => [
    h("span", {}, words(each.reason), h("small", { class: "cell-note" }, each.detail)),
    h(
      "span",
      {},
      words(each.source),
      each.last_seen_at && h("small", { class: "cell-note" }, ago(each.last_seen_at)),
    ),
    count(each.seen_count),
  ]);
  return card(
    { id: "rejects", title: "Dropped records" },
    items.length === 0
      ? h("p", { class: "card-body note" }, "Nothing was dropped.")
      : scroller(
          "Table of dropped records",
          plainTable(
            "Records that were dropped, newest first",
            [{ label: "Why" }, { label: "Source" }, { label: "Seen", numeric: true }],
            rows,
          ),
        ),
  );
}

const QUEUES = { imports: "Messages to the importer", events: "Events of polls and tasks" };

/** @param {{queue: string, messages: number}[]} queues */
export function deadLettersSection(queues) {
  const line = ({ queue, messages }) =>
    h(
      "li",
      {},
      h("b", {}, QUEUES[queue] ?? words(queue)),
      h("span", { class: "note" }, messages === 0 ? "none" : `${count(messages)} failed for good`),
    );
  const waiting = queues.some(({ messages }) => messages > 0);
  return card(
    { id: "dead-letters", title: "Dead letters" },
    h("ul", { class: "lines" }, queues.map(line)),
    waiting && h("p", { class: "note card-foot" }, "Look into them with ", h("code", {}, "gaugehouse dlq show")),
  );
}
