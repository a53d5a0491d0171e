/** The dialogue that asks for an API key, and the button in the header that opens it. */

import { h, icon, put } from "./dom.js";
import { forgetKey, keepKey, key } from "./key.js";

const SHAPE = /^gh_[a-z2-7]{8}_[A-Za-z0-9_-]{20,}$/;

/** Open the dialogue; `then` is called once a key was entered. @param {() => void} [then] */
export function askForKey(then = () => {}) {
  const field = h("input", {
    id: "key-field",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    required: true,
    "aria-describedby": "key-note key-error",
  });
  const error = h("p", { id: "key-error", class: "field-error", role: "alert" });
  const known = key() !== null;
  const keep = (event) => {
    event.preventDefault();
    const given = field.value.trim();
    if (!SHAPE.test(given)) {
      put(error, "This is not a key: one looks like gh_abcdefgh_ and 43 more characters.");
      field.setAttribute("aria-invalid", "true");
      field.focus();
      return;
    }
    keepKey(given);
    dialogue.close();
    then();
  };
  const dialogue = h(
    "dialog",
    { class: "dialogue", "aria-labelledby": "key-title" },
    h(
      "form",
      { method: "dialog", onsubmit: keep, novalidate: true },
      h("h2", { id: "key-title" }, "API key"),
      h(
        "p",
        { id: "key-note", class: "note" },
        "Acting (retry, pause, resume) needs a key with the scope ",
        h("strong", {}, "operate"),
        "; where Gaugehouse is not public, looking needs one with the scope ",
        h("strong", {}, "read"),
        ". It stays in this tab until you close it or forget it. Make one with ",
        h("code", {}, "gaugehouse keys create"),
        ".",
      ),
      known && h("p", { class: "note" }, "This tab has a key. A new one takes its place."),
      h("label", { for: "key-field" }, "Key"),
      field,
      error,
      h(
        "div",
        { class: "actions" },
        h("button", { class: "button button-strong", type: "submit" }, "Use this key"),
        h("button", { class: "button", type: "button", onclick: () => dialogue.close() }, "Cancel"),
        known &&
          h(
            "button",
            {
              class: "button button-danger",
              type: "button",
              onclick: () => {
                forgetKey();
                dialogue.close();
              },
            },
            "Forget key",
          ),
      ),
    ),
  );
  dialogue.addEventListener("close", () => dialogue.remove());
  document.body.append(dialogue);
  dialogue.showModal();
  field.focus();
}

/** The header's button, which also tells whether there is a key. @param {() => void} then @returns {HTMLElement} */
export function keyButton(then) {
  const button = h("button", { class: "button button-quiet", type: "button", onclick: () => askForKey(then) });
  const show = () => put(button, icon("key"), h("span", {}, key() === null ? "Enter key" : "Key in use"));
  document.addEventListener("gaugehouse:key", show);
  show();
  return button;
}
