// How each kind of the map is drawn: fills, walls, labels that fit, signs. Colors come from the page.

import { Circle, Fill, Point, Stroke, Style, Text, getCenter } from "../vendor/ol.js";
import { Signs } from "./map_signs.js";

const FONT = '"Public Sans", system-ui, sans-serif';
const NAMES = [
  "--card", "--map-site", "--map-corridor", "--map-room", "--map-unnamed", "--map-court", "--map-stair",
  "--map-street", "--map-outer-wall", "--map-inner-wall", "--map-grid", "--map-door", "--map-door-number",
  "--map-assembly", "--map-assembly-edge", "--map-assembly-text", "--map-aid", "--map-on-aid", "--map-gas",
  "--map-on-gas", "--map-water", "--map-on-water", "--map-fire", "--map-on-fire", "--map-hvac",
  "--map-on-hvac", "--map-route", "--map-found", "--map-label", "--map-hazard", "--map-refuge",
  "--map-year-old", "--map-two-years-old", "--condition-fill", "--condition-text", "--condition-edge",
  "--link", "--soft",
];

/** Order of drawing, lowest first; what a label is worth when two would overlap. */
const HEIGHT = {
  road: 1, parking: 2, athletic_field: 2, fire_lane: 3, building: 4, level: 5, corridor: 6, room: 7,
  stair: 8, elevator: 8, hazard_zone: 9, door: 10, fence: 10, assembly_area: 9, gate: 11,
};
const ROOM_WORTH = 50;
const SIGN_HEIGHT = 40;
const LABEL_HEIGHT = 60;
const LEAST_ROOM_TEXT = 10;
const HEAP_RADIUS = 12;
const CONDITION_TEXT = 12;
export const CONDITION_HEIGHT = 20; // pixels, with its edge
export const CONDITION_ABOVE = 18; // pixels from the middle of its sign

const measuring = document.createElement("canvas").getContext("2d");
const widths = new Map();

function textWidth(text, size, weight) {
  const key = `${weight}${size}${text}`;
  if (!widths.has(key)) {
    measuring.font = `${weight} ${size}px ${FONT}`;
    widths.set(key, measuring.measureText(text).width);
  }
  return widths.get(key);
}

/** Read the colors that the page has now, by day or night. */
function readColors() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(name).trim() || "transparent"]));
}

/** Middle of a geometry that surely lies inside it, and the room to write there: [point, width, height]. */
export function placeOf(geometry) {
  const extent = geometry.getExtent();
  const middle = getCenter(extent);
  const size = [extent[2] - extent[0], extent[3] - extent[1]];
  const type = geometry.getType();
  if (type === "Point") return [geometry.getCoordinates(), 0, 0];
  if (!type.endsWith("Polygon") || geometry.intersectsCoordinate(middle)) return [middle, ...size];
  const inside = type === "Polygon" ? geometry.getInteriorPoint() : geometry.getInteriorPoints().getPoint(0);
  const [x, y, width] = inside.getCoordinates();
  return [[x, y], width, Math.min(size[1], width)];
}

/** Styles of all features; `ages` and `conditions` by feature id. */
export class MapStyles {
  constructor({ ages, conditions, words }) {
    this.ages = ages;
    this.conditions = conditions;
    this.words = words;
    this.placed = []; // signs drawn now: [place, width in pixels]
    this.chosenId = null;
    this.onLevel = false; // a level is shown that has an outline of its own
    this.recolor();
  }

  recolor() {
    this.colors = readColors();
    this.signs = new Signs(this.colors);
    this.areas = new Map();
  }

  /** Style of areas and lines: fills and walls. */
  area(feature) {
    const kind = feature.get("kind");
    const named = Boolean(feature.get("label"));
    const key = `${kind}${kind === "room" && named}${kind === "building" && this.onLevel}`;
    if (!this.areas.has(key)) this.areas.set(key, this.parted(this.madeArea(kind, named), kind));
    return this.areas.get(key);
  }

