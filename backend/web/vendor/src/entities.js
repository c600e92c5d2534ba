// markdown-it asks this package for named entities. A textarea decodes them with the browser's own
// table, which saves the 30 KB (gzip) table of the package. Setting and reading `value`-like text of
// a detached textarea runs no script and loads nothing.
const area = typeof document === "undefined" ? null : document.createElement("textarea");

export function decodeHTML(text) {
  if (area === null) return text;
  area.innerHTML = text;
  return area.value;
}

export function decodeHTMLStrict(text) {
  return decodeHTML(text);
}
