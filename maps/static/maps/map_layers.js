// What the map shows: layers that a reader switches, and fewer signs while the map is far away.
//
// Markup: maps/_map_layers.html. The choice is kept for the session; the list beside the map always
// holds everything.

const KEPT = "map-layers-off";
const NARROW = 600; // pixels: a map less wide shows fewer signs
const CLOSE = 0.3; // meters a pixel: nearer than this every sign is shown
const MIDDLE = 0.8; // nearer than this all doors and stairs are
const KINDS = {
  rooms: ["room", "corridor"],
  doors: ["door", "exterior_door"],
  utilities: ["utility_shut_off", "generator"],
  safety: [
    "aed", "trauma_kit", "key_box", "fire_panel", "annunciator", "fire_department_connection", "standpipe",
    "sprinkler_riser", "hydrant", "camera", "refuge_area", "hazard_zone",
  ],
  places: ["assembly_area", "reunification_site", "staging_area", "command_post", "helicopter_landing_zone"],
  roads: ["road", "parking", "fire_lane", "gate", "fence"],
};
const FAR_KINDS = new Set(["command_post", "reunification_site", "staging_area", "gate"]);
const MIDDLE_KINDS = new Set([...FAR_KINDS, "exterior_door", "stair"]);
const LAYER_OF = new Map(Object.entries(KINDS).flatMap(([layer, kinds]) => kinds.map((kind) => [kind, layer])));

class MapLayers {
  constructor(view, switches) {
    this.view = view;
    this.switches = switches;
    this.conditions = view.styles.conditions;
    this.off = new Set(readKept());
    this.extend();
    for (const box of this.boxes()) {
      box.checked = !this.off.has(box.value);
      box.addEventListener("change", () => this.choose());
    }
    this.draw();
  }

  boxes() {
    return [...this.switches.querySelectorAll("input[type=checkbox]")];
  }

  choose() {
    this.off = new Set(this.boxes().filter((box) => !box.checked).map((box) => box.value));
    keep([...this.off]);
    this.draw();
  }

  draw() {
    const count = this.switches.querySelector("[data-layers-off]");
    count.textContent = this.off.size ? count.dataset.words.replace("{count}", this.off.size) : "";
    this.view.styles.conditions = this.off.has("conditions") ? {} : this.conditions;
    this.view.show(this.view.level);
  }

  isOff(feature) {
    return feature !== this.view.chosen && this.off.has(LAYER_OF.get(feature.get("kind")));
  }

  /** Meters of ground for one pixel. */
  metersAPixel() {
    const view = this.view.map.getView();
    const latitude = Math.atan(Math.sinh(view.getCenter()[1] / 6378137));
    return view.getResolution() * Math.cos(latitude);
  }

  isNarrow() {
    return (this.view.map.getSize()?.[0] ?? 0) < NARROW;
  }

  /** Whether a sign waits until the map is nearer; never the chosen one. */
  waits(feature) {
    if (!this.isNarrow() || feature === this.view.chosen || feature.get("properties")?.main) return false;
    const meters = this.metersAPixel();
    if (meters <= CLOSE) return false;
    return !(meters <= MIDDLE ? MIDDLE_KINDS : FAR_KINDS).has(feature.get("kind"));
  }

  /** Let the view ask here what it shows. */
  extend() {
    const { view } = this;
    const { list, styles } = view;
    const isSeen = view.isSeen.bind(view);
    const showList = list.show.bind(list);
    const signStyles = view.signStyles.bind(view);
    const moreLabel = styles.moreLabel.bind(styles);
    const labels = styles.labels.bind(styles);
    const thin = view.thin.bind(view);
    const settle = view.settle.bind(view);
    view.isSeen = (feature) => isSeen(feature) && !this.isOff(feature);
    list.show = () => showList(new Set([...view.features.values()].filter(isSeen).map((feature) => feature.getId())));
    view.thin = () => this.without(view.shown?.filter((feature) => !this.waits(feature)), thin);
    view.signStyles = (feature) =>
      this.waits(feature) ? [styles.condition(feature, view.asideBy(feature))].filter(Boolean) : signStyles(feature);
    styles.moreLabel = (feature, hidden) => (this.isNarrow() ? null : moreLabel(feature, hidden));
    styles.labels = (feature, resolution) => [...labels(feature, resolution), ...this.nameOfBuilding(feature)];
    view.settle = () => {
      settle();
      this.tell();
    };
  }

  without(shown, deed) {
    const all = this.view.shown;
    if (shown) this.view.shown = shown;
    deed();
    this.view.shown = all;
  }

  /** From afar, where no room number fits, a building bears its name. */
  nameOfBuilding(feature) {
    const name = feature.get("label");
    if (feature.get("kind") !== "building" || !name || !this.isNarrow() || this.metersAPixel() <= MIDDLE) return [];
    const [width] = feature.get("room").map((meters) => meters / this.view.map.getView().getResolution());
    if (width < 60) return [];
    return [this.view.styles.label(feature, name, 11, { weight: 700, halo: "--map-corridor", worth: 90 })];
  }

  tell() {
    const line = this.view.root.querySelector("[data-map-count]");
    const waiting = this.view.shown?.some((feature) => this.waits(feature));
    if (line && waiting) line.textContent = `${line.textContent} ${this.switches.dataset.wordsNearer}`.trim();
  }
}

function readKept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
}

function keep(off) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(off));
  } catch {
    // A browser that keeps nothing shows all layers again on the next page.
  }
}

/** The view is there once it has made its buttons of levels. */
function whenDrawn(root, deed) {
  if (root.mapView) {
    deed(root.mapView);
    return;
  }
  const buttons = root.querySelector("[data-map-levels]");
  const watch = new MutationObserver(() => {
    if (!root.mapView) return;
    watch.disconnect();
    deed(root.mapView);
  });
  watch.observe(buttons, { childList: true, subtree: true, attributes: true });
}

for (const root of document.querySelectorAll("[data-map]")) {
  const switches = root.querySelector("[data-map-layers]");
  if (switches) whenDrawn(root, (view) => new MapLayers(view, switches));
}
