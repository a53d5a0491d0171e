/** The gauges that are not to be trusted at the moment, the worst first. */

import { card, conditionMark, gaugeAddress } from "./cells.js";
import { gaugeCondition, lastHeard, SEVERITY } from "./condition.js";
import { h, icon } from "./dom.js";
import { networkName, plural } from "./format.js";

const MOST_SHOWN = 6;
const MANY = 5; // so many gauges of an agency with one trouble are the agency's trouble, and one line

/** @typedef {{ gauges: any[], condition: import("./condition.js").Condition }} Trouble */

/** @param {any[]} gauges */
export function troubleCard(gauges) {
  if (gauges.length === 0) return null;
  const found = troubles(gauges);
  const heading = { id: "trouble", title: "Needs a look" };
  if (found.length === 0) {
    return card(
      { ...heading, kind: "calm" },
      h("p", {}, icon("check"), "Every gauge that is polled reports as it should."),
    );
  }
  const rest = found.slice(MOST_SHOWN);
  const all = found.reduce((sum, each) => sum + each.gauges.length, 0);
  return card(
    { ...heading, tools: h("span", { class: "note" }, plural(all, "gauge")), kind: "trouble" },
    h("ul", {}, found.slice(0, MOST_SHOWN).map(item)),
    rest.length > 0 && h("details", {}, h("summary", {}, `${rest.length} more`), h("ul", {}, rest.map(item))),
  );
}

/** What is out of order: a gauge for itself, or the many of an agency that share it. @param {any[]} gauges @returns {Trouble[]} */
export function troubles(gauges, now = Date.now()) {
  const found = gauges
    .map((gauge) => ({ gauges: [gauge], condition: gaugeCondition(gauge, now) }))
    .filter(({ condition }) => condition.needsLook);
  const alike = Map.groupBy(found, ({ gauges: [gauge], condition }) =>
    isUnanswered(gauge) ? gauge.network : `${gauge.network} ${condition.words}`,
  );
  return [...alike.values()]
    .flatMap((each) =>
      each.length < MANY ? each : [{ ...newest(each), gauges: each.flatMap(({ gauges: [gauge] }) => gauge) }],
    )
    .sort(
      (one, other) =>
        SEVERITY[one.condition.tone] - SEVERITY[other.condition.tone] ||
        Number(other.gauges.length >= MANY) - Number(one.gauges.length >= MANY) ||
        since(one) - since(other),
    );
}

/** Where the agency did not answer, it is one trouble whenever each of its gauges was last heard. */
function isUnanswered({ status, status_reason: reason }) {
  return status === "offline" && reason === "request_failed";
}

/** The one that was heard last: until then the agency answered. @param {Trouble[]} alike */
function newest(alike) {
  return alike.reduce((one, other) => (since(other) > since(one) ? other : one));
}

/** @param {Trouble} trouble */
function item({ gauges, condition }) {
  const links = gauges.map((gauge) => h("a", { href: gaugeAddress(gauge) }, gauge.name));
  if (links.length === 1) return h("li", {}, links, conditionMark(condition));
  const whose = `${plural(gauges.length, "gauge")} of ${networkName(gauges[0].network)}`;
  return h(
    "li",
    {},
    h(
      "details",
      { class: "trouble-shared" },
      h("summary", {}, h("b", {}, whose), conditionMark(condition)),
      h("p", {}, links.flatMap((link, index) => (index === 0 ? [link] : [", ", link]))),
    ),
  );
}

/** The longest silence first. */
function since({ gauges: [gauge] }) {
  const heard = lastHeard(gauge);
  return heard === null ? 0 : Date.parse(heard);
}
