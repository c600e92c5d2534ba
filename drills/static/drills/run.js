// Run mode: brings together what the server says, what this phone keeps, and what the thumb presses.

import { announce } from "../web/js/announce.js";
import { drawOthers, drawRefused, drawSignedOut, drawSilence, isHeard } from "./run_bands.js";
import { drawBefore, windowWords } from "./run_before.js";
import { beginClock, clockOff, hearClock, serverNow } from "./run_clock.js";
import { askToKeep, deviceName, preparePhone, stayAwake } from "./run_phone.js";
import { makePoller } from "./run_poller.js";
import { prepareReview } from "./run_review.js";
import { makeRooms } from "./run_rooms.js";
import { makeSender } from "./run_sender.js";
import { askAboutRoom, prepareSheets, prepareUncleared } from "./run_sheets.js";
import { merge, nextPress } from "./run_state.js";
import { drawStop } from "./run_stop.js";
import { keepEntry, newKey, openStore, phoneId } from "./run_store.js";
import { asText, drawTimeline } from "./run_timeline.js";
import { byId, count, durationOf, momentOf, put, say, show, timeOf } from "./run_words.js";

const DOUBLE_PRESS_MS = 900;
const TO_THE_TOP = new Set(["start", "all_reported", "end"]); // what is read next stands there
const data = JSON.parse(byId("run-data").textContent);
const id = phoneId(data.user, data.drill);
const others = "BroadcastChannel" in self ? new BroadcastChannel("muster-run") : null;
const store = await openStore();

let phone = await takePhone();
let state = phone.state;
let rows = [];
let own = [];
let stopRow = null;
let view = null;
let lastAt = 0;
let beingKept = 0;
let pressedAt = -DOUBLE_PRESS_MS;
let spoken = "";

beginClock(phone.off);

/** Take the page's token and state where they are newer than what was kept: it may come from the cache. */
async function takePhone() {
  let taken = null;
  await store.change("phones", [id], (kept) => {
    const isNewer = !kept?.issued || Date.parse(data.state.now) > Date.parse(kept.issued);
    const isLater = !kept?.state || Date.parse(data.state.now) > Date.parse(kept.state.now);
    taken = {
      ...kept,
      id,
      user: data.user,
      drill: data.drill,
      name: data.name,
      token: isNewer ? data.token : kept.token,
      issued: isNewer ? data.state.now : kept.issued,
      ended: isNewer ? false : Boolean(kept.ended),
      state: isLater ? data.state : kept.state,
      off: kept?.off ?? Date.parse(data.state.now) - Date.now(),
    };
    return taken;
  });
  return taken;
}

async function readKept() {
  rows = await store.all("entries").catch(() => rows);
  own = rows.filter((entry) => phoneId(entry.user, entry.drill) === id);
  own.sort((a, b) => a.order - b.order || a.at - b.at);
  stopRow = (await store.get("stops", id).catch(() => null)) ?? stopRow;
  draw();
}

/** What nobody here may send: entries of others whose token has ended, or who never had one. */
async function readOthers() {
  const waiting = rows.filter((entry) => entry.state === "kept" && entry.user !== data.user);
  const phones = new Map((await store.all("phones")).map((one) => [one.id, one]));
  drawOthers(waiting.filter((entry) => phones.get(phoneId(entry.user, entry.drill))?.ended));
}

async function keepPhone(values) {
  Object.assign(phone, values);
  await store.change("phones", [id], (kept) => ({ ...kept, ...values })).catch(() => null);
}

const sender = makeSender({
  store,
  device: deviceName(),
  token: data.token,
  tell(change) {
    if (change.heard && change.id === id) poller.take(change.heard);
    if (change.stop?.id === id) stopRow = change.stop;
    if (change.ended === id) phone.ended = true;
    others?.postMessage("changed");
    readKept().then(readOthers);
  },
});

const poller = makePoller({
  url: `/drills/${data.drill}/run/state/`,
  phone: () => (phone.ended ? null : phone.token),
  heardBefore: performance.now() - Math.max(0, serverNow() - Date.parse(phone.state.now)),
  hear(told, asked) {
    hearClock(told.now, asked);
    state = told;
    keepPhone({ state, off: clockOff() });
    draw();
  },
  ended() {
    keepPhone({ ended: true });
    draw();
  },
});