  /** The outer wall is drawn over the rooms that touch it, its floor below them. */
  parted(style, kind) {
    if (kind !== "level" && !(kind === "building" && !this.onLevel)) return style;
    return [
      new Style({ fill: style.getFill(), zIndex: HEIGHT[kind] }),
      new Style({ stroke: style.getStroke(), zIndex: HEIGHT.gate - 0.5 }),
    ];
  }

  madeArea(kind, named) {
    const c = (name) => this.colors[name];
    const fill = (color) => new Fill({ color });
    const line = (color, width, lineDash) => new Stroke({ color, width, lineDash });
    const wall = line(c("--map-inner-wall"), 1);
    const made = {
      road: { fill: fill(c("--map-street")) },
      parking: { fill: fill(c("--map-street")) },
      fire_lane: { fill: fill(c("--map-street")), stroke: line(c("--map-fire"), 1.5, [6, 4]) },
      athletic_field: { fill: fill(c("--map-court")), stroke: line(c("--map-inner-wall"), 0.75) },
      building: { fill: fill(c("--map-corridor")), stroke: line(c("--map-outer-wall"), 2.5) },
      level: { fill: fill(c("--map-corridor")), stroke: line(c("--map-outer-wall"), 2.5) },
      corridor: { fill: fill(c("--map-corridor")) },
      room: { fill: fill(c(named ? "--map-room" : "--map-unnamed")), stroke: wall },
      stair: { fill: fill(c("--map-stair")), stroke: wall },
      elevator: { fill: fill(c("--map-stair")), stroke: wall },
      door: { stroke: line(c("--map-room"), 3) },
      exterior_door: { stroke: line(c("--map-room"), 4) },
      fence: { stroke: line(c("--map-outer-wall"), 1.5, [2, 4]) },
      gate: { stroke: line(c("--map-outer-wall"), 3) },
      assembly_area: { fill: fill(c("--map-assembly")), stroke: line(c("--map-assembly-edge"), 1.5, [6, 4]) },
      hazard_zone: { fill: fill(this.hatch(c("--map-hazard"))), stroke: line(c("--map-hazard"), 1.5) },
    };
    if (kind === "building" && this.onLevel) {
      made.building = { fill: fill(c("--map-site")), stroke: line(c("--map-inner-wall"), 1) };
    }
    const plain = { fill: fill(c("--map-court")), stroke: line(c("--map-inner-wall"), 1, [4, 3]) };
    return new Style({ ...(made[kind] ?? plain), zIndex: HEIGHT[kind] ?? 9 });
  }

