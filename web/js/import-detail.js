/** One import: everything that the ledger holds of it, and the button that asks for it again. */

import { act } from "./actions.js";
import { part } from "./api.js";
import { plainTable } from "./cells.js";
import { h } from "./dom.js";
import { ago, count, inches, moment, plural, words } from "./format.js";

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @param {any} found */
export function importDetail(found) {
  const stats = found.import_stats ?? {};
  const errors = found.error_history?.errors ?? [];
  const facts = {
    "Asked for by": found.source,
    Created: moment(found.created_at, ZONE),
    "Last success": found.last_completed_at ? ago(found.last_completed_at) : "never",
    Retries: count(found.retry_count),
    "Next retry": found.next_retry_at && moment(found.next_retry_at, ZONE),
    Stored:
      stats.total_rows !== undefined &&
      `${plural(stats.total_rows, "value")}${stats.date_range ? `, ${stats.date_range.join(" to ")}` : ""}`,
    Total: stats.total_inches !== undefined && `${inches(stats.total_inches)} in`,
    Proof:
      stats.claims !== undefined &&
      `${plural(stats.claims, "total")} stated, ${stats.mismatches?.length ?? 0} do not hold`,
  };
  const rows = errors.map((error) => [error.attempt, moment(error.timestamp, ZONE), error.error]);
  return [
    h(
      "dl",
      { class: "facts facts-wide" },
      Object.entries(facts)
        .filter(([, value]) => value)
        .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    ),
    rows.length > 0 &&
      plainTable("Failures", [{ label: "No." }, { label: "When" }, { label: "Error" }], rows),
    found.kind === "fopr" && h("p", {}, h("a", { href: `#/gauge/${part(found.subject)}` }, "Its gauge")),
  ];
}

/** @param {any} entry @param {() => void} acted */
export function retryButton(entry, acted) {
  const name = `${entry.kind} ${entry.subject}`;
  const action = {
    method: "POST",
    path: `/admin/imports/${part(entry.kind)}/${part(entry.subject)}/retry`,
    done: (answer) => `${name}: ${words(answer.status)}.`,
    after: acted,
  };
  const label = entry.status === "completed" ? "Import again" : "Retry";
  return h(
    "button",
    {
      type: "button",
      class: "button button-small",
      "aria-label": `${label}: ${name}`,
      onclick: () => act(action),
    },
    label,
  );
}
