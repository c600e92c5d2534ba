// What the toolbar and the keys do to a text. A command tells whether it can run, and runs when it is
// given a dispatch.

import {
  TextSelection, addColumnAfter, addRowAfter, chainCommands, deleteColumn, deleteRow, deleteTable, exitCode,
  goToNextCell, isInTable, lift, liftListItem, redo, setBlockType, sinkListItem, splitListItem, toggleMark,
  undo, undoInputRule, wrapIn, wrapInList,
} from "../vendor/prosemirror.js";
import { schema } from "./editor_schema.js";

const { nodes, marks } = schema;
const COLUMNS = 3;
const ROWS = 3;

const inside = (state, type) => {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type === type) return true;
  return false;
};

function toggleHeading(state, dispatch) {
  const isHeading = state.selection.$from.parent.type === nodes.heading;
  return setBlockType(isHeading ? nodes.paragraph : nodes.heading, isHeading ? null : { level: 1 })(state, dispatch);
}

const toggleList = (type) => (state, dispatch) => {
  if (inside(state, type)) return liftListItem(nodes.list_item)(state, dispatch);
  return wrapInList(type, { tight: true })(state, dispatch);
};

function toggleQuote(state, dispatch) {
  return inside(state, nodes.blockquote) ? lift(state, dispatch) : wrapIn(nodes.blockquote)(state, dispatch);
}

function insertTable(state, dispatch) {
  if (isInTable(state) || state.doc.type !== nodes.doc) return false;
  if (!dispatch) return true;
  const row = (type) => nodes.table_row.create(null, Array.from({ length: COLUMNS }, () => type.createAndFill()));
  const table = nodes.table.create(null, Array.from({ length: ROWS }, (_, index) => row(index ? nodes.table_cell : nodes.table_header)));
  const { $from } = state.selection;
  const after = $from.depth ? $from.after(1) : $from.pos;
  const transaction = state.tr.insert(after, table);
  dispatch(transaction.setSelection(TextSelection.near(transaction.doc.resolve(after + 1))).scrollIntoView());
  return true;
}

// Behind an opening bracket, quote, slash or dash a reference stands close, as a word would.
const CLOSES_BEFORE = /[^\s([{\u201C\u2018"'/\u2013\u2014-]$/u;
const WORD_AFTER = /^[\p{L}\p{N}]/u;
const wordsOf = (node) => node?.text ?? (node?.type === nodes.reference ? node.attrs.label : "");
const lastOf = (node) => wordsOf(node).slice(-1);
const firstOf = (node) => wordsOf(node).slice(0, 1);

/** Put a live reference at the cursor, a blank between it and a word; true when it could. */
export function insertReference(state, dispatch, attributes) {
  const { $from, $to } = state.selection;
  if (!$from.parent.type.contentMatch.matchType(nodes.reference)) return false;
  const blank = (isNeeded) => (isNeeded ? [state.schema.text(" ")] : []);
  const made = [
    ...blank(CLOSES_BEFORE.test(lastOf($from.nodeBefore))),
    nodes.reference.create(attributes),
    ...blank(WORD_AFTER.test(firstOf($to.nodeAfter))),
  ];
  dispatch(state.tr.replaceWith($from.pos, $to.pos, made).scrollIntoView());
  return true;
}

function breakLine(state, dispatch) {
  if (isInTable(state) || state.doc.type === nodes.line) return true;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
}

/** In a table Enter goes to the next cell: a cell of Markdown is one line. */
function enterInTable(state, dispatch) {
  if (!isInTable(state)) return false;
  goToNextCell(1)(state, dispatch);
  return true;
}

export const COMMANDS = {
  bold: toggleMark(marks.strong),
  italic: toggleMark(marks.em),
  heading: toggleHeading,
  bullets: toggleList(nodes.bullet_list),
  numbers: toggleList(nodes.ordered_list),
  quote: toggleQuote,
  table: insertTable,
  "row-add": addRowAfter,
  "row-delete": deleteRow,
  "column-add": addColumnAfter,
  "column-delete": deleteColumn,
  "table-delete": deleteTable,
  undo,
  redo,
};

/** Keys of an editor. Tab moves through a table's cells and else leaves the text. */
export const KEYS = {
  "Mod-b": COMMANDS.bold,
  "Mod-i": COMMANDS.italic,
  "Mod-z": chainCommands(undoInputRule, undo),
  "Mod-y": redo,
  "Shift-Mod-z": redo,
  "Mod-]": sinkListItem(nodes.list_item),
  "Mod-[": liftListItem(nodes.list_item),
  "Shift-Enter": chainCommands(exitCode, breakLine),
  Enter: chainCommands(enterInTable, splitListItem(nodes.list_item)),
  Tab: goToNextCell(1),
  "Shift-Tab": goToNextCell(-1),
};
