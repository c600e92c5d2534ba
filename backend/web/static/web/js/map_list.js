// The list beside the map: rows follow the level shown and the search, the chosen row is marked.

/** `choose` is called with the id of a row's feature. */
export class MapList {
  constructor(element, choose) {
    this.element = element;
    this.rows = element ? [...element.querySelectorAll("[data-feature-id]")] : [];
    this.seen = new Set();
    this.search = document.querySelector("[data-map-search]");
    element?.addEventListener("click", (event) => {
      const row = event.target.closest("[data-feature-id]");
      if (!row || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      choose(row.dataset.featureId);
    });
    this.search?.addEventListener("input", () => this.draw());
    this.search?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = this.best();
      if (first) choose(first.dataset.featureId);
    });
  }

  /** Show the rows of these features: those that the map shows now. */
  show(ids) {
    this.seen = ids;
    this.draw();
  }

  wanted() {
    return this.search?.value.trim().toLowerCase() ?? "";
  }

  /** The row that is the search itself, else the first that holds it. */
  best() {
    const words = this.wanted();
    const seen = this.rows.filter((row) => !place(row).hidden);
    const exact = seen.find((row) => (row.dataset.name ?? "").toLowerCase() === words);
    return exact ?? seen[0];
  }

  /** While something is searched for, rows of all levels are shown. */
  draw() {
    const words = this.wanted();
    for (const row of this.rows) {
      place(row).hidden = words ? !row.textContent.toLowerCase().includes(words) : !this.seen.has(row.dataset.featureId);
    }
    for (const group of this.element?.querySelectorAll("[data-map-group]") ?? []) {
      const seen = [...group.querySelectorAll("[data-feature-id]")].filter((row) => !place(row).hidden).length;
      group.hidden = seen === 0;
      if (words) group.open = true;
      const count = group.querySelector("[data-map-group-count]");
      if (count) count.textContent = seen;
    }
    const none = this.element?.querySelector("[data-map-none]");
    if (none) none.hidden = this.rows.some((row) => !place(row).hidden);
  }

  /** Move the list, never the page, so far that the row is seen. */
  bringIn(row) {
    const [list, line] = [this.element.getBoundingClientRect(), row.getBoundingClientRect()];
    if (line.top < list.top) this.element.scrollTop -= list.top - line.top;
    else if (line.bottom > list.bottom) this.element.scrollTop += line.bottom - list.bottom;
  }

  mark(id) {
    for (const row of this.rows) {
      if (row.dataset.featureId !== id) {
        row.removeAttribute("aria-current");
        continue;
      }
      row.setAttribute("aria-current", "true");
      const group = row.closest("details");
      if (group) group.open = true;
      this.bringIn(row);
    }
  }
}

const place = (row) => row.closest("li") ?? row;
