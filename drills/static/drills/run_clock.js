// The server's time on this phone. It runs on the steady clock of the browser, so that a wall clock
// set back or forward in the middle of a drill moves nothing; each answer of the server sets it anew.

let anchor = { server: Date.now(), steady: performance.now(), device: Date.now() };

/** Begin with what the device's clock was off when last heard: server less device, milliseconds. */
export function beginClock(off) {
  anchor = { server: Date.now() + off, steady: performance.now(), device: Date.now() };
}

/** Take in the server's time of an answer that was asked for at `asked` (steady milliseconds). */
export function hearClock(iso, asked) {
  const steady = performance.now();
  const server = Date.parse(iso) + (steady - asked) / 2;
  if (!Number.isNaN(server)) anchor = { server, steady, device: Date.now() };
}

/** The server's time now, in milliseconds since 1970. */
export const serverNow = () => anchor.server + (performance.now() - anchor.steady);

/** What this device's wall clock is off: server less device, in milliseconds. */
export const clockOff = () => anchor.server - anchor.device;

// The steady clock of some phones stands still while they sleep: then the wall clock knows better.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  const slept = Date.now() - anchor.device - (performance.now() - anchor.steady);
  if (slept > 2000) {
    anchor = { server: serverNow() + slept, steady: performance.now(), device: Date.now() };
  }
});
