"use strict";
(function () {
  const root = document.documentElement;
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;

  const night = document.getElementById("night");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const isNight = () => root.dataset.theme ? root.dataset.theme === "night" : dark.matches;
  const name = () => { night.textContent = isNight() ? "Day" : "Night"; };
  night.addEventListener("click", () => {
    root.dataset.theme = isNight() ? "day" : "night";
    name();
  });
  dark.addEventListener("change", name);
  name();

  const find = document.getElementById("find");
  const said = document.getElementById("found-count");
  const rooms = Array.from(document.querySelectorAll(".index a"));
  const plain = (text) => text.toLowerCase().replace(/\broom\b/g, "").replace(/[\s-]+/g, "");
  find.addEventListener("input", () => {
    const wanted = plain(find.value);
    let count = 0;
    for (const room of rooms) {
      const shown = plain(room.dataset.words).includes(wanted);
      room.parentElement.hidden = !shown;
      count += shown ? 1 : 0;
    }
    said.textContent = wanted === "" ? "" : count === 1 ? "1 room" : count + " rooms";
  });
  find.addEventListener("keydown", (event) => {
    const exact = rooms.find((room) => plain(room.dataset.label) === plain(find.value));
    const first = exact || rooms.find((room) => !room.parentElement.hidden);
    if (event.key === "Enter" && first) window.location.hash = first.hash;
  });

  for (const zoom of document.querySelectorAll(".zoom")) {
    const box = zoom.parentElement.querySelector(".level-map");
    zoom.addEventListener("change", () => {
      if (!zoom.checked) return;
      box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
      box.scrollTop = (box.scrollHeight - box.clientHeight) / 2;
    });
  }

  const tabs = Array.from(document.querySelectorAll(".tabs a"));
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const tab of tabs) {
        if (entry.target.dataset.tab === tab.dataset.tab) tab.setAttribute("aria-current", "true");
        else tab.removeAttribute("aria-current");
      }
    }
  }, { rootMargin: "-45% 0px -45% 0px" });
  for (const part of document.querySelectorAll("main > section[data-tab]")) watch.observe(part);
})();
