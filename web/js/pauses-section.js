/** What an operator has stopped for a while, and stopping something. */

import { act } from "./actions.js";
import { part } from "./api.js";
import { h } from "./dom.js";
import { ago, moment } from "./format.js";
import { pauseName } from "./jobs-section.js";

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const HOURS = [1, 4, 12, 24];

/** @param {any[]} pauses @param {any[]} jobs @param {() => void} refresh */
export function pausesSection(pauses, jobs, refresh) {
  const item = (pause) =>
    h(
      "li",
      {},
      h("div", {}, h("b", {}, pause.name), h("small", {}, `${pause.reason} · ${ago(pause.paused_at)}, ${pause.resumes_at ? `until ${moment(pause.resumes_at, ZONE)}` : "until somebody resumes it"}`)),
      h("button", { type: "button", class: "button button-small", "aria-label": `End the pause of ${pause.name}`, onclick: () => act(resumed(pause.name, refresh)) }, "Resume"),
    );
  return h(
    "section",
    { class: "card", "aria-labelledby": "pauses-title" },
    h("div", { class: "card-head" }, h("h2", { id: "pauses-title" }, "Pauses")),
    pauses.length === 0 ? h("p", { class: "card-body note" }, "Nothing is paused.") : h("ul", { class: "lines" }, pauses.map(item)),
    form(jobs, refresh),
  );
}

function resumed(name, refresh) {
  return { method: "DELETE", path: `/admin/pauses/${part(name)}`, done: () => `${name} goes on.`, after: refresh };
}

function form(jobs, refresh) {
  const names = ["imports", ...jobs.map((job) => pauseName(job.job_name))];
  const what = h("select", { id: "pause-name" }, names.map((name) => h("option", {}, name)));
  const reason = h("input", { id: "pause-reason", required: true, maxlength: 200, placeholder: "Why, for the next on duty", "aria-describedby": "pause-error" });
  const until = h("select", { id: "pause-until" }, HOURS.map((hours) => h("option", { value: hours }, `${hours} h`)), h("option", { value: "" }, "until resumed"));
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
        document.activeElement?.blur(); // so that the list with the new pause may take this form's place
        refresh();
      },
    });
  };
  const field = (input, label) => h("div", { class: "field" }, h("label", { for: input.id }, label), input);
  return h(
    "details",
    { class: "fold" },
    h("summary", {}, "Pause something"),
    h("form", { class: "pause-form", novalidate: true, onsubmit: submit }, field(what, "What"), field(reason, "Reason"), error, field(until, "For"), h("button", { type: "submit", class: "button button-strong" }, "Pause")),
  );
}
