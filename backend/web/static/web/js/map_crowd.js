// Signs that would lie on each other: the one worth less gives way and is counted at the other.

import { SIGN_KINDS } from "./map_style.js";

const WIDE = { stair: 30, elevator: 30, fire_panel: 40, fire_department_connection: 34, command_post: 34 };
const USUAL = 20;
const CELL = 64;

/**
 * Returns by feature id: -1 for a sign that gives way, else how many lie under it. Signs give way that
 * come nearer than `gap` pixels; a negative gap is how far two may lie on each other.
 */
export function crowd(signs, resolution, chosen, gap) {
  const result = new Map();
  const cells = new Map();
  const worth = (feature) => (feature === chosen ? -1 : SIGN_KINDS.indexOf(feature.get("kind")) - (feature.get("properties")?.main ? 0.5 : 0));
  for (const feature of [...signs].sort((a, b) => worth(a) - worth(b))) {
    const box = boxOf(feature, resolution);
    const over = blocking(cells, box, gap);
    if (over) {
      result.set(feature.getId(), -1);
      result.set(over, result.get(over) + 1);
    } else {
      result.set(feature.getId(), 0);
      for (const key of keys(grown(box, Math.max(0, gap)))) cells.set(key, [...(cells.get(key) ?? []), { id: feature.getId(), box }]);
    }
  }
  return result;
}

/** Width of a sign in pixels. */
export function widthOf(feature) {
  return WIDE[feature.get("kind")] ?? USUAL;
}

function boxOf(feature, resolution) {
  const [x, y] = feature.get("place").map((meters) => meters / resolution);
  const half = widthOf(feature) / 2;
  return [x - half, y - USUAL / 2, x + half, y + USUAL / 2];
}

function keys([left, bottom, right, top]) {
  const found = [];
  for (let column = Math.floor(left / CELL); column <= Math.floor(right / CELL); column += 1) {
    for (let row = Math.floor(bottom / CELL); row <= Math.floor(top / CELL); row += 1) found.push(`${column},${row}`);
  }
  return found;
}

const grown = ([left, bottom, right, top], by) => [left - by, bottom - by, right + by, top + by];

function blocking(cells, box, gap) {
  for (const key of keys(box)) {
    for (const other of cells.get(key) ?? []) {
      const width = Math.min(box[2], other.box[2]) - Math.max(box[0], other.box[0]);
      const height = Math.min(box[3], other.box[3]) - Math.max(box[1], other.box[1]);
      if (width > -gap && height > -gap) return other.id;
    }
  }
  return null;
}
