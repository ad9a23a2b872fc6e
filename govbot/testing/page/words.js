// The page's own words: they come from the server, out of prompts/page.yaml.

let sheet = {};

/** Keep the words that the server sent. */
export function learn(words) {
  sheet = words;
}

/** Return the words under a dotted key, with their {{ slots }} filled; "" where there are none. */
export function word(key, slots = {}) {
  const found = key.split(".").reduce((part, step) => part?.[step], sheet);
  if (typeof found !== "string") return "";
  return found.trim().replace(/\{\{ (\w+) \}\}/g, (_, name) => String(slots[name] ?? ""));
}

/** Write the words that the page's frame asks for with data-word and data-label. */
export function label(root) {
  for (const node of root.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of root.querySelectorAll("[data-label]")) node.setAttribute("aria-label", word(node.dataset.label));
}
