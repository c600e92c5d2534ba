// Words, times and signs of run mode. The words stand in the page, in the reader's language.

const box = document.getElementById("run-words");
const language = document.documentElement.lang.startsWith("es") ? "es-US" : "en-US";
const SVG = "http://www.w3.org/2000/svg";

/** The words called `name`, with each {x} filled in. */
export function say(name, values = {}) {
  const words = box.getAttribute(`data-${name}`) ?? "";
  return words.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** Words for a number: `name`-one, `name`-more, or `name`-none where there is one for zero. */
export function count(name, n, values = {}) {
  const form = n === 1 ? "one" : n === 0 && box.hasAttribute(`data-${name}-none`) ? "none" : "more";
  return say(`${name}-${form}`, { n, ...values });
}

const formats = new Map();
function format(zone, options) {
  const key = `${zone} ${Object.keys(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, { timeZone: zone, ...options }));
  return formats.get(key);
}

/** The parts of a moment in the campus's zone, by name. */
const partsOf = (at, zone, options) =>
  Object.fromEntries(format(zone, options).formatToParts(at).map((part) => [part.type, part.value]));

// The same words as backend/web/words.py, whatever the browser's own tables say.
const isSpanish = language === "es-US";
const HALVES = isSpanish ? ["a.\u00a0m.", "p.\u00a0m."] : ["AM", "PM"];
const MONTHS = isSpanish
  ? ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"]
  : ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function timeWords({ hour, minute, second }) {
  const whole = Number(hour) % 24;
  const digits = [whole % 12 || 12, minute, second].filter((part) => part !== undefined).join(":");
  return `${digits}\u00a0${HALVES[whole < 12 ? 0 : 1]}`;
}

const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** "10:15 AM" of a moment (milliseconds) in the campus's zone. */
export const timeOf = (at, zone) => timeWords(partsOf(at, zone, TIME));

/** "10:15:04 AM", for the list of entries. */
export const secondOf = (at, zone) => timeWords(partsOf(at, zone, { ...TIME, second: "2-digit" }));

/** "Tue, Sep 8, 10:15 AM", or "mar, 8 sep, 10:15 a. m.". */
export function momentOf(at, zone) {
  const parts = partsOf(at, zone, { ...TIME, weekday: "short", month: "numeric", day: "numeric" });
  const month = MONTHS[Number(parts.month) - 1];
  const day = isSpanish ? `${parts.day}\u00a0${month}` : `${month}\u00a0${parts.day}`;
  return `${parts.weekday}, ${day}, ${timeWords(parts)}`;
}

/** "4 min 20 s" of milliseconds, as the server writes durations. */
export function durationOf(milliseconds) {
  const whole = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const parts = hours ? [[hours, "h"], [minutes, "min"]] : [[minutes, "min"], [whole % 60, "s"]];
  const shown = parts.filter(([number]) => number).map(([number, unit]) => `${number}\u00a0${unit}`);
  return shown.join(" ") || "0\u00a0s";
}

/** A picture of the page's sprite. */
export function sign(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${box.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** Change a sign that `sign` made. */
export const resign = (svg, name) => svg.firstChild.setAttribute("href", `${box.dataset.icons}#${name}`);

/** An element with a class and words or children. */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Write words where they differ, so that nothing under a finger or a reader is touched in vain. */
export function put(place, words) {
  if (place && place.textContent !== words) place.textContent = words;
}

/** Show or hide. */
export function show(place, shown) {
  if (place && place.hidden === shown) place.hidden = !shown;
}

/** The element of an id. */
export const byId = (id) => document.getElementById(id);
