// Three questions at the end. With nothing typed one press closes the review; with words they are saved
// first. What is typed stays on this phone until the review is closed, and the form goes out by itself
// once every entry is sent, so that nobody has to press twice.

import { byId, show } from "./run_words.js";

const FIELDS = ["run-worked", "run-did-not"];

function remembered(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function remember(key, values) {
  try {
    if (values) localStorage.setItem(key, JSON.stringify(values));
    else localStorage.removeItem(key);
  } catch {
    // A full or forbidden store: the form works as any other.
  }
}

/** The form's secret may be older than the sign-in: the cookie has the one that counts. */
function renewSecret(form) {
  const found = /(?:^|; )(?:__Host-)?csrf=([^;]+)/.exec(document.cookie);
  const field = form.elements.csrfmiddlewaretoken;
  if (found && field) field.value = found[1];
}

/** Make the form work; `isSent()` says whether nothing waits here any more. */
export function prepareReview({ key, isSent }) {
  const form = byId("run-review-form");
  let waiting = null;
  if (!form) return { draw: () => null };
  const store = `muster-run-review/${key}`;
  const former = remembered(store);
  for (const id of FIELDS) byId(id).value = former[id] ?? "";
  form.addEventListener("input", () => {
    remember(store, Object.fromEntries(FIELDS.map((id) => [id, byId(id).value])));
    drawButtons();
  });
  form.addEventListener("submit", (event) => {
    renewSecret(form);
    if (isSent()) return;
    event.preventDefault();
    waiting = event.submitter;
    show(byId("run-review-waits"), true);
  });

  let isOver = false;
  function drawButtons() {
    const hasWords = FIELDS.some((id) => byId(id).value.trim() !== "");
    show(byId("run-close"), isOver && !hasWords);
    show(byId("run-save"), isOver && hasWords);
  }

  function draw(view) {
    isOver = view.phase === "over";
    drawButtons();
    if (view.phase === "reviewed") remember(store, null);
    if (waiting && isOver && isSent()) {
      const submitter = waiting;
      waiting = null;
      form.requestSubmit(submitter);
    }
  }
  return { draw };
}
