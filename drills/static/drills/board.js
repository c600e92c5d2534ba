// The clock of the board, and how long ago the server was heard: after 60 seconds it is stale.

const STALE_SECONDS = 60;
const clock = document.querySelector("[data-board-clock]");
const words = document.querySelector("[data-board-heard]");
let heard = Date.now();

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful || event.detail.xhr?.status === 304) heard = Date.now();
});

function show() {
  const time = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: clock.dataset.zone,
  });
  clock.textContent = time.format(new Date());
  const seconds = Math.round((Date.now() - heard) / 1000);
  const stale = seconds >= STALE_SECONDS;
  document.body.toggleAttribute("data-stale", stale);
  const text = stale ? words.dataset.stale : seconds < 8 ? words.dataset.live : words.dataset.ago;
  const said = text.replace("{n}", String(seconds));
  if (words.textContent !== said) words.textContent = said;
}
setInterval(show, 1000);
show();
