/** The ledger of imports by state; one opened shows each failure, and what its last success stored. */

import { get, part } from "./api.js";
import { card, conditionMark, scroller, segmented, stacked } from "./cells.js";
import { h, icon, renew } from "./dom.js";
import { ago, count, moment, plural, words } from "./format.js";
import { importDetail, retryButton } from "./import-detail.js";
import { filled, nothing } from "./states.js";

const ROWS = 50;
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const STATES = [
  { value: "failed", label: "Failed" },
  { value: "waiting", label: "Waiting" },
  { value: "pending", label: "Pending" },
  { value: "in_progress", label: "In progress" },
  { value: "completed", label: "Completed" },
];
const TONES = {
  failed: "silent",
  waiting: "late",
  pending: "none",
  in_progress: "none",
  completed: "reporting",
};

/** @param {() => void} refreshAll after an action @param {AbortSignal} signal */
export function importsSection(refreshAll, signal) {
  let status = STATES[0].value;
  let cursors = [null]; // where each page that was turned to begins
  let open = null;
  let [turns, shownTurn] = [0, 0]; // refreshes: the answer to an older one may come late
  let isChosen = false; // by somebody; until then the first state that holds an import is shown
  const content = h("div");
  const chooser = h("div");

  const page = async () => {
    const { items, next_cursor: next } = await get(
      "/imports",
      { status, limit: ROWS, cursor: cursors.at(-1) },
      signal,
    );
    return items.length === 0 && cursors.length === 1
      ? nothing("No import is in this state")
      : [rows(items), pager(next)];
  };
  const load = () => filled(content, "imports", page);
  const turn = (to) => {
    cursors = to;
    open = null;
    load();
  };

  function rows(items) {
    const body = h(
      "tbody",
      {},
      items.map((entry) => row(entry)),
    );
    const heads = ["Import", "State", "Error", "When", ""].map((label) =>
      h("th", { scope: "col" }, label || h("span", { class: "unseen" }, "Actions")),
    );
    return scroller(
      "Table of imports",
      stacked(
        h(
          "table",
          { class: "table table-imports" },
          h("caption", { class: "unseen" }, `Imports that are ${words(status)}`),
          h("thead", {}, h("tr", {}, heads)),
          body,
        ),
      ),
    );
  }

  function row(entry) {
    const name = `${entry.kind} ${entry.subject}`;
    const detail = h("tr", { class: "detail", hidden: true }, h("td", { colspan: 5, class: "wide" }));
    const toggle = h(
      "button",
      {
        type: "button",
        class: "link",
        "aria-expanded": "false",
        onclick: () => unfold(toggle, detail, entry),
      },
      name,
    );
    const state = entry.status === "failed" && entry.next_retry_at ? "waiting" : entry.status;
    const when = entry.next_retry_at
      ? `retry ${moment(entry.next_retry_at, ZONE)}`
      : entry.completed_at
        ? ago(entry.completed_at)
        : "";
    const line = h(
      "tr",
      {},
      h("th", { scope: "row" }, toggle),
      h("td", {}, conditionMark({ tone: TONES[state] }, words(state))),
      h(
        "td",
        { class: "error wide" },
        entry.error_message,
        entry.failed_attempts > 0 &&
          h("small", { class: "cell-note" }, plural(entry.failed_attempts, "failed attempt")),
      ),
      h("td", { class: "nowrap" }, when),
      h("td", { class: "numeric" }, retryButton(entry, acted)),
    );
    if (open === name) unfold(toggle, detail, entry);
    return [line, detail];
  }

  function unfold(toggle, detail, entry) {
    const opens = detail.hidden;
    detail.hidden = !opens;
    toggle.setAttribute("aria-expanded", String(opens));
    open = opens ? `${entry.kind} ${entry.subject}` : null;
    if (opens)
      filled(detail.firstElementChild, "the import", async () =>
        importDetail(await get(`/imports/${part(entry.kind)}/${part(entry.subject)}`, {}, signal)),
      );
  }

  function pager(next) {
    const button = (label, disabled, onclick) =>
      h("button", { type: "button", class: "button", disabled, onclick }, label);
    return (
      (next || cursors.length > 1) &&
      h(
        "div",
        { class: "pager" },
        button([icon("back"), "Previous"], cursors.length === 1, () => turn(cursors.slice(0, -1))),
        h("span", { class: "note" }, `Page ${cursors.length}`),
        button(["Next", icon("next")], !next, () => turn([...cursors, next])),
      )
    );
  }

  /** Ask again for the page that is shown. One that somebody has opened stays as it is. */
  async function refresh() {
    if (open !== null || content.childElementCount === 0) return true;
    const asked = cursors;
    turns += 1;
    const turn = turns;
    try {
      const found = await page();
      // Meanwhile somebody may have turned the page, or opened an import.
      if (open !== null || cursors !== asked || turn < shownTurn) return true;
      shownTurn = turn;
      renew(content, found);
      return true;
    } catch {
      return false;
    }
  }

  const acted = () => {
    open = null;
    refreshAll();
  };
  const choose = (value) => {
    isChosen = true;
    status = value;
    turn([null]);
  };

  /** Write on the switch how many there are. @param {any} state the system's */
  function showCounts(state) {
    const counted = (value) => state[`import_jobs_${value}`];
    if (!isChosen) {
      const first = STATES.find(({ value }) => counted(value) > 0);
      const isOther = first !== undefined && first.value !== status;
      isChosen = first !== undefined;
      if (isOther) status = first.value;
      if (isOther || content.childElementCount === 0) load();
    }
    const options = STATES.map(({ value, label }) => ({ value, label: `${label} ${count(counted(value))}` }));
    renew(
      chooser,
      segmented({
        legend: "State of the imports",
        name: "import-status",
        options,
        value: status,
        onchange: choose,
      }),
    );
  }

  const element = card({ id: "imports", title: "Imports", tools: chooser }, content);
  /** Where it is not known how many there are, the imports themselves are shown all the same. */
  function begin() {
    if (content.childElementCount === 0) showCounts({});
  }

  return { element, refresh, tell: showCounts, begin };
}
