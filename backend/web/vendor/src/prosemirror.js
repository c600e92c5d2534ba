// The parts of ProseMirror and markdown-it that the section editor uses.
export { Schema, DOMParser, DOMSerializer, Slice, Fragment } from "prosemirror-model";
export { EditorState, Plugin, PluginKey, TextSelection, NodeSelection, Selection } from "prosemirror-state";
export { EditorView, Decoration, DecorationSet } from "prosemirror-view";
export { MarkdownParser, MarkdownSerializer, defaultMarkdownSerializer } from "prosemirror-markdown";
export {
  tableEditing,
  tableNodes,
  goToNextCell,
  addRowAfter,
  addRowBefore,
  addColumnAfter,
  addColumnBefore,
  deleteRow,
  deleteColumn,
  deleteTable,
  isInTable,
} from "prosemirror-tables";
export { keymap } from "prosemirror-keymap";
export { baseKeymap, chainCommands, exitCode, setBlockType, toggleMark, wrapIn, lift } from "prosemirror-commands";
export { history, undo, redo, undoDepth, redoDepth } from "prosemirror-history";
export { inputRules, wrappingInputRule, textblockTypeInputRule, undoInputRule } from "prosemirror-inputrules";
export { wrapInList, splitListItem, liftListItem, sinkListItem } from "prosemirror-schema-list";
export { gapCursor } from "prosemirror-gapcursor";
export { default as MarkdownIt } from "markdown-it";
