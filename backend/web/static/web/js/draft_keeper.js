// Keeps what is typed into forms with data-keep-draft="key" until the server has taken it: a reload,
// a lost network or an expired sign-in loses nothing. Kept in this tab only (sessionStorage); never
// passwords, codes, files, hidden fields or anything marked data-secret.
//
// A form that was sent stays kept, marked as sent, until the server says that it was taken: by a
// message of success, or by an element with data-draft-taken="key". A refusal, an error page or a
// sign-in in between loses nothing. Signing out forgets all.

const PREFIX = `draft:${document.body.dataset.viewer ?? ""}:`;
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "image", "reset"]);

function fields(form) {
  return [...form.elements].filter(
    (field) =>
      field.name &&
      !NEVER.has(field.type) &&
      !("secret" in field.dataset) &&
      !/one-time-code|password/.test(field.autocomplete ?? ""),
  );
}

const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

function valuesOf(form) {
  return fields(form).map((field) => [
    field.name,
    isChoice(field) ? [field.value, field.checked] : field.multiple ? [...field.selectedOptions].map((o) => o.value) : field.value,
  ]);
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

function write(key, draft) {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(draft));
  } catch {
    // A full or forbidden store: the form works as any other.
  }
}

const forget = (key) => sessionStorage.removeItem(PREFIX + key);

function restore(form, values) {
  const left = [...values];
  let changed = false;
  for (const field of fields(form)) {
    const at = left.findIndex(([name, value]) => name === field.name && (!isChoice(field) || value[0] === field.value));
    if (at < 0) continue;
    const [[, value]] = left.splice(at, 1);
    if (isChoice(field)) {
      changed ||= field.checked !== value[1];
      field.checked = value[1];
    } else if (field.multiple && field.options) {
      for (const option of field.options) option.selected = value.includes(option.value);
    } else if (field.value !== value) {
      changed = true;
      field.value = value;
    }
    field.dispatchEvent(new Event("draft:restored", { bubbles: true }));
  }
  return changed;
}

function tell(form, key) {
  const words = form.querySelector("[data-draft-words]");
  if (!words) return;
  words.hidden = false;
  words.querySelector("[data-draft-forget]")?.addEventListener("click", () => {
    forget(key);
    location.reload();
  });
}

function keep(form) {
  const key = form.dataset.keepDraft;
  const draft = read(key);
  const refused = form.querySelector(".error-summary") !== null;
  if (draft && !refused && restore(form, draft.values)) tell(form, key);
  let timer = 0;
  const writeNow = () => {
    timer = 0;
    write(key, { values: valuesOf(form), sent: false });
  };
  const save = () => {
    clearTimeout(timer);
    timer = setTimeout(writeNow, 300);
  };
  addEventListener("pagehide", () => {
    if (!timer) return;
    clearTimeout(timer);
    writeNow();
  });
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = 0;
    write(key, { values: valuesOf(form), sent: true });
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt === form && event.detail.successful) forget(key);
  });
}

function keptKeys() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function forgetWhatWasTaken() {
  const succeeded = document.querySelector(".messages .notice--success") !== null;
  for (const place of document.querySelectorAll("[data-draft-taken]")) forget(place.dataset.draftTaken);
  for (const key of keptKeys()) {
    if (succeeded && read(key.slice(PREFIX.length))?.sent) sessionStorage.removeItem(key);
  }
}

forgetWhatWasTaken();
for (const form of document.querySelectorAll("form[data-keep-draft]")) keep(form);
document.addEventListener("htmx:load", (event) => {
  for (const form of event.detail.elt.querySelectorAll?.("form[data-keep-draft]") ?? []) keep(form);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  forgetRunPages();
  for (const key of keptKeys()) sessionStorage.removeItem(key);
});

/** Forget the run pages kept for use without network: they hold names. What a phone has yet to send stays. */
async function forgetRunPages() {
  for (const name of (await window.caches?.keys()) ?? []) {
    if (name.startsWith("muster-run-")) await window.caches.delete(name);
  }
}
