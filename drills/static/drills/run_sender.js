// Sends what is kept: a real emergency first and alone, then entries in their order. One tab sends at
// a time (Web Locks); a repeat is harmless, since the server knows each entry by its key.

import { phoneId, unsent } from "./run_store.js";
import { talk } from "./run_post.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
const LONGEST_PAUSE_OF_STOP = 5_000;
const MOST_AT_ONCE = 50;
const PHOTO_SECONDS = 60;

const alone = (name, work) => (navigator.locks ? navigator.locks.request(`muster-run-${name}`, work) : work());

/** Runs `work` now and again until it returns true; waits longer after each vain try. */
function untilDone(work, longest) {
  let pause = FIRST_PAUSE;
  let timer = 0;
  let busy = false;
  let again = false;
  async function run() {
    clearTimeout(timer);
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    const done = await work().catch(() => false);
    busy = false;
    if (again) {
      again = false;
      pause = FIRST_PAUSE;
      timer = setTimeout(run, 0);
    } else if (done) {
      pause = FIRST_PAUSE;
    } else {
      timer = setTimeout(run, pause * (0.8 + Math.random() * 0.4));
      pause = Math.min(pause * 2, longest);
    }
  }
  return () => {
    pause = FIRST_PAUSE;
    return run();
  };
}

async function base64Of(photo) {
  const bytes = new Uint8Array(photo);
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

async function asSent(entry) {
  return {
    key: entry.key,
    kind: entry.kind,
    at: new Date(entry.at).toISOString(),
    status: entry.status,
    feature: entry.feature,
    place: entry.place,
    text: entry.text,
    photo: entry.photo ? await base64Of(entry.photo) : null,
  };
}

/** The next entries to send together: those without photo in their order, then each photo alone. */
export function nextOf(entries) {
  const waiting = unsent(entries);
  const light = waiting.filter((entry) => !entry.photo);
  return light.length ? light.slice(0, MOST_AT_ONCE) : waiting.slice(0, 1);
}

/**
 * Make the sender of a page. `tell(change)` hears what came of it: {heard: answer, id}, {ended: id},
 * {entries: true}, {stop: row}. Returns `send` and `stop`, to be called at will. `token` is the
 * page's own, for a real emergency on a phone that keeps nothing.
 */
export function makeSender({ store, device, token, tell }) {
  const pressed = new Map(); // real emergencies of this page, also where the store fails
  const urlOf = (drill, what) => `/drills/${drill}/run/${what}/`;

  async function settle(keys, values) {
    await store.change("entries", keys, (entry, key) => (entry ? { ...entry, ...values(key) } : null));
    tell({ entries: true });
  }

  async function endPhone(id) {
    await store.change("phones", [id], (phone) => (phone ? { ...phone, ended: true } : null));
    tell({ ended: id });
  }

  async function sendTogether(phone, drill, batch) {
    const attempt = batch.find((entry) => entry.attempt)?.attempt;
    return talk(urlOf(drill, "entries"), {
      token: phone.token,
      seconds: batch[0].photo ? PHOTO_SECONDS : 10,
      body: {
        device_now: new Date().toISOString(),
        device,
        entries: await Promise.all(batch.map(asSent)),
        ...(attempt ? { attempt } : {}),
      },
    });
  }

  async function takeAnswer(answer, batch) {
    const of = new Map(answer.told.taken?.map((one) => [one.key, one]) ?? []);
    const known = batch.map((entry) => entry.key).filter((key) => of.has(key));
    await settle(known, (key) => {
      const { result, why, doubts } = of.get(key);
      return result === "refused" ? { state: "refused", why } : { state: "sent", doubts, photo: null };
    });
    return known.length > 0;
  }

  /** Send what one person keeps of one drill; true when nothing is left that could be sent now. */
  async function sendFor(id, mine) {
    const phone = await store.get("phones", id);
    if (!phone?.token || phone.ended) return true;
    let single = false;
    for (;;) {
      const rows = (await store.all("entries")).filter((entry) => phoneId(entry.user, entry.drill) === id);
      const batch = single ? nextOf(rows).slice(0, 1) : nextOf(rows);
      if (!batch.length) return true;
      const answer = await sendTogether(phone, mine.drill, batch);
      tell({ heard: answer, id });
      if (answer.kind === "ended") {
        await endPhone(id);
        return true;
      }
      if (answer.kind === "refused" && batch.length > 1) {
        single = true; // one of them is in the way of all: find out which
      } else if (answer.kind === "refused") {
        await settle([batch[0].key], () => ({ state: "refused", why: answer.why }));
      } else if (answer.kind !== "heard" || !(await takeAnswer(answer, batch))) {
        return false;
      }
    }
  }

  async function sendAll() {
    const stops = [...(await store.all("stops")), ...pressed.values()];
    if (stops.some((stop) => stop.state === "kept" && !pressed.get(stop.id)?.sentAt)) return false;
    const groups = new Map();
    for (const entry of unsent(await store.all("entries"))) groups.set(phoneId(entry.user, entry.drill), entry);
    let done = true;
    for (const [id, entry] of groups) done = (await sendFor(id, entry)) && done;
    return done;
  }

  async function sendStop(stop) {
    const phone = await store.get("phones", stop.id).catch(() => null);
    const answer = await talk(urlOf(stop.drill, "stop"), {
      token: phone?.token ?? token,
      seconds: 8,
      body: {
        what: stop.what,
        happened_at: new Date(stop.at).toISOString(),
        device_now: new Date().toISOString(),
      },
    });
    const state = { heard: "sent", ended: "ended", refused: "refused" }[answer.kind];
    if (state) Object.assign(stop, { state, why: answer.why ?? "", sentAt: Date.now() });
    else stop.tries = (stop.tries ?? 0) + 1;
    await store.put("stops", stop).catch(() => null);
    tell({ heard: answer, id: stop.id, stop });
    return Boolean(state);
  }

  async function sendStops() {
    const rows = new Map((await store.all("stops").catch(() => [])).map((row) => [row.id, row]));
    for (const [id, row] of pressed) rows.set(id, row);
    let done = true;
    for (const stop of rows.values()) {
      if (stop.state === "kept") done = (await sendStop(stop)) && done;
    }
    if (done) send();
    return done;
  }

  const send = untilDone(() => alone("entries", sendAll), LONGEST_PAUSE);
  const sendStopsNow = untilDone(() => alone("stop", sendStops), LONGEST_PAUSE_OF_STOP);

  /** Send a real emergency that was pressed now, or those kept; a full disk does not hold it up. */
  function stop(row) {
    if (row) {
      pressed.set(row.id, row);
      store.put("stops", row).catch(() => null);
    }
    return sendStopsNow();
  }
  return { send, stop };
}
