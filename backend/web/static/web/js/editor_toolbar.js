// One toolbar for all editors of a page: it acts on the one that had the focus last. One tab stop,
// arrows inside, Escape goes back to the text.

import { isInTable, redoDepth, undoDepth } from "../vendor/prosemirror.js";
import { COMMANDS } from "./editor_commands.js";
import { schema } from "./editor_schema.js";

export class Toolbar {
  constructor(element) {
    this.element = element;
    this.editor = null;
    this.buttons = [...element.querySelectorAll("button[data-command]")];
    element.hidden = false;
    // Keep the selection of the text while a button is pressed.
    element.addEventListener("mousedown", (event) => event.preventDefault());
    element.addEventListener("click", (event) => this.press(event.target.closest("button[data-command]")));
    element.addEventListener("keydown", (event) => this.walk(event));
    this.roam(this.buttons[0]);
    this.draw();
  }

  follow(editor) {
    this.editor = editor;
    this.draw();
  }

  focus() {
    this.buttons.find((button) => button.tabIndex === 0)?.focus();
  }

  press(button) {
    if (!button || !this.editor || button.getAttribute("aria-disabled") === "true") return;
    this.editor.run(button.dataset.command);
  }

  walk(event) {
    const seen = this.buttons.filter((button) => !button.closest("[hidden]"));
    const at = seen.indexOf(document.activeElement);
    const goal = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: seen.length - 1 }[event.key];
    if (event.key === "Escape") this.editor?.focus();
    else if (goal === undefined) return;
    else if (seen[goal]) this.roam(seen[goal]).focus();
    event.preventDefault();
  }

  roam(button) {
    for (const one of this.buttons) one.tabIndex = one === button ? 0 : -1;
    return button;
  }

  /** Show what holds at the cursor, and what can be done there. */
  draw() {
    const state = this.editor?.view?.state;
    for (const button of this.buttons) {
      const name = button.dataset.command;
      const command = COMMANDS[name];
      const may = !state ? false : command ? command(state) : this.mayOther(name, state);
      button.setAttribute("aria-disabled", String(!may));
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(Boolean(state) && holds(name, state)));
    }
    for (const group of this.element.querySelectorAll("[data-in-table]")) group.hidden = !state || !isInTable(state);
  }

  mayOther(name, state) {
    if (name === "undo") return undoDepth(state) > 0;
    if (name === "redo") return redoDepth(state) > 0;
    return true;
  }
}

function holds(name, state) {
  const { from, $from, to, empty } = state.selection;
  const mark = schema.marks[{ bold: "strong", italic: "em" }[name]];
  if (mark) return empty ? Boolean(mark.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, mark);
  const wanted = { heading: "heading", bullets: "bullet_list", numbers: "ordered_list", quote: "blockquote" }[name];
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name === wanted) return true;
  }
  return false;
}
