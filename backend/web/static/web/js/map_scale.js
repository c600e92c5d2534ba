// The scale bar: feet above, meters below, of round lengths.

import { getPointResolution } from "../vendor/ol.js";

const METERS_IN_FOOT = 0.3048;
const LONGEST = 150; // pixels
const ROUND = [1, 2, 5];

function roundLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return power * Math.max(...ROUND.filter((step) => step * power <= most));
}

/** Draw the bar for the map's middle at its present zoom into `place`. */
export function drawScale(place, map) {
  const view = map.getView();
  const meters = getPointResolution(view.getProjection(), view.getResolution(), view.getCenter());
  if (!place || !Number.isFinite(meters)) return;
  const feet = roundLength((LONGEST * meters) / METERS_IN_FOOT);
  const metric = roundLength(LONGEST * meters * 0.75);
  bar(place.querySelector("[data-scale-feet]"), (feet * METERS_IN_FOOT) / meters, `${feet} ft`);
  bar(place.querySelector("[data-scale-meters]"), metric / meters, `${metric} m`);
}

function bar(element, width, words) {
  element.style.width = `${Math.round(width)}px`;
  element.textContent = words;
}
