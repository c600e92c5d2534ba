// The list of entries, newest first, each with its own fate: kept here, sent, refused, in doubt.

import { byId, count, element, put, say, secondOf, show, sign } from "./run_words.js";

const FEW = 30;
const FATES = { kept: "clock", sent: "check", refused: "error" };
const rows = new Map();
let isWhole = false;

const doubtWords = (doubts) => doubts.map((doubt) => say(`doubt-${doubt.replaceAll("_", "-")}`) || doubt).join(", ");

/** What an entry tells, in one line. */
export function wordsOf(line) {
  const what = line.kind === "place_report" ? say(`status-${line.status}`) : say(`kind-${line.kind}`);
  return [[line.place, what].filter(Boolean).join(": "), line.text].filter(Boolean).join(" – ");
}

/** What became of an entry. */
export function fateOf(line) {
  if (line.fate === "refused") return `${say("refused")}: ${line.why}`;
  const doubt = line.doubts.length ? `${say("doubt")}: ${doubtWords(line.doubts)}` : "";
  return [say(line.fate), doubt].filter(Boolean).join(", ");
}

function drawRow(line, zone) {
  const look = [line.fate, line.doubts.join(), line.why, line.at, line.by].join("|");
  const former = rows.get(line.key);
  if (former?.look === look) return former.row;
  const time = element("time", "run-entry__time", secondOf(line.at, zone));
  time.dateTime = new Date(line.at).toISOString();
  const picture = sign(line.doubts.length ? "warning" : FATES[line.fate]);
  const fate = element("span", "run-entry__fate", picture, fateOf(line));
  const who = element("span", "run-entry__who", line.mine ? say("mine") : line.by);
  const words = element("span", "run-entry__words", wordsOf(line));
  const row = element("li", "run-entry", time, words, element("span", "run-entry__foot", fate, who));
  row.dataset.fate = line.doubts.length ? "doubt" : line.fate;
  row.dataset.key = line.key;
  former?.row.replaceWith(row);
  rows.set(line.key, { row, look });
  return row;
}

/** Draw the list in place. */
export function drawTimeline(view, zone) {
  const list = byId("run-entries");
  const lines = isWhole ? view.lines : view.lines.slice(0, FEW);
  const wanted = lines.map((line) => drawRow(line, zone));
  for (const row of [...list.children]) if (!wanted.includes(row)) row.remove();
  wanted.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
  const more = byId("run-entries-all");
  put(more, say("show-all", { n: view.lines.length }));
  show(more, view.lines.length > lines.length);
  more.onclick = () => {
    isWhole = true;
    drawTimeline(view, zone);
  };
  show(byId("run-entries-none"), !view.lines.length);
  put(byId("run-sending"), view.kept.length ? count("kept", view.kept.length) : say("all-sent"));
  show(byId("run-sending"), view.lines.length > 0 || view.kept.length > 0);
}

/** All that this phone has and knows, as plain text: the last resort. */
export function asText(view, own, { head, zone, off }) {
  const lines = own.map((entry) =>
    [
      secondOf(entry.at + off, zone),
      wordsOf(entry),
      fateOf({ ...entry, fate: entry.state }),
      entry.photo ? `(${say("kind-photo")})` : "",
    ]
      .filter(Boolean)
      .join(" · "),
  );
  return [head, say("reported", { n: view.reported, all: view.all }), ...lines].join("\n");
}
