/** What a gauge's record is worth: the totals that the agency's document states, and whether what is stored agrees. */

import { get, part } from "./api.js";
import { card, plainTable, scroller, time } from "./cells.js";
import { h, icon } from "./dom.js";
import { count, date, inches, plural, words } from "./format.js";

const STATISTICS = { max: "Greatest", mean: "Mean", noaa_atlas_14: "NOAA Atlas 14" };

/** @param {any} gauge @param {AbortSignal} signal */
export async function recordSection(gauge, signal) {
  const record = await get(`/gauges/${part(gauge.station_id)}/record`, {}, signal);
  return [proofCard(gauge, record.proof), record.frequency && frequencyCard(record.frequency)].filter(
    Boolean,
  );
}

function proofCard(gauge, proof) {
  const heading = { id: "proof", title: "Proof of the record" };
  if (proof === null || proof.imported_at === null) {
    const why = proof?.error_message
      ? `Its import stands at “${words(proof.status)}”: ${proof.error_message}`
      : "";
    return card(
      heading,
      h(
        "p",
        { class: "card-body note" },
        "No document of this gauge's whole record has been imported, so there is nothing to prove it with. ",
        why,
      ),
    );
  }
  const mismatches = proof.mismatches ?? [];
  const verdict =
    mismatches.length === 0
      ? h(
          "p",
          { class: "proof proof-holds" },
          icon("check"),
          `All ${count(proof.claims)} totals that the document states agree with what is stored.`,
        )
      : h(
          "p",
          { class: "proof proof-fails" },
          icon("warning"),
          `${count(mismatches.length)} of ${plural(proof.claims, "total")} that the document states ${mismatches.length === 1 ? "does" : "do"} not hold.`,
        );
  const columns = [
    { label: "Of" },
    { label: "Stated", numeric: true },
    { label: "Stored", numeric: true },
    { label: "Where" },
  ];
  const rows = mismatches.map((each) => [
    ofWhat(each),
    inches(each.claimed_inches, 3),
    inches(each.stored_inches, 3),
    each.place ?? "",
  ]);
  return card(
    heading,
    h(
      "div",
      { class: "card-body" },
      verdict,
      h(
        "p",
        { class: "note" },
        "Imported ",
        time(proof.imported_at, gauge.time_zone, { relative: true }),
        proof.document_date && `, from a document of ${date(proof.document_date)}`,
        ".",
      ),
    ),
    rows.length > 0 &&
      scroller("Totals that do not hold", plainTable("Totals that do not hold, in inches", columns, rows)),
  );
}

function ofWhat(mismatch) {
  if (mismatch.month) return date(String(mismatch.month).slice(0, 10)).replace(/^\S+ /, "");
  return [mismatch.water_year, mismatch.what].filter(Boolean).join(" ");
}

function frequencyCard(table) {
  const known = Object.keys(STATISTICS).filter((key) => table[key] && Object.keys(table[key]).length > 0);
  const columns = [{ label: "Within" }, ...known.map((key) => ({ label: STATISTICS[key], numeric: true }))];
  const value = (rain) => (typeof rain === "number" ? inches(rain) : "");
  const rows = table.durations.map((span) => [span, ...known.map((key) => value(table[key][span]))]);
  return card(
    { id: "frequency", title: "Greatest rain of a year", tools: h("span", { class: "note" }, "inches") },
    scroller(
      "Greatest rain by duration",
      plainTable("Greatest rain of a year by duration, in inches", columns, rows),
    ),
  );
}