  hatch(color) {
    const tile = document.createElement("canvas");
    tile.width = 8;
    tile.height = 8;
    const pen = tile.getContext("2d");
    pen.strokeStyle = color;
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift, 8);
      pen.lineTo(shift + 8, 0);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }

  /** Signs of a feature at its place. */
  sign(feature) {
    const icon = this.signs.of(
      feature.get("kind"),
      feature.get("properties") ?? {},
      feature.get("label"),
      this.ages[feature.getId()] ?? "",
    );
    if (!icon) return null;
    return new Style({
      image: icon,
      geometry: new Point(feature.get("place")),
      zIndex: SIGN_HEIGHT - SIGN_KINDS.indexOf(feature.get("kind")) / 100,
    });
  }

  /** Labels of a feature at this zoom; an empty list when none fits. */
  labels(feature, resolution) {
    const kind = feature.get("kind");
    const made = [];
    if (feature.getId() === this.chosenId) return made;
    if (kind === "room") made.push(...this.roomLabel(feature, resolution));
    else if (kind === "assembly_area") made.push(...this.assemblyLabel(feature, resolution));
    else if (kind === "exterior_door" && feature.get("properties")?.main) made.push(this.mainWord(feature));
    else if (["corridor", "road", "parking", "athletic_field", "fire_lane"].includes(kind)) {
      made.push(...this.softLabel(feature, resolution));
    }
    return made;
  }

  label(feature, text, size, { weight = 600, color = "--map-label", dy = 0, dx = 0, rotation = 0, halo = null, worth = 0 } = {}) {
    return new Style({
      geometry: new Point(feature.get("place")),
      zIndex: LABEL_HEIGHT + worth / 100,
      text: new Text({
        text,
        font: `${weight} ${size}px ${FONT}`,
        fill: new Fill({ color: this.colors[color] }),
        stroke: halo ? new Stroke({ color: this.colors[halo], width: 3 }) : undefined,
        offsetX: dx,
        offsetY: dy,
        rotation,
        overflow: true,
        padding: [1, 1, 1, 1],
      }),
    });
  }

  /** "+2" beside a sign under which others lie at this zoom. */
  moreLabel(feature, hidden) {
    return this.label(feature, `+${hidden}`, 11, { dx: 15, dy: -11, halo: "--map-site", worth: 95 });
  }

  /** "+3" in place of three signs that lie here at this zoom; the plus tells it from a door. */
  heap(feature, count) {
    return new Style({
      geometry: new Point(feature.get("place")),
      zIndex: SIGN_HEIGHT,
      image: new Circle({
        radius: HEAP_RADIUS,
        fill: new Fill({ color: this.colors["--card"] }),
        stroke: new Stroke({ color: this.colors["--map-label"], width: 1.5 }),
      }),
      text: new Text({ text: `+${count}`, font: `700 11px ${FONT}`, fill: new Fill({ color: this.colors["--map-label"] }), offsetY: 1 }),
    });
  }

  /** The number as on the door, upright or turned; the name below it where both fit. */
  roomLabel(feature, resolution) {
    const number = feature.get("label") || "?";
    const name = feature.get("names")?.[0] ?? "";
    const [width, height] = feature.get("room").map((meters) => meters / resolution);
    const worth = ROOM_WORTH + Math.min(9, Math.sqrt(width * height) / 20);
    for (const size of [15, 12, LEAST_ROOM_TEXT]) {
      const long = textWidth(number, size, 600) + 7;
      const nameSize = Math.max(LEAST_ROOM_TEXT, size - 1);
      const nameFits = name && textWidth(name, nameSize, 400) + 6 < width && size * 2.4 < height;
      if (size === 15 && !nameFits && Math.min(width, height) < 60) continue;
      if (long < width && size * 1.25 < height) {
        const free = this.freeOfSigns(feature, resolution, { half: long / 2, tall: nameFits ? size * 2.2 : size, height });
        if (free === null) continue;
        const lines = [this.label(feature, number, size, { worth, dy: free - (nameFits ? size * 0.55 : 0) })];
        if (nameFits) lines.push(this.label(feature, name, nameSize, { weight: 400, worth: worth - 1, dy: free + size * 0.6 }));
        return lines;
      }
      if (long < height && size * 1.25 < width && this.isFree(feature, resolution, { half: size / 2, tall: long, dy: 0 })) {
        return [this.label(feature, number, size, { worth, rotation: -Math.PI / 2 })];
      }
    }
    return [];
  }

  /** How far down (pixels) a label must move to lie under no sign; null when it cannot. */
  freeOfSigns(feature, resolution, { half, tall, height }) {
    const most = (height - tall) / 2 - 2;
    const moves = [0, 20, -20, 32, -32].filter((dy) => Math.abs(dy) <= Math.max(0, most));
    return moves.find((dy) => this.isFree(feature, resolution, { half, tall, dy })) ?? null;
  }

  isFree(feature, resolution, { half, tall, dy }) {
    const [x, y] = feature.get("place");
    return this.placed.every(
      ([[signX, signY], width]) =>
        Math.abs(signX - x) / resolution > half + width / 2 - 1 || Math.abs((y - signY) / resolution + dy) > tall / 2 + 10,
    );
  }

  assemblyLabel(feature, resolution) {
    const [width, height] = feature.get("room").map((meters) => meters / resolution);
    const capacity = feature.get("properties")?.capacity;
    const whole = [feature.get("names")?.[0], capacity].filter(Boolean).join(" · ");
    const detail = [whole, capacity ? String(capacity) : ""].find((text) => text && textWidth(text, 12, 400) + 6 < width);
    const both = detail && height > 44;
    const color = "--map-assembly-text";
    const lines = [this.label(feature, feature.get("label"), both ? 20 : 14, { color, worth: 80, dy: both ? -9 : 0 })];
    if (both) lines.push(this.label(feature, detail, 12, { weight: 400, color, worth: 79, dy: 11 }));
    return lines;
  }

  softLabel(feature, resolution) {
    const text = feature.get("label");
    const [width, height] = feature.get("room").map((meters) => meters / resolution);
    const long = text ? textWidth(text, 11, 400) : 0;
    if (!text || height < 12 || long + 4 > width) return [];
    const free = this.freeOfSigns(feature, resolution, { half: long / 2, tall: 11, height });
    if (free === null) return [];
    const kind = feature.get("kind");
    const halo = kind === "corridor" ? "--map-corridor" : "--map-street";
    return [this.label(feature, text, 11, { weight: 400, color: "--soft", halo, dy: free, worth: 20 })];
  }

  mainWord(feature) {
    return this.label(feature, this.words.main, 12, { weight: 700, dx: 34, dy: 8, halo: "--map-site", worth: 90 });
  }

  /** Width in pixels of what holds here for a while; 0 where nothing does. */
  conditionWidth(feature) {
    const text = this.conditions[feature.getId()];
    return text ? textWidth(text, CONDITION_TEXT, 600) + 10 : 0;
  }

  /** What holds here for a while, over all else, `dx` pixels aside; null where nothing does or no `dx`. */
  condition(feature, dx) {
    const text = this.conditions[feature.getId()];
    if (!text || dx === null) return null;
    const style = this.label(feature, text, CONDITION_TEXT, { color: "--condition-text", dx, dy: -CONDITION_ABOVE, worth: 99 });
    const words = style.getText();
    words.setBackgroundFill(new Fill({ color: this.colors["--condition-fill"] === "transparent" ? this.colors["--card"] : this.colors["--condition-fill"] }));
    words.setBackgroundStroke(new Stroke({ color: this.colors["--condition-edge"], width: 1 }));
    words.setPadding([2, 4, 1, 4]);
    return style;
  }

  grid() {
    return new Style({ stroke: new Stroke({ color: `${this.colors["--map-grid"]}80`, width: 0.75 }) });
  }

  /** The chosen feature: found-tint and a strong edge, or a ring round its sign. */
  chosen(feature) {
    const stroke = new Stroke({ color: this.colors["--link"], width: 3.5 });
    if (feature.getGeometry().getType().endsWith("Polygon")) {
      return new Style({ fill: new Fill({ color: `${this.colors["--map-found"]}b3` }), stroke });
    }
    return null;
  }

  /** Its name is always written, whatever else must give way. */
  chosenLabel(feature) {
    const text = feature.get("label");
    if (!text || feature.get("kind") === "exterior_door") return null;
    const below = SIGN_KINDS.includes(feature.get("kind")) ? 30 : 0;
    return this.label(feature, text, 14, { weight: 700, dy: below, halo: below ? "--card" : "--map-found" });
  }

  /** The ring round the sign of the chosen feature. */
  ring(feature) {
    return new Style({
      image: new Circle({ radius: 18, stroke: new Stroke({ color: this.colors["--link"], width: 4 }), fill: new Fill({ color: this.colors["--card"] }) }),
      geometry: new Point(feature.get("place")),
      zIndex: SIGN_HEIGHT - 2,
    });
  }
}

/** Kinds drawn as a sign, those that stay longest when signs crowd first. */
export const SIGN_KINDS = [
  "exterior_door", "stair", "key_box", "fire_panel", "utility_shut_off", "aed", "trauma_kit", "elevator",
  "command_post", "reunification_site", "staging_area", "refuge_area", "hydrant", "fire_department_connection",
  "gate", "annunciator", "standpipe", "sprinkler_riser", "helicopter_landing_zone", "generator", "camera",
];
