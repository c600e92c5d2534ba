// The signs of the map, drawn on small canvases in the colors of the page. Each is told apart by shape
// and letter, never by color alone.

import { Icon } from "../vendor/ol.js";

const SHARPNESS = 3; // canvas pixels for one of the page: stays crisp on dense screens
const FONT = '"Public Sans", system-ui, sans-serif';

const SHUT_OFFS = {
  gas: ["G", "--map-gas", "--map-on-gas"],
  water: ["W", "--map-water", "--map-on-water"],
  electric: ["E", "--map-fire", "--map-on-fire"],
  sprinkler: ["F", "--map-fire", "--map-on-fire"],
  hvac: ["H", "--map-hvac", "--map-on-hvac"],
};

const PLATES = {
  fire_panel: ["FACP", "--map-fire", "--map-on-fire", null],
  annunciator: ["ANN", "--map-fire", "--map-on-fire", null],
  fire_department_connection: ["FDC", "--card", "--map-fire", "--map-fire"],
  standpipe: ["SP", "--card", "--map-fire", "--map-fire"],
  sprinkler_riser: ["SR", "--card", "--map-fire", "--map-fire"],
  generator: ["GEN", "--card", "--map-label", "--map-hvac"],
  camera: ["CAM", "--card", "--map-label", "--map-hvac"],
  reunification_site: ["R", "--map-door", "--map-door-number", null],
  staging_area: ["S", "--map-door", "--map-door-number", null],
};

/** Draws the signs and keeps them until the colors change. */
export class Signs {
  constructor(colors) {
    this.colors = colors;
    this.kept = new Map();
  }

  /** Icon of a feature at its place, or null for a kind without a sign. `age` is "", year, two_years. */
  of(kind, properties, label, age = "") {
    const key = JSON.stringify([kind, properties.utility, properties.number, properties.main, label, age]);
    if (!this.kept.has(key)) this.kept.set(key, this.made(kind, properties, label, age));
    return this.kept.get(key);
  }

  made(kind, properties, label, age) {
    const sign = this.drawing(kind, properties, label);
    if (!sign) return null;
    const ring = age ? 4 : 0;
    const [width, height] = [sign.width + 2 * ring + 2, sign.height + 2 * ring + 2];
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * SHARPNESS);
    canvas.height = Math.ceil(height * SHARPNESS);
    const pen = canvas.getContext("2d");
    pen.scale(SHARPNESS, SHARPNESS);
    pen.translate(width / 2, height / 2);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    if (age) {
      pen.lineWidth = 2.5;
      pen.strokeStyle = this.colors[age === "year" ? "--map-year-old" : "--map-two-years-old"];
      pen.beginPath();
      pen.ellipse(0, 0, sign.width / 2 + ring - 1, sign.height / 2 + ring - 1, 0, 0, 2 * Math.PI);
      pen.stroke();
    }
    sign.draw(pen);
    return new Icon({ img: canvas, scale: 1 / SHARPNESS });
  }

  drawing(kind, properties, label) {
    if (kind === "exterior_door") return this.door(properties, label);
    if (kind === "utility_shut_off") return this.diamond(...(SHUT_OFFS[properties.utility] ?? ["?", "--map-hvac", "--map-on-hvac"]));
    if (kind === "stair" || kind === "elevator") return label ? this.plate(label, "--card", "--map-label", "--map-inner-wall") : null;
    if (PLATES[kind]) return this.plate(...PLATES[kind]);
    const draw = {
      aed: () => this.square("--map-aid", (pen) => heart(pen, this.colors["--map-on-aid"], this.colors["--map-aid"])),
      trauma_kit: () => this.square("--map-aid", (pen) => cross(pen, this.colors["--map-on-aid"])),
      key_box: () => this.square("--card", (pen) => key(pen, this.colors["--map-fire"]), "--map-fire"),
      refuge_area: () => this.square("--map-refuge", (pen) => person(pen, this.colors["--card"])),
      hydrant: () => this.circle("H", "--card", "--map-fire"),
      helicopter_landing_zone: () => this.circle("H", "--card", "--map-label"),
      command_post: () => this.flag("CP"),
      gate: () => this.gate(),
    }[kind];
    return draw ? draw() : null;
  }

  door(properties, label) {
    const number = String(properties.number ?? label ?? "");
    const radius = properties.main ? 13 : 10;
    return {
      width: radius * 2,
      height: radius * 2,
      draw: (pen) => {
        disc(pen, radius, this.colors["--map-door"]);
        write(pen, number, number.length > 2 ? 10 : radius + 2, this.colors["--map-door-number"]);
      },
    };
  }

  diamond(letter, fill, ink) {
    return {
      width: 26,
      height: 26,
      draw: (pen) => {
        pen.beginPath();
        pen.moveTo(0, -12);
        pen.lineTo(12, 0);
        pen.lineTo(0, 12);
        pen.lineTo(-12, 0);
        pen.closePath();
        paint(pen, this.colors[fill], this.colors["--map-outer-wall"], 1);
        write(pen, letter, 12, this.colors[ink]);
      },
    };
  }

  square(fill, mark, edge = null) {
    return {
      width: 20,
      height: 20,
      draw: (pen) => {
        pen.beginPath();
        pen.roundRect(-9, -9, 18, 18, 2.5);
        paint(pen, this.colors[fill], edge && this.colors[edge], 2);
        mark(pen);
      },
    };
  }

  circle(letter, fill, ink) {
    return {
      width: 20,
      height: 20,
      draw: (pen) => {
        pen.beginPath();
        pen.arc(0, 0, 9, 0, 2 * Math.PI);
        paint(pen, this.colors[fill], this.colors[ink], 1.8);
        write(pen, letter, 12, this.colors[ink]);
      },
    };
  }

  plate(text, fill, ink, edge) {
    const width = Math.max(18, 8 + 7.6 * text.length);
    return {
      width,
      height: 17,
      draw: (pen) => {
        pen.beginPath();
        pen.roundRect(-width / 2 + 1, -7.5, width - 2, 15, 3);
        paint(pen, this.colors[fill], edge && this.colors[edge], 1.3);
        write(pen, text, 11, this.colors[ink]);
      },
    };
  }

  flag(text) {
    return {
      width: 34,
      height: 40,
      draw: (pen) => {
        pen.beginPath();
        pen.moveTo(-15, 18);
        pen.lineTo(-15, -18);
        pen.lineTo(16, -18);
        pen.lineTo(11, -10);
        pen.lineTo(16, -2);
        pen.lineTo(-15, -2);
        paint(pen, this.colors["--map-door"], this.colors["--map-door"], 1.5);
        pen.translate(-3, -10);
        write(pen, text, 11, this.colors["--map-door-number"]);
      },
    };
  }

  gate() {
    return {
      width: 24,
      height: 12,
      draw: (pen) => {
        pen.lineWidth = 2.5;
        pen.strokeStyle = this.colors["--map-label"];
        pen.beginPath();
        pen.moveTo(-10, -5);
        pen.lineTo(-10, 5);
        pen.moveTo(10, -5);
        pen.lineTo(10, 5);
        pen.moveTo(-10, 0);
        pen.lineTo(10, 0);
        pen.stroke();
      },
    };
  }
}

