/** What an operator has stopped for a while, and stopping something. */

import { card } from "./cells.js";
import { act } from "./actions.js";
import { part } from "./api.js";
import { h, put } from "./dom.js";
import { ago, moment } from "./format.js";
import { pauseName } from "./jobs-section.js";

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const HOURS = [1, 4, 12, 24];

/** @param {() => void} refresh */
export function pausesSection(refresh) {
  const list = h("div");
  const what = h("select", { id: "pause-name" });
  const element = card({ id: "pauses", title: "Pauses" }, list, form(what, refresh));
  return {
    element,
    list,
    /** What there is to pause, and what is paused. @param {any[]} pauses @param {any[]} jobs */
    tell(pauses, jobs) {
      const names = ["imports", ...jobs.map((job) => pauseName(job.job_name))];
      if (names.length !== what.options.length)
        put(
          what,
          names.map((name) => h("option", {}, name)),
        );
      if (pauses.length === 0) return h("p", { class: "card-body note" }, "Nothing is paused.");
      return h(
        "ul",
        { class: "lines" },
        pauses.map((pause) => item(pause, refresh)),
      );
    },
  };
}

function item(pause, refresh) {
  const until = pause.resumes_at ? `until ${moment(pause.resumes_at, ZONE)}` : "until somebody resumes it";
  const resume = {
    method: "DELETE",
    path: `/admin/pauses/${part(pause.name)}`,
    done: () => `${pause.name} goes on.`,
    after: refresh,
  };
  const label = `End the pause of ${pause.name}`;
  return h(
    "li",
    {},
    h(
      "div",
      {},
      h("b", {}, pause.name),
      h("small", {}, `${pause.reason} · ${ago(pause.paused_at)}, ${until}`),
    ),
    h(
      "button",
      { type: "button", class: "button button-small", "aria-label": label, onclick: () => act(resume) },
      "Resume",
    ),
  );
}

function form(what, refresh) {
  const reason = h("input", {
    id: "pause-reason",
    required: true,
    maxlength: 200,
    placeholder: "Why, for the next on duty",
    "aria-describedby": "pause-error",
  });
  const until = h(
    "select",
    { id: "pause-until" },
    HOURS.map((hours) => h("option", { value: hours }, `${hours} h`)),
    h("option", { value: "" }, "until resumed"),
  );
  const error = h("p", { id: "pause-error", class: "field-error", role: "alert" });
  const submit = (event) => {
    event.preventDefault();
    if (reason.value.trim() === "") {
      error.textContent = "Say why: the next on duty will want to know.";
      reason.setAttribute("aria-invalid", "true");
      reason.focus();
      return;
    }
    error.textContent = "";
    reason.removeAttribute("aria-invalid");
    const body = { name: what.value, reason: reason.value.trim() };
    if (until.value) body.resumes_at = new Date(Date.now() + Number(until.value) * 3_600_000).toISOString();
    act({
      method: "POST",
      path: "/admin/pauses",
      body,
      done: () => `${body.name} is paused.`,
      after: () => {
        reason.value = "";
        refresh();
      },
    });
  };
  const field = (input, label) => h("div", { class: "field" }, h("label", { for: input.id }, label), input);
  return h(
    "details",
    { class: "fold" },
    h("summary", {}, "Pause something"),
    h(
      "form",
      { class: "pause-form", novalidate: true, onsubmit: submit },
      field(what, "What"),
      field(reason, "Reason"),
      error,
      field(until, "For"),
      h("button", { type: "submit", class: "button button-strong" }, "Pause"),
    ),
  );
}
