// The dialog that inserts a live reference: a search over doors, rooms, roles, contacts and agencies.

import { openDialog } from "./open_dialog.js";

const MOST_SHOWN = 60;

/** Opens the page's reference dialog; `choose` gets {scheme, id, label} of what was picked. */
export class ReferenceDialog {
  constructor(dialog) {
    this.dialog = dialog;
    this.search = dialog.querySelector("[data-reference-search]");
    this.place = dialog.querySelector("[data-reference-list]");
    this.trouble = dialog.querySelector("[data-reference-trouble]");
    this.options = null;
    this.search.addEventListener("input", () => this.draw());
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.place.querySelector("button")?.click();
      } else if (event.key === "ArrowDown") {
        event.preventDefault();
        this.place.querySelector("button")?.focus();
      }
    });
    this.place.addEventListener("keydown", (event) => this.walk(event));
    this.place.addEventListener("click", (event) => this.pick(event.target.closest("button")));
    dialog.addEventListener("close", () => this.closed?.());
  }

  /** Ask for a reference; resolves to it, or to null when the dialog was closed without one. */
  ask() {
    this.search.value = "";
    this.picked = null;
    openDialog(this.dialog);
    this.search.focus();
    this.load();
    return new Promise((resolve) => {
      this.closed = () => resolve(this.picked);
    });
  }

  async load() {
    try {
      if (!this.options) {
        const answer = await fetch(this.dialog.dataset.referencesUrl, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(`The list of references answered ${answer.status}.`);
        this.options = await answer.json();
      }
      this.trouble.hidden = true;
      this.draw();
    } catch (error) {
      console.error(error);
      this.trouble.hidden = false;
    }
  }

  draw() {
    const words = this.search.value.trim().toLowerCase();
    const fitting = (this.options ?? []).filter((one) => `${one.label} ${one.group}`.toLowerCase().includes(words));
    this.shown = fitting.slice(0, MOST_SHOWN);
    const groups = new Map();
    this.shown.forEach((one, index) => {
      if (!groups.has(one.group)) groups.set(one.group, []);
      groups.get(one.group).push(row(one, index));
    });
    const made = [...groups].flatMap(([name, rows]) => [heading(name), list(rows)]);
    this.place.replaceChildren(...made);
    const count = this.dialog.querySelector("[data-reference-count]");
    if (count) count.textContent = `${this.shown.length} / ${fitting.length}`;
  }

  walk(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const buttons = [...this.place.querySelectorAll("button")];
    const next = buttons[buttons.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    (next ?? this.search).focus();
  }

  pick(button) {
    if (!button) return;
    const { scheme, id, label } = this.shown[Number(button.dataset.index)];
    this.picked = { scheme, id, label };
    this.dialog.close();
    // The close event comes a task later, and keys pressed until then would go before the text.
    this.closed();
  }
}

function heading(name) {
  const element = document.createElement("h3");
  element.textContent = name;
  return element;
}

function list(rows) {
  const element = document.createElement("ul");
  element.className = "plain-list";
  element.append(...rows);
  return element;
}

function row(one, index) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "menu__item";
  button.dataset.index = index;
  button.textContent = one.label;
  item.append(button);
  return item;
}
