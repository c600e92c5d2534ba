// What the page shows: the state that the server told last, and over it what this phone keeps.
// Pure: facts in, facts out. Times are milliseconds of the server's clock.

const BEFORE = new Set(["scheduled", "announced", "cleared"]);
const PHASES = { running: "running", ended: "over", reviewed: "reviewed", stopped: "stopped" };
const ACCOUNTED = "accounted";

const at = (iso) => (iso ? Date.parse(iso) : null);
const first = (one, other) => (one === null ? other : other === null ? one : Math.min(one, other));

/** Moments of the big presses that this phone keeps, earliest of each kind. */
function keptMoments(own, off) {
  const found = {};
  for (const entry of own) {
    if (entry.state === "kept") found[entry.kind] = first(found[entry.kind] ?? null, entry.at + off);
  }
  return found;
}

function phaseOf(state, kept, stopped) {
  if (stopped) return "stopped";
  const told = BEFORE.has(state.state) ? "before" : (PHASES[state.state] ?? "off");
  const begun = told === "before" && kept.start !== undefined ? "running" : told;
  return begun === "running" && kept.end !== undefined ? "over" : begun;
}

/** A place by what this phone keeps of it: the last report, or null. */
function keptReports(own) {
  const last = new Map();
  for (const entry of own) {
    if (entry.kind !== "place_report" || entry.state !== "kept") continue;
    last.set(entry.feature ?? entry.place.toLowerCase(), entry);
  }
  return last;
}

function placesOf(state, own, name, kept) {
  const last = keptReports(own);
  const take = (key) => {
    const entry = last.get(key);
    last.delete(key);
    return entry;
  };
  const found = state.places.map((place) => {
    const entry = take(place.key) ?? take(place.name.toLowerCase());
    if (entry) return { ...place, status: entry.status, by: name, kept: true };
    if (!place.status && kept.all_reported !== undefined) return { ...place, status: ACCOUNTED, by: name, kept: true };
    return { ...place, kept: false };
  });
  for (const entry of last.values()) {
    found.push({
      key: entry.feature ?? entry.key,
      name: entry.place,
      level: "",
      status: entry.status,
      by: name,
      kept: true,
    });
  }
  return found;
}

/** Entries for the list, newest first: those of the server, and those of this phone with their fate. */
function linesOf(state, own, off) {
  const mine = new Map(own.map((entry) => [entry.key, entry]));
  const lines = state.entries.map((entry) => ({
    ...entry,
    at: at(entry.at),
    fate: "sent",
    mine: mine.has(entry.key),
    why: "",
  }));
  const told = new Set(state.entries.map((entry) => entry.key));
  for (const entry of own) {
    const quiet = entry.state === "sent" && entry.kind === "place_report" && entry.status === ACCOUNTED;
    if (told.has(entry.key) || (quiet && !entry.doubts.length)) continue;
    lines.push({
      key: entry.key,
      kind: entry.kind,
      at: entry.at + off,
      place: entry.place,
      status: entry.status,
      text: entry.text,
      by: "",
      doubts: entry.doubts,
      fate: entry.state,
      mine: true,
      why: entry.why,
    });
  }
  return lines.sort((a, b) => b.at - a.at);
}

/**
 * Everything that the page draws. `own` are this person's entries of this drill in their order,
 * `off` is server less device in milliseconds, `stop` the real emergency kept here, if any.
 */
export function merge(state, own, { name, off, stop }) {
  const kept = keptMoments(own, off);
  const phase = phaseOf(state, kept, state.state === "stopped" || (Boolean(stop) && state.state !== "reviewed"));
  const places = placesOf(state, own, name, kept);
  const reported = places.filter((place) => place.status);
  return {
    phase,
    state,
    stop,
    places,
    lines: linesOf(state, own, off),
    startedAt: at(state.started_at) ?? kept.start ?? null,
    securedAt: first(at(state.secured_at), kept.secured ?? null),
    accountedAt: first(at(state.accounted_at), kept.all_reported ?? null),
    endedAt: at(state.ended_at) ?? kept.end ?? null,
    all: places.length,
    reported: reported.length,
    silent: places.length - reported.length,
    problems: reported.filter((place) => place.status !== ACCOUNTED),
    kept: own.filter((entry) => entry.state === "kept"),
    refused: own.filter((entry) => entry.state === "refused"),
    isKeptStart: !at(state.started_at) && kept.start !== undefined,
  };
}

/** The one next big press of a phase, or "". */
export function nextPress(view) {
  if (view.phase === "before") return "start";
  if (view.phase !== "running") return "";
  if (view.securedAt === null) return "secured";
  return view.accountedAt === null ? "all_reported" : "end";
}

/** Whether it may start: "yes", "uncleared", "early" or "late"; `now` in server milliseconds. */
export function mayStart(state, now) {
  if (now < at(state.opens_at)) return "early";
  if (now > at(state.closes_at)) return "late";
  return state.missing.length ? "uncleared" : "yes";
}

