// Day, night, or as the device has it: answers the press at once, and tells the server, which keeps the
// choice in a cookie and draws the next page right from its first byte.

function choose(form, theme) {
  document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-switch] button")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
  const body = new FormData(form);
  body.set("theme", theme);
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {
    // Without a network the page has its colors all the same; only the next one asks again.
  });
  document.dispatchEvent(new CustomEvent("themechange", { detail: { theme } }));
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-theme-switch]") || !event.submitter) return;
  event.preventDefault();
  choose(event.target, event.submitter.value);
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.dispatchEvent(new CustomEvent("themechange", { detail: { theme: "auto" } }));
});
