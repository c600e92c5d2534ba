// The map page: draws a campus's map document and keeps the list beside it in step. Whatever the map
// can do, the list does too: it is the way in for keyboards and screen readers.
//
// Markup: components/map.html. A <div data-map data-source="…json"> holds the frame; rows of the list
// carry data-feature-id; data-card-source="…/{id}/" fills #map-card when one is chosen.

import {
  GeoJSON, Map as OpenLayersMap, MouseWheelZoom, VectorLayer, VectorSource, View,
  boundingExtent, buffer, defaultInteractions, getPointResolution, isEmpty, whenFocused,
} from "../vendor/ol.js";
import { announce } from "./announce.js";
import { GridEdges, MapGrid } from "./map_grid.js";
import { MapList } from "./map_list.js";
import { drawScale } from "./map_scale.js";
import { crowd, widthOf } from "./map_crowd.js";
import { CONDITION_ABOVE, CONDITION_HEIGHT, MapStyles, SIGN_KINDS, placeOf } from "./map_style.js";

const SITE = "site";
const MARGIN_METERS = 15;
const FLOOR_KINDS = new Set(["level", "room", "corridor", "stair", "exterior_door"]); // what makes a floor's building
const EDGE = 24; // pixels between a floor's building and the edge of the map
const NARROW = 600; // pixels: on a map less wide signs keep apart
const GAP = { narrow: 6, wide: -3 }; // pixels between signs; on a wide map they may touch
const HEAP = 2; // as many signs under another are counted in place of it
const ZOOM_TO_CHOSEN = 0.25; // meters a pixel: a classroom is then about 40 px wide
const AREA_KINDS_CHOSEN = new Set(["room", "corridor", "assembly_area", "stair", "elevator", "parking", "athletic_field"]);

class MapView {
  constructor(root, data) {
    this.root = root;
    this.words = root.dataset;
    this.levels = data.levels;
    this.grid = data.grid ? new MapGrid(data.grid) : null;
    this.features = readFeatures(data);
    this.styles = new MapStyles({
      ages: data.ages ?? {},
      conditions: Object.fromEntries((data.conditions ?? []).map((c) => [c.feature, c.text])),
      words: { main: this.words.wordsMain ?? "MAIN" },
    });
    this.chosen = null;
    this.hidden = new Map();
    this.makeMap();
    this.list = new MapList(document.querySelector("[data-map-list]"), (id) => this.choose(id, { move: true }));
    this.makeLevelButtons();
    this.bindControls();
    this.begin();
  }

