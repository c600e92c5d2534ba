// Asks every two seconds, while the page is seen, how the drill stands, and knows how long nothing
// was heard. What an older question brought never overwrites what a newer one has told.

import { talk } from "./run_post.js";

const PAUSE_MS = 2000;
const SECONDS = 6;
const GRACE_MS = 3000; // a page just seen again has not been answered yet: that is no silence

/**
 * Make the poller. `phone()` gives the token, or null where it has ended; `hear(state, asked)` takes
 * a new state; `ended()` hears that the token opens nothing. Returns `hear` for answers to sendings,
 * `silence()` in milliseconds, and `now()` to ask at once.
 */
export function makePoller({ url, phone, hear, ended, heardBefore }) {
  let mark = null;
  let newest = 0;
  let busy = false;
  let askedAt = -PAUSE_MS;
  let heardAt = heardBefore;
  let seenAt = performance.now();

  function take(answer, { isAnswer = false } = {}) {
    if (answer.kind === "silent") return;
    heardAt = performance.now();
    if (answer.kind !== "heard") return;
    const state = isAnswer ? answer.told.state : answer.told;
    if (answer.asked < newest) return;
    newest = isAnswer ? performance.now() : answer.asked;
    mark = `"${state.mark}"`;
    hear(state, answer.asked);
  }

  async function ask() {
    const token = phone();
    if (busy || !token || document.hidden) return;
    busy = true;
    askedAt = performance.now();
    const answer = await talk(url, { token, mark, seconds: SECONDS });
    busy = false;
    if (answer.kind === "ended") ended();
    take(answer);
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) seenAt = performance.now();
  });
  setInterval(() => {
    if (performance.now() - askedAt >= PAUSE_MS) ask();
  }, 250);
  return {
    now: ask,
    take: (answer) => take(answer, { isAnswer: true }),
    silence() {
      const now = performance.now();
      return now - seenAt < GRACE_MS ? Math.min(now - heardAt, GRACE_MS) : now - heardAt;
    },
  };
}
