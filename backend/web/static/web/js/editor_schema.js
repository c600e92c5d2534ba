// What a block of a section may hold: what Markdown with tables can say, and live references.

import { Schema, tableNodes } from "../vendor/prosemirror.js";

export const REFERENCE_SCHEMES = ["feature", "role", "contact", "agency"];
const ICONS = { feature: "pin", role: "person", contact: "phone", agency: "agency" };
const SVG = "http://www.w3.org/2000/svg";
const FIRST_HEADING = 3; // the page's own titles are h1 and h2
const LAST_HEADING = 6;

let sprite = "";

/** Tell where the icons lie: their address comes from the page. */
export function useSprite(address) {
  sprite = address;
}

function headingTag(level) {
  return `h${Math.min(LAST_HEADING, level + FIRST_HEADING - 1)}`;
}


const tables = tableNodes({
  tableGroup: "block",
  cellContent: "paragraph",
  cellAttributes: {
    align: {
      default: null,
      getFromDOM: (cell) => cell.dataset.align ?? null,
      setDOMAttr: (value, attributes) => {
        if (value) attributes["data-align"] = value;
      },
    },
  },
});

const reference = {
  inline: true,
  group: "inline",
  atom: true,
  draggable: true,
  attrs: { scheme: {}, id: {}, label: {} },
  leafText: (node) => node.attrs.label,
  parseDOM: [
    {
      tag: "span[data-reference]",
      getAttrs: (dom) => {
        const [scheme, ...id] = dom.dataset.reference.split(":");
        return REFERENCE_SCHEMES.includes(scheme) && { scheme, id: id.join(":"), label: dom.textContent.trim() };
      },
    },
  ],
  toDOM: (node) => [
    "span",
    { class: "chip", "data-reference": `${node.attrs.scheme}:${node.attrs.id}` },
    [`${SVG} svg`, { "aria-hidden": "true" }, [`${SVG} use`, { href: `${sprite}#${ICONS[node.attrs.scheme]}` }]],
    ["span", node.attrs.label],
  ],
};

const list = { content: "list_item+", group: "block" };
const isTight = (dom) => dom.hasAttribute("data-tight") || !dom.querySelector("li > p");

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    // A text of one line, such as the action of a step: the top of its own small document.
    line: { content: "paragraph" },
    paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      attrs: { level: { default: 1 } },
      content: "inline*",
      group: "block",
      defining: true,
      parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({
        tag: `h${level}`,
        attrs: { level: Math.max(1, level - FIRST_HEADING + 1) },
      })),
      toDOM: (node) => [headingTag(node.attrs.level), 0],
    },
    blockquote: {
      content: "block+",
      group: "block",
      defining: true,
      parseDOM: [{ tag: "blockquote" }],
      toDOM: () => ["blockquote", 0],
    },
    horizontal_rule: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
    code_block: {
      content: "text*",
      marks: "",
      group: "block",
      code: true,
      defining: true,
      attrs: { params: { default: "" } },
      parseDOM: [{ tag: "pre", preserveWhitespace: "full" }],
      toDOM: () => ["pre", ["code", 0]],
    },
    bullet_list: {
      ...list,
      attrs: { tight: { default: true } },
      parseDOM: [{ tag: "ul", getAttrs: (dom) => ({ tight: isTight(dom) }) }],
      toDOM: (node) => ["ul", node.attrs.tight ? { "data-tight": "true" } : {}, 0],
    },
    ordered_list: {
      ...list,
      attrs: { order: { default: 1 }, tight: { default: true } },
      parseDOM: [
        {
          tag: "ol",
          getAttrs: (dom) => ({ order: Number(dom.getAttribute("start") ?? 1), tight: isTight(dom) }),
        },
      ],
      toDOM: (node) => [
        "ol",
        { ...(node.attrs.tight ? { "data-tight": "true" } : {}), ...(node.attrs.order === 1 ? {} : { start: node.attrs.order }) },
        0,
      ],
    },
    list_item: { content: "block+", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    ...tables,
    reference,
    text: { group: "inline" },
    hard_break: {
      inline: true,
      group: "inline",
      selectable: false,
      linebreakReplacement: true,
      parseDOM: [{ tag: "br" }],
      toDOM: () => ["br"],
    },
  },
  marks: {
    link: {
      attrs: { href: {}, title: { default: null } },
      inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: (dom) => ({ href: dom.getAttribute("href"), title: dom.getAttribute("title") }) }],
      toDOM: (mark) => ["a", { href: mark.attrs.href, title: mark.attrs.title, rel: "noopener" }, 0],
    },
    em: { parseDOM: [{ tag: "i" }, { tag: "em" }], toDOM: () => ["em", 0] },
    strong: { parseDOM: [{ tag: "b" }, { tag: "strong" }], toDOM: () => ["strong", 0] },
    code: { code: true, parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
  },
});