  makeMap() {
    const layer = (style, extra = {}) =>
      new VectorLayer({ source: new VectorSource(), style, updateWhileInteracting: true, updateWhileAnimating: true, ...extra });
    this.areas = layer((feature) => this.styles.area(feature));
    this.lines = layer(() => this.styles.grid());
    this.marked = layer((feature) => this.styles.chosen(feature));
    this.labels = layer((feature, resolution) => this.styles.labels(feature, resolution), { declutter: true });
    this.signs = layer((feature) => this.signStyles(feature));
    this.named = layer((feature) => this.styles.chosenLabel(feature));
    this.map = new OpenLayersMap({
      target: this.root.querySelector("[data-map-canvas]"),
      layers: [this.areas, this.lines, this.marked, this.labels, this.signs, this.named],
      controls: [],
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, mouseWheelZoom: false }).extend([
        new MouseWheelZoom({ condition: whenFocused }),
      ]),
      view: new View({ center: [0, 0], zoom: 18, enableRotation: false, maxZoom: 23 }),
    });
    if (this.grid) {
      this.lines.getSource().addFeatures(this.grid.lines());
      new GridEdges(this.root.querySelector("[data-map-frame]"), this.map, this.grid);
    }
    this.map.on("click", (event) => this.press(event));
    this.map.on("moveend", () => this.settle());
    this.map.getView().on("change:resolution", () => this.thin());
    document.addEventListener("themechange", () => {
      this.styles.recolor();
      for (const one of this.map.getLayers().getArray()) one.changed();
    });
  }

  makeLevelButtons() {
    const place = this.root.querySelector("[data-map-levels]");
    const choices = [[SITE, this.words.wordsSite ?? "Site"], ...this.levels.map((level) => [level.id, level.name])];
    place.replaceChildren(
      ...choices.map(([id, name]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = name;
        button.dataset.level = id;
        button.addEventListener("click", () => {
          this.show(id);
          this.fit(motion(250));
        });
        return button;
      }),
    );
  }

  bindControls() {
    const view = this.map.getView();
    const on = (name, deed) => this.root.querySelector(`[data-map-${name}]`)?.addEventListener("click", deed);
    on("zoom-in", () => view.animate({ zoom: view.getZoom() + 1, duration: motion(200) }));
    on("zoom-out", () => view.animate({ zoom: view.getZoom() - 1, duration: motion(200) }));
    on("whole", () => this.fit(motion(200), { whole: true }));
  }

  begin() {
    const asked = new URLSearchParams(location.search);
    const wanted = asked.get("feature");
    const ground = this.levels.find((level) => level.ordinal === 0) ?? this.levels[0];
    this.show(asked.get("level") ?? ground?.id ?? SITE);
    this.fit(0);
    if (wanted && this.features.has(wanted)) this.choose(wanted, { move: true });
  }

  /** Show one level, or the site. */
  show(level) {
    this.level = level === SITE || this.levels.some((one) => one.id === level) ? level : SITE;
    const seen = [...this.features.values()].filter((feature) => this.isSeen(feature));
    this.styles.onLevel = seen.some((feature) => feature.get("kind") === "level");
    this.shown = seen;
    refill(this.areas, seen.filter((f) => f.getGeometry().getType() !== "Point"));
    refill(this.labels, seen);
    refill(this.signs, seen.filter((f) => SIGN_KINDS.includes(f.get("kind")) || this.styles.conditions[f.getId()]));
    for (const button of this.root.querySelectorAll("[data-map-levels] button")) {
      button.setAttribute("aria-pressed", String(button.dataset.level === this.level));
    }
    this.list.show(new Set(seen.map((feature) => feature.getId())));
    this.mark();
    this.thin();
    this.settle();
  }

  isSeen(feature) {
    const levels = feature.get("levels");
    if (levels.length === 0) return true;
    if (this.level !== SITE) return levels.includes(this.level);
    const ground = this.levels.filter((one) => one.ordinal === 0).map((one) => one.id);
    return feature.get("kind") === "exterior_door" && levels.some((id) => ground.includes(id));
  }

  /** Fit the building of the floor that is shown; the whole campus for the site, or when asked for. */
  fit(duration, { whole = false } = {}) {
    const isFloor = (feature) => FLOOR_KINDS.has(feature.get("kind")) && feature.get("levels").includes(this.level);
    const floor = whole ? [] : this.shown.filter(isFloor);
    const extents = (floor.length ? floor : this.shown).map((feature) => feature.getGeometry().getExtent());
    const extent = boundingExtent(extents.flatMap((e) => [[e[0], e[1]], [e[2], e[3]]]));
    if (isEmpty(extent)) return;
    const view = this.map.getView();
    if (floor.length) view.fit(extent, { duration, maxZoom: 22, padding: this.margins() });
    else view.fit(buffer(extent, MARGIN_METERS), { duration, maxZoom: 22 });
  }

  /** Pixels to leave free above, right, below, left: buttons that lie on the map stay off the building. */
  margins() {
    const canvas = this.root.querySelector("[data-map-canvas]").getBoundingClientRect();
    const buttons = this.root.querySelector("[data-map-levels]").getBoundingClientRect();
    const above = buttons.bottom > canvas.top ? buttons.bottom - canvas.top + EDGE / 2 : EDGE;
    return [above, EDGE, EDGE, EDGE];
  }

  /** Choose a feature, or none with null: marks it in map and list, shows its card, says its name. */
  choose(id, { move = false } = {}) {
    const feature = id === null ? null : this.features.get(id);
    if (feature === undefined) return;
    this.chosen = feature;
    if (feature && !this.isSeen(feature)) this.show(feature.get("levels")[0] ?? SITE);
    this.mark();
    this.thin();
    this.list.mark(id);
    this.rememberInAddress(id);
    if (!feature) return;
    if (move) this.bringIn(feature);
    announce(this.spoken(feature));
    const source = this.root.dataset.cardSource;
    const card = document.getElementById("map-card");
    if (source && card && window.htmx) {
      window.htmx.ajax("GET", source.replace("{id}", encodeURIComponent(id)), { target: card, swap: "innerHTML" });
    }
    this.root.dispatchEvent(new CustomEvent("map:chosen", { bubbles: true, detail: { id } }));
  }

  bringIn(feature) {
    const view = this.map.getView();
    const place = feature.get("place");
    const close = ZOOM_TO_CHOSEN / (getPointResolution(view.getProjection(), 1, place) || 1);
    view.animate({ center: place, resolution: Math.min(view.getResolution(), close), duration: motion(250) });
  }

  spoken(feature) {
    const level = this.levels.find((one) => feature.get("levels").includes(one.id));
    const cell = this.grid ? (this.words.wordsCell ?? "cell {cell}").replace("{cell}", this.grid.cellOf(feature.get("place"))) : "";
    const names = [feature.get("label"), ...(feature.get("names") ?? [])].filter(Boolean);
    return [names.join(" "), level?.name, cell].filter(Boolean).join(", ");
  }

  rememberInAddress(id) {
    const address = new URL(location.href);
    if (id === null) address.searchParams.delete("feature");
    else address.searchParams.set("feature", id);
    history.replaceState(history.state, "", address);
  }

  mark() {
    const marked = this.chosen && this.isSeen(this.chosen) ? [this.chosen] : [];
    this.styles.chosenId = marked[0]?.getId() ?? null;
    refill(this.marked, marked);
    refill(this.named, marked);
    this.labels.changed();
    this.signs.changed();
  }

  press(event) {
    let found = null;
    this.map.forEachFeatureAtPixel(
      event.pixel,
      (feature, layer) => {
        if (layer === this.lines || !feature.getId()) return false;
        if (layer !== this.signs && !AREA_KINDS_CHOSEN.has(feature.get("kind"))) return false;
        found = feature.getId();
        return true;
      },
      { hitTolerance: 6 },
    );
    if (found && this.isHeap(this.features.get(found))) this.spread(this.features.get(found));
    else this.choose(found);
  }

  isHeap(feature) {
    return feature !== this.chosen && !feature.get("properties")?.main && this.hidden.get(feature.getId()) >= HEAP;
  }

  /** Come nearer to a heap of signs, until it can be told apart. */
  spread(feature) {
    const view = this.map.getView();
    view.animate({ center: feature.get("place"), resolution: view.getResolution() / 2, duration: motion(250) });
  }

  signStyles(feature) {
    const hidden = this.hidden.get(feature.getId());
    const chosen = feature === this.chosen;
    const styles = [this.styles.condition(feature, this.asideBy(feature))];
    if (this.isHeap(feature)) styles.push(this.styles.heap(feature, hidden + 1));
    else if (hidden !== -1 || chosen) {
      styles.push(this.styles.sign(feature));
      if (hidden > 0) styles.push(this.styles.moreLabel(feature, hidden));
      if (chosen) styles.unshift(this.styles.ring(feature));
    }
    return styles.filter(Boolean);
  }

  /** How many pixels aside the words of a condition stand to be seen whole; null when its place is not. */
  asideBy(feature) {
    const width = this.styles.conditionWidth(feature);
    const at = width && this.map.getPixelFromCoordinate(feature.get("place"));
    const size = this.map.getSize();
    if (!at || !size || at[0] < 0 || at[1] < 0 || at[0] > size[0] || at[1] > size[1]) return null;
    const canvas = this.root.querySelector("[data-map-canvas]").getBoundingClientRect();
    const buttons = this.root.querySelector(".map__controls").getBoundingClientRect();
    const beside = at[1] - CONDITION_ABOVE - CONDITION_HEIGHT / 2 < buttons.bottom - canvas.top;
    const most = (beside ? buttons.left - canvas.left : size[0]) - 4 - width / 2;
    return Math.max(4 + width / 2, Math.min(at[0], most)) - at[0];
  }

  /** Let signs that would lie on another give way, and count them there. */
  thin() {
    if (!this.shown) return;
    const signs = this.shown.filter((feature) => SIGN_KINDS.includes(feature.get("kind")));
    const gap = (this.map.getSize()?.[0] ?? 0) < NARROW ? GAP.narrow : GAP.wide;
    this.hidden = crowd(signs, this.map.getView().getResolution(), this.chosen, gap);
    this.styles.placed = signs.filter((f) => this.hidden.get(f.getId()) !== -1).map((f) => [f.get("place"), widthOf(f)]);
    this.signs.changed();
    this.labels.changed();
  }

  /** After each move: words of conditions, scale bar, and how many room numbers are drawn. */
  settle() {
    const resolution = this.map.getView().getResolution();
    if (!resolution || !this.shown) return;
    this.signs.changed();
    drawScale(this.root.querySelector("[data-map-scale]"), this.map);
    const rooms = this.shown.filter((feature) => feature.get("kind") === "room");
    const drawn = rooms.filter((feature) => this.styles.roomLabel(feature, resolution).length > 0).length;
    const line = this.root.querySelector("[data-map-count]");
    if (!line) return;
    line.textContent = rooms.length
      ? (this.words.wordsCount ?? "").replace("{shown}", drawn).replace("{all}", rooms.length)
      : "";
  }
}

function readFeatures(data) {
  const reader = new GeoJSON({ featureProjection: "EPSG:3857" });
  const features = new Map();
  for (const feature of reader.readFeatures(data)) {
    if (!feature.getGeometry()) continue;
    const [place, width, height] = placeOf(feature.getGeometry());
    feature.set("place", place, true);
    feature.set("room", [width, height], true);
    features.set(feature.getId(), feature);
  }
  return features;
}

function refill(layer, features) {
  const source = layer.getSource();
  source.clear(true);
  source.addFeatures(features);
}

const motion = (milliseconds) => (matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : milliseconds);

async function start(root) {
  const trouble = root.querySelector("[data-map-trouble]");
  try {
    await Promise.all([400, 600, 700].map((weight) => document.fonts.load(`${weight} 12px "Public Sans"`)));
    const answer = await fetch(root.dataset.source, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`The map's data answered ${answer.status}.`);
    root.mapView = new MapView(root, await answer.json());
  } catch (error) {
    console.error(error);
    if (trouble) trouble.hidden = false;
  }
}

for (const root of document.querySelectorAll("[data-map]")) start(root);