/** Keep one entry on this phone, show it, and send it. Resolves once it lies here. */
async function keep(entry) {
  beingKept += 1;
  tellWaiting();
  lastAt = Math.max(Date.now(), lastAt + 1);
  const whole = {
    key: newKey(),
    user: data.user,
    name: data.name,
    drill: data.drill,
    at: lastAt,
    status: "",
    feature: null,
    place: "",
    text: "",
    photo: null,
    ...entry,
  };
  try {
    await keepEntry(store, whole);
  } catch {
    show(byId("run-not-kept"), true);
    put(byId("run-not-kept"), say("no-store"));
    return false;
  } finally {
    beingKept -= 1;
  }
  others?.postMessage("changed");
  await readKept();
  sender.send();
  return true;
}

/** How many entries are not sent, as `data-waiting` of the page. */
function tellWaiting() {
  document.body.dataset.waiting = String(beingKept + own.filter((entry) => entry.state === "kept").length);
}

function press(kind, more = {}) {
  if (performance.now() - pressedAt < DOUBLE_PRESS_MS) return;
  pressedAt = performance.now();
  if (kind === "start") askToKeep(data.name);
  keep({ kind, ...more });
  if (TO_THE_TOP.has(kind)) scrollTo(0, 0);
}

const rooms = makeRooms({
  report: (place) =>
    keep({ kind: "place_report", status: "accounted", feature: place.isRoom ? place.key : null, place: place.name }),
  ask: askAboutRoom,
});
const review = prepareReview({
  key: id,
  isSent: () => view.kept.length === 0 && view.state.state === "ended" && isHeard(poller.silence()),
});

function drawHead() {
  const { zone } = data;
  put(byId("run-mark"), say(view.phase === "over" || view.phase === "reviewed" ? "mark-ended" : "mark"));
  const over = byId("run-review-form") ? "questions" : "ended";
  const titles = { running: "running", over, reviewed: "reviewed", off: "off" };
  if (view.phase !== "before") put(byId("run-title"), say(titles[view.phase]));
  put(byId("run-when"), whenWords(zone));
  show(byId("run-clock"), view.startedAt !== null && view.phase === "running");
  show(byId("run-times"), view.startedAt !== null && view.phase !== "before");
  const since = (at) => (at === null ? "–" : durationOf(at - view.startedAt));
  put(byId("run-secured-at"), since(view.securedAt));
  put(byId("run-accounted-at"), since(view.accountedAt));
  put(byId("run-took-time"), since(view.endedAt));
  show(byId("run-took"), view.endedAt !== null);
}

function whenWords(zone) {
  if (view.phase === "before") {
    const words = windowWords(state, serverNow(), zone);
    return words || say("when-planned", { time: momentOf(Date.parse(state.starts_at), zone) });
  }
  if (view.phase === "off") return say("state-off", { state: state.state_words });
  if (view.endedAt) return say("when-ended", { time: momentOf(view.endedAt, zone) });
  return view.startedAt ? say("when-started", { time: timeOf(view.startedAt, zone) }) : "";
}

function drawBar() {
  const { phase } = view;
  const next = nextPress(view);
  show(byId("run-tools"), phase === "running" || phase === "over");
  show(byId("run-time-mark"), phase === "running");
  show(byId("run-early"), phase === "running" && next !== "end");
  show(byId("run-call"), false);
  if (!data.may_run) return;
  const button = byId("run-next");
  button.dataset.press = next;
  if (phase === "before") return;
  show(button, next !== "");
  if (!next) return;
  put(byId("run-next-word"), say(next.replace("_", "-")));
  const notes = { secured: say("secured-note"), all_reported: count("silent", view.silent), end: say("end-note") };
  put(byId("run-next-note"), view.all === 0 && next === "all_reported" ? "" : notes[next]);
}

