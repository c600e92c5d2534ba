/** Read words aloud to a screen reader, through the page's one live region. */
export function announce(words) {
  const region = document.getElementById("live-words");
  if (region) region.textContent = words;
}
