// The letter and number grid: where its lines lie, and the names of cells along the map's four sides.
// The same names as maps/geometry/grid.py gives; only the plane is simpler (off by 2 cm at 500 m).

import { Feature, LineString, fromLonLat, toLonLat } from "../vendor/ol.js";

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"; // without I and O, which read as 1 and 0
const EQUATOR_METERS = 6378137; // WGS 84
const ECCENTRICITY_SQUARED = 0.00669437999014; // WGS 84

function degreesPerMeter(latitude) {
  const phi = (latitude * Math.PI) / 180;
  const root = Math.sqrt(1 - ECCENTRICITY_SQUARED * Math.sin(phi) ** 2);
  const eastRadius = EQUATOR_METERS / root;
  const northRadius = (EQUATOR_METERS * (1 - ECCENTRICITY_SQUARED)) / root ** 3;
  return {
    east: 180 / (Math.PI * eastRadius * Math.cos(phi)),
    north: 180 / (Math.PI * northRadius),
  };
}

/** Name of a column: 0 is A, 23 is Z, 24 is AA; -1 is -Z. */
export function columnName(column) {
  if (column < 0) {
    const mirrored = columnName(-column - 1);
    return `-${[...mirrored].map((letter) => LETTERS[LETTERS.length - 1 - LETTERS.indexOf(letter)]).join("")}`;
  }
  let name = "";
  for (let number = column + 1; number > 0; number = Math.floor((number - 1) / LETTERS.length)) {
    name = LETTERS[(number - 1) % LETTERS.length] + name;
  }
  return name;
}

/** The grid of a map document, in the coordinates of the map. */
export class MapGrid {
  constructor(grid) {
    const [longitude, latitude] = grid.origin;
    const step = degreesPerMeter(latitude);
    this.columns = grid.columns;
    this.rows = grid.rows;
    this.west = longitude;
    this.north = latitude;
    this.columnDegrees = grid.cell_meters * step.east;
    this.rowDegrees = grid.cell_meters * step.north;
  }

  /** Name of the cell that holds a point of the map. */
  cellOf(coordinate) {
    const [longitude, latitude] = toLonLat(coordinate);
    const column = Math.floor((longitude - this.west) / this.columnDegrees + 1e-9);
    const row = Math.floor((this.north - latitude) / this.rowDegrees + 1e-9);
    return `${columnName(column)}${row + 1}`;
  }

  at(column, row) {
    return fromLonLat([this.west + column * this.columnDegrees, this.north - row * this.rowDegrees]);
  }

  /** Lines of the grid as features of a vector source. */
  lines() {
    const lines = [];
    for (let column = 0; column <= this.columns; column += 1) {
      lines.push(new LineString([this.at(column, 0), this.at(column, this.rows)]));
    }
    for (let row = 0; row <= this.rows; row += 1) {
      lines.push(new LineString([this.at(0, row), this.at(this.columns, row)]));
    }
    return lines.map((geometry) => new Feature({ geometry, kind: "grid" }));
  }
}

/** Writes cell names along the four sides of the map and keeps them there while it moves. */
export class GridEdges {
  constructor(frame, map, grid) {
    this.map = map;
    this.grid = grid;
    this.edges = Object.fromEntries(
      ["north", "south", "west", "east"].map((side) => {
        const edge = document.createElement("div");
        edge.className = `map__edge map__edge--${side}`;
        edge.setAttribute("aria-hidden", "true");
        frame.append(edge);
        return [side, edge];
      }),
    );
    this.seen = "";
    map.on("postrender", () => this.draw());
  }

  draw() {
    const size = this.map.getSize();
    if (!size || !this.map.getPixelFromCoordinate(this.grid.at(0, 0))) return;
    const across = this.middles(this.grid.columns, 0, size[0], (n) => this.grid.at(n, 0));
    const down = this.middles(this.grid.rows, 1, size[1], (n) => this.grid.at(0, n));
    const seen = JSON.stringify([across, down]);
    if (seen === this.seen) return;
    this.seen = seen;
    const letters = across.map(([n, at]) => [columnName(n), at]);
    const numbers = down.map(([n, at]) => [String(n + 1), at]);
    fill(this.edges.north, letters, "left");
    fill(this.edges.south, letters, "left");
    fill(this.edges.west, numbers, "top");
    fill(this.edges.east, numbers, "top");
  }

  /** Cells whose name fits on the side: [index, pixel of the middle of what is seen of it]. */
  middles(count, axis, length, corner) {
    const shown = [];
    const least = 14;
    for (let n = 0; n < count; n += 1) {
      const from = Math.max(0, this.map.getPixelFromCoordinate(corner(n))[axis]);
      const to = Math.min(length, this.map.getPixelFromCoordinate(corner(n + 1))[axis]);
      if (to - from >= least) shown.push([n, Math.round((from + to) / 2)]);
    }
    return shown;
  }
}

function fill(edge, names, side) {
  edge.replaceChildren(
    ...names.map(([name, at]) => {
      const label = document.createElement("span");
      label.textContent = name;
      label.style[side] = `${at}px`;
      return label;
    }),
  );
}
