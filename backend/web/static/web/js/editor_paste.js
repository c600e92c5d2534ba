// Cleans what is pasted from word processors before anything reads it: style attributes would count as
// violations of the page's policy, and lists of Word are paragraphs that only look like lists.

const BOLD = /font-weight:\s*(?:bold|[6-9]00)/i;
const NOT_BOLD = /font-weight:\s*(?:normal|[1-5]00)/i;
const ITALIC = /font-style:\s*italic/i;
const WORD_LIST = /mso-list:\s*l\d+\s+level(\d+)/i;
const ORDERED_MARK = /^\s*\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]/i;

/** HTML of the clipboard without styles, comments and office tags, with true lists. */
export function cleaned(html) {
  const bare = html
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<!\[(?:if|endif)[^>]*>/gi, "")
    .replace(/<(style|script|xml|title)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<\/?(?:meta|link)\b[^>]*>/gi, "")
    .replace(/<\/?[owvm]:[^>]*>/gi, "")
    .replace(/<[^>]+>/g, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
  const page = new DOMParser().parseFromString(bare, "text/html");
  markByStyle(page.body);
  makeLists(page.body);
  dropEmpty(page.body);
  for (const element of page.body.querySelectorAll("[data-style]")) element.removeAttribute("data-style");
  return page.body.innerHTML;
}

/** Drop paragraphs without words and line ends between blocks: Word puts one after each. */
function dropEmpty(body) {
  for (const node of [...body.childNodes]) {
    const isText = node.nodeType === Node.TEXT_NODE;
    const isParagraph = node.localName === "p" && !node.querySelector("br, img, [data-reference]");
    const hasBlocks = body.querySelector("p, ul, ol, table, h1, h2, h3, h4, h5, h6") !== null;
    if ((isText || isParagraph) && hasBlocks && !node.textContent.trim()) node.remove();
  }
}

const styleOf = (element) => element.dataset?.style ?? "";

function markByStyle(body) {
  for (const element of [...body.querySelectorAll("b[data-style], strong[data-style]")]) {
    if (NOT_BOLD.test(styleOf(element))) element.replaceWith(...element.childNodes);
  }
  for (const element of body.querySelectorAll("span[data-style]")) {
    if (BOLD.test(styleOf(element))) wrapContent(element, "strong");
    if (ITALIC.test(styleOf(element))) wrapContent(element, "em");
  }
}

function wrapContent(element, tag) {
  const wrapper = element.ownerDocument.createElement(tag);
  wrapper.append(...element.childNodes);
  element.append(wrapper);
}

function makeLists(body) {
  let lists = []; // the open list of each level
  for (const paragraph of [...body.querySelectorAll("p")]) {
    const level = Number(WORD_LIST.exec(styleOf(paragraph))?.[1] ?? 0);
    if (!level) {
      lists = [];
      continue;
    }
    if (lists.length && paragraph.previousElementSibling !== lists[0]) lists = [];
    const tag = takeMark(paragraph) ? "ol" : "ul";
    lists = lists.slice(0, level);
    if (lists.length === level && lists[level - 1].localName !== tag) lists.pop();
    while (lists.length < level) lists.push(openList(lists, paragraph, tag));
    const item = body.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    lists[level - 1].append(item);
    paragraph.remove();
  }
}

function openList(lists, paragraph, tag) {
  const list = paragraph.ownerDocument.createElement(tag);
  const outer = lists[lists.length - 1];
  if (!outer) paragraph.before(list);
  else (outer.lastElementChild ?? outer.appendChild(paragraph.ownerDocument.createElement("li"))).append(list);
  return list;
}

/** Take the drawn mark ("·", "1.") out of the paragraph; tells whether it counts. */
function takeMark(paragraph) {
  const drawn = [...paragraph.querySelectorAll("[data-style]")].find((element) => /mso-list:\s*ignore/i.test(styleOf(element)));
  const text = drawn?.textContent ?? "";
  drawn?.remove();
  return ORDERED_MARK.test(text) && !/^\s*o\s/.test(text);
}
