// The sheets that rise from the foot of the page: a room, a note or photo, a start without clearance.

import { openDialog } from "../web/js/open_dialog.js";
import { clockOff } from "./run_clock.js";
import { smallPhoto } from "./run_photo.js";
import { byId, put, say, show } from "./run_words.js";

let asked = null;

/** Open the sheet of a room, or of a place without one (null), to say anything but “all accounted”. */
export function askAboutRoom(place, opener) {
  asked = place;
  put(byId("run-room-head"), place ? place.name : say("another-place"));
  show(byId("run-elsewhere-field"), !place);
  show(byId("run-elsewhere-error"), false);
  byId("run-elsewhere-name").value = "";
  byId("run-room-text").value = "";
  openDialog(byId("run-room-sheet"), opener);
}

/** Make the sheets work; `keep(entry)` keeps what was said, and resolves once it lies on this phone. */
export function prepareSheets({ keep, places }) {
  byId("run-elsewhere").addEventListener("click", (event) => askAboutRoom(null, event.currentTarget));
  byId("run-room-sheet").addEventListener("click", (event) => {
    const status = event.target.closest("[data-status]")?.dataset.status;
    if (!status) return;
    const name = byId("run-elsewhere-name").value.trim();
    if (!asked && !name) {
      show(byId("run-elsewhere-error"), true);
      byId("run-elsewhere-name").focus();
      return;
    }
    const where = asked?.level || asked?.isRoom ? asked : placeNamed(asked ? asked.name : name, places());
    keep({
      kind: "place_report",
      status,
      feature: where?.isRoom ? where.key : null,
      place: where?.name ?? asked?.name ?? name,
      text: byId("run-room-text").value.trim(),
    });
    byId("run-room-sheet").close();
  });
  prepareNote({ keep, places });
}

/** A room that is called so, so that a name typed by hand finds its room. */
function placeNamed(name, all) {
  const words = name.trim().toLowerCase();
  return all.find((place) => place.name.toLowerCase() === words) ?? { name, isRoom: false };
}

function prepareNote({ keep, places }) {
  const form = byId("run-note-form");
  const refuse = (words) => {
    put(byId("run-note-error"), words);
    show(byId("run-note-error"), Boolean(words));
    if (words) byId("run-note-text").focus();
  };
  byId("run-note-open").addEventListener("click", () => {
    const list = byId("run-places");
    if (list.children.length === places().length) return;
    const option = ({ name }) => Object.assign(document.createElement("option"), { value: name });
    list.replaceChildren(...places().map(option));
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = byId("run-note-photo").files[0];
    const text = byId("run-note-text").value.trim();
    if (!text && !file) return refuse(say("say-something"));
    const photo = file ? await smallPhoto(file) : null;
    if (file && !photo) return refuse(say("no-picture"));
    const place = placeNamed(byId("run-note-place").value.trim(), places());
    const isKept = await keep({
      kind: photo ? "photo" : "observation",
      feature: place.isRoom ? place.key : null,
      place: place.name,
      text,
      photo,
    });
    if (!isKept) return refuse(say("no-store"));
    refuse("");
    form.reset();
    byId("run-note-sheet").close();
    return undefined;
  });
}

/** A start without clearance: who was called, when, and why; `start(attempt)` begins the drill. */
export function prepareUncleared(start) {
  const form = byId("run-uncleared-form");
  if (!form) return;
  const now = new Date();
  form.elements.called_at.value = `${now.getHours()}`.padStart(2, "0") + ":" + `${now.getMinutes()}`.padStart(2, "0");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { line, called_at: time, reason } = form.elements;
    const [hours, minutes] = time.value.split(":").map(Number);
    const called = new Date();
    called.setHours(hours, minutes, 0, 0);
    const isWhole = line.value.trim() && reason.value.trim() && called <= new Date();
    put(byId("run-uncleared-error"), isWhole ? "" : say("fill-all"));
    show(byId("run-uncleared-error"), !isWhole);
    if (!isWhole) return;
    const heard = new Date(called.getTime() + Math.min(0, clockOff()));
    start({ line: line.value.trim(), called_at: heard.toISOString(), reason: reason.value.trim() });
  });
}
