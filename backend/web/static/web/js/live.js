// Live parts of pages: keeps what is typed when a polled part is drawn anew, asks the server only for
// what changed, and says when it was last heard.
//
// The browser turns a 304 into a 200 for scripts, so htmx would swap on every poll. This script sends
// If-None-Match itself and keeps htmx from swapping the empty body of the true 304 that follows.

const tags = new WeakMap();
const POLL = "live:poll";

document.addEventListener("htmx:configRequest", (event) => {
  const tag = tags.get(event.detail.elt);
  if (tag && event.detail.verb === "get") event.detail.headers["If-None-Match"] = tag;
});

document.addEventListener("htmx:afterRequest", (event) => {
  const tag = event.detail.xhr?.getResponseHeader("ETag");
  if (tag) tags.set(event.detail.elt, tag);
  say(event.detail.successful || event.detail.xhr?.status === 304);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 304) {
    event.detail.shouldSwap = false;
    event.detail.isError = false;
  }
});

if (window.Idiomorph) window.Idiomorph.defaults.ignoreActiveValue = true;

/** Write into each [data-live-state] whether the server is heard: "live" or "offline since 10:12". */
function say(heard) {
  for (const place of document.querySelectorAll("[data-live-state]")) {
    if (heard) {
      place.dataset.state = "live";
      place.textContent = place.dataset.liveWord ?? "";
    } else if (place.dataset.state !== "offline") {
      place.dataset.state = "offline";
      const time = new Date().toLocaleTimeString(document.documentElement.lang, {
        hour: "numeric",
        minute: "2-digit",
      });
      place.textContent = (place.dataset.offlineWords ?? "").replace("{time}", time);
    }
  }
}

/**
 * Parts with data-poll-seconds and hx-trigger="live:poll" are asked for again while the page is seen.
 * A hidden tab asks nothing; when it is seen again all parts ask at once.
 */
const asked = new WeakMap();
function poll() {
  if (document.hidden || !window.htmx) return;
  for (const part of document.querySelectorAll("[data-poll-seconds]")) {
    const pause = Number(part.dataset.pollSeconds) * 1000;
    const last = asked.get(part) ?? (asked.set(part, Date.now()), Date.now());
    if (Date.now() - last < pause) continue;
    asked.set(part, Date.now());
    window.htmx.trigger(part, POLL);
  }
}
setInterval(poll, 500);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const part of document.querySelectorAll("[data-poll-seconds]")) asked.set(part, 0);
  poll();
});

document.querySelector("[data-focus-at-load]")?.focus();
