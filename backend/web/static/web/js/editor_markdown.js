// Markdown of a block to the editor's document and back. The same grammar as plans/content/markdown.py:
// CommonMark with tables, no HTML, no pictures, and links of few kinds only. What is not understood
// stays text, so nothing is lost between opening and saving.

import { MarkdownIt, MarkdownParser, MarkdownSerializer, defaultMarkdownSerializer } from "../vendor/prosemirror.js";
import { REFERENCE_SCHEMES, schema } from "./editor_schema.js";

const REFERENCE = new RegExp(`^(${REFERENCE_SCHEMES.join("|")}):(.+)$`, "i");
const LINK = new RegExp(`^(?:${[...REFERENCE_SCHEMES, "https", "mailto", "tel"].join("|")}):.`, "i");

const grammar = new MarkdownIt("commonmark", { html: false }).enable("table").disable("image");
grammar.validateLink = (address) => LINK.test(address.trim());

/** Turn [label](feature:id) into one token, so that it becomes one atom of the document. */
function withReferences(children, Token) {
  const made = [];
  for (let at = 0; at < children.length; at += 1) {
    const found = children[at].type === "link_open" && REFERENCE.exec(children[at].attrGet("href"));
    const end = found ? children.findIndex((token, place) => place > at && token.type === "link_close") : -1;
    const inside = children.slice(at + 1, end);
    const label = inside.map((token) => (/break$/.test(token.type) ? " " : token.content)).join("");
    if (end < 0 || !label.trim()) {
      made.push(children[at]);
      continue;
    }
    const token = new Token("reference", "", 0);
    token.meta = { scheme: found[1].toLowerCase(), id: found[2], label };
    made.push(token);
    at = end;
  }
  return made;
}

function prepared(tokens, Token) {
  const made = [];
  for (const token of tokens) {
    if (token.type === "inline") token.children = withReferences(token.children, Token);
    const closesCell = token.type === "th_close" || token.type === "td_close";
    if (closesCell) made.push(new Token("paragraph_close", "p", -1));
    made.push(token);
    if (token.type === "th_open" || token.type === "td_open") made.push(new Token("paragraph_open", "p", 1));
  }
  return made;
}

const tokenizer = {
  parse(text, env) {
    const tokens = grammar.parse(text, env);
    return tokens.length ? prepared(tokens, tokens[0].constructor) : tokens;
  },
};

/** A list is tight when its paragraphs were hidden by the grammar. */
function isTight(tokens, at) {
  for (let next = at + 1; next < tokens.length; next += 1) {
    if (tokens[next].type !== "list_item_open") return tokens[next].hidden;
  }
  return false;
}

const alignOf = (token) => ({ align: /text-align:\s*(\w+)/.exec(token.attrGet("style") ?? "")?.[1] ?? null });

const parser = new MarkdownParser(schema, tokenizer, {
  blockquote: { block: "blockquote" },
  paragraph: { block: "paragraph" },
  list_item: { block: "list_item" },
  bullet_list: { block: "bullet_list", getAttrs: (_, tokens, at) => ({ tight: isTight(tokens, at) }) },
  ordered_list: {
    block: "ordered_list",
    getAttrs: (token, tokens, at) => ({ order: Number(token.attrGet("start") ?? 1), tight: isTight(tokens, at) }),
  },
  heading: { block: "heading", getAttrs: (token) => ({ level: Number(token.tag.slice(1)) }) },
  code_block: { block: "code_block", noCloseToken: true },
  fence: { block: "code_block", getAttrs: (token) => ({ params: token.info || "" }), noCloseToken: true },
  hr: { node: "horizontal_rule" },
  hardbreak: { node: "hard_break" },
  table: { block: "table" },
  thead: { ignore: true },
  tbody: { ignore: true },
  tr: { block: "table_row" },
  th: { block: "table_header", getAttrs: alignOf },
  td: { block: "table_cell", getAttrs: alignOf },
  reference: { node: "reference", getAttrs: (token) => token.meta },
  em: { mark: "em" },
  strong: { mark: "strong" },
  link: {
    mark: "link",
    getAttrs: (token) => ({ href: token.attrGet("href"), title: token.attrGet("title") || null }),
  },
  code_inline: { mark: "code", noCloseToken: true },
});

/** Text of a cell: one line, with its pipes escaped. */
function cellText(state, cell) {
  const { out, delim, closed } = state;
  state.out = "";
  state.delim = "";
  state.closed = null;
  cell.forEach((block, _, index) => {
    if (index) state.out += " ";
    state.renderInline(block, false);
  });
  const text = state.out.replace(/\\\n/g, " ").replace(/\s*\n\s*/g, " ").replace(/(?<!\\)\|/g, "\\|").trim();
  Object.assign(state, { out, delim, closed });
  return text;
}

const LINES = { left: ":--", right: "--:", center: ":-:" };

function writeTable(state, table) {
  const rows = [];
  table.forEach((row) => {
    const cells = [];
    row.forEach((cell) => {
      cells.push({ text: cellText(state, cell), align: cell.attrs.align });
      for (let more = 1; more < cell.attrs.colspan; more += 1) cells.push({ text: "", align: null });
    });
    rows.push(cells);
  });
  const width = Math.max(...rows.map((cells) => cells.length));
  const line = (texts) => `| ${texts.join(" | ")} |`;
  rows.forEach((cells, index) => {
    const full = [...cells, ...Array(width - cells.length).fill({ text: "", align: null })];
    state.write(line(full.map((cell) => cell.text)));
    state.ensureNewLine();
    if (index > 0) return;
    state.write(line(full.map((cell) => LINES[cell.align] ?? "---")));
    state.ensureNewLine();
  });
  state.closeBlock(table);
}

const serializer = new MarkdownSerializer(
  {
    ...defaultMarkdownSerializer.nodes,
    line: (state, node) => state.renderContent(node),
    bullet_list: (state, node) => state.renderList(node, "  ", () => "- "),
    ordered_list(state, node) {
      const first = node.attrs.order;
      const wide = String(first + node.childCount - 1).length + 2;
      state.renderList(node, " ".repeat(wide), (index) => `${first + index}. `.padEnd(wide));
    },
    table: writeTable,
    hard_break: (state, node, parent, index) => {
      const more = parent.childCount > index + 1;
      if (more) state.write("\\\n");
    },
    reference: (state, node) => state.write(`[${state.esc(node.attrs.label)}](${node.attrs.scheme}:${node.attrs.id})`),
  },
  defaultMarkdownSerializer.marks,
  // "<" before a letter and "&" before an entity's name would be read as something else next time.
  { escapeExtraCharacters: /<(?=[a-z/!?])|&(?=#?\w+;)/gi },
);

/** The document of a Markdown text; `line` gives a document of one line. */
export function toDocument(markdown, { line = false } = {}) {
  const doc = parser.parse(markdown);
  if (!line) return doc.childCount ? doc : schema.node("doc", null, [schema.node("paragraph")]);
  const content = [];
  doc.forEach((block) => {
    if (!block.isTextblock) return;
    if (content.length) content.push(schema.text(" "));
    block.forEach((node) => content.push(node));
  });
  return schema.node("line", null, [schema.node("paragraph", null, content)]);
}

/** The Markdown of a document. */
export function toMarkdown(doc) {
  return serializer.serialize(doc).trim();
}

/** Tell whether a text can be edited as one line without losing anything of it. */
export function isOneLine(markdown) {
  const doc = parser.parse(markdown);
  return doc.childCount === 0 || (doc.childCount === 1 && doc.firstChild.type.name === "paragraph");
}
