// “STOP: real emergency”: the screen, and what became of the message.

import { byId, count, element, put, say, show, timeOf } from "./run_words.js";
import { wordsOf } from "./run_timeline.js";

let wasShown = false;

function sentWords(view, zone) {
  const { stop, state } = view;
  const names = [...new Set(state.clearances.map((row) => row.agency))];
  const told = names.length ? say("real-told", { names: names.join(", ") }) : say("real-told-nobody");
  if (!stop || state.state === "stopped") {
    const at = stop?.sentAt ?? (state.ended_at ? Date.parse(state.ended_at) : null);
    const head = stop && at ? say("real-sent", { time: timeOf(at, zone) }) : say("real-elsewhere");
    return { fate: "sent", head, more: told };
  }
  if (stop.state === "sent") {
    return { fate: "sent", head: say("real-sent", { time: timeOf(stop.sentAt, zone) }), more: told };
  }
  if (stop.state === "ended") return { fate: "unsent", head: say("real-signed-out"), more: say("real-unsent-more") };
  if (stop.state === "refused") return { fate: "unsent", head: say("real-refused"), more: stop.why };
  if (stop.tries) return { fate: "unsent", head: say("real-unsent"), more: say("real-unsent-more") };
  return { fate: "sending", head: say("real-sending"), more: "" };
}

function list(id, head, rows) {
  show(byId(id), rows.length > 0);
  put(byId(`${id}-head`), head);
  const place = byId(`${id}-list`);
  const words = rows.join("\n");
  if (place.dataset.words === words) return;
  place.dataset.words = words;
  place.replaceChildren(...rows.map((row) => element("li", "", row)));
}

/** Show the real emergency in place of everything that belongs to practice. */
export function drawStop(view, zone) {
  if (!wasShown) {
    wasShown = true;
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    for (const part of document.querySelectorAll("[data-drill-words]")) part.hidden = true;
    document.querySelector(".run-bands").hidden = true;
    document.body.dataset.phase = "stopped";
    document.title = say("real-title");
    byId("run-real").hidden = false;
    byId("run-real-head").focus();
    scrollTo(0, 0);
  }
  const stoppedAt = view.stop?.happenedAt ?? view.endedAt;
  put(byId("run-real-at"), stoppedAt ? say("real-at", { time: timeOf(stoppedAt, zone) }) : "");
  const { fate, head, more } = sentWords(view, zone);
  byId("run-real-sent").dataset.fate = fate;
  put(byId("run-real-sent-head"), head);
  put(byId("run-real-sent-more"), more);
  show(byId("run-real-panel"), view.state.alarm_on_test && !view.state.alarm_back_at);
  list("run-real-kept", count("real-kept", view.kept.length), view.kept.map(wordsOf));
  const problems = view.problems.map((place) => `${place.name}: ${say(`status-${place.status}`)}`);
  list("run-real-rooms", say("real-rooms", { n: view.reported, all: view.all }), problems);
  show(byId("run-real-rooms"), view.all > 0);
}
