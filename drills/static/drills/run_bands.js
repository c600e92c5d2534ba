// The lines at the head of the page: whether the server is heard, what it refused, whose entries wait.

import { byId, count, durationOf, put, say, show, timeOf } from "./run_words.js";
import { wordsOf } from "./run_timeline.js";

const STALE_MS = 6_000;
const SILENT_MS = 60_000;

/** Whether the server counts as heard after so many milliseconds of silence. */
export const isHeard = (silence) => silence < STALE_MS;

/** Say when the server was last heard; from a minute on it is said so that nobody can miss it. */
export function drawSilence(silence, { now, zone, kept, ended }) {
  const heard = isHeard(silence);
  const live = byId("run-live");
  const words = heard ? say("live") : say("heard", { span: durationOf(silence) });
  put(live, ended ? "" : words);
  live.dataset.state = heard && !ended ? "live" : "stale";
  const band = byId("run-silence");
  show(band, !heard && !ended);
  if (heard) return;
  const isLong = silence >= SILENT_MS;
  band.classList.toggle("run-band--alarm", isLong);
  const since = timeOf(now - silence, zone);
  const head = isLong ? say("silence", { span: durationOf(silence) }) : say("no-network", { time: since });
  put(byId("run-silence-head"), head);
  put(byId("run-silence-more"), kept ? `${count("kept", kept)}. ${say("press-on")}` : say("press-on"));
}

/** The last refusal that nobody has read yet, with its reason. */
export function drawRefused(view, seen) {
  const unread = view.refused.filter((entry) => !entry.isRead);
  const last = unread.at(-1);
  show(byId("run-refused"), Boolean(last));
  if (!last) return;
  put(byId("run-refused-head"), say("was-refused", { what: wordsOf(last) }));
  put(byId("run-refused-why"), last.why);
  byId("run-refused-seen").onclick = () => seen(unread);
}

/** Sign in again, and how many entries wait for it. */
export function drawSignedOut(ended, kept) {
  show(byId("run-signed-out"), ended);
  if (ended) put(byId("run-signed-out-words"), count("signed-out", kept));
}

/** Entries of somebody else that this page may not send. */
export function drawOthers(entries) {
  const whose = new Map();
  for (const entry of entries) whose.set(entry.name, (whose.get(entry.name) ?? 0) + 1);
  show(byId("run-others"), whose.size > 0);
  put(byId("run-others-words"), [...whose].map(([who, n]) => count("others", n, { who })).join(" "));
}
