// The rooms, floor by floor. One tap: all accounted. A long press, the dots, or a tap on a room that
// has spoken: everything else. Rows are changed in place, so nothing moves under a finger.

import { byId, element, put, resign, say, show, sign } from "./run_words.js";

const HOLD_MS = 500;
const MOVED_PX = 12;
const SIGNS = {
  "": "ring",
  accounted: "status-met",
  missing: "status-overdue",
  extra: "plus",
  injured: "status-violated",
  need_help: "flag",
};

const isSilent = (place) => !place.status;
const isProblem = (place) => Boolean(place.status) && place.status !== "accounted";
const PICKS = { all: () => true, silent: isSilent, problem: isProblem };

const LONG_NAME = 7;

/** The word that most names begin with ("Room "), which cards need not repeat. */
function sharedWord(places) {
  const counts = new Map();
  for (const { name } of places) {
    const word = /^\S+ (?=\S)/.exec(name)?.[0];
    if (word) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const [word, times] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
  return times > places.length / 2 ? word : "";
}

/** Make the list; `report(place)` says all accounted, `ask(place)` opens the sheet of a room. */
export function makeRooms({ report, ask }) {
  const cards = new Map();
  const floors = new Map();
  let places = [];
  let shared = null;
  let pick = "all";
  let picked = new Set();
  let held = null;

  const placeOf = (event) => {
    const card = event.target.closest?.("[data-place]");
    return card && places.find((place) => place.key === card.dataset.place);
  };

  function makeCard(place) {
    const picture = sign("ring");
    const short = shared && place.name.startsWith(shared) ? place.name.slice(shared.length) : place.name;
    const name = element("span", "run-room__name", short);
    if (short !== place.name) name.prepend(element("span", "visually-hidden", shared));
    const word = element("span", "run-room__word");
    const waits = element("span", "run-room__waits", say("kept"));
    const tap = element("button", "run-room__tap", picture, name, word, waits);
    const dots = element("button", "run-room__dots", sign("more"));
    tap.type = dots.type = "button";
    dots.setAttribute("aria-label", say("more-about", { place: place.name }));
    dots.setAttribute("aria-haspopup", "dialog");
    const card = element("li", short.length > LONG_NAME ? "run-room run-room--long" : "run-room", tap, dots);
    card.dataset.place = place.key;
    return { card, picture, word, waits };
  }

  function drawCard(place) {
    const { card, picture, word, waits } = cards.get(place.key);
    const status = place.status || "silent";
    if (card.dataset.status !== status) {
      card.dataset.status = status;
      resign(picture, SIGNS[place.status] ?? "ring");
    }
    put(word, place.status ? say(`status-${place.status}`) : say("room-silent"));
    word.classList.toggle("visually-hidden", !isProblem(place));
    show(waits, place.kept);
    card.classList.toggle("run-room--kept", place.kept);
  }

  function floorOf(level) {
    if (!floors.has(level)) {
      const head = element("h3", "run-floor__head");
      const list = element("ul", "run-floor__rooms");
      const section = element("section", "run-floor", head, list);
      byId("run-floors").append(section);
      floors.set(level, { section, head, list });
    }
    return floors.get(level);
  }

  function drawFloors() {
    for (const [level, { section, head, list }] of floors) {
      const here = places.filter((place) => place.level === level);
      const shown = [...list.children].some((card) => !card.hidden);
      show(section, shown);
      const name = level ? say("floor", { name: level }) : say("elsewhere");
      const words = say("reported", { n: here.filter((place) => place.status).length, all: here.length });
      put(head, floors.size > 1 || level ? `${name}: ${words}` : words);
    }
  }

  function isShown(place) {
    const words = byId("run-find").value.trim().toLowerCase();
    return (picked.has(place.key) || PICKS[pick](place)) && (!words || place.name.toLowerCase().includes(words));
  }

  function sift() {
    let any = false;
    for (const place of places) {
      const shown = isShown(place);
      any ||= shown;
      show(cards.get(place.key).card, shown);
    }
    drawFloors();
    show(byId("run-rooms-empty"), places.length > 0 && !any);
  }

  function drawChips() {
    const numbers = {
      all: places.length,
      silent: places.filter(isSilent).length,
      problem: places.filter(isProblem).length,
    };
    for (const chip of document.querySelectorAll("[data-rooms]")) {
      put(chip, say(`chip-${chip.dataset.rooms}`, { n: numbers[chip.dataset.rooms] }));
      chip.setAttribute("aria-pressed", String(chip.dataset.rooms === pick));
    }
  }

  /** Rooms that no longer fit the filter stay until it is chosen again: nothing moves under a finger. */
  function choose(which) {
    pick = which;
    picked = new Set(places.filter(PICKS[pick]).map((place) => place.key));
    drawChips();
    sift();
  }

  function draw(view) {
    places = view.places;
    shared ??= places.length ? sharedWord(places) : null;
    for (const place of places) {
      if (!cards.has(place.key)) {
        cards.set(place.key, makeCard(place));
        floorOf(place.level).list.append(cards.get(place.key).card);
      }
      drawCard(place);
    }
    for (const [key, { card }] of cards) {
      if (places.some((place) => place.key === key)) continue;
      card.remove();
      cards.delete(key);
    }
    put(byId("run-rooms-head"), say("reported", { n: view.reported, all: view.all }));
    byId("run-rooms-bar").max = view.all || 1;
    byId("run-rooms-bar").value = view.reported;
    show(byId("run-rooms-head").parentElement, view.all > 0);
    show(byId("run-rooms-tools"), view.all > 0);
    show(byId("run-rooms-none"), view.all === 0);
    drawChips();
    sift();
  }

  function letGo() {
    clearTimeout(held?.timer);
    held = null;
  }

  const list = byId("run-floors");
  list.addEventListener("pointerdown", (event) => {
    const place = event.target.closest(".run-room__tap") && placeOf(event);
    if (!place || event.button) return;
    held = { x: event.clientX, y: event.clientY, opened: false };
    held.timer = setTimeout(() => {
      held.opened = true;
      ask(place, event.target.closest("button"));
    }, HOLD_MS);
  });
  list.addEventListener("pointermove", (event) => {
    if (held && !held.opened && Math.hypot(event.clientX - held.x, event.clientY - held.y) > MOVED_PX) letGo();
  });
  for (const gone of ["pointercancel", "pointerleave"]) list.addEventListener(gone, letGo);
  list.addEventListener("contextmenu", (event) => {
    if (placeOf(event)) event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const opened = held?.opened;
    letGo();
    const place = placeOf(event);
    if (!place || opened) return;
    if (event.target.closest(".run-room__dots") || place.status) ask(place, event.target.closest("button"));
    else report(place);
  });
  document.querySelector("[data-rooms]").parentElement.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-rooms]");
    if (chip) choose(chip.dataset.rooms);
  });
  byId("run-find").addEventListener("input", sift);
  return { draw, choose };
}