function drawPhase() {
  const { phase } = view;
  document.body.dataset.phase = phase;
  show(byId("run-before"), phase === "before");
  show(byId("run-review"), phase === "over");
  show(byId("run-rooms"), phase === "running" || phase === "over" || phase === "reviewed");
  show(byId("run-release"), nextPress(view) === "end");
  const onTest = state.alarm_on_test && !state.alarm_back_at;
  show(byId("run-panel"), onTest);
  put(byId("run-panel-words"), onTest ? say("alarm-on-test") : "");
  stayAwake(phase === "running");
}

function speak() {
  const next = nextPress(view);
  const words = [byId("run-title").textContent, next && data.may_run ? byId("run-next-word").textContent : ""];
  const now = `${view.phase} ${next}`;
  if (spoken && now !== spoken) announce(words.filter(Boolean).join(". "));
  spoken = now;
}

function draw() {
  view = merge(state, own, { name: data.name, off: clockOff(), stop: stopRow });
  tellWaiting();
  for (const place of view.places) place.isRoom = state.places.some((one) => one.key === place.key);
  if (view.phase === "stopped") {
    drawStop(view, data.zone);
    return;
  }
  drawPhase();
  drawHead();
  drawBar();
  rooms.draw(view);
  drawTimeline(view, data.zone);
  drawRefused(view, read);
  tick();
  review.draw(view);
  speak();
}

/** What moves with every second. */
function tick() {
  if (!view || view.phase === "stopped") return;
  const silence = poller.silence();
  const now = serverNow();
  drawSilence(silence, { now, zone: data.zone, kept: view.kept.length, ended: phone.ended });
  drawSignedOut(phone.ended, view.kept.length);
  if (view.startedAt !== null) put(byId("run-elapsed"), durationOf((view.endedAt ?? now) - view.startedAt));
  if (view.phase === "before") {
    const heard = isHeard(silence);
    drawBefore(view, { zone: data.zone, now, heard, heardAt: now - silence, mayRun: data.may_run });
    put(byId("run-when"), whenWords(data.zone));
  }
  byId("run-next")?.setAttribute("aria-disabled", String(performance.now() - pressedAt < DOUBLE_PRESS_MS));
  review.draw(view);
}

async function read(entries) {
  const keys = entries.map((entry) => entry.key);
  await store.change("entries", keys, (entry) => (entry ? { ...entry, isRead: true } : null));
  await readKept();
}

async function copy() {
  const text = asText(view, own, { head: document.title, zone: data.zone, off: clockOff() });
  byId("run-copy-text").value = text;
  show(byId("run-copy-box"), true);
  const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  if (!copied) byId("run-copy-text").select();
  announce(say(copied ? "copied" : "not-copied"));
}

function stopNow(event) {
  event.preventDefault();
  const what = byId("run-stop-what").value.trim();
  const { user, drill } = data;
  stopRow = { id, user, drill, what, at: Date.now(), happenedAt: serverNow(), state: "kept", tries: 0 };
  sender.stop(stopRow);
  draw();
}

byId("run-next")?.addEventListener("click", (event) => press(event.currentTarget.dataset.press));
byId("run-time-mark").addEventListener("click", () => press("mark"));
byId("run-end-early")?.addEventListener("click", () => {
  byId("run-end-sheet").close();
  press("end");
});
byId("run-stop-form").addEventListener("submit", stopNow);
byId("run-copy").addEventListener("click", copy);
put(byId("run-end-words"), say("end-words"));
prepareSheets({ keep, places: () => view.places });
prepareUncleared((attempt) => press("start", { attempt }));

others?.addEventListener("message", () => readKept().then(readOthers));
const wake = () => {
  sender.stop();
  poller.now();
};
addEventListener("online", wake);
document.addEventListener("visibilitychange", () => document.hidden || wake());
setInterval(tick, 500);

stopRow = (await store.get("stops", id).catch(() => null)) ?? null;
if (stopRow?.state === "ended" && !phone.ended) stopRow = { ...stopRow, state: "kept" };
await readKept();
await readOthers();
if (stopRow?.state === "kept") sender.stop(stopRow);
else wake();
preparePhone({ name: data.name, stores: store.keeps });
