/** Files of what is shown: CSV and JSON, made here, so that they hold exactly what the chart has. Pure but for the last. */

import { h, icon } from "./dom.js";

/**
 * CSV by RFC 4180. Missing is an empty cell, never 0. Text that a spreadsheet would take for a formula gets a quote.
 * @param {string[]} columns @param {any[][]} rows
 */
export function csv(columns, rows) {
  return [columns, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(value) {
  if (value === null || value === undefined) return "";
  const text = String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Two buttons that save the same rows.
 * @param {string} name of the file, without its ending @param {() => { columns: string[], rows: any[][], about: object }} content
 */
export function downloadButtons(name, content) {
  const button = (label, type, ending, text) =>
    h(
      "button",
      {
        type: "button",
        class: "button button-small",
        "aria-label": `Download ${label} of what is shown`,
        onclick: () => save(`${name}.${ending}`, type, text()),
      },
      icon("download"),
      label,
    );
  return h(
    "div",
    { class: "downloads" },
    button("CSV", "text/csv", "csv", () => {
      const { columns, rows } = content();
      return csv(columns, rows);
    }),
    button("JSON", "application/json", "json", () => {
      const { columns, rows, about } = content();
      const items = rows.map((row) =>
        Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])),
      );
      return `${JSON.stringify({ ...about, items }, null, 2)}\n`;
    }),
  );
}

function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
