// What this phone can do: open the page without network, keep entries for good, stay awake.

import { byId, element, say, sign } from "./run_words.js";

const READY_WAIT_MS = 20_000;
const facts = { offline: null, keeps: null, stores: true };

function fact(isMet, words) {
  const row = element("li", `run-fact run-fact--${isMet ? "met" : "due"}`, sign(isMet ? "status-met" : "status-due"));
  row.append(element("span", "", words));
  return row;
}

function draw(name) {
  const rows = [fact(true, say("seen-as", { who: name }))];
  if (!isSecureContext) rows.push(fact(false, say("not-secure")));
  else if (facts.offline) rows.push(fact(true, say("offline-ready")));
  else if (facts.offline !== null) rows.push(fact(false, say("offline-not-yet")));
  if (facts.keeps !== null) rows.push(fact(facts.keeps, say(facts.keeps ? "will-keep" : "may-drop")));
  byId("run-phone-facts").replaceChildren(...rows);
  const lacks = !facts.stores ? "no-store" : !isSecureContext || !navigator.serviceWorker ? "not-secure" : "";
  const band = byId("run-not-kept");
  band.hidden = !lacks;
  if (lacks) band.textContent = say(lacks);
  document.body.dataset.offline = facts.offline ? "ready" : "not-yet";
}

/** Resolves to whether the worker holds this page now. */
function keepPage(worker, anew) {
  return new Promise((resolve) => {
    const line = new MessageChannel();
    const timer = setTimeout(resolve, READY_WAIT_MS, false);
    line.port1.onmessage = (event) => {
      clearTimeout(timer);
      resolve(event.data.kept);
    };
    worker.postMessage({ what: "keep", url: location.href, anew }, [line.port2]);
  });
}

/** Register the worker, have it keep this page, and say on the page what came of it. */
export async function preparePhone({ name, stores }) {
  facts.stores = stores;
  draw(name);
  if (isSecureContext && navigator.serviceWorker) {
    const anew = !navigator.serviceWorker.controller;
    try {
      await navigator.serviceWorker.register(byId("run-words").dataset.worker, { scope: "/drills/" });
      const { active } = await navigator.serviceWorker.ready;
      facts.offline = await keepPage(active, anew);
    } catch {
      facts.offline = Boolean(navigator.serviceWorker.controller);
    }
    draw(name);
  }
}

/** Ask the browser, at a press, not to drop what is kept here; show its answer. */
export async function askToKeep(name) {
  if (!navigator.storage?.persist) return;
  facts.keeps = await navigator.storage.persist().catch(() => false);
  draw(name);
}

let awake = null;
let wanted = false;
async function hold() {
  if (!wanted || document.hidden || (awake && !awake.released)) return;
  awake = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
}

/** Keep the screen on while a drill runs, where the browser lets us. */
export function stayAwake(running) {
  if (running === wanted) return;
  wanted = running;
  if (running) hold();
  else awake?.release().catch(() => null);
}
document.addEventListener("visibilitychange", hold);

/** A short name of the device, for the record. */
export function deviceName() {
  const agent = navigator.userAgent;
  const kind = /iPhone|iPad|Android|Windows|Mac OS|CrOS|Linux/.exec(agent)?.[0] ?? "Browser";
  return { "Mac OS": "Mac", CrOS: "Chromebook" }[kind] ?? kind;
}
