// The worker of run mode: keeps the page of a drill and what it is made of, and gives them when there
// is no network. VERSION (a hash of all files) and FILES come from the view that serves this script.
// It never touches what the page sends or polls.
/* global VERSION, FILES */

const CACHE = `muster-run-${VERSION}`;
const PAGE = /^\/drills\/[0-9a-f-]{36}\/run\/$/;
const PATIENCE_MS = 3000;
const FORGET_PAGE_AFTER = 36 * 3600 * 1000; // as long as its token lasts

const isOurs = (name) => name.startsWith("muster-run-");
const pathOf = (url) => new URL(url).pathname;

/** A page worth keeping: no sign-in that it was sent to, no error. */
const isWhole = (answer) => answer.ok && !answer.redirected && answer.type === "basic";

async function keepPage(path) {
  const answer = await fetch(path, { credentials: "same-origin", redirect: "manual" });
  if (!isWhole(answer)) return false;
  const cache = await caches.open(CACHE);
  await cache.put(path, answer);
  return true;
}

async function forgetOldPages(cache) {
  for (const request of await cache.keys()) {
    if (!PAGE.test(pathOf(request.url))) continue;
    const answer = await cache.match(request);
    const age = Date.now() - Date.parse(answer.headers.get("Date") ?? "");
    if (age > FORGET_PAGE_AFTER) await cache.delete(request);
  }
}

/** Pages of a former version are fetched anew; while one cannot be, that version stays whole. */
async function moveFrom(name) {
  const former = await caches.open(name);
  await forgetOldPages(former);
  let moved = true;
  for (const request of await former.keys()) {
    const path = pathOf(request.url);
    if (PAGE.test(path)) moved = (await keepPage(path).catch(() => false)) && moved;
  }
  if (moved) await caches.delete(name);
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (isOurs(name) && name !== CACHE) await moveFrom(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data?.what !== "keep") return;
  const path = pathOf(event.data.url);
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await forgetOldPages(cache);
      const here = event.data.anew ? null : await cache.match(path);
      const kept = PAGE.test(path) && (Boolean(here) || (await keepPage(path).catch(() => false)));
      event.ports[0]?.postMessage({ kept });
    })(),
  );
});

async function page(event, path) {
  const kept = await caches.match(path, { ignoreSearch: true, ignoreVary: true });
  const fresh = fetch(event.request).then(async (answer) => {
    if (isWhole(answer)) await (await caches.open(CACHE)).put(path, answer.clone());
    return answer.status >= 500 && kept ? kept.clone() : answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => null));
  const tired = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept.clone()));
  return Promise.race([fresh, tired]).catch(() => kept);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (PAGE.test(url.pathname)) event.respondWith(page(event, url.pathname));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
  }
});
