// Paints the floors of the live board from its list, which the server draws anew while the drill runs.

const board = document.querySelector("[data-live-board]");

function paint() {
  const said = new Map();
  for (const place of board.querySelectorAll("[data-place]")) {
    said.set(place.dataset.place, place.dataset.status);
  }
  for (const room of board.querySelectorAll("[data-feature]")) {
    if (said.has(room.dataset.feature)) room.dataset.status = said.get(room.dataset.feature);
    else room.removeAttribute("href"); // nobody reports from here, so no row is there to lead to
  }
}

document.addEventListener("htmx:afterSettle", paint);
paint();
