// Before the start: who has cleared and how, what is missing, and whether it may start.

import { byId, count, element, put, say, show, sign, timeOf } from "./run_words.js";
import { mayStart } from "./run_state.js";

const LOOKS = { met: "status-met", due: "status-due", overdue: "status-overdue", unknown: "status-unknown" };
const TITLES = { yes: "may-start", uncleared: "not-cleared", early: "too-early", late: "too-late" };

function fact(look, head, more = "") {
  const words = element("span", "run-fact__words", element("strong", "", head));
  if (more) words.append(element("span", "run-fact__more", more));
  return element("li", `run-fact run-fact--${look}`, sign(LOOKS[look]), words);
}

/** How a clearance was given, as what it is: by link, or by phone as recorded by somebody. */
function howWords(row) {
  const operator = row.operator ? say("operator", { number: row.operator }) : "";
  if (row.how === "phone") {
    const said = row.said_by ? say("phone-called", { said: row.said_by }) : "";
    const by = row.recorded_by ? say("by-phone", { who: row.recorded_by }) : row.how_words;
    return [by, operator, said].filter(Boolean).join(", ");
  }
  return [row.said_by, operator, row.how_words].filter(Boolean).join(", ");
}

function agencyFact(agency, rows, zone) {
  const cleared = rows.find((row) => row.step === "cleared" && row.state === "given");
  if (cleared) {
    const time = timeOf(Date.parse(cleared.given_at), zone);
    return fact("met", say("cleared", { agency, time }), howWords(cleared));
  }
  if (rows.some((row) => row.state === "refused")) return fact("overdue", say("refused-by", { agency }));
  const booked = rows.find((row) => row.step === "booked" && row.state === "given");
  return booked ? fact("due", say("booked", { agency }), howWords(booked)) : fact("due", say("asked", { agency }));
}

function factsOf(state, places, zone) {
  const agencies = new Map(state.missing.map((name) => [name, []]));
  for (const row of state.clearances) agencies.set(row.agency, [...(agencies.get(row.agency) ?? []), row]);
  const rows = [...agencies].map(([agency, given]) => agencyFact(agency, given, zone));
  if (!rows.length) rows.push(fact("met", say("nobody-asked")));
  if (state.alarm_on_test) rows.push(alarmFact(state, zone));
  if (places) rows.push(fact("met", count("places", places)));
  return rows;
}

const alarmFact = (state, zone) =>
  state.alarm_back_at
    ? fact("met", say("alarm-back", { time: timeOf(Date.parse(state.alarm_back_at), zone) }))
    : fact("met", say("alarm-on-test"));

let drawn = "";

/** Draw what stands before the start; `heard` says whether the server is heard now. */
export function drawBefore(view, { zone, now, heard, heardAt, mayRun }) {
  const { state } = view;
  const answer = mayStart(state, now);
  put(byId("run-title"), mayRun || answer === "uncleared" ? say(TITLES[answer]) : say("waits"));
  const look = JSON.stringify([state.clearances, state.missing, state.alarm_on_test, state.alarm_back_at, view.all]);
  if (look !== drawn) {
    drawn = look;
    byId("run-facts").replaceChildren(...factsOf(state, view.all, zone));
  }
  show(byId("run-uncleared"), answer === "uncleared");
  if (!mayRun) return;
  const unheard = answer === "uncleared" && !heard;
  const offered = answer === "yes" || unheard;
  show(byId("run-next"), offered);
  show(byId("run-call"), answer === "uncleared" && heard);
  put(byId("run-next-word"), say("start"));
  put(byId("run-next-note"), unheard ? say("start-unheard", { time: timeOf(heardAt, zone) }) : say("start-note"));
}

/** The line under the title that says when it may start, where it may not now. */
export function windowWords(state, now, zone) {
  const answer = mayStart(state, now);
  if (answer === "early" || answer === "late") {
    const first = timeOf(Date.parse(state.opens_at), zone);
    const last = timeOf(Date.parse(state.closes_at), zone);
    return [say("window", { first, last }), answer === "late" ? say("moved-after") : ""].filter(Boolean).join(". ");
  }
  return "";
}
