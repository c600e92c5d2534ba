// The editor of a section's blocks: each <textarea data-section-editor> holding the Markdown of one
// block becomes a text that reads as the plan will; with the value "line" a text of one line. The
// textarea stays the form's field and the view of the source; without scripts it is all there is.
//
// Markup: components/editor_toolbar.html once a page, components/section_editor.html per block.

import {
  EditorState, EditorView, baseKeymap, gapCursor, history, inputRules, keymap, tableEditing,
  textblockTypeInputRule, wrappingInputRule,
} from "../vendor/prosemirror.js";
import { COMMANDS, KEYS, insertReference } from "./editor_commands.js";
import { isOneLine, toDocument, toMarkdown } from "./editor_markdown.js";
import { cleaned } from "./editor_paste.js";
import { ReferenceDialog } from "./editor_references.js";
import { schema, useSprite } from "./editor_schema.js";
import { Toolbar } from "./editor_toolbar.js";

const rules = inputRules({
  rules: [
    wrappingInputRule(/^\s*([-*])\s$/, schema.nodes.bullet_list, { tight: true }),
    wrappingInputRule(/^(\d+)\.\s$/, schema.nodes.ordered_list, (match) => ({ order: Number(match[1]), tight: true })),
    textblockTypeInputRule(/^#\s$/, schema.nodes.heading, { level: 1 }),
    wrappingInputRule(/^\s*>\s$/, schema.nodes.blockquote),
  ],
});

class SectionEditor {
  constructor(area, page) {
    this.area = area;
    this.page = page;
    this.isLine = area.dataset.sectionEditor === "line";
    this.mount = document.createElement("div");
    this.mount.className = "editor__mount";
    area.after(this.mount);
    this.view = null;
    this.open();
    area.addEventListener("draft:restored", () => this.reload());
    area.form?.addEventListener("reset", () => setTimeout(() => this.reload()));
  }

  open() {
    const doc = toDocument(this.area.value, { line: this.isLine });
    this.loadedText = this.area.value;
    this.loadedForm = toMarkdown(doc);
    this.view = new EditorView(this.mount, {
      state: this.stateOf(doc),
      attributes: this.attributes(),
      transformPastedHTML: cleaned,
      dispatchTransaction: (transaction) => this.apply(transaction),
      handleDOMEvents: {
        focus: () => {
          this.page.toolbar.follow(this);
        },
      },
    });
    this.area.hidden = true;
  }

  stateOf(doc) {
    const keys = {
      ...KEYS,
      "Alt-F10": () => (this.page.toolbar.focus(), true),
      "Mod-k": () => (this.run("reference"), true),
    };
    if (this.isLine) keys.Enter = () => true;
    return EditorState.create({
      doc,
      plugins: [
        ...(this.isLine ? [] : [rules]),
        keymap(keys),
        keymap(baseKeymap),
        history(),
        gapCursor(),
        tableEditing(),
      ],
    });
  }

  attributes() {
    const label = this.area.labels?.[0];
    if (label && !label.id) label.id = `${this.area.id}-label`;
    const describedBy = this.area.getAttribute("aria-describedby");
    return {
      class: this.isLine ? "editor__text editor__text--line" : "editor__text prose",
      role: "textbox",
      "aria-multiline": String(!this.isLine),
      ...(label ? { "aria-labelledby": label.id } : { "aria-label": this.area.getAttribute("aria-label") ?? "" }),
      ...(describedBy ? { "aria-describedby": describedBy } : {}),
      ...(this.area.getAttribute("aria-invalid") ? { "aria-invalid": "true" } : {}),
      spellcheck: "true",
    };
  }

  apply(transaction) {
    this.view.updateState(this.view.state.apply(transaction));
    if (transaction.docChanged) this.write();
    if (this.page.toolbar.editor === this) this.page.toolbar.draw();
  }

  /** Write the Markdown back; a text that only differs in form from the loaded one stays as loaded. */
  write() {
    const form = toMarkdown(this.view.state.doc);
    const text = form === this.loadedForm ? this.loadedText : form;
    if (text === this.area.value) return;
    this.area.value = text;
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  reload() {
    if (!this.view) return;
    this.view.updateState(this.stateOf(toDocument(this.area.value, { line: this.isLine })));
  }

  run(name) {
    if (name === "reference") this.askReference();
    else if (COMMANDS[name]) {
      COMMANDS[name](this.view.state, this.view.dispatch);
      this.view.focus();
    }
  }

  async askReference() {
    const chosen = await this.page.references?.ask();
    this.view.focus();
    if (chosen) insertReference(this.view.state, this.view.dispatch, chosen);
  }

  focus() {
    this.view?.focus();
  }

  /** Show the Markdown itself, or the text again. */
  showSource(isSource) {
    if (isSource && this.view) {
      this.view.destroy();
      this.view = null;
      this.area.hidden = false;
    } else if (!isSource && !this.view && (!this.isLine || isOneLine(this.area.value))) {
      this.open();
    }
  }
}

function start(toolbarElement) {
  useSprite(toolbarElement.dataset.icons);
  const dialog = document.querySelector("dialog[data-references-url]");
  const page = { toolbar: new Toolbar(toolbarElement), references: dialog ? new ReferenceDialog(dialog) : null };
  const editors = [...document.querySelectorAll("textarea[data-section-editor]")]
    .filter((area) => area.dataset.sectionEditor !== "line" || isOneLine(area.value))
    .map((area) => new SectionEditor(area, page));
  const source = toolbarElement.querySelector("[data-editor-source]");
  source?.addEventListener("click", () => {
    const isSource = source.getAttribute("aria-pressed") !== "true";
    source.setAttribute("aria-pressed", String(isSource));
    for (const editor of editors) editor.showSource(isSource);
    page.toolbar.draw();
  });
  watchChanges(editors, toolbarElement);
}

/** Say in the toolbar whether anything is not saved yet. */
function watchChanges(editors, toolbarElement) {
  const place = toolbarElement.querySelector("[data-editor-state]");
  const forms = new Set(editors.map((editor) => editor.area.form).filter(Boolean));
  for (const form of forms) {
    form.addEventListener("input", () => {
      if (place) place.textContent = toolbarElement.dataset.wordsUnsaved ?? "";
    });
  }
}

for (const toolbarElement of document.querySelectorAll("[data-editor-toolbar]")) start(toolbarElement);