function paint(pen, fill, edge, width) {
  pen.fillStyle = fill;
  pen.fill();
  if (!edge) return;
  pen.strokeStyle = edge;
  pen.lineWidth = width;
  pen.stroke();
}

function disc(pen, radius, fill) {
  pen.beginPath();
  pen.arc(0, 0, radius, 0, 2 * Math.PI);
  paint(pen, fill, null, 0);
}

function write(pen, text, size, color) {
  pen.font = `700 ${size}px ${FONT}`;
  pen.fillStyle = color;
  pen.fillText(text, 0, size * 0.06);
}

function heart(pen, color, bolt) {
  pen.beginPath();
  pen.moveTo(0, 6.5);
  pen.bezierCurveTo(-9, 0.5, -6.5, -6, -3.2, -6);
  pen.bezierCurveTo(-1.4, -6, -0.4, -4.8, 0, -3.8);
  pen.bezierCurveTo(0.4, -4.8, 1.4, -6, 3.2, -6);
  pen.bezierCurveTo(6.5, -6, 9, 0.5, 0, 6.5);
  paint(pen, color, null, 0);
  pen.beginPath();
  pen.moveTo(1.2, -4);
  pen.lineTo(-1.8, 0.6);
  pen.lineTo(1, 0.6);
  pen.lineTo(-0.8, 4.4);
  pen.strokeStyle = bolt;
  pen.lineWidth = 1.4;
  pen.stroke();
}

function cross(pen, color) {
  pen.fillStyle = color;
  pen.fillRect(-1.8, -6, 3.6, 12);
  pen.fillRect(-6, -1.8, 12, 3.6);
}

function key(pen, color) {
  pen.strokeStyle = color;
  pen.lineWidth = 1.8;
  pen.beginPath();
  pen.arc(-3, 0, 2.7, 0, 2 * Math.PI);
  pen.moveTo(-0.3, 0);
  pen.lineTo(6, 0);
  pen.lineTo(6, 3);
  pen.moveTo(3.4, 0);
  pen.lineTo(3.4, 2.4);
  pen.stroke();
}

function person(pen, color) {
  pen.fillStyle = color;
  pen.beginPath();
  pen.arc(0, -4, 2.2, 0, 2 * Math.PI);
  pen.fill();
  pen.beginPath();
  pen.roundRect(-3.4, -1, 6.8, 7, 2);
  pen.fill();
}
