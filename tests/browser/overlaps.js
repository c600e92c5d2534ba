// Returns each pair of texts of the page that lie on one another, as "text / text".
() => {
  const LEFT_OUT = "svg, dialog:not([open]), .visually-hidden, [data-map], .tab-bar, nav.tabs";
  const clipped = (element) => {
    let box = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.position === "fixed" || style.position === "sticky") return null;
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const edge = at.getBoundingClientRect();
      box = {
        left: Math.max(box.left, edge.left),
        top: Math.max(box.top, edge.top),
        right: Math.min(box.right, edge.right),
        bottom: Math.min(box.bottom, edge.bottom),
      };
    }
    return box;
  };
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest(LEFT_OUT) || !parent.checkVisibility({ contentVisibilityAuto: true })) continue;
    const edges = clipped(parent);
    if (!edges) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const line of range.getClientRects()) {
      const inset = line.height / 4; // a line's box is taller than its letters
      const box = {
        left: Math.max(line.left, edges.left),
        right: Math.min(line.right, edges.right),
        top: Math.max(line.top + inset, edges.top),
        bottom: Math.min(line.bottom - inset, edges.bottom),
        node,
        words: node.data.trim().slice(0, 60),
      };
      if (box.right - box.left > 4 && box.bottom - box.top > 2) boxes.push(box);
    }
  }
  boxes.sort((one, other) => one.top - other.top);
  const found = new Set();
  for (let first = 0; first < boxes.length; first += 1) {
    for (let next = first + 1; next < boxes.length && boxes[next].top < boxes[first].bottom; next += 1) {
      const [one, other] = [boxes[first], boxes[next]];
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      if (wide > 2 && one.node !== other.node) found.add(`${one.words} / ${other.words}`);
    }
  }
  return [...found];
}
